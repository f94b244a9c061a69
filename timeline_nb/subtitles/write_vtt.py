"""Writing of WebVTT: unchanged cues as they were read, others anew."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

from timeline_nb.subtitles.cue_style import StyleSheet, style_sheet
from timeline_nb.subtitles.cue_text import escaped, parse_text
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_of
from timeline_nb.subtitles.placement import (
    is_at_default,
    position_of,
    style_without_lift,
)
from timeline_nb.subtitles.styled_text import SPAN_DEFAULTS, styled_parts
from timeline_nb.subtitles.vtt_settings import place, settings
from timeline_nb.subtitles.webvtt import VttFile, parse_file, parse_stamp
from timeline_nb.subtitles.write_srt import clock

__all__ = ["to_webvtt"]

_TAGS: Final = {"italic": "i", "bold": "b", "underline": "u"}
_STAMP: Final = re.compile(r"<([0-9:.]{9,20})>")
_PLACE: Final = ("anchor", "position", "align", "width")
_NEAR: Final = 0.03


def to_webvtt(cues: Iterable[Cue], header: Sequence[str]) -> str:
    """Return the text of a file.

    Args:
        cues: Cues in order of time.
        header: Style sheets, regions and comments of the file that was read.
    """
    before = parse_file("\n\n".join(["WEBVTT", *header])) or VttFile()
    sheet = style_sheet(before.style_sheets)
    classes: dict[str, str] = {}
    blocks = [_cue(cue, before, sheet, classes) for cue in cues]
    sheets = [f"::cue(.{name}) {{ {body} }}" for name, body in sorted(classes.items())]
    if sheets:
        # Style sheets written earlier are replaced.
        known = {f"STYLE\n{sheet}" for sheet in sheets}
        header = [block for block in header if block not in known]
        header = [*header, *(f"STYLE\n{sheet}" for sheet in sheets)]
    return "\n\n".join(["WEBVTT", *header, *blocks]) + "\n"


def _cue(cue: Cue, before: VttFile, sheet: StyleSheet, classes: dict[str, str]) -> str:
    kept = cue.metadata.get("webvtt", {})
    start = round(cue.start * 1000)
    end = max(round(cue.end * 1000), start + 1)
    style = style_without_lift(cue)
    written = _settings(style, kept, before)
    times = f"{clock(start, '.')} --> {clock(end, '.')} {written}".rstrip()
    name = _name(kept)
    text = _as_it_was(cue, style, kept, sheet) or _text(cue.text, style, classes)
    return "\n".join(filter(None, (name, times, text)))


def _name(kept: dict[str, Any]) -> str:
    name = str(kept.get("id", "")).replace("\n", " ").replace("-->", "")
    # These begin blocks of other kinds.
    return "" if name.startswith(("NOTE", "STYLE", "REGION")) else name


def _settings(style: dict[str, Any], kept: dict[str, Any], before: VttFile) -> str:
    written = str(kept.get("settings", ""))
    if written and "\n" not in written and "-->" not in written:
        meant = place(settings(written, before.regions))
        if meant == {name: style[name] for name in _PLACE if name in style}:
            return written
    if is_at_default(style, _NEAR):
        if numpad_of(style) == 2:
            return ""
        if numpad_of(style) == 8:
            return "line:0"
    return _anew(style)


def _anew(style: dict[str, Any]) -> str:
    """Return settings for the position of a style."""
    numpad = numpad_of(style)
    x, y = (min(max(100 * share, 0.0), 100.0) for share in position_of(style))
    side = ("left", "", "right")[(numpad - 1) % 3]
    edge = ("end", "center", "start")[(numpad - 1) // 3]
    found = []
    if edge != "end" or abs(y - 94) > 100 * _NEAR:
        found.append(f"line:{y:.2f}%,{edge}")
    if side:
        found.append(f"position:{x:.2f}%,line-{side} align:{side}")
    elif abs(x - 50) > 100 * _NEAR:
        found.append(f"position:{x:.2f}%")
    return " ".join(found)


def _as_it_was(
    cue: Cue, style: dict[str, Any], kept: dict[str, Any], sheet: StyleSheet
) -> str:
    """Return the cue's original text if it has not changed, with word times moved."""
    text = str(kept.get("text", ""))
    if not text or "\n\n" in text or "-->" in text:
        return ""
    written = parse_text(text, sheet=sheet, name=str(kept.get("id", "")))
    own_style = {
        name: style[name] for name in (*SPAN_DEFAULTS, "spans") if name in style
    }
    if written.text != cue.text or written.style != own_style:
        return ""
    if not written.stamps:
        return text
    words = kept.get("words") or [[0, "0"]]
    shift = cue.start + Fraction(words[0][1]) - written.stamps[0][1]
    return _STAMP.sub(lambda found: _moved(found, shift), text)


def _moved(found: re.Match[str], shift: Fraction) -> str:
    time = parse_stamp(found[1])
    if time is None:
        return found[0]
    return f"<{clock(max(round((time + shift) * 1000), 0), '.')}>"


def _text(text: str, style: dict[str, Any], classes: dict[str, str]) -> str:
    written = "".join(
        _tagged(own, part_style, classes)
        for own, part_style in styled_parts(text, style)
    )
    # An empty row would end the cue.
    while "\n\n" in written:
        written = written.replace("\n\n", "\n<c></c>\n")
    return written


def _tagged(text: str, part_style: dict[str, Any], classes: dict[str, str]) -> str:
    written = escaped(text)
    if text.isspace():
        return written
    for name, tag in _TAGS.items():
        if part_style[name]:
            written = f"<{tag}>{written}</{tag}>"
    own = []
    color = part_style["color"]
    if color and color.lower() not in {"#ffffff", "#ffffffff"}:
        own.append(f"color{color[1:]}")
        classes[own[-1]] = f"color: {color}"
    if part_style["strikeout"]:
        own.append("strikeout")
        classes["strikeout"] = "text-decoration: line-through"
    return f"<c.{'.'.join(own)}>{written}</c>" if own else written
