"""Markers of clips that are read."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.pieces import ReadMarker
from timeline_nb.interchange.flat import FlatMarker

__all__ = ["UNREAD_MARKS", "marks_of"]

# What Final Cut shows of its markers.
_COLORS: Final = {None: "blue", "0": "red", "1": "green"}
UNREAD_MARKS: Final = {
    "keyword": "the keywords",
    "rating": "the rating",
    "note": "the note",
}


def marks_of(
    clip: XmlElement,
    time: Callable[[XmlElement, str, Fraction | None], Fraction],
    at: Callable[[Fraction], Fraction],
    rate: Fraction,
) -> Iterator[ReadMarker]:
    """Yield the markers of a clip.

    Args:
        clip: The clip.
        time: Returns a time of an element's attribute, with a default.
        at: Returns the edit second of the clip's own time.
        rate: Frames a second of the edit.
    """
    for element in clip.all("marker", "chapter-marker"):
        is_chapter = element.tag == "chapter-marker"
        color = "orange" if is_chapter else _color(element)
        duration = time(element, "duration", Fraction(0))
        yield ReadMarker(
            at(time(element, "start", Fraction(0))),
            FlatMarker(
                name=element.get("value"),
                start=Fraction(0),
                duration=max(Fraction(0), duration * rate),
                color=color,
                note=element.get("note"),
            ),
            is_chapter,
        )


def _color(element: XmlElement) -> str:
    done = element.attributes.get("completed")
    return _COLORS.get(done, "blue")
