"""Edits go to a list of cuts and back by a plugin in C, and by importers in Python."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacks.plugins import HOSTILE_EXPORTERS, HOSTILE_IMPORTERS
from media_factory import Clips, read_number
from msgspec.structs import replace
from plugins_factory import BODY, OnePlugin, answering

import timeline_nb as tl
from timeline_nb.errors import (
    MediaError,
    PluginError,
    ProjectError,
    RenderError,
    TimelineNbError,
)
from timeline_nb.project.formats import Formats
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio
from timeline_nb.timeline.formats import Exporter, ExportRequest, Importer
from timeline_nb.timeline.model import Timeline
from timeline_nb.wasm_plugins.formats import exporters_of, importers_of

SOURCES = Path(__file__).parents[1] / "plugins_src" / "meter"
METER = "timeline-nb.test.meter"


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
        made.plugins.install(SOURCES / "meter.wasm")
        yield made


@pytest.fixture
def work(tmp_path: Path, clips: Clips) -> Path:
    """A folder of a person's films, beside one that nobody allowed."""
    for name, place in (("cfr", 'films/a "é".mp4'), ("ntsc", "other/b.mp4")):
        target = tmp_path / "work" / place
        target = tmp_path / place if place.startswith("other") else target
        target.parent.mkdir(parents=True)
        shutil.copy(clips[name], target)
    return tmp_path / "work"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def cut_of(work: Path, studio: Studio) -> tl.Edit:
    first = tl.open(work / 'films/a "é".mp4', studio=studio)
    other = tl.open(work.parent / "other/b.mp4", studio=studio)
    cut = tl.Edit("street", rate="29.97", size=(192, 112), studio=studio)
    cut.append([first.clip("10f", "1s"), other.clip("1001/30000", "2s")])
    return cut


def test_an_edit_goes_out_and_comes_back(work: Path, studio: Studio) -> None:
    cut = cut_of(work, studio)
    path = cut.export(work / "street.cuts", whole_paths=True).path
    lines = path.read_text("utf-8").splitlines()
    assert lines == [
        "CUTS\t30000/1001\t192\t112",
        'films/a "é".mp4\t2/5\t3/5',
        f"{(work.parent / 'other/b.mp4').resolve()}\t1001/30000\t58999/30000",
    ]
    back = tl.load(path, studio=studio)
    assert (back.rate, back.size) == (cut.rate, cut.size)
    ranges = [clip.source_range for clip in cut.clips]
    assert [clip.source_range for clip in back.clips] == ranges
    assert [clip.name for clip in back.clips] == ['a "é"', "b"]
    assert back.offline == []
    # 0.4 s of 25 fps is frame 10; what follows is a file of another rate.
    assert read_number(back.frame(number=0)) == 10
    np.testing.assert_array_equal(back.frame("1.5s"), cut.frame("1.5s"))
    # It is an edit as any other.
    back.split("0.5s")
    saved = back.save(work / "street.tlp")
    assert len(tl.load(saved, studio=studio).clips) == 3
    with pytest.raises(ProjectError, match="was never saved"):
        tl.load(path, studio=studio).save()


def test_paths_elsewhere_are_not_told(work: Path, studio: Studio) -> None:
    cut = cut_of(work, studio)
    text = cut.export(work / "street.cuts").path.read_text("utf-8")
    assert str(work.parent) not in text
    assert [line.split("\t")[0] for line in text.splitlines()[1:]] == [
        'films/a "é".mp4',
        "b.mp4",
    ]


def test_what_a_stranger_names_is_offline(work: Path, studio: Studio) -> None:
    path = work / "strange.cuts"
    other = work.parent / "other" / "b.mp4"
    rows = [f"{other}.mp4", "/etc/passwd", "gone.mp4", 'films/a "é".mp4']
    lines = "".join(f"{row}\t0\t1\n" for row in rows)
    path.write_text(f"CUTS\t25\t192\t112\n{lines}", "utf-8")
    with pytest.warns(RuntimeWarning, match="2 files that nobody allowed"):
        cut = tl.load(path, studio=studio)
    assert [Path(one.path).name for one in cut.offline] == [
        "b.mp4.mp4",
        "passwd",
        "gone.mp4",
    ]
    assert read_number(cut.frame("3.2s")) == 5
    with pytest.raises(TimelineNbError, match="passwd"):
        cut.frame("1.5s")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not begin with CUTS"),
        ("CUTS\t25\t641\t360\n", "641 px is not even"),
        ("CUTS\tfast\t640\t360\n", "it is not a fraction"),
        ("CUTS\t25\t640\t360\nfilms\0.mp4\t0\t1\n", "is offline|no path"),
        ('CUTS\t25\t640\t360\nfilms/a "é".mp4\t0\t99\n', "reaches outside the media"),
        ("CUTS\t25\t640\t360\nx.mp4\t0\n", "fraction"),
        ('CUTS\t25\t"}\t360\n', "answered no|cannot be read|not a project|no JSON"),
    ],
)
def test_an_edit_that_is_not_valid_names_the_importer(
    text: str, message: str, work: Path, studio: Studio
) -> None:
    path = work / "bad.cuts"
    path.write_text(text, "utf-8")
    with pytest.raises(TimelineNbError, match=message) as caught:
        tl.load(path, studio=studio).frame(0)
    assert METER in str(caught.value) or "x.mp4" in str(caught.value) or "\0" in text


def test_a_file_that_is_not_ours_is_not_replaced(work: Path, studio: Studio) -> None:
    cut, path = cut_of(work, studio), work / "street.cuts"
    path.write_text("mine")
    path.chmod(0o640)
    with pytest.raises(ProjectError, match="did not write it here"):
        cut.export(path)
    assert path.read_text() == "mine"
    cut.export(path, overwrite=True)
    assert path.read_text("utf-8").startswith("CUTS")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    # Now it is ours.
    cut.delete(0)
    cut.export(path)
    assert len(path.read_text("utf-8").splitlines()) == 2
    assert names_in(work) == ["films", "street.cuts"]


def test_what_cannot_be_opened_or_written_says_why(work: Path, studio: Studio) -> None:
    cut = cut_of(work, studio)
    path = cut.export(work / "street.cuts").path
    cases: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: tl.open(path, studio=studio), MediaError, r"by tl\.load\("),
        (lambda: cut.render(path), RenderError, r"by cut\.export\("),
        (lambda: cut.export(work / "a.cutz"), ProjectError, "did you mean '.cuts'"),
        (lambda: cut.export(work / "a.mp4"), ProjectError, "is a film: render"),
        (lambda: cut.export(work / "a.tlp"), ProjectError, "is a project: save"),
        (lambda: cut.export(work / "no" / "a.cuts"), ProjectError, "no folder"),
        (lambda: cut.export(work), ProjectError, "is a folder"),
        (lambda: cut.export(""), ProjectError, "is empty"),
        (lambda: cut.export(path, fast=1), PluginError, "'fast' is not known"),
        (lambda: cut.export(path, format="a/b"), PluginError, "no exporter 'a/b'"),
        (lambda: tl.load(path, fast=1, studio=studio), PluginError, "'fast' is not"),
        (lambda: tl.load(work / "a.tlp", fast=1, studio=studio), ProjectError, "fast="),
        (
            lambda: tl.load(work / "no.cuts", studio=studio),
            ProjectError,
            "cannot be op",
        ),
        (lambda: tl.load(work, studio=studio), ProjectError, "cannot be opened"),
        (
            lambda: tl.load(path, format="a/b", studio=studio),
            PluginError,
            "no importer 'a/b'",
        ),
    ]
    for call, kind, message in cases:
        with pytest.raises(kind, match=message):
            call()


def own_formats(**offers: Any) -> Formats:
    """Importers and exporters in place of those that are installed."""
    importers, exporters = offers.get("importers", []), offers.get("exporters", [])
    return Formats([lambda _: importers], [lambda _: exporters])


def importer_of(read: Callable[..., Any], name: str = "a.b/own") -> Importer:
    return Importer(
        name=name,
        suffixes=(".own", ".mp4", ".tlp"),
        about="",
        origin="a test",
        checked=dict,
        read=read,
    )


def exporter_of(write: Callable[..., Any], name: str = "a.b/own") -> Exporter:
    return Exporter(
        name=name,
        suffixes=(".own", ".mp4", ".tlp"),
        about="",
        origin="a test",
        checked=dict,
        write=write,
    )


@pytest.fixture
def with_formats(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    def use(**offers: Any) -> None:
        made = own_formats(**offers)
        monkeypatch.setattr(type(studio), "formats", made)

    return use


def test_built_in_formats_win(
    work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    def never(_: Any) -> Any:
        raise AssertionError("a plugin was asked")

    with_formats(importers=[importer_of(never)], exporters=[exporter_of(never)])
    cut = cut_of(work, studio)
    saved = cut.save(work / "street.tlp")
    assert tl.load(saved, studio=studio).name == "street"
    with pytest.raises(ProjectError, match="is a film"):
        cut.export(work / "street.mp4")
    assert cut.render(work / "street.mp4").wait().frames == 77
    # A name is enough to ask for it.
    with pytest.raises(PluginError, match="own failed on street"):
        tl.load(saved, format="a.b/own", studio=studio)


def test_damaged_plugins_hide_no_other_fault(
    work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    def damaged(_: str) -> Any:
        raise PluginError("installed.json is damaged")

    cut, path = cut_of(work, studio), work / "a.own"
    path.write_text("no media")
    with_formats()
    studio.formats.importers._sources = studio.formats.exporters._sources = (damaged,)
    with pytest.raises(MediaError, match=r"a\.own"):
        tl.open(path, studio=studio)
    with pytest.raises(RenderError, match="selects its container"):
        cut.render(path)
    with pytest.raises(PluginError, match="is damaged"):
        cut.export(work / "b.own")


def test_two_for_one_suffix_are_both_named(
    work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    def write(request: ExportRequest) -> None:
        request.path.write_text(request.timeline.name)

    two = [exporter_of(write, name) for name in ("a.b/x", "c.d/y")]
    empty = Timeline(name="e", rate=Fraction(25), size=(64, 48))
    readers = [importer_of(lambda _: empty, name) for name in ("a.b/x", "c.d/y")]
    with_formats(importers=readers, exporters=two)
    cut, path = cut_of(work, studio), work / "a.own"
    with pytest.raises(ProjectError, match=r"a\.b/x and c\.d/y are for \.own files"):
        cut.export(path)
    assert cut.export(path, format="c.d/y").path.read_text() == "street"
    with pytest.raises(ProjectError, match="format='a"):
        tl.load(path, studio=studio)
    assert tl.load(path, format="a.b/x", studio=studio).name == "e"


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (None, "it returned a NoneType, not an edit"),
        (b"", "is not a project"),
        (b"\xff", "UTF-8"),
        (b"[" * 60_000, "is not a project"),
        (b'{"format": "timeline_nb.project", "version": 99}', "newer"),
        (b'{"format": "timeline_nb.project", "version": 1}', "timeline"),
    ],
)
def test_what_is_no_edit(
    made: Any,
    message: str,
    work: Path,
    studio: Studio,
    with_formats: Callable[..., None],
) -> None:
    path = work / "a.own"
    path.write_text("x")
    with_formats(importers=[importer_of(lambda _: made)])
    with pytest.raises(TimelineNbError, match=message) as caught:
        tl.load(path, studio=studio)
    assert "a.b/own" in str(caught.value)


def test_a_timeline_of_python_is_checked_too(
    work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    cut = cut_of(work, studio)
    bare = [replace(clip, id="", link="") for clip in cut.clips]
    track = replace(cut.timeline.tracks[0], items=(*bare, cut.clips[0]))
    own = replace(cut.timeline, tracks=(track,), next_id=1)
    path = work / "a.own"
    path.write_text("x")
    with_formats(importers=[importer_of(lambda _: own)])
    back = tl.load(path, studio=studio)
    # The ids of a stranger are kept, and none is given twice.
    assert [clip.id for clip in back.clips] == ["c2", "c3", "c1"]
    back.append(cut.clips[1])
    assert len({clip.id for clip in back.clips}) == 4
    twice = replace(own, tracks=(replace(track, items=(cut.clips[0],) * 2),))
    with_formats(importers=[importer_of(lambda _: twice)])
    with pytest.raises(ProjectError, match="/own reads it"):
        tl.load(path, studio=studio)


def test_an_exporter_that_fails_leaves_nothing(
    work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    def fail(request: ExportRequest) -> None:
        request.path.write_text("half")
        raise KeyError("secret")

    def nothing(_: ExportRequest) -> None:
        pass

    cut = cut_of(work, studio)
    for write, message in (
        (fail, "failed on a.own: KeyError"),
        (nothing, "wrote noth"),
    ):
        with_formats(exporters=[exporter_of(write)])
        with pytest.raises(PluginError, match=message):
            cut.export(work / "a.own")
    assert names_in(work) == ["films"]


def hostile(text: str, limits: Any) -> dict[str, Any]:
    formats = [{"name": "own", "suffixes": [".own"]}]
    plugins: Any = OnePlugin(
        text, limits, commands=[], importers=formats, exporters=formats
    )
    return {
        "importers": list(importers_of(plugins, "")),
        "exporters": list(exporters_of(plugins, "")),
    }


@pytest.mark.parametrize("name", HOSTILE_IMPORTERS)
def test_hostile_importers(
    name: str, work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    own = HOSTILE_IMPORTERS[name]
    path = work / "a.own"
    path.write_text("x")
    with_formats(**hostile(own.text, own.limits))
    with pytest.raises(TimelineNbError, match=own.message):
        tl.load(path, studio=studio)
    assert path.read_text() == "x"


@pytest.mark.parametrize("name", HOSTILE_EXPORTERS)
def test_hostile_exporters(
    name: str, work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    own = HOSTILE_EXPORTERS[name]
    with_formats(**hostile(own.text, own.limits))
    cut = cut_of(work, studio)
    with pytest.raises(TimelineNbError, match=own.message):
        cut.export(work / "a.own")
    assert names_in(work) == ["films"]


def test_an_edit_may_be_longer_than_a_message(work: Path, studio: Studio) -> None:
    clip = tl.open(work / 'films/a "é".mp4', studio=studio).clip("1s", "1.2s")
    cut = tl.Edit("long", rate=25, size=(64, 48), studio=studio)
    cut.append([replace(clip, metadata={"note": "x" * 60_000})] * 30)
    path = cut.export(work / "long.cuts").path
    assert len(path.read_text("utf-8").splitlines()) == 31
    assert len(tl.load(path, studio=studio).clips) == 30


def test_the_document_has_no_more_than_a_project(
    work: Path, studio: Studio, with_formats: Callable[..., None]
) -> None:
    seen: list[ExportRequest] = []

    def write(request: ExportRequest) -> None:
        seen.append(request)
        request.path.write_text("x")

    with_formats(exporters=[exporter_of(write)])
    cut = cut_of(work, studio)
    cut.export(work / "a.own")
    (request,) = seen
    document = json.loads(request.document)
    assert (document["format"], document["version"]) == ("timeline_nb.project", 1)
    assert str(work.parent).encode() not in request.document
    assert str(work.parent) not in repr(request.timeline)
    assert request.name == "a.own"


def test_a_plugin_may_not_answer_more_than_an_edit() -> None:
    from timeline_nb.wasm_plugins.messages import MAX_EDIT_BYTES

    size = MAX_EDIT_BYTES + 1
    text = BODY + answering("{}").replace(
        f"i64.const {(1024 << 32) | 2}", f"i64.const {(1024 << 32) | size}"
    )
    (own,) = importers_of(
        OnePlugin(  # type: ignore[arg-type]
            text, commands=[], importers=[{"name": "own", "suffixes": [".own"]}]
        ),
        "",
    )
    request: Any = type("R", (), {"path": __file__, "args": {}, "check": list})
    with pytest.raises(PluginError, match="more than 67,108,864 bytes"):
        own.read(request)


@pytest.mark.parametrize("name", ["a.xml", "a.prproj", "a.drp"])
def test_who_asks_for_premiere_or_resolve_is_told_the_format(name: str) -> None:
    with pytest.raises(ProjectError, match=r"Premiere Pro.*fcp7xml|fcp7xml.*Premiere"):
        tl.Edit("film", rate=25).export(name)
