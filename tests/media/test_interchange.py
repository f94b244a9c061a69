"""Edits go to files of other programs and come back, with their media and a report."""

import json
import shutil
import wave
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio
import pytest
from media_factory import Clips, read_number
from sample_files import sample_files

import timeline_nb as tl
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    settings = Settings(
        cache_dir=folder / "cache",
        data_dir=folder / "data",
        roots=[folder / "none"],
        isolate="never",
    )
    with tl.open_studio(settings) as made:
        yield made


@pytest.fixture
def work(tmp_path: Path, clips: Clips) -> Path:
    """A folder with a film of 25 frames a second."""
    folder = tmp_path / "work"
    (folder / "films").mkdir(parents=True)
    shutil.copy(clips["cfr"], folder / "films/street é.mp4")
    return folder


def cut_of(work: Path, studio: Studio) -> tl.Edit:
    src = tl.open(work / "films/street é.mp4", studio=studio)
    cut = tl.Edit("street", rate=25, size=(192, 112), studio=studio)
    cut.append([src.clip("10f", "1s"), src.clip("1s", "2s")])
    cut.effects.add(0, "sepia")
    cut.subtitles.add("Hello", start=0, end="1s")
    return cut


def test_an_edit_goes_to_otio_and_comes_back_equal(work: Path, studio: Studio) -> None:
    cut = cut_of(work, studio)
    report = cut.export(work / "street.otio")
    assert report.files == (work / "street.otio",)
    assert report.is_exact
    assert [one.what for one in report.kept] == ["the effect 'sepia'"]
    # Paths below the file's folder are relative: the folder may move.
    made = opentimelineio.adapters.read_from_file(str(work / "street.otio"))
    address = made.tracks[0][0].media_reference.target_url
    assert address == "films/street%20%C3%A9.mp4"
    moved = work.rename(work.with_name("moved"))
    back = tl.load(moved / "street.otio", studio=studio)
    assert back.offline == []
    assert back.import_report is not None
    assert back.import_report.findings == []
    assert [c.source_range for c in back.clips] == [c.source_range for c in cut.clips]
    assert read_number(back.frame("0.6s")) == 25


def test_a_dry_run_writes_nothing_and_strict_refuses(
    work: Path, studio: Studio
) -> None:
    cut = cut_of(work, studio)
    report = cut.export(work / "street.otio", dry_run=True)
    assert (report.files, len(report.kept)) == ((), 1)
    assert not (work / "street.otio").exists()
    assert cut.export(work / "street.otio", strict=True).is_exact
    told = tl.load(work / "street.otio", dry_run=True, studio=studio)
    assert (told.direction, told.format) == ("import", "otio")
    # What another program does not know is lost for this one.
    document = json.loads((work / "street.otio").read_text("utf-8"))
    document["tracks"]["children"][0]["children"][0]["OTIO_SCHEMA"] = "Hologram.1"
    (work / "strange.otio").write_text(json.dumps(document))
    with pytest.raises(ProjectError, match="the schema Hologram lost"):
        tl.load(work / "strange.otio", strict=True, studio=studio)
    assert len(tl.load(work / "strange.otio", studio=studio).clips) == 1


def test_subtitles_lie_beside_the_file(work: Path, studio: Studio) -> None:
    cut = cut_of(work, studio)
    report = cut.export(work / "street.otio", subtitles="srt")
    assert report.files == (work / "street.otio", work / "street.srt")
    assert "00:00:00,000 --> 00:00:01,000\nHello" in (work / "street.srt").read_text()
    with pytest.raises(ProjectError, match="subtitles='sbv'"):
        cut.export(work / "a.otio", subtitles="sbv")
    # Nothing is written if one of the files is another program's.
    (work / "b.srt").write_text("mine")
    with pytest.raises(ProjectError, match="did not write it here"):
        cut.export(work / "b.otio", subtitles="srt")
    assert not (work / "b.otio").exists()


def test_foreign_media_are_found_by_name_and_timecode(
    work: Path, studio: Studio
) -> None:
    rate = 25.0
    time = opentimelineio.opentime.RationalTime
    span = opentimelineio.opentime.TimeRange
    schema = opentimelineio.schema
    timeline = schema.Timeline("foreign")
    track = schema.Track("Picture", kind="Video")
    address = "file:///Volumes/RAID/street%20%C3%A9.mp4"
    # Its first frame is called 01:00:00:00, and it has 50.
    reference = schema.ExternalReference(
        address, span(time(90_000, rate), time(50, rate))
    )
    track.append(schema.Clip("a", reference, span(time(90_010, rate), time(15, rate))))
    track.append(schema.Clip("b", reference, span(time(90_045, rate), time(15, rate))))
    timeline.tracks.append(track)
    opentimelineio.adapters.write_to_file(timeline, str(work / "foreign.otio"))
    back = tl.load(work / "foreign.otio", studio=studio)
    assert back.offline == []
    assert read_number(back.frame(0)) == 10
    # The film has 60 frames: clip b is whole.
    assert back.clips[1].source_range.start == Fraction(45, 25)
    assert read_number(back.frame(number=15)) == 45


@pytest.mark.parametrize("name", ["a.otio", "a.edl", "a.fcpxml", "a.mlt", "a.csv"])
def test_media_that_are_not_there_are_offline_and_not_kept(
    work: Path, studio: Studio, name: str
) -> None:
    # Other tests' folders, which hold the film of that name, are allowed by now.
    film = work / f"{work.parent.name}.mp4"
    (work / "films/street é.mp4").rename(film)
    cut = tl.Edit("lost", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(film, studio=studio).clip("10f", "1s"))
    (work / "deep").mkdir()
    away = film.rename(work.parent / "away.mp4")
    report = cut.export(work / name)
    (row,) = report.offline
    assert (row.outcome, row.what) == ("offline", "the file")
    assert film.name in row.where
    assert "1 offline" in report.summary
    assert "1 offline" in repr(report)
    back = tl.load(work / name, studio=studio)
    assert back.import_report is not None
    assert [one.what for one in back.import_report.offline] == ["the file"]
    assert "offline" in back.import_report._repr_html_()
    kept = [one.what for one in back.import_report.kept]
    assert not any("lie" in what or "file" in what for what in kept)
    away.rename(work / "deep" / film.name)
    assert repr(back.relink(work / "deep")).startswith("<Relinked: 1 found (")
    assert back.offline == []


@pytest.mark.parametrize(
    ("name", "format_name", "words"),
    [
        ("a.fcpxml", None, b'audioChannels="1"'),
        ("a.xml", "fcp7xml", b"<channelcount>1</channelcount>"),
    ],
)
def test_sound_has_as_many_channels_as_its_file(
    tmp_path: Path, studio: Studio, name: str, format_name: str | None, words: bytes
) -> None:
    with wave.open(str(tmp_path / "mono.wav"), "wb") as sound:
        sound.setparams((1, 2, 48_000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * 48_000))
    cut = tl.Edit("mono", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(tmp_path / "mono.wav", studio=studio).clip(0, "1s"))
    report = cut.export(tmp_path / name, format=format_name)
    assert words in (tmp_path / name).read_bytes()
    assert report.is_exact


def bundle_of(
    work: Path, studio: Studio, policy: str
) -> opentimelineio.schema.Timeline:
    """An edit whose media have addresses that OpenTimelineIO bundles."""
    cut_of(work, studio).export(work / "street.otio")
    made = opentimelineio.adapters.read_from_file(str(work / "street.otio"))
    for clip in made.find_clips():
        reference = clip.media_reference
        if isinstance(reference, opentimelineio.schema.ExternalReference):
            reference.target_url = str(work / "films/street é.mp4")
    shutil.rmtree(work / policy, ignore_errors=True)
    return made


def test_bundles_of_its_library_are_read(work: Path, studio: Studio) -> None:
    made = bundle_of(work, studio, "none")
    for suffix in ("otioz", "otiod"):
        opentimelineio.adapters.write_to_file(made, str(work / f"b.{suffix}"))
    (work / "films").rename(work.parent / "hidden")
    folder = tl.load(work / "b.otiod", studio=studio)
    assert folder.offline == []
    assert read_number(folder.frame(0)) == 10
    shutil.rmtree(work / "b.otiod")
    report = tl.load(work / "b.otioz", dry_run=True, studio=studio)
    assert "extract='FOLDER'" in report.kept[0].detail
    out = tl.load(work / "b.otioz", extract="unpacked", studio=studio)
    assert out.offline == []
    assert read_number(out.frame("0.6s")) == 25
    assert [p.name for p in (work / "unpacked/media").iterdir()] == ["street é.mp4"]
    with pytest.raises(ProjectError, match="is there already"):
        tl.load(work / "b.otioz", extract="unpacked", studio=studio)


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


EMPTY = b'{"OTIO_SCHEMA":"Timeline.1","tracks":{"OTIO_SCHEMA":"Stack.1"}}'


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "no content.otio"),
        ({"content.otio": EMPTY, "media/../../a.mp4": b"x"}, "no name of media"),
        ({"content.otio": EMPTY, "media/a\\b.mp4": b"x"}, "no name of media"),
        ({"content.otio": EMPTY, "media/a.mp4": b"x", "media/A.mp4": b"y"}, "one name"),
        ({"content.otio": EMPTY, "media/a.mp4": bytes(10**7)}, "a bomb of zeros"),
        ({"content.otio": b"[" * 10_000}, "not an OpenTimelineIO file"),
        (
            {"content.otio": EMPTY} | {f"media/{n}": b"" for n in range(20_001)},
            "20,000",
        ),
    ],
)
def test_hostile_bundles_are_refused_and_nothing_is_left(
    members: dict[str, bytes], message: str, work: Path, studio: Studio
) -> None:
    path = archive(work / "bad.otioz", members)
    with pytest.raises(ProjectError, match=message):
        tl.load(path, extract="new", studio=studio)
    assert sorted(p.name for p in work.iterdir()) == ["bad.otioz", "films"]
    assert [p.name for p in work.parent.iterdir()] == ["work"]


def test_a_file_without_a_name_in_a_bundle_is_none_of_its_media(
    work: Path, studio: Studio
) -> None:
    path = archive(work / "b.otioz", {"content.otio": EMPTY, "media.mp4": b"abc"})
    # Readers of archives end a name at a NUL.
    path.write_bytes(path.read_bytes().replace(b"media.mp4", b"\0edia.mp4"))
    assert tl.load(path, studio=studio).clips == []


def test_media_of_a_bundle_appear_all_at_once(
    work: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(work / "b.otioz", {"content.otio": EMPTY, "media/a.mp4": b"abc"})
    seen = []
    read = zipfile.ZipExtFile.read

    def watched(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        if self.name == "media/a.mp4":
            seen.append((work / "new").exists())
        return read(self, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", watched)
    tl.load(path, extract="new", studio=studio)
    assert set(seen) == {False}
    assert (work / "new/media/a.mp4").read_bytes() == b"abc"
    assert [one.name for one in (work / "new").iterdir()] == ["media"]


@pytest.mark.parametrize("extract", [0, b"x", Path("x"), []])
def test_a_folder_for_media_is_named_by_text(
    extract: object, work: Path, studio: Studio
) -> None:
    path = archive(work / "b.otioz", {"content.otio": EMPTY})
    with pytest.raises(ProjectError, match=r"extract= is an? .*beside b\.otioz"):
        tl.load(path, extract=extract, studio=studio)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"\0" * 100, b"PK\x03\x04" * 99])
def test_what_is_no_archive_is_no_bundle(
    data: bytes, work: Path, studio: Studio
) -> None:
    (work / "bad.otioz").write_bytes(data)
    with pytest.raises(ProjectError, match=r"bad\.otioz"):
        tl.load(work / "bad.otioz", studio=studio)


def test_words_that_are_wrong_are_named(work: Path, studio: Studio) -> None:
    none: Any = []
    cut = cut_of(work, studio)
    cut.export(work / "a.otio")
    for call, message in (
        (lambda: cut.export(work / "b.otio", format="otioo"), "did you mean 'otio'"),
        (lambda: cut.export(work / "b.otio", indent=3), "'indent' is no argument"),
        (lambda: cut.export(work / "b.otio", bake="looks"), "bake='looks'"),
        (lambda: cut.export(work / "b.otii"), "did you mean '.otio'"),
        (lambda: cut.export(work / "b.otio", format=none), r"format=\[\]: no such"),
        (
            lambda: tl.load(work / "a.otio", format=none, studio=studio),
            r"format=\[\]: ",
        ),
        (
            lambda: cut.markers.write(work / "b.txt", format=none),
            r"format=\[\] is none",
        ),
        (lambda: cut.render(work / "b.mp4", lock=none), r"lock=\[\] is a list"),
        (lambda: tl.load(work / "a.otio", fast=1, studio=studio), "'fast' is no argum"),
        (lambda: tl.load(work / "a.otio", timeline=4, studio=studio), "a.otio: it has"),
        (lambda: tl.load(work / "no.otio", studio=studio), "no.otio"),
        (lambda: cut.render(work / "a.otio"), "cut.export"),
        (lambda: tl.open(work / "a.otio", studio=studio), "tl.load"),
    ):
        with pytest.raises(TimelineNbError, match=message):
            call()


@pytest.mark.filterwarnings("ignore:.*nobody allowed")
def test_sample_files_of_others_are_read_or_refused_by_name(
    studio: Studio, tmp_path: Path
) -> None:
    """With samples of OpenTimelineIO and of its adapters."""
    samples = sample_files(".otio")
    assert len(samples) >= 15
    refused = {}
    for name, data in samples.items():
        path = tmp_path / Path(name).name
        path.write_bytes(data)
        try:
            assert tl.load(path, studio=studio).import_report is not None
        except ProjectError as error:
            refused[path.name] = str(error)
    # It holds "Inf", which JSON has not.
    assert set(refused) <= {"big_int.otio"}
    assert all(name in message for name, message in refused.items())
