"""SubStation Alpha, v4 and v4+ (ASS): scripts with styles and events."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from timeline_nb.core.file_limits import MAX_SUBTITLE_STYLES
from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.ass_style import Style, plain_style, style_of
from timeline_nb.subtitles.cues import Cue, Fault, check_cue_count, checked_cue
from timeline_nb.subtitles.numpad import NUMPAD, placement_of
from timeline_nb.subtitles.overrides import Overrides, parts_of
from timeline_nb.subtitles.styled_text import SPAN_DEFAULTS, StyledText

__all__ = ["Script", "event_cue", "parse_event", "parse_header", "parse_script"]

_DIALOGUE: Final = re.compile(r"\s*+dialogue\s*+:", re.IGNORECASE)
_STAMP: Final = re.compile(r"\s*(-?)(\d{1,9}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})\s*")
# Default columns, of scripts without a `Format:` row.
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
# What is read of a script's info.
_INFO: Final = {"playresx", "playresy", "wrapstyle"}
# Formats have 23 at most.
_MOST_COLUMNS: Final = 100
# The default size (libass, ass_types.h and ass.c).
_SIZE: Final = (384.0, 288.0)


@dataclass
class Script:
    """The header of a script: what holds for all its events.

    Args:
        size: Width and height that positions and sizes refer to.
        styles: Styles by name.
        is_v4: Whether alignments are those of SSA v4.
        no_wrap: Whether rows are broken only at line breaks.
        text: The header's text, for writing it again.
    """

    size: tuple[float, float] = _SIZE
    styles: dict[str, Style] = field(default_factory=dict)
    is_v4: bool = False
    no_wrap: bool = False
    text: str = ""


def parse_script(text: str) -> tuple[Script, list[Cue], list[Fault]] | None:
    """Return a script, its cues in the order of the file, and its faults.

    Returns:
        None if it has neither a header nor an event, and so is not a script.

    Raises:
        TimelineError: It has too many events or styles.
    """
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    script = parse_header(rows)
    cues: list[Cue] = []
    faults: list[Fault] = []
    columns = [*_EVENT]
    known = section = False
    check_cue_count(sum(_DIALOGUE.match(row) is not None for row in rows))
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
    """Return what is before the events: the size of the picture, and styles."""
    script = Script()
    info: dict[str, str] = {}
    found: list[dict[str, str]] = []
    kept: list[str] = []
    columns, section = [*_STYLE], ""
    for row in rows:
        text = row.strip()
        if text.startswith("["):
            section = text.lower()
            script.is_v4 = script.is_v4 or section == "[v4 styles]"
        if section in {"[script info]", "[v4 styles]", "[v4+ styles]", "[v4 styles+]"}:
            kept.append(text)
        head, colon, rest = text.partition(":")
        if not colon or text.startswith(";"):
            continue
        name = head.strip().lower()
        if section == "[script info]" and name in _INFO:
            info.setdefault(name, rest.strip())
        elif name == "format" and "styles" in section:
            columns = _columns(rest)
        elif name == "style" and "styles" in section:
            found.append(_fields(rest, columns))
    if len(found) > MAX_SUBTITLE_STYLES.value:
        raise TimelineError(
            f"it has {len(found):,} styles, {MAX_SUBTITLE_STYLES.excess}"
        )
    script.size = _size(info)
    script.no_wrap = info.get("wrapstyle") == "2"
    script.text = "\n".join(kept).strip()
    for fields in found:
        style = style_of(fields, script.size, is_v4=script.is_v4)
        script.styles.setdefault(style.name, style)
    return script


def _size(info: Mapping[str, str]) -> tuple[float, float]:
    """Return the size; one side is derived from the other as libass does."""
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
    names = rest.split(",", _MOST_COLUMNS)[:_MOST_COLUMNS]
    return [name.strip().lower() for name in names]


def _fields(rest: str, columns: list[str]) -> dict[str, str]:
    parts = rest.lstrip().split(",", max(len(columns) - 1, 0))
    return dict(zip(columns, parts, strict=False))


def _dialogue(
    rest: str, columns: list[str], script: Script, row: int, faults: list[Fault]
) -> Cue | None:
    fields = _fields(rest, columns)
    start, end = (_seconds(fields.get(name, "")) for name in ("start", "end"))
    if start is None or end is None or "text" not in fields:
        faults.append(Fault(None, f"row {row}: it has no times or no text"))
        return None
    cue = event_cue(start, end, fields, script)
    if not cue.text and "\\p" in fields["text"]:
        # Vector drawings are not supported.
        faults.append(Fault(cue, f"row {row}: it is a drawing and is left out"))
        return None
    return checked_cue(cue, row, faults)


def event_cue(
    start: Fraction, end: Fraction, fields: Mapping[str, str], script: Script
) -> Cue:
    """Return an event as a cue, with what is needed to write it again."""
    text, style = parse_event(fields, script)
    return Cue(start, end, text, style, _kept(fields))


def _kept(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that are needed to write an event again."""
    kept = {
        name: own
        for name in ("style", "name", "effect", "marginl", "marginr", "marginv")
        if (own := fields.get(name, "").strip()) and own.strip("0")
    }
    layer = _whole(fields.get("layer", "").strip())
    more = {"layer": int(layer)} if layer else {}
    return {"ass": {**kept, **more, "text": fields["text"]}}


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
    """Return an event's text without tags, and its style.

    Args:
        fields: `text`, and `style` and margins where the event has them.
        script: The script with its styles.
    """
    name = fields.get("style", "").strip().lstrip("*") or "Default"
    styles = script.styles
    style = styles.get(name) or styles.get("Default") or plain_style(script.size)
    found = Overrides(no_wrap=script.no_wrap)

    def looks(other: str) -> Mapping[str, Any]:
        named = styles.get(other.lstrip("*"), style)
        return {
            key: named.parameters.get(key, own) for key, own in SPAN_DEFAULTS.items()
        }

    styled = StyledText(style.parameters)
    for part, part_style in parts_of(fields["text"], found, styles=looks):
        styled.add(part, part_style)
    text, own, _ = styled.finish()
    rest = {
        key: value
        for key, value in style.parameters.items()
        if key not in SPAN_DEFAULTS
    }
    return text, {**rest, **own, **_place(fields, style, found, script)}


def _place(
    fields: Mapping[str, str], style: Style, found: Overrides, script: Script
) -> dict[str, Any]:
    """Return the position of an event: from tags, or margins of the event or style."""
    width, height = script.size
    left, right, down = (
        _whole(fields.get(name, "").strip()) or own
        for name, own in zip(
            ("marginl", "marginr", "marginv"), style.margins, strict=True
        )
    )
    place = placement_of(found.numpad or style.numpad)
    column, row = (NUMPAD[place["anchor"]] - 1) % 3, (NUMPAD[place["anchor"]] - 1) // 3
    x = (left, (left + width - right) / 2, width - right)[column] / width
    y = (height - down, height / 2, down)[row] / height
    if found.position is not None:
        x, y = found.position[0] / width, found.position[1] / height
    place["position"] = [round(min(max(side, -9.0), 9.0), 4) for side in (x, y)]
    room = 10.0 if found.no_wrap else 1 - (left + right) / width
    place["width"] = round(min(max(room, 0.05), 10.0), 4)
    if found.font:
        place["font"] = found.font
    if found.size is not None:
        place["size"] = style.share(found.size, height)
    return place
