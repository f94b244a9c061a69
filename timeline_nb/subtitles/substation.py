"""SubStation Alpha, v4 and v4+ (ASS): scripts with styles and events."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from timeline_nb.subtitles.ass_style import Style, plain_style, style_of
from timeline_nb.subtitles.cues import Cue, Fault, checked_cue
from timeline_nb.subtitles.numpad import NUMPAD, placement_of
from timeline_nb.subtitles.overrides import Overrides, pieces
from timeline_nb.subtitles.styled_text import SPAN_DEFAULTS, StyledText

__all__ = ["Script", "event_cue", "parse_event", "parse_header", "parse_script"]

_STAMP: Final = re.compile(r"\s*(-?)(\d{1,9}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})\s*")
# Columns where a script has no row that names them.
_EVENT: Final = (
    *("layer", "start", "end", "style", "name"),
    *("marginl", "marginr", "marginv", "effect", "text"),
)
_STYLE: Final = (
    *("name", "fontname", "fontsize"),
    *("primarycolour", "secondarycolour", "outlinecolour", "backcolour"),
    *("bold", "italic", "underline", "strikeout", "scalex", "scaley", "spacing"),
    *("angle", "borderstyle", "outline", "shadow", "alignment"),
    *("marginl", "marginr", "marginv", "encoding"),
)
# Where a script says nothing of its size (libass, ass_types.h and ass.c).
_SIZE: Final = (384.0, 288.0)


@dataclass
class Script:
    """What a script says of all its cues.

    Args:
        size: Width and height in which places and sizes are told.
        styles: By name.
        is_v4: Whether alignments are counted as SSA v4 does.
        no_wrap: Whether rows break only where they are told to.
        text: The script up to its events, to be kept.
    """

    size: tuple[float, float] = _SIZE
    styles: dict[str, Style] = field(default_factory=dict)
    is_v4: bool = False
    no_wrap: bool = False
    text: str = ""


def parse_script(text: str) -> tuple[Script, list[Cue], list[Fault]] | None:
    """A script, its cues in the order of the file, and what is odd about them.

    Returns:
        None where it has neither a header nor an event: it is no script.
    """
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    script = parse_header(rows)
    cues: list[Cue] = []
    faults: list[Fault] = []
    columns = [*_EVENT]
    known = section = False
    for number, row in enumerate(rows, 1):
        head, colon, rest = row.partition(":")
        name = head.strip().lower()
        if row.lstrip().startswith("["):
            known = known or row.strip().lower() in {"[script info]", "[events]"}
            section = row.strip().lower() == "[events]"
        elif colon and section and name == "format":
            columns = _columns(rest)
        elif colon and name == "dialogue":
            known = True
            cue = _dialogue(rest, columns, script, number, faults)
            if cue is not None:
                cues.append(cue)
    return (script, cues, faults) if known else None


def parse_header(rows: list[str]) -> Script:
    """What stands before the events: the size of the picture, and styles."""
    script = Script()
    info: dict[str, str] = {}
    found: list[dict[str, str]] = []
    kept: list[str] = []
    columns, section = [*_STYLE], ""
    for row in rows:
        told = row.strip()
        if told.startswith("["):
            section = told.lower()
            script.is_v4 = script.is_v4 or section == "[v4 styles]"
        if section in {"[script info]", "[v4 styles]", "[v4+ styles]", "[v4 styles+]"}:
            kept.append(told)
        head, colon, rest = told.partition(":")
        if not colon or told.startswith(";"):
            continue
        name = head.strip().lower()
        if section == "[script info]":
            info.setdefault(name, rest.strip())
        elif name == "format" and "styles" in section:
            columns = _columns(rest)
        elif name == "style" and "styles" in section:
            found.append(_fields(rest, columns))
    script.size = _size(info)
    script.no_wrap = info.get("wrapstyle") == "2"
    script.text = "\n".join(kept).strip()
    for fields in found:
        style = style_of(fields, script.size, is_v4=script.is_v4)
        script.styles.setdefault(style.name, style)
    return script


def _size(info: Mapping[str, str]) -> tuple[float, float]:
    """The size, one side found from the other as libass does."""
    width, height = (_whole(info.get(f"playres{side}", "")) for side in "xy")
    if not width and not height:
        return _SIZE
    if not height:
        return width, 1024.0 if width == 1280 else width * 3 / 4
    if not width:
        return 1280.0 if height == 1024 else height * 4 / 3, height
    return width, height


def _whole(text: str) -> float:
    return float(int(text[:7])) if text.isdecimal() else 0.0


def _columns(rest: str) -> list[str]:
    return [name.strip().lower() for name in rest.split(",")]


def _fields(rest: str, columns: list[str]) -> dict[str, str]:
    parts = rest.lstrip().split(",", max(len(columns) - 1, 0))
    return dict(zip(columns, parts, strict=False))


def _dialogue(
    rest: str, columns: list[str], script: Script, row: int, faults: list[Fault]
) -> Cue | None:
    fields = _fields(rest, columns)
    start, end = (_seconds(fields.get(name, "")) for name in ("start", "end"))
    if start is None or end is None or "text" not in fields:
        told = rest.strip()[:60]
        faults.append(Fault(None, f"row {row}: {told!r} has no times or no text"))
        return None
    cue = event_cue(start, end, fields, script)
    if not cue.text and "\\p" in fields["text"]:
        # Shapes that are drawn, not written.
        faults.append(Fault(cue, f"row {row}: it is a drawing and is left out"))
        return None
    return checked_cue(cue, row, faults)


def event_cue(
    start: Fraction, end: Fraction, fields: Mapping[str, str], script: Script
) -> Cue:
    """An event as a cue, with what is needed to write it again."""
    text, style = parse_event(fields, script)
    return Cue(start, end, text, style, _kept(fields))


def _kept(fields: Mapping[str, str]) -> dict[str, Any]:
    """What is needed to write an event as it was."""
    told = {
        name: own
        for name in ("style", "name", "effect", "marginl", "marginr", "marginv")
        if (own := fields.get(name, "").strip()) and own.strip("0")
    }
    layer = _whole(fields.get("layer", "").strip())
    more = {"layer": int(layer)} if layer else {}
    return {"ass": {**told, **more, "text": fields["text"]}}


def _seconds(text: str) -> Fraction | None:
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes, seconds, part = found.groups()
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    time = whole + Fraction(int(part), 10 ** len(part))
    return -time if sign else time


def parse_event(
    fields: Mapping[str, str], script: Script
) -> tuple[str, dict[str, Any]]:
    """An event's text without its tags, and its looks.

    Args:
        fields: `text`, and `style` and margins where it has them.
        script: With its styles.
    """
    name = fields.get("style", "").strip().lstrip("*") or "Default"
    styles = script.styles
    style = styles.get(name) or styles.get("Default") or plain_style(script.size)
    found = Overrides(no_wrap=script.no_wrap)

    def looks(other: str) -> Mapping[str, Any]:
        named = styles.get(other.lstrip("*"), style)
        return {key: named.look.get(key, own) for key, own in SPAN_DEFAULTS.items()}

    rich = StyledText(style.look)
    for piece, look in pieces(fields["text"], found, styles=looks):
        rich.add(piece, look)
    text, own, _ = rich.finish()
    rest = {key: value for key, value in style.look.items() if key not in SPAN_DEFAULTS}
    return text, {**rest, **own, **_place(fields, style, found, script)}


def _place(
    fields: Mapping[str, str], style: Style, found: Overrides, script: Script
) -> dict[str, Any]:
    """Where an event stands: by tags, or by margins of its own or of its style."""
    width, height = script.size
    left, right, down = (
        _whole(fields.get(name, "").strip()) or own
        for name, own in zip(
            ("marginl", "marginr", "marginv"), style.margins, strict=True
        )
    )
    place = placement_of(found.pad or style.pad)
    column, row = (NUMPAD[place["anchor"]] - 1) % 3, (NUMPAD[place["anchor"]] - 1) // 3
    x = (left, (left + width - right) / 2, width - right)[column] / width
    y = (height - down, height / 2, down)[row] / height
    if found.at is not None:
        x, y = found.at[0] / width, found.at[1] / height
    place["position"] = [round(min(max(side, -9.0), 9.0), 4) for side in (x, y)]
    room = 10.0 if found.no_wrap else 1 - (left + right) / width
    place["width"] = round(min(max(room, 0.05), 10.0), 4)
    if found.font:
        place["font"] = found.font
    if found.size is not None:
        place["size"] = style.share(found.size, height)
    return place
