"""WebVTT, against the rules of https://www.w3.org/TR/webvtt1/."""

from fractions import Fraction
from typing import Any

import pytest

from timeline_nb.subtitles.cue_style import style_sheet
from timeline_nb.subtitles.cue_text import parse_text
from timeline_nb.subtitles.vtt_cues import cues_of_file
from timeline_nb.subtitles.vtt_settings import CueSettings, place, settings
from timeline_nb.subtitles.webvtt import VttFile, parse_file, parse_stamp

TIMES = "00:01.000 --> 00:02.000"


def parsed(text: str) -> VttFile:
    found = parse_file(text)
    assert found is not None
    return found


def cues(text: str) -> list[tuple[str, str]]:
    return [(cue.id, cue.text) for cue in parsed(text).cues]


@pytest.mark.parametrize(
    ("text", "is_webvtt"),
    [
        ("WEBVTT", True),
        ("WEBVTT - a title\n", True),
        ("WEBVTT\tx", True),
        ("WEBVTTX", False),
        ("webvtt", False),
        (" WEBVTT", False),
        ("\nWEBVTT", False),
        ("", False),
    ],
)
def test_a_file_begins_with_its_name(text: str, *, is_webvtt: bool) -> None:
    assert (parse_file(text) is not None) == is_webvtt


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blocks_are_told_apart(end: str) -> None:
    text = f"""WEBVTT
Kind: captions

STYLE
::cue {{ color: red }}

REGION
id:one

NOTE a remark
of two rows

first name
{TIMES}
one
two

NOTE

{TIMES}
three
{TIMES}
four

STYLE
{TIMES}
five"""
    found = cues(text.replace("\n", end))
    assert found == [
        ("first name", "one\ntwo"),
        ("", "three"),
        ("", "four"),
        ("STYLE", "five"),
    ]
    file = parsed(text)
    assert file.style_sheets == ["::cue { color: red }"]
    assert list(file.regions) == ["one"]
    assert len(file.header) == 3


def test_times_right_below_the_header_begin_a_cue() -> None:
    assert cues(f"WEBVTT\n{TIMES}\nx") == [("", "x")]
    # An arrow that is no time takes its block with it, up to the next arrow.
    assert cues(f"WEBVTT\n\nid\n-->\n{TIMES}\nx\n\n00:x --> y\nlost") == [("", "x")]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00.000", 0),
        ("59:59.999", Fraction(3599999, 1000)),
        ("1:00:00.001", Fraction(3600001, 1000)),
        ("100:00:00.000", 360000),
        ("00:60.000", None),
        ("00:60:00.000", None),
        ("0:00.000", None),
        ("00:00.00", None),
        ("00:00.0000", None),
        ("00:00,000", None),
        ("00:00", None),
        ("-00:01.000", None),
        ("1" * 5000 + ":00:00.000", None),
    ],
)
def test_stamps(text: str, seconds: Fraction | int | None) -> None:
    assert parse_stamp(text) == seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("align:start position:10%", {"align": "start", "position": 10.0}),
        ("line:0", {"line": 0.0}),
        ("line:-1,end", {"line": -1.0, "line_align": "end"}),
        ("line:42.5%,center", {"line": 42.5, "snaps": False, "line_align": "center"}),
        ("position:30%,line-left", {"position": 30.0, "position_align": "line-left"}),
        ("size:50% vertical:rl", {"size": 50.0, "vertical": "rl"}),
        ("line:101% size:-1% align:middle position:x% line:1-2 : align:", {}),
        ("line:5%,left position:5%,start align : end", {}),
        ("region:nowhere", {}),
    ],
)
def test_settings(written: str, expected: dict[str, Any]) -> None:
    assert settings(written, {}) == CueSettings(**expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", {}),
        ("line:0", {"anchor": "top", "position": [0.5, 0.06]}),
        ("line:25%", {"anchor": "top", "position": [0.5, 0.25]}),
        ("line:50%,center", {"anchor": "middle", "position": [0.5, 0.5]}),
        (
            "align:left position:20%",
            {"anchor": "bottom left", "position": [0.2, 0.94], "align": "left"},
        ),
        (
            # A box of half the width whose middle is at 60 %: text flush at 35 %.
            "position:60%,center size:50% align:start line:10%",
            {
                "anchor": "top left",
                "position": [0.35, 0.1],
                "align": "left",
                "width": 0.5,
            },
        ),
    ],
)
def test_settings_place_a_cue(written: str, expected: dict[str, Any]) -> None:
    assert place(settings(written, {})) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Tom &amp; Jerry &lt;3 a&nbsp;b &gt;", "Tom & Jerry <3 a\xa0b >"),
        ("&#65;&#x42; &unknown; &", "AB &unknown; &"),
        ("a&lrm;b", "a\u200eb"),
        ("<v Ann>Hi <c.x.y>you</c>", "Hi you"),
        ("so<00:00:01.000><c> we</c> go", "so we go"),
        ("<00:00:01.0>a<1x>b", "ab"),
        ("a <b", "a"),
        ("a < b > c", "a  c"),
        ("<ruby>kan<rt>ji</ruby>x<lang en>y", "kanjixy"),
        ("<x>kept</x></i>", "kept"),
    ],
)
def test_tags_and_entities_are_no_text(text: str, plain: str) -> None:
    assert parse_text(text).text == plain


def test_looks_of_tags_classes_and_sheets() -> None:
    sheet = """::cue(.loud) { color: rgb(255, 0, 0); font-weight: bold } /* no */
    ::cue(#one) { font-style: italic } ::cue(v[voice="Ann"]) { color: #0f0 }
    video::cue { color: blue } @media x { y: z }"""
    styles = style_sheet([sheet])
    parsed = parse_text("a <c.loud>b</c> <v Ann>c</v> <c.yellow>d", sheet=styles)
    assert parsed.text == "a b c d"
    assert parsed.voice == "Ann"
    assert parsed.style["spans"] == [
        {"start": 2, "end": 3, "bold": True, "color": "#ff0000"},
        {"start": 4, "end": 5, "color": "#00ff00"},
        {"start": 6, "end": 7, "color": "#ffff00"},
    ]
    assert parse_text("x", sheet=styles, name="one").style == {"italic": True}
    assert parse_text("<i>x <b>y</b></i>").style == {
        "italic": True,
        "spans": [{"start": 2, "end": 3, "bold": True}],
    }


def test_lines_keep_what_is_not_shown_and_odd_ones_are_told() -> None:
    text = f"""WEBVTT

one
{TIMES} line:0
<v Ann>so<00:00:01.500> we</v>

00:05.000 --> 00:04.000
reversed

00:06.000 --> 00:07.000
<c></c>

00:08.000 -> 00:09.000
x --> y
"""
    lines, faults, _ = cues_of_file(parsed(text))
    assert [line.text for line in lines] == ["so we"]
    assert lines[0].metadata["webvtt"] == {
        "id": "one",
        "settings": "line:0",
        "voice": "Ann",
        "text": "<v Ann>so<00:00:01.500> we</v>",
        "words": [[2, "1/2"]],
    }
    assert [fault.message.partition(" is")[0] for fault in faults] == [
        "row 14: it has an arrow and no two times, and",
        "row 7: it ends before its start and",
        "row 10: it has no text and",
    ]
