"""Subtitle files: SubRip, WebVTT, SSA and ASS, with their styles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pysubs2

from timeline_nb.core.files import write_atomic
from timeline_nb.errors import TimelineError

__all__ = ["FORMATS", "Line", "read_lines", "write_lines"]

FORMATS: Final = {".srt": "srt", ".vtt": "vtt", ".ass": "ass", ".ssa": "ssa"}
# ASS counts positions from the left bottom to the right top, as a number pad does.
_ANCHORS: Final = {
    1: ("bottom left", [0.06, 0.94]),
    2: ("bottom", [0.5, 0.94]),
    3: ("bottom right", [0.94, 0.94]),
    4: ("left", [0.06, 0.5]),
    5: ("middle", [0.5, 0.5]),
    6: ("right", [0.94, 0.5]),
    7: ("top left", [0.06, 0.06]),
    8: ("top", [0.5, 0.06]),
    9: ("top right", [0.94, 0.06]),
}
_HEIGHT: Final = 288.0
_FONT: Final = "DejaVu Sans"


@dataclass(frozen=True)
class Line:
    """A line of subtitles.

    Args:
        start: Seconds.
        end: Seconds.
        text: With line breaks.
        style: Parameters of `title` in which it differs from plain subtitles.
    """

    start: Fraction
    end: Fraction
    text: str
    style: dict[str, Any] = field(default_factory=dict)


def read_lines(path: Path) -> list[Line]:
    """The lines of a file in order of time, looks kept where the format has any.

    Raises:
        TimelineError: It is missing, of another format, or cannot be read.
    """
    if path.suffix.lower() not in FORMATS:
        raise TimelineError(f"{path}: subtitles are {', '.join(FORMATS)}")
    try:
        told = path.read_bytes()
        text = told.decode("utf-8-sig", errors="strict")
    except OSError as error:
        raise TimelineError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        text = told.decode("cp1252", errors="replace")
    try:
        subs = pysubs2.SSAFile.from_string(text, FORMATS[path.suffix.lower()])
    except (pysubs2.Pysubs2Error, ValueError) as error:
        raise TimelineError(f"{path} cannot be read: {error}") from error
    height = float(subs.info.get("PlayResY") or _HEIGHT)
    width = float(subs.info.get("PlayResX") or height * 4 / 3)
    is_styled = FORMATS[path.suffix.lower()] in {"ass", "ssa"}
    lines = []
    for event in sorted(subs.events, key=lambda event: (event.start, event.end)):
        if event.is_comment or event.end <= event.start or not event.plaintext.strip():
            continue
        style = subs.styles.get(event.style) if is_styled else None
        look = _look(style, height) if style else {}
        look |= _tags(event.text, width, height)
        lines.append(
            Line(
                Fraction(event.start, 1000),
                Fraction(event.end, 1000),
                event.plaintext.strip(),
                look,
            )
        )
    return lines


def write_lines(
    lines: Sequence[Line], path: Path, *, size: tuple[int, int], base: dict[str, Any]
) -> None:
    """Write lines, all or nothing; looks are kept by ASS and SSA alone.

    Args:
        lines: In order of time.
        path: Its suffix tells the format.
        size: Width and height of the picture.
        base: What a line looks like that says nothing itself.

    Raises:
        TimelineError: The format is not known, or the file cannot be written.
    """
    if path.suffix.lower() not in FORMATS:
        raise TimelineError(f"{path}: subtitles are {', '.join(FORMATS)}")
    kind = FORMATS[path.suffix.lower()]
    subs = pysubs2.SSAFile()
    subs.info |= {"PlayResX": str(size[0]), "PlayResY": str(size[1])}
    names: dict[str, str] = {}
    subs.styles = {"Default": _style({**base}, size[1])}
    for line in lines:
        name = "Default"
        if line.style:
            key = repr(sorted(line.style.items(), key=repr))
            name = names.setdefault(key, f"Style{len(names) + 1}")
            subs.styles[name] = _style({**base, **line.style}, size[1])
        event = pysubs2.SSAEvent(
            start=round(line.start * 1000), end=round(line.end * 1000), style=name
        )
        event.plaintext = line.text
        if kind in {"ass", "ssa"} and "position" in line.style:
            x, y = line.style["position"]
            event.text = f"{{\\pos({x * size[0]:.1f},{y * size[1]:.1f})}}{event.text}"
        if kind in {"srt", "vtt"} and line.style.get("italic"):
            event.text = f"{{\\i1}}{event.text}{{\\i0}}"
        subs.append(event)
    try:
        write_atomic(path, subs.to_string(kind).encode())
    except OSError as error:
        raise TimelineError(f"{path} cannot be written: {error.strerror}") from error


def _look(style: pysubs2.SSAStyle, height: float) -> dict[str, Any]:
    anchor, place = _ANCHORS[int(style.alignment)]
    look: dict[str, Any] = {
        "font": style.fontname,
        "size": round(style.fontsize / height * 0.85, 4),
        "color": _color(style.primarycolor),
        "outline": round(min(style.outline / height, 0.1), 5),
        "outline_color": _color(style.outlinecolor),
        "anchor": anchor,
        "position": place,
    }
    if style.bold:
        look["bold"] = True
    if style.italic:
        look["italic"] = True
    if style.shadow:
        shift = round(style.shadow / height, 5)
        look |= {"shadow": [shift, shift], "shadow_color": _color(style.backcolor)}
    if style.borderstyle == 3:
        look |= {"box_color": _color(style.outlinecolor), "outline": 0.0}
    return look


def _tags(text: str, width: float, height: float) -> dict[str, Any]:
    """What a line's own tags say: where it stands, and whether it leans."""
    look: dict[str, Any] = {}
    place = text.find("\\pos(")
    if place >= 0:
        told = text[place + 5 :].partition(")")[0].split(",")
        try:
            x, y = (float(part) for part in told)
        except ValueError:
            return look
        look["position"] = [round(x / width, 4), round(y / height, 4)]
    if text.startswith(("{\\i1", "<i>")):
        look["italic"] = True
    return look


def _style(look: dict[str, Any], height: int) -> pysubs2.SSAStyle:
    anchors = {name: number for number, (name, _) in _ANCHORS.items()}
    style = pysubs2.SSAStyle()
    style.fontname = look.get("font", _FONT)
    style.fontsize = round(look.get("size", 0.055) * height / 0.85, 2)
    style.primarycolor = _ssa(look.get("color", "#ffffff"))
    style.outlinecolor = _ssa(look.get("outline_color", "#000000"))
    style.outline = round(look.get("outline", 0.0) * height, 2)
    style.bold = bool(look.get("bold"))
    style.italic = bool(look.get("italic"))
    style.alignment = pysubs2.Alignment(anchors.get(look.get("anchor", "bottom"), 2))
    style.shadow = round(look.get("shadow", [0, 0])[1] * height, 2)
    style.backcolor = _ssa(look.get("shadow_color", "#00000000"))
    box = look.get("box_color", "#00000000")
    if len(box) == 7 or not box.endswith("00"):
        style.borderstyle, style.outlinecolor = 3, _ssa(box)
        style.outline = round(look.get("box_padding", 0.02) * height, 2)
    return style


def _color(color: pysubs2.Color) -> str:
    """SSA tells how clear a colour is, not how opaque."""
    told = f"#{color.r:02x}{color.g:02x}{color.b:02x}"
    return told if not color.a else f"{told}{255 - color.a:02x}"


def _ssa(text: str) -> pysubs2.Color:
    digits = text[1:].ljust(8, "f")
    red, green, blue, alpha = (int(digits[n : n + 2], 16) for n in range(0, 8, 2))
    return pysubs2.Color(red, green, blue, 255 - alpha)
