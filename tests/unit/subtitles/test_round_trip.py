"""What is read and written again: times, texts, looks, places."""

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.files import FORMATS, read_subtitles, write_subtitles

SIZE = (1280, 720)
ITALIC = [{"start": 0, "end": 3, "italic": True}]
LINES = [
    Cue(Fraction(1), Fraction(2), "one two", {"spans": ITALIC}),
    Cue(Fraction(2), Fraction(3), "all", {"italic": True, "bold": True}),
    Cue(
        Fraction(3),
        Fraction(4),
        "a <i> & {b} > c",
        {
            "spans": [
                {"start": 2, "end": 5, "color": "#ff0000", "underline": True},
                {"start": 8, "end": 11, "bold": True},
            ]
        },
    ),
    Cue(Fraction(4), Fraction(5), "up", {"anchor": "top", "position": [0.5, 0.06]}),
    Cue(
        Fraction(5),
        Fraction(6),
        "there",
        {"anchor": "bottom right", "position": [0.7, 0.4], "align": "right"},
    ),
    Cue(Fraction(7), Fraction(8), "first\n\nlast"),
]
SPAN_DEFAULTS = ("italic", "bold", "underline", "strikeout", "spans")


def looks(style: dict[str, Any]) -> dict[str, Any]:
    return {name: style[name] for name in SPAN_DEFAULTS if name in style}


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_every_format_keeps_times_texts_looks_and_places(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    write_subtitles(LINES, path, size=SIZE, base={})
    found = read_subtitles(path)
    assert found.faults == []
    for old, new in zip(LINES, found.cues, strict=True):
        assert (new.start, new.end, new.text) == (old.start, old.end, old.text)
        assert looks(new.style) == looks(old.style)
        assert new.style.get("anchor", "bottom") == old.style.get("anchor", "bottom")
        place = new.style.get("position", [0.5, 0.94])
        expected = old.style.get("position", [0.5, 0.94])
        assert place == pytest.approx(expected, abs=0.002)
    # Twice is as once.
    again = tmp_path / f"b{suffix}"
    write_subtitles(found.cues, again, size=SIZE, base={}, metadata=found.metadata)
    assert again.read_text("utf-8") == path.read_text("utf-8")


def test_thousandths_and_hundredths(tmp_path: Path) -> None:
    line = Cue(Fraction(1, 3), Fraction(2000, 3), "x")
    for suffix, start, end in (
        (".srt", Fraction(333, 1000), Fraction(666667, 1000)),
        (".vtt", Fraction(333, 1000), Fraction(666667, 1000)),
        (".ass", Fraction(33, 100), Fraction(66667, 100)),
    ):
        path = tmp_path / f"a{suffix}"
        write_subtitles([line], path, size=SIZE, base={})
        (found,) = read_subtitles(path).cues
        assert (found.start, found.end) == (start, end)


def test_webvtt_is_written_as_it_was(tmp_path: Path) -> None:
    text = """WEBVTT

STYLE
::cue(.loud) { color: #ff0000 }

REGION
id:low
width:40%

NOTE a remark

first
00:00:01.000 --> 00:00:02.000 line:0 position:20% align:start
<v.loud Ann>at <c.loud>the</c> top</v>

00:00:02.000 --> 00:00:03.000 region:low
so<00:00:02.500><c> we</c> go
"""
    path = tmp_path / "a.vtt"
    path.write_text(text)
    found = read_subtitles(path)
    again = tmp_path / "b.vtt"
    write_subtitles(found.cues, again, size=SIZE, base={}, metadata=found.metadata)
    assert again.read_text() == text
    # Word times move with their cue, and a changed text is written anew.
    first, second = found.cues
    later = Cue(second.start + 10, second.end + 10, second.text, {}, second.metadata)
    other = Cue(first.start, first.end, "else", {}, first.metadata)
    write_subtitles([other, later], again, size=SIZE, base={}, metadata=found.metadata)
    assert "first\n00:00:01.000 --> 00:00:02.000\nelse\n" in again.read_text()
    assert "so<00:00:12.500><c> we</c> go" in again.read_text()


def test_ass_is_written_as_it_was(tmp_path: Path) -> None:
    text = """[Script Info]
ScriptType: v4.00+
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, MarginV
Style: Default,Some Font,20,&H0000FFFF,2,10

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 1,0:00:01.00,0:00:02.00,Default,Bob,0,0,40,,{\\fad(100,100)\\i1}a{\\i0}\\Nb
"""
    path = tmp_path / "a.ass"
    path.write_text(text)
    found = read_subtitles(path)
    again = tmp_path / "b.ass"
    write_subtitles(found.cues, again, size=SIZE, base={}, metadata=found.metadata)
    assert again.read_text() == text
    (line,) = found.cues
    changed = Cue(line.start, line.end, "new", line.style, line.metadata)
    write_subtitles([changed], again, size=SIZE, base={}, metadata=found.metadata)
    (new,) = read_subtitles(again).cues
    assert new.text == "new"
    assert new.style["color"] == "#ffff00"
    assert new.style["position"] == line.style["position"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n" + "<i>" * 20_000 + "x"),
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:02,000\n" + "{\\t(" * 20_000 + "<" * 20_000,
        ),
        ("a.srt", " " * 50_000 + "-->" + "0" * 50_000),
        (
            "a.vtt",
            "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<b>" * 20_000 + "&" * 20_000,
        ),
        ("a.vtt", "WEBVTT\n\nSTYLE\n" + "/*" * 20_000 + "::cue(" * 20_000),
        ("a.vtt", "WEBVTT\n\n" + "-->\n" * 20_000),
        (
            "a.ass",
            "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,," + "{" * 20_000,
        ),
        ("a.ass", "[Script Info]\nPlayResX: " + "9" * 20_000 + "\n[Events]\n"),
    ],
)
def test_hostile_files_end(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with contextlib.suppress(TimelineError):
        found = read_subtitles(path)
        assert len(found.cues) <= 1
        assert len(found.faults) <= 1_001
