"""WebVTT, written: cues as they were read where they are the same, or anew."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

from timeline_nb.subtitles.cue_style import Rule, rules_of
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
    """The text of a file.

    Args:
        cues: In order of time.
        header: Style sheets, regions and notes that were before the cues.
    """
    before = parse_file("\n\n".join(["WEBVTT", *header])) or VttFile()
    rules = rules_of(before.sheets)
    classes: dict[str, str] = {}
    blocks = [_cue(cue, before, rules, classes) for cue in cues]
    sheets = [f"::cue(.{name}) {{ {body} }}" for name, body in sorted(classes.items())]
    if sheets:
        # A sheet that was made here before is made again.
        known = {f"STYLE\n{sheet}" for sheet in sheets}
        header = [block for block in header if block not in known]
        header = [*header, *(f"STYLE\n{sheet}" for sheet in sheets)]
    return "\n\n".join(["WEBVTT", *header, *blocks]) + "\n"


def _cue(cue: Cue, before: VttFile, rules: list[Rule], classes: dict[str, str]) -> str:
    kept = cue.metadata.get("webvtt", {})
    start = round(cue.start * 1000)
    end = max(round(cue.end * 1000), start + 1)
    style = style_without_lift(cue)
    told = _settings(style, kept, before)
    times = f"{clock(start, '.')} --> {clock(end, '.')} {told}".rstrip()
    name = _name(kept)
    text = _as_it_was(cue, style, kept, rules) or _text(cue.text, style, classes)
    return "\n".join(filter(None, (name, times, text)))


def _name(kept: dict[str, Any]) -> str:
    name = str(kept.get("id", "")).replace("\n", " ").replace("-->", "")
    # What begins a block of another kind is no name of a cue.
    return "" if name.startswith(("NOTE", "STYLE", "REGION")) else name


def _settings(style: dict[str, Any], kept: dict[str, Any], before: VttFile) -> str:
    told = str(kept.get("settings", ""))
    if told and "\n" not in told and "-->" not in told:
        meant = place(settings(told, before.regions))
        if meant == {name: style[name] for name in _PLACE if name in style}:
            return told
    if is_at_default(style, _NEAR):
        if numpad_of(style) == 2:
            return ""
        if numpad_of(style) == 8:
            return "line:0"
    return _anew(style)


def _anew(style: dict[str, Any]) -> str:
    """Settings that put a cue where its style says."""
    pad = numpad_of(style)
    x, y = (min(max(100 * share, 0.0), 100.0) for share in position_of(style))
    side = ("left", "", "right")[(pad - 1) % 3]
    edge = ("end", "center", "start")[(pad - 1) // 3]
    found = []
    if edge != "end" or abs(y - 94) > 100 * _NEAR:
        found.append(f"line:{y:.2f}%,{edge}")
    if side:
        found.append(f"position:{x:.2f}%,line-{side} align:{side}")
    elif abs(x - 50) > 100 * _NEAR:
        found.append(f"position:{x:.2f}%")
    return " ".join(found)


def _as_it_was(
    cue: Cue, style: dict[str, Any], kept: dict[str, Any], rules: list[Rule]
) -> str:
    """The cue's own text, if it still says the same; its word times move with it."""
    text = str(kept.get("text", ""))
    if not text or "\n\n" in text or "-->" in text:
        return ""
    told = parse_text(text, rules=rules, name=str(kept.get("id", "")))
    looks = {name: style[name] for name in (*SPAN_DEFAULTS, "spans") if name in style}
    if told.text != cue.text or told.style != looks:
        return ""
    if not told.stamps:
        return text
    words = kept.get("words") or [[0, "0"]]
    shift = cue.start + Fraction(words[0][1]) - told.stamps[0][1]
    return _STAMP.sub(lambda found: _moved(found, shift), text)


def _moved(found: re.Match[str], shift: Fraction) -> str:
    time = parse_stamp(found[1])
    if time is None:
        return found[0]
    return f"<{clock(max(round((time + shift) * 1000), 0), '.')}>"


def _text(text: str, style: dict[str, Any], classes: dict[str, str]) -> str:
    told = "".join(
        _tagged(own, look, classes) for own, look in styled_parts(text, style)
    )
    # A row without anything would end the cue.
    while "\n\n" in told:
        told = told.replace("\n\n", "\n<c></c>\n")
    return told


def _tagged(text: str, look: dict[str, Any], classes: dict[str, str]) -> str:
    told = escaped(text)
    if text.isspace():
        return told
    for name, tag in _TAGS.items():
        if look[name]:
            told = f"<{tag}>{told}</{tag}>"
    own = []
    color = look["color"]
    if color and color.lower() not in {"#ffffff", "#ffffffff"}:
        own.append(f"color{color[1:]}")
        classes[own[-1]] = f"color: {color}"
    if look["strikeout"]:
        own.append("strikeout")
        classes["strikeout"] = "text-decoration: line-through"
    return f"<c.{'.'.join(own)}>{told}</c>" if own else told
