"""Subtitles: every format in and out, looks kept, faults told."""

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from effects.pictures import likeness

import timeline_nb as tl
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.subtitles.files import FORMATS, write_lines
from timeline_nb.subtitles.files import read_lines as read_file
from timeline_nb.subtitles.lines import Line
from timeline_nb.subtitles.track import faults_of

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


def read_lines(path: Path) -> list[Line]:
    found = read_file(path)
    assert found.faults == []
    return found.lines


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"), [("a.srt", SRT), ("a.vtt", VTT), ("a.ass", ASS)]
)
def test_times_and_texts_are_read(tmp_path: Path, name: str, text: str) -> None:
    first, second = read_lines(written(tmp_path, name, text))
    assert (first.start, first.end) == (Fraction(1), Fraction(5, 2))
    assert first.text == "Первая строка\nsecond row"
    assert (second.start, second.text) == (Fraction(304, 100), "Whispered")
    assert second.style.get("italic") is True


def test_looks_of_ass_are_read() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        loud, quiet = read_lines(written(Path(folder), "a.ass", ASS))
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
    faults = cut.read_subtitles(written(tmp_path, name, text))
    assert [fault.message.split()[0] for fault in faults] == []
    path = cut.write_subtitles(tmp_path / f"out{into}")
    again = read_lines(path)
    before = read_lines(tmp_path / name)
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
    cut.read_subtitles(written(tmp_path, "a.srt", SRT), at="1s")
    (track,) = cut.timeline.tracks
    assert track.kind == "subtitle"
    item = track.items[1]
    assert isinstance(item, tl.Subtitle)
    cut.shift([item.id], by="10f")
    cut.split("3s")
    cut.undo()
    table = cut.subtitles()
    assert table["start_s"].tolist() == [2.4, 4.04]
    whole = cut.timeline.to_dataframe()
    whole.loc[whole["type"] == "subtitle", "name"] = ["New words", "and more"]
    cut.update(whole)
    assert cut.subtitles()["text"].tolist() == ["New words", "and more"]
    cut.undo()
    cut.undo()
    cut.undo()
    assert not cut.timeline.tracks


def test_lines_are_burnt_in_with_their_looks(tmp_path: Path, cut: tl.Edit) -> None:
    cut.generate("solid", start=0, end="6s", color="#202020")
    cut.read_subtitles(written(tmp_path, "a.ass", ASS))
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
        Line(Fraction(0), Fraction(2), "short"),
        Line(Fraction(1), Fraction(3), "begins too soon"),
        Line(Fraction(4), Fraction(9, 2), "gone at once"),
        Line(Fraction(5), Fraction(6), "far too many letters for a second of time"),
        Line(Fraction(7), Fraction(12), "x" * 60),
        Line(Fraction(13), Fraction(18), "one\ntwo\nthree"),
    ]
    found = faults_of(lines)
    told = [(fault.line.text[:5], fault.message) for fault in found if fault.line]
    assert told == [
        ("begin", "overlaps the line before it by 1.00 s"),
        ("gone ", "is seen for 0.50 s, not 0.8"),
        ("gone ", "has 24.0 letters a second, over 20"),
        ("far t", "has 41.0 letters a second, over 20"),
        ("xxxxx", "has a row of 60, over 42"),
        ("one\nt", "has 3 rows, over 2"),
    ]


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path, cut: tl.Edit) -> None:
    with pytest.raises(TimelineError, match=r"none.srt cannot be read"):
        cut.read_subtitles(tmp_path / "none.srt")
    with pytest.raises(TimelineError, match=r"a.txt: subtitles are .srt, .vtt"):
        cut.read_subtitles(tmp_path / "a.txt")
    with pytest.raises(TimelineError, match="has no subtitle track"):
        cut.write_subtitles(tmp_path / "a.srt")
    cut.read_subtitles(written(tmp_path, "a.srt", SRT))
    with pytest.raises(TimelineError, match="cannot be written"):
        cut.write_subtitles(tmp_path / "nowhere" / "a.srt")
    with pytest.raises(CompositionError, match="no parameter 'colour'"):
        cut.subtitle("x", start="8s", end="9s", colour="red")


def test_files_of_older_days_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nCafé\n".encode("cp1252"))
    assert read_file(path, encoding="cp1252").lines[0].text == "Café"
    path.write_bytes(b"\xef\xbb\xbf" + SRT.encode())
    assert len(read_lines(path)) == 2
    write_lines([], tmp_path / "empty.vtt", size=(640, 360), base={})
    assert read_lines(tmp_path / "empty.vtt") == []


def test_soft_subtitles_lie_beside_the_picture(tmp_path: Path, cut: tl.Edit) -> None:
    import av

    from timeline_nb.render.profile import Profile

    cut.generate("solid", start=0, end="6s", color="#202020")
    cut.read_subtitles(written(tmp_path, "a.srt", SRT))
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
