"""Subtitles: every format in and out, looks kept, faults told."""

import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from effects.pictures import likeness

import timeline_nb as tl
from timeline_nb.errors import CompositionError, MediaError, TimelineError
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.files import FORMATS, write_subtitles
from timeline_nb.subtitles.files import read_subtitles as read_file
from timeline_nb.subtitles.track import faults_of
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Subtitle

SRT = """1
00:00:01,000 --> 00:00:02,500
Первая строка
second row

2
00:00:03,040 --> 00:00:05,000
<i>Whispered</i>
"""
VTT = """WEBVTT

00:00:01.000 --> 00:00:02.500
Первая строка
second row

00:00:03.040 --> 00:00:05.000
<i>Whispered</i>
"""
ASS = """[Script Info]
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, \
BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, \
BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Loud,DejaVu Sans,72,&H0000FFFF,&H0,&H00FF0000,&H0,-1,0,0,0,100,100,0,0,1,3,0,\
8,10,10,10,1
Style: Quiet,DejaVu Sans,36,&H80FFFFFF,&H0,&H00000000,&H0,0,-1,0,0,100,100,0,0,1,0,0,\
2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Loud,,0,0,0,,Первая строка\\Nsecond row
Dialogue: 0,0:00:03.04,0:00:05.00,Quiet,,0,0,0,,{\\pos(320,180)}Whispered
Comment: 0,0:00:03.04,0:00:05.00,Quiet,,0,0,0,,not shown
"""


@pytest.fixture
def cut(tmp_path: Path) -> tl.Edit:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    return tl.Edit("talk", rate=25, size=(640, 360), studio=studio)


def read_subtitles(path: Path) -> list[Cue]:
    found = read_file(path)
    assert found.faults == []
    return found.cues


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"), [("a.srt", SRT), ("a.vtt", VTT), ("a.ass", ASS)]
)
def test_times_and_texts_are_read(tmp_path: Path, name: str, text: str) -> None:
    first, second = read_subtitles(written(tmp_path, name, text))
    assert (first.start, first.end) == (Fraction(1), Fraction(5, 2))
    assert first.text == "Первая строка\nsecond row"
    assert (second.start, second.text) == (Fraction(304, 100), "Whispered")
    assert second.style.get("italic") is True


def test_looks_of_ass_are_read() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        loud, quiet = read_subtitles(written(Path(folder), "a.ass", ASS))
    assert loud.style["color"] == "#ffff00"
    assert loud.style["outline_color"] == "#0000ff"
    assert loud.style["anchor"] == "top"
    assert loud.style["bold"] is True
    assert loud.style["size"] == pytest.approx(0.085)
    assert quiet.style["color"] == "#ffffff7f"
    assert quiet.style["position"] == [0.25, 0.25]


@pytest.mark.parametrize("into", list(FORMATS))
@pytest.mark.parametrize(
    ("name", "text"), [("a.srt", SRT), ("a.vtt", VTT), ("a.ass", ASS)]
)
def test_every_format_becomes_every_other(
    tmp_path: Path, cut: tl.Edit, name: str, text: str, into: str
) -> None:
    faults = cut.subtitles.read(written(tmp_path, name, text))
    assert [fault.message.split()[0] for fault in faults] == []
    path = cut.subtitles.write(tmp_path / f"out{into}")
    again = read_subtitles(path)
    before = read_subtitles(tmp_path / name)
    assert [line.text for line in again] == [line.text for line in before]
    # Times lie on whole frames in between.
    for old, new in zip(before, again, strict=True):
        assert abs(old.start - new.start) <= Fraction(1, 50)
        assert abs(old.end - new.end) <= Fraction(1, 50)
    assert again[1].style.get("italic") is True
    if into in {".ass", ".ssa"} and name.endswith(".ass"):
        assert again[0].style["color"] == "#ffff00"
        assert again[0].style["anchor"] == "top"
        assert again[0].style["size"] == pytest.approx(0.085, abs=0.001)
        assert again[1].style["position"] == pytest.approx([0.25, 0.25], abs=0.001)


def test_a_track_of_lines_edits_like_any_other(tmp_path: Path, cut: tl.Edit) -> None:
    cut.subtitles.read(written(tmp_path, "a.srt", SRT), at="1s")
    (track,) = cut.timeline.tracks
    assert track.kind == "subtitle"
    item = track.items[1]
    assert isinstance(item, tl.Subtitle)
    cut.shift([item.id], by="10f")
    cut.split("3s")
    cut.undo()
    table = cut.subtitles.to_dataframe()
    assert table["start_s"].tolist() == [2.4, 4.04]
    whole = cut.timeline.to_dataframe()
    whole.loc[whole["type"] == "subtitle", "name"] = ["New words", "and more"]
    cut.update(whole)
    assert cut.subtitles.to_dataframe()["text"].tolist() == ["New words", "and more"]
    cut.undo()
    cut.undo()
    cut.undo()
    assert not cut.timeline.tracks


def test_lines_are_burnt_in_with_their_looks(tmp_path: Path, cut: tl.Edit) -> None:
    cut.titles.generate("solid", start=0, end="6s", color="#202020")
    cut.subtitles.read(written(tmp_path, "a.ass", ASS))
    frame = cut.frame("1.5s").astype(int)
    yellow = (frame[..., 0] > 180) & (frame[..., 1] > 180) & (frame[..., 2] < 90)
    rows = yellow.nonzero()[0]
    assert len(rows) > 200
    assert rows.max() < 180
    assert (cut.frame("2.8s") == cut.frame("0.2s")).all()
    cut.set_track("S1", enabled=False)
    assert (cut.frame("1.5s") == cut.frame("0.2s")).all()


def test_what_is_hard_to_read_is_told_with_figures() -> None:
    lines = [
        Cue(Fraction(0), Fraction(2), "short"),
        Cue(Fraction(1), Fraction(3), "begins too soon"),
        Cue(Fraction(4), Fraction(9, 2), "gone at once"),
        Cue(Fraction(5), Fraction(6), "far too many letters for a second of time"),
        Cue(Fraction(7), Fraction(12), "x" * 60),
        Cue(Fraction(13), Fraction(18), "one\ntwo\nthree"),
    ]
    found = faults_of(lines)
    told = [(fault.cue.text[:5], fault.message) for fault in found if fault.cue]
    assert told == [
        ("begin", "overlaps the cue before it by 1.00 s"),
        ("gone ", "is seen for 0.50 s, not 0.8"),
        ("gone ", "has 24.0 letters a second, over 20"),
        ("far t", "has 41.0 letters a second, over 20"),
        ("xxxxx", "has a row of 60, over 42"),
        ("one\nt", "has 3 rows, over 2"),
    ]


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path, cut: tl.Edit) -> None:
    with pytest.raises(TimelineError, match=r"none.srt cannot be read"):
        cut.subtitles.read(tmp_path / "none.srt")
    with pytest.raises(TimelineError, match=r"a.txt is no subtitle file .\.srt, \.vtt"):
        cut.subtitles.read(tmp_path / "a.txt")
    with pytest.raises(TimelineError, match="has no subtitle track"):
        cut.subtitles.write(tmp_path / "a.srt")
    cut.subtitles.read(written(tmp_path, "a.srt", SRT))
    with pytest.raises(TimelineError, match="cannot be written"):
        cut.subtitles.write(tmp_path / "nowhere" / "a.srt")
    with pytest.raises(CompositionError, match="no parameter 'colour'"):
        cut.subtitles.add("x", start="8s", end="9s", colour="red")


def test_files_of_older_days_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nCafé\n".encode("cp1252"))
    assert read_file(path, encoding="cp1252").cues[0].text == "Café"
    path.write_bytes(b"\xef\xbb\xbf" + SRT.encode())
    assert len(read_subtitles(path)) == 2
    write_subtitles([], tmp_path / "empty.vtt", size=(640, 360), base={})
    assert read_subtitles(tmp_path / "empty.vtt") == []


def test_soft_subtitles_lie_beside_the_picture(tmp_path: Path, cut: tl.Edit) -> None:
    import av

    from timeline_nb.render.profile import Profile

    cut.titles.generate("solid", start=0, end="6s", color="#202020")
    cut.subtitles.read(written(tmp_path, "a.srt", SRT))
    cut.set_track("S1", metadata={"language": "rus"})
    path = tmp_path / "soft.mp4"
    cut.render(path, profile=Profile(subtitles="soft")).wait()
    with av.open(str(path)) as container:
        (stream,) = container.streams.subtitles
        assert stream.language == "rus"
        told = [
            (float(packet.pts * packet.time_base), bytes(packet)[2:].decode())
            for packet in container.demux(stream)
            if packet.pts is not None and packet.size > 2
        ]
    assert told == [(1.0, "Первая строка\nsecond row"), (3.04, "Whispered")]
    media = tl.open(path, studio=cut.studio)
    assert likeness(media.frame("1.5s"), cut.frame("0.2s")) > 40
    out = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "srt", "-"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    assert out.splitlines()[1] == "00:00:01,000 --> 00:00:02,480"
    assert "second row" in out.splitlines()[3]
    cut.render(path, profile=Profile(subtitles="none")).wait()
    with av.open(str(path)) as container:
        assert not container.streams.subtitles
    cut.render(path).wait()
    again = tl.open(path, studio=cut.studio)
    assert likeness(again.frame("1.5s"), cut.frame("0.2s")) < 40


OVERLAPPING = """1
00:00:00,000 --> 00:00:04,000
first

2
00:00:01,000 --> 00:00:03,000
second
of two rows

3
00:00:02,000 --> 00:00:05,000
{\\an8}on top

4
00:00:04,000 --> 00:00:05,000
after
"""


def ink(cut: tl.Edit, at: str) -> tuple[int, int]:
    """The rows of the picture in which something bright is seen."""
    rows = np.nonzero((cut.frame(at).max(axis=2) > 200).any(axis=1))[0]
    return int(rows.min()), int(rows.max())


def test_lines_shown_at_once_lose_nothing_and_do_not_cover_one_another(
    tmp_path: Path, cut: tl.Edit
) -> None:
    cut.titles.generate("solid", start=0, end="6s", color="#202020")
    path = written(tmp_path, "a.srt", OVERLAPPING)
    cut.subtitles.read(path)
    tracks = [t for t in cut.timeline.tracks if t.kind == "subtitle"]
    texts = [
        [item.text for item in track.items if isinstance(item, tl.Subtitle)]
        for track in tracks
    ]
    assert texts == [["first", "after"], ["second\nof two rows"], ["on top"]]
    table = cut.subtitles.to_dataframe()
    assert table["start_s"].tolist() == [0, 1, 2, 4]
    assert table["track"].tolist() == ["S1", "S2", "S3", "S1"]
    alone, both = ink(cut, "0.5s"), ink(cut, "1.5s")
    assert both[1] == alone[1]
    # Two rows more, of 0.055 of 360 pixels and their leading.
    assert alone[0] - both[0] == pytest.approx(2 * 0.055 * 360 * 1.164, abs=4)
    assert ink(cut, "2.5s")[0] < 60
    # Written, they are in one file again, where they were.
    again = read_subtitles(cut.subtitles.write(tmp_path / "b.srt"))
    assert [(line.start, line.text, line.style) for line in again] == [
        (line.start, line.text, line.style) for line in read_subtitles(path)
    ]
    # Taken in again, they replace what was there.
    cut.subtitles.read(written(tmp_path, "c.srt", SRT), track="S1")
    assert [t.name for t in cut.timeline.tracks if t.kind == "subtitle"] == ["S1"]
    cut.undo()
    assert len(cut.subtitles.to_dataframe()) == 4


def test_layers_of_ass_keep_their_order(tmp_path: Path, cut: tl.Edit) -> None:
    event = "Dialogue: {},0:00:01.00,0:00:03.00,Loud,,0,0,0,,{}\n"
    rows = event.format(1, "over") + event.format(0, "under")
    head = ASS[: ASS.index("Dialogue")]
    cut.subtitles.read(written(tmp_path, "a.ass", head + rows))
    assert cut.subtitles.to_dataframe(track="S1")["text"].tolist() == ["under", "over"]
    items = [track.items[-1] for track in cut.timeline.tracks]
    assert [i.text for i in items if isinstance(i, tl.Subtitle)] == ["under", "over"]


def test_parts_of_a_line_have_their_own_looks(tmp_path: Path, cut: tl.Edit) -> None:
    cut.titles.generate("solid", start=0, end="6s", color="#202020")
    text = (
        "1\n00:00:00,000 --> 00:00:02,000\n"
        '<font color="#ff0000">HH</font> <font color="#00ff00">HH</font> HH\n'
    )
    cut.subtitles.read(written(tmp_path, "a.srt", text))
    frame = cut.frame("1s").astype(int)
    red, green, blue = (frame[..., n] > 200 for n in range(3))
    columns = [
        np.nonzero(mask.any(axis=0))[0]
        for mask in (
            red & ~green & ~blue,
            green & ~red & ~blue,
            red & green & blue,
        )
    ]
    assert all(len(found) > 10 for found in columns)
    assert columns[0].max() < columns[1].min() < columns[1].max() < columns[2].min()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a \U00012000 b", "no font here has '\U00012000' (CUNEIFORM SIGN A"),
        ("x" * 50_000, "has 50,000 letters: only 2,000 are drawn"),
        ("row\n" * 3_000, "rows, over 2"),
        ("a\u200b\u202e\u0301\x0bb", ""),
        ("\u200b", ""),
    ],
)
def test_what_cannot_be_drawn_is_told_and_stops_no_film(
    tmp_path: Path, cut: tl.Edit, text: str, told: str
) -> None:
    cut.titles.generate("solid", start=0, end="1s", color="#202020")
    body = f"1\n00:00:00,000 --> 00:00:01,000\n{text}\n"
    faults = cut.subtitles.read(written(tmp_path, "a.srt", body))
    assert any(told in fault.message for fault in faults) or not told
    cut.frame("0.5s")
    if "font" in told:
        result = cut.render(tmp_path / "a.mp4").wait()
        assert any(told in warning for warning in result.warnings)


def test_a_line_is_changed_by_the_id_that_the_table_lists(cut: tl.Edit) -> None:
    cut.titles.generate("solid", start=0, end="3s", color="#202020")
    cut.subtitles.add("Helo", start=0, end="1s", color="#00ff00")
    cut.subtitles.add("bye", start="2s", end="3s")
    before = cut.timeline
    table = cut.subtitles.to_dataframe()
    (own,) = table.loc[table["text"] == "Helo", "id"]
    cut.subtitles.set(own, text="Hello", end="1.5s", color=None)
    table = cut.subtitles.to_dataframe()
    assert list(table["id"]) == [own, table["id"][1]]
    assert list(table["text"]) == ["Hello", "bye"]
    assert list(table["end_s"]) == [1.5, 3.0]
    assert ink(cut, "1.2s")[0] > 180
    cut.undo()
    assert cut.timeline == before
    line = cut.timeline.tracks[-1].items[0]
    assert isinstance(line, Subtitle)
    cut.subtitles.set(line, start="0.5s")
    assert cut.subtitles.to_dataframe()["start_s"][0] == 0.5
    for wrong in (cut.titles.set, cut.set):
        with pytest.raises(TimelineError, match=r"use cut\.subtitles\.set"):
            wrong(own, name="so")
    with pytest.raises(TimelineError, match="1 is no subtitle: give its id"):
        cut.subtitles.set(1, text="so")  # type: ignore[arg-type]
    with pytest.raises(CompositionError, match="colour"):
        cut.subtitles.set(own, colour="red")


def test_halves_of_letters_and_missing_fonts_stop_no_film(cut: tl.Edit) -> None:
    cut.titles.generate("solid", start=0, end="1s", color="#202020")
    with pytest.raises(CompositionError, match="no font 'No Such Font'"):
        cut.subtitles.add("so", start=0, end="1s", font="No Such Font")
    # A file may name fonts that are not here.
    cut.session.apply(
        "subtitle",
        lambda old: edits.add_subtitle(
            old,
            "a \ud800 b",
            at=TimeRange(Fraction(0), Fraction(1)),
            style={"font": "No Such Font"},
        ),
    )
    assert ink(cut, "0.5s")[0] > 180
    assert "no font 'No Such Font'" in cut.subtitles.to_dataframe()["faults"][0]


def test_subtitles_inside_media_are_read(tmp_path: Path, cut: tl.Edit) -> None:
    source = written(tmp_path, "a.srt", SRT.replace("second", "<i>second</i>"))
    streams = ["-map", "0", "-map", "1", "-map", "1", "-map", "1"]
    codecs = ["-c:s:0", "subrip", "-c:s:1", "ass", "-c:s:2", "webvtt"]
    for name, more in (
        ("a.mkv", [*streams, *codecs]),
        ("a.mp4", [*streams[:4], "-c:s", "mov_text"]),
    ):
        subprocess.run(
            [
                *("ffmpeg", "-v", "error", "-f", "lavfi"),
                *("-i", "color=s=64x64:d=6:r=25", "-i", str(source)),
                *(*more, "-c:v", "libx264", str(tmp_path / name)),
            ],
            check=True,
        )
        media = tl.open(tmp_path / name, studio=cut.studio)
        for stream in range(3 if name == "a.mkv" else 1):
            cut.subtitles.read(media, stream=stream, track="S1")
            table = cut.subtitles.to_dataframe()
            assert table["start_s"].tolist() == [1.0, 3.04]
            assert table["text"][0] == "Первая строка\nsecond row"
            assert table["text"][1] == "Whispered"
            item = cut.timeline.tracks[-1].items[1]
            assert isinstance(item, tl.Subtitle)
            assert item.style["spans"] == [{"start": 14, "end": 20, "italic": True}]
    with pytest.raises(MediaError, match="has 1 subtitles: there is no stream 1"):
        cut.subtitles.read(media, stream=1)


def test_subtitles_that_are_pictures_are_refused_by_name(
    tmp_path: Path, cut: tl.Edit
) -> None:
    source = written(tmp_path, "a.srt", SRT)
    path = tmp_path / "a.mkv"
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-f", "lavfi"),
            *("-i", "color=s=64x64:d=6:r=25", "-i", str(source)),
            *("-map", "0", "-map", "1", "-c:s", "subrip", str(path)),
        ],
        check=True,
    )
    # Matroska's name of the codec, changed to that of Blu-ray's pictures.
    data = path.read_bytes()
    assert data.count(b"S_TEXT/UTF8") == 1
    path.write_bytes(data.replace(b"S_TEXT/UTF8", b"S_HDMV/PGS\0"))
    media = tl.open(path, studio=cut.studio)
    with pytest.raises(MediaError, match=r"subtitles 0 are pictures \(PGS\)"):
        cut.subtitles.read(media)


def test_soft_subtitles_that_overlap_are_shown_together(
    tmp_path: Path, cut: tl.Edit
) -> None:
    from timeline_nb.render.profile import Profile

    cut.titles.generate("solid", start=0, end="6s", color="#202020")
    cut.subtitles.read(written(tmp_path, "a.srt", OVERLAPPING))
    path = tmp_path / "soft.mp4"
    cut.render(path, profile=Profile(subtitles="soft")).wait()
    out = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:s", "-f", "srt", "-"],
        check=True,
        capture_output=True,
    ).stdout
    found = written(tmp_path, "out.srt", out.decode())
    assert [(float(line.start), line.text) for line in read_subtitles(found)] == [
        (0, "first"),
        (1, "first\nsecond\nof two rows"),
        (2, "first\nsecond\nof two rows\non top"),
        (3, "first\non top"),
        (4, "on top\nafter"),
    ]


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_codes_of_two_letters_name_languages_of_films(
    tmp_path: Path, cut: tl.Edit, suffix: str
) -> None:
    # MP4 packs three letters into its 15 bits (ISO/IEC 14496-12, mdhd).
    source = written(tmp_path, "a.srt", SRT)
    for number, language in enumerate(["de", "fr", "zh", "pt-BR", "eng"], 1):
        cut.subtitles.read(source, track=f"S{number}")
        cut.set_track(f"S{number}", metadata={"language": language})
    path = tmp_path / f"soft.{suffix}"
    profile = tl.Profile(subtitles="soft")
    cut.render(path, profile=profile, start=0, end="1s").wait()
    shown = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-select_streams", "s"),
            *("-show_entries", "stream_tags=language", "-of", "csv=p=0", path),
        ],
        check=True,
        capture_output=True,
    ).stdout.decode()
    assert shown.split() == ["deu", "fra", "zho", "por", "eng"]
