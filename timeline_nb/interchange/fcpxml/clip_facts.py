"""What a clip's attributes say: its lane, duration, start and rate."""

from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcpxml.read_resources import ReadResources

__all__ = ["STORIES", "ClipFacts"]

_ZERO: Final = Fraction(0)
# The story elements that have a place; transitions lie between two.
STORIES: Final = {
    "asset-clip",
    "audio",
    "audition",
    "caption",
    "clip",
    "gap",
    "mc-clip",
    "ref-clip",
    "spine",
    "sync-clip",
    "title",
    "video",
}


class ClipFacts:
    """Reads attributes of story elements.

    Args:
        resources: Of the document.
    """

    def __init__(self, resources: ReadResources) -> None:
        self._resources = resources
        # By the `id()` of elements, which the document keeps.
        self._spans: dict[int, tuple[Fraction, Fraction]] = {}
        self._alone: dict[int, bool] = {}

    def lane(self, element: XmlElement) -> int:
        """Return the lane of an element; 0 of one that is in its parent.

        Raises:
            ProjectError: It is no number.
        """
        text = element.get("lane", "0")
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
            where = self._resources.where(element, "lane")
            raise ProjectError(f"{where} is {quoted(text)}, no lane")
        return int(text)

    def duration(self, element: XmlElement) -> Fraction:
        """Return the seconds that an element takes of what it stands on.

        Raises:
            ProjectError: It is missing, no time, or below 0.
        """
        if element.tag == "audition":
            inner = next((c for c in element.children if c.tag in STORIES), None)
            return _ZERO if inner is None else self.duration(inner)
        if element.tag == "spine":
            return _ZERO
        default = None
        if element.tag == "asset-clip":
            asset = self._resources.get(element.get("ref"), "asset")
            if asset is not None:
                default = self._resources.asset(asset).duration
        length = self._resources.time(element, "duration", default)
        if length < 0:
            where = self._resources.where(element, "duration")
            raise ProjectError(f"{where} is {quoted(element.get('duration'))}, below 0")
        return length

    def span(self, element: XmlElement) -> tuple[Fraction, Fraction]:
        """Return where an element in a clip begins and ends, in the clip's own time."""
        key = id(element)
        if key not in self._spans:
            begin = self._resources.time(element, "offset", _ZERO)
            self._spans[key] = begin, begin + self.duration(element)
        return self._spans[key]

    def is_alone(self, element: XmlElement) -> bool:
        """Return whether nothing is in an element or connected to it."""
        key = id(element)
        if key not in self._alone:
            inner = any(child.tag in STORIES for child in element.children)
            self._alone[key] = not inner and element.tag != "spine"
        return self._alone[key]

    def start(self, element: XmlElement) -> Fraction:
        """Return the own time at which an element begins: by default, of its media."""
        return self._resources.time(element, "start", self._media_start(element))

    def _media_start(self, element: XmlElement) -> Fraction:
        reference = element.get("ref")
        if element.tag in {"asset-clip", "video", "audio"}:
            asset = self._resources.get(reference, "asset")
            if asset is not None:
                return self._resources.time(asset, "start", _ZERO)
        if element.tag in {"ref-clip", "mc-clip"}:
            media = self._resources.get(reference, "media")
            for inner in media.all("sequence", "multicam") if media else ():
                return self._resources.time(inner, "tcStart", _ZERO)
        return _ZERO

    def rate(self, element: XmlElement) -> Fraction | None:
        """Return the frames a second of a clip's own time, where it says it."""
        own = self._resources.format(element.get("format")).rate
        if own is not None:
            return own
        found = self._resources.get(element.get("ref"), "asset", "media")
        if found is None:
            return None
        if found.tag == "asset":
            return self._resources.format(found.get("format")).rate
        for inner in found.all("sequence", "multicam"):
            return self._resources.format(inner.get("format")).rate
        return None
