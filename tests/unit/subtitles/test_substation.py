"""SubStation Alpha: scripts, styles, tags; as libass takes them."""

from typing import Any

import pytest

from timeline_nb.subtitles.colors import ass_color, css_color, to_ass
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_from_ssa, ssa_from_numpad
from timeline_nb.subtitles.substation import parse_script

HEAD = """[Script Info]
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, Italic, \
BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV
Style: Default,DejaVu Sans,36,&H00FFFFFF,&H00000000,0,0,1,2,0,2,32,32,36
Style: Loud,DejaVu Sans,36,&H000000FF,&H00000000,-1,0,3,4,0,7,64,0,18

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def line(text: str, style: str = "Default", head: str = HEAD) -> Cue:
    row = f"Dialogue: 2,0:00:01.00,0:00:02.50,{style},Bob,0,0,0,,{text}"
    script = parse_script(head + row)
    assert script is not None
    (own,) = script[1]
    return own


def test_styles_give_looks_and_places() -> None:
    plain, loud = line("a, b"), line("a", "*Loud")
    assert plain.text == "a, b"
    assert (float(plain.start), float(plain.end)) == (1.0, 2.5)
    # 36 of 360 from the bottom; a letter's em is 0.85 of its ascent and descent.
    assert plain.style["position"] == [0.5, 0.9]
    assert plain.style["width"] == 0.9
    assert plain.style["size"] == pytest.approx(0.085)
    assert loud.style["anchor"] == "top left"
    assert loud.style["position"] == [0.1, 0.05]
    assert loud.style["color"] == "#ff0000"
    assert loud.style["bold"] is True
    assert loud.style["box_color"] == "#000000"
    assert loud.metadata["ass"] == {
        "style": "*Loud",
        "name": "Bob",
        "layer": 2,
        "text": "a",
    }


@pytest.mark.parametrize(
    ("text", "plain", "style"),
    [
        ("a\\Nb\\hc\\nd", "a\nb\xa0c d", {}),
        ("{\\q2}a\\nb", "a\nb", {"width": 10.0}),
        ("{\\i1}a", "a", {"italic": True}),
        ("a{\\b700}b{\\b0}", "ab", {"spans": [{"start": 1, "end": 2, "bold": True}]}),
        ("{\\c&H00FF00&}a", "a", {"color": "#00ff00"}),
        ("{a comment}a{\\p1}m 0 0 l 9 9{\\p0}b", "ab", {}),
        ("{\\an9}a", "a", {"anchor": "top right", "align": "right"}),
        ("{\\a6}a", "a", {"anchor": "top"}),
        ("{\\pos(160,90)}a", "a", {"position": [0.25, 0.25]}),
        ("{\\t(0,500,\\fs99\\i1)\\fs18\\fnOther}a", "a", {"size": 0.0425}),
        ("{\\rLoud}a{\\r}b", "ab", None),
        ("\\{a\\}", "{a}", {}),
        ("{\\pos(nan,1)\\fs..\\c&Hzz&\\an77\\b}a", "a", {"anchor": "bottom"}),
    ],
)
def test_tags(text: str, plain: str, style: dict[str, Any] | None) -> None:
    own = line(text)
    assert own.text == plain
    for name, value in (style or {}).items():
        assert own.style[name] == value
    if style is None:
        assert own.style["spans"] == [
            {"start": 0, "end": 1, "bold": True, "color": "#ff0000"}
        ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        # As libass finds the size of a script that tells half of it, or none.
        ("PlayResX: 0\nPlayResY: 0", (384, 288)),
        ("", (384, 288)),
        ("PlayResX: 640", (640, 480)),
        ("PlayResX: 1280", (1280, 1024)),
        ("PlayResY: 360", (480, 360)),
        ("PlayResY: 1024", (1280, 1024)),
        ("PlayResX: junk\nPlayResY: -5", (384, 288)),
    ],
)
def test_sizes(size: str, expected: tuple[float, float]) -> None:
    script = parse_script(f"[Script Info]\n{size}\n")
    assert script is not None
    assert script[0].size == expected


def test_odd_rows_are_told_and_the_rest_is_kept() -> None:
    text = f"""{HEAD}Dialogue: 0,0:00:01.00,junk,Default,,0,0,0,,lost
Dialogue: 0,0:00:01
Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,never shown
Dialogue: 0,0:00:01.00,0:00:02.00,Nowhere,,0,0,0,,kept
Dialogue: 0,0:00:03.00,0:00:02.00,Default,,0,0,0,,reversed
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{{\\p1}}m 0 0 l 1 1"""
    script = parse_script(text)
    assert script is not None
    assert [own.text for own in script[1]] == ["kept"]
    first = text[: text.index("Dialogue")].count("\n") + 1
    assert [fault.message.partition(":")[0] for fault in script[2]] == [
        f"row {first + number}" for number in (0, 1, 4, 5)
    ]
    assert parse_script("just words: nothing else") is None


def test_alignment_of_ssa_is_counted_otherwise() -> None:
    # SSA v4: 1 to 3 below, 5 to 7 above, 9 to 11 in the middle.
    numbers = [1, 2, 3, 9, 10, 11, 5, 6, 7]
    assert [numpad_from_ssa(number) for number in numbers] == list(range(1, 10))
    assert [ssa_from_numpad(number) for number in range(1, 10)] == numbers


def test_colors() -> None:
    assert ass_color("&H80FF0000") == "#0000ff7f"
    assert ass_color("255") == "#ff0000"
    assert ass_color("junk") is None
    assert to_ass("#0000ff7f") == "&H80FF0000"
    assert css_color("rgba(255, 0, 0, 0.5)") == "#ff000080"
    assert css_color("ReBeCcAPuRpLe") == "#663399"
    assert css_color("FF8800") == "#ff8800"
    assert css_color("rgb(1,2)") is None
