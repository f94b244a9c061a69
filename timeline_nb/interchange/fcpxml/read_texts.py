"""Texts of titles and captions that are read, with their style."""

from typing import Any, Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.values import parse_color, parse_number

__all__ = ["text_of", "title_parameters"]

# Final Cut's titles are drawn at 1080 lines, whatever the edit's size.
_LINES: Final = 1080
_LARGEST: Final = 1.0
_SMALLEST: Final = 0.005
_WIDEST_OUTLINE: Final = 0.1


def text_of(element: XmlElement) -> str:
    """Return the text of a title or caption, with its line breaks."""
    parts = []
    for text in element.all("text"):
        spans = list(text.all("text-style"))
        # Beside spans there is only what indents the file.
        own = "".join(span.text for span in spans) if spans else text.text
        parts.append(own)
    return "\n".join(parts)


def title_parameters(element: XmlElement) -> dict[str, Any]:
    """Return the parameters of `title` for a title's text and style."""
    style = _style(element)
    made: dict[str, Any] = {"text": text_of(element), "substitute": True}
    if font := style.get("font"):
        made["font"] = font.lstrip(".")[:200]
    size = parse_number(style.get("fontSize", ""))
    if size is not None:
        made["size"] = round(max(_SMALLEST, min(_LARGEST, size / _LINES)), 6)
    if color := parse_color(style.get("fontColor", "")):
        made["color"] = color
    face = style.get("fontFace", "").lower()
    if style.get("bold") == "1" or "bold" in face:
        made["bold"] = True
    if style.get("italic") == "1" or "italic" in face or "oblique" in face:
        made["italic"] = True
    if style.get("underline") == "1":
        made["underline"] = True
    if style.get("alignment") in {"left", "right"}:
        made["align"] = style["alignment"]
    width = parse_number(style.get("strokeWidth", ""))
    if width:
        outline = min(_WIDEST_OUTLINE, abs(width) / _LINES)
        made["outline"] = round(outline, 6)
        made["outline_color"] = parse_color(style.get("strokeColor", "")) or "#000000"
    return made


def _style(element: XmlElement) -> dict[str, str]:
    """Return the attributes of the style of a text's first span."""
    styles = {
        definition.get("id"): style.attributes
        for definition in element.all("text-style-def")
        for style in definition.all("text-style")
    }
    for text in element.all("text"):
        for span in text.all("text-style"):
            own = {k: v for k, v in span.attributes.items() if k != "ref"}
            return {**styles.get(span.get("ref"), {}), **own}
    return {}
