"""SubRip, as FFmpeg and VLC read it."""

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from timeline_nb.subtitles.subrip import parse_markup, parse_subrip

ODD = """

1
00:00:01,000 --> 00:00:02,000
one

with an empty row
2
00:00:03.000 --> 00:00:04.000
two, without an empty row before
3
0:00:05,000-->0:00:06,000  X1:10 X2:20 Y1:30 Y2:40
three

4

00:07,000 --> 00:08,000
four, without hours
1984

00:00:09,000 --> 00:00:10,000 at once, without a number
"""


def times_of(text: str) -> list[tuple[float, float, str]]:
    lines, _ = parse_subrip(text)
    return [(float(own.start), float(own.end), own.text) for own in lines]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_odd_files_lose_nothing(end: str) -> None:
    assert times_of(ODD.replace("\n", end)) == [
        (1, 2, "one\n\nwith an empty row"),
        (3, 4, "two, without an empty row before"),
        (5, 6, "three"),
        (7, 8, "four, without hours\n1984"),
        (9, 10, "at once, without a number"),
    ]


def test_plain_files_are_read_as_ffmpeg_reads_them(tmp_path: Path) -> None:
    text = "".join(
        f"{n}\n00:0{n % 6}:0{n % 10},{n:03} --> 00:0{n % 6}:5{n % 10},5\n"
        f"<i>row {n}</i> & <b>x</b>\n{n}\n\n"
        for n in range(1, 40)
    )
    path = tmp_path / "a.srt"
    path.write_text(text)
    out = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-c:s", "webvtt", "-f", "webvtt", "-"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    from timeline_nb.subtitles.cue_text import parse_text
    from timeline_nb.subtitles.webvtt import parse_file

    found = parse_file(out)
    assert found is not None
    expected = [(cue.start, cue.end, parse_text(cue.text).text) for cue in found.cues]
    lines, faults = parse_subrip(text)
    assert not faults
    own = sorted((line.start, line.end, line.text) for line in lines)
    assert own == sorted(expected)


def test_times_that_cannot_be_are_told_by_row_and_the_rest_is_kept() -> None:
    text = """1
00:00:05,000 --> 00:00:04,000
reversed

2
-00:00:01,000 --> 00:00:02,000
from before

3
00:00:03,000 --> 00:00:03,000
never

4
123:00:00,000 --> 123:00:01,5
late
"""
    lines, faults = parse_subrip(text)
    assert [(line.start, line.end, line.text) for line in lines] == [
        (Fraction(0), Fraction(2), "from before"),
        (Fraction(442800), 442801 + Fraction(5, 1000), "late"),
    ]
    assert [fault.message for fault in faults] == [
        "row 2: it ends before its start and is left out",
        "row 6: it begins before 0 s and is shown from 0 s",
        "row 10: it ends at its start and is left out",
    ]


@pytest.mark.parametrize(
    ("text", "plain", "style"),
    [
        ("<i>a</i>", "a", {"italic": True}),
        ("<I>a</I> b", "a b", {"spans": [{"start": 0, "end": 1, "italic": True}]}),
        ("<b><u>a</b></u>", "a", {"bold": True, "underline": True}),
        ("<s>a</s>", "a", {"strikeout": True}),
        ('<font color="#FF0000">a</font>', "a", {"color": "#ff0000"}),
        ("<font face=x color=lime>a", "a", {"color": "#00ff00"}),
        ("<font color=nothing>a</font>", "a", {}),
        ("5 < 6 and 7 > 3 <3 <hm>", "5 < 6 and 7 > 3 <3 <hm>", {}),
        ("AT&T &amp; &lt;i&gt; &nosuch; a&b", "AT&T & <i> &nosuch; a&b", {}),
        ("{\\an8}a", "a", {"anchor": "top", "position": [0.5, 0.06]}),
        ("{\\i1}a{\\i0} {not a tag}", "a {not a tag}", None),
        ("a\\Nb<br/>c", "a\nb\nc", {}),
        ("x\x00y\ud800\x07", "xy\ufffd", {}),
    ],
)
def test_markup(text: str, plain: str, style: dict[str, Any] | None) -> None:
    found, looks = parse_markup(text)
    assert found == plain
    assert style is None or looks == style


def test_places_of_corners() -> None:
    _, style = parse_markup("{\\an1}a")
    assert style == {
        "anchor": "bottom left",
        "position": [0.06, 0.94],
        "align": "left",
    }
    # In a picture of 384 by 288, as FFmpeg's reader takes it.
    _, style = parse_markup("{\\pos(96,72)}a")
    assert style == {"anchor": "bottom", "position": [0.25, 0.25]}
