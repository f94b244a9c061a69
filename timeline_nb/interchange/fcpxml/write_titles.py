"""Titles, solids and captions: text and colors as Final Cut has them."""

from pathlib import PurePath
from typing import Any, Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.values import format_color, format_number
from timeline_nb.interchange.flat import FlatClip
from timeline_nb.interchange.report import Report

__all__ = ["SOLID_COLOR", "TextStyles", "caption_language", "placed_title"]

# The published parameter of Final Cut's generator "Custom".
SOLID_COLOR: Final = "9999/10008/10006/2/1/1"
# Final Cut's titles are drawn at 1080 lines, whatever the edit's size.
_LINES: Final = 1080
_CARRIED: Final = {
    "text",
    "font",
    "size",
    "bold",
    "italic",
    "underline",
    "color",
    "outline",
    "outline_color",
    "align",
    "position",
    "anchor",
    "substitute",
    "line_spacing",
}
_ALIGNMENTS: Final = {"left": "left", "right": "right", "center": "center"}
# A line's height, in sizes of its letters.
_LINE_HEIGHT: Final = 1.2


class TextStyles:
    """The styles of texts, which are numbered through the document."""

    def __init__(self) -> None:
        self._count = 0

    def add_text(self, owner: XmlElement, text: str, style: dict[str, Any]) -> None:
        """Append a text with its style."""
        self._count += 1
        name = f"ts{self._count}"
        owner.add("text").add("text-style", text, ref=name)
        definition = owner.add("text-style-def", id=name)
        definition.add("text-style").attributes.update(_attributes(style))


def _attributes(style: dict[str, Any]) -> dict[str, str]:
    size = float(style.get("size", 0.08))
    bold, italic = bool(style.get("bold")), bool(style.get("italic"))
    face = " ".join(word for word, has in (("Bold", bold), ("Italic", italic)) if has)
    made = {
        "font": PurePath(str(style.get("font", "Helvetica"))).stem or "Helvetica",
        "fontSize": format_number(round(size * _LINES, 3)),
        "fontFace": face or "Regular",
        "fontColor": format_color(str(style.get("color", "#ffffff"))),
        "alignment": _ALIGNMENTS.get(str(style.get("align", "center")), "center"),
    }
    if bold:
        made["bold"] = "1"
    if italic:
        made["italic"] = "1"
    if style.get("underline"):
        made["underline"] = "1"
    outline = float(style.get("outline", 0.0))
    if outline:
        made["strokeColor"] = format_color(str(style.get("outline_color", "#000000")))
        # Below 0: around the letters, which stay filled.
        made["strokeWidth"] = format_number(round(-outline * _LINES, 3))
    return made


def placed_title(
    clip: FlatClip, style: dict[str, Any], report: Report, where: str
) -> tuple[float, float]:
    """Return where a title's center is, and tell what its style loses."""
    lost = sorted(set(style) - _CARRIED)
    if clip.media.generator is not None and clip.media.generator.keyframes:
        lost.append("animation")
    if lost:
        detail = "Final Cut's Basic Title draws it"
        report.add(where, f"the title's {', '.join(lost)}", "lost", None, detail)
    detail = "Final Cut's Basic Title draws it, with its own font of that name"
    report.add(where, "the title's look", "approximated", None, detail)
    x, y = _pair(style.get("position"))
    anchor = str(style.get("anchor", "middle"))
    lines = str(style.get("text", "")).count("\n") + 1
    half = float(style.get("size", 0.08)) * _LINE_HEIGHT * lines / 2
    if "top" in anchor:
        y += half
    elif "bottom" in anchor:
        y -= half
    own = clip.transform.position
    return x + own[0] - 0.5, y + own[1] - 0.5


def _pair(value: Any) -> tuple[float, float]:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return float(value[0]), float(value[1])
    return 0.5, 0.5


def caption_language(name: str) -> str:
    """Return the language that a track's name tells, as `S1 de`; English else."""
    last = name.replace("_", " ").replace("-", " ").split()[-1:] or [""]
    return last[0].lower() if len(last[0]) == 2 and last[0].isalpha() else "en"
