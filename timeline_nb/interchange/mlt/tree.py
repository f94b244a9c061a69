"""An MLT document that is read: its services by id, with their properties."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement, parse_xml
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.mlt.clock import MOST_FRAMES, frames_of

__all__ = ["SERVICES", "Tree", "properties_of"]

SERVICES: Final = ("producer", "chain", "playlist", "tractor")
_MOST_SIDE: Final = 65_536
_RATES: Final = (Fraction(1, 100), Fraction(1000))
_DEFAULT_RATE: Final = Fraction(25)


def properties_of(element: XmlElement) -> dict[str, str]:
    """Return the properties of a service, a filter or a transition."""
    return {one.get("name"): one.text.strip() for one in element.all("property")}


class Tree:
    """A document.

    Args:
        data: All of the file.
        name: Of the file, for messages.

    Raises:
        ProjectError: It is no MLT XML, or has no size or rate that can be.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name: Final = name
        self.root: Final = parse_xml(data, name)
        if self.root.tag not in {"mlt", "westley"}:
            raise ProjectError(
                f"{name} is no MLT XML: it begins with <{self.root.tag[:40]}>"
            )
        self._known: dict[int, dict[str, str]] = {}
        self.services: Final = {
            element.get("id"): element
            for element in self._all()
            if element.tag in SERVICES and element.get("id")
        }
        self.rate: Final = self._rate()
        self.size: Final = self._size()

    def _all(self) -> Iterator[XmlElement]:
        open_ = [self.root]
        while open_:
            element = open_.pop()
            yield element
            open_ += reversed(element.children)

    @cached_property
    def profile(self) -> XmlElement:
        """The profile; an empty one if the file has none."""
        return self.root.first("profile") or XmlElement("profile")

    def _number(self, name: str, default: int) -> int:
        text = self.profile.get(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise self.fault(self.profile, f"{name}={quoted(text)} is no whole number")
        return int(text)

    def _rate(self) -> Fraction:
        top = self._number("frame_rate_num", _DEFAULT_RATE.numerator)
        bottom = self._number("frame_rate_den", 1)
        rate = Fraction(top, bottom) if bottom else Fraction(0)
        if not _RATES[0] <= rate <= _RATES[1]:
            raise self.fault(self.profile, f"a rate of {top}/{bottom} cannot be")
        return rate

    def _size(self) -> tuple[int, int] | None:
        width, height = self._number("width", 0), self._number("height", 0)
        if not width or not height:
            return None
        if max(width, height) > _MOST_SIDE:
            raise self.fault(self.profile, f"a size of {width}x{height} cannot be")
        # Pixels that are not square are made so, as players show them.
        top = self._number("display_aspect_num", 0)
        bottom = self._number("display_aspect_den", 0)
        sample = (
            self._number("sample_aspect_num", 1),
            self._number("sample_aspect_den", 1),
        )
        if sample[0] != sample[1] and top and bottom:
            width = min(_MOST_SIDE, round(height * top / bottom))
        return max(2, width // 2 * 2), max(2, height // 2 * 2)

    def fault(self, element: XmlElement, why: str) -> ProjectError:
        """Return the error that something of an element cannot be read."""
        return ProjectError(f"{self.name}, line {element.line}: {why}")

    def properties(self, element: XmlElement) -> dict[str, str]:
        """Return the properties of an element, which are read once."""
        key = id(element)
        if key not in self._known:
            self._known[key] = properties_of(element)
        return self._known[key]

    def frames(self, element: XmlElement, name: str, default: int) -> int:
        """Return a time that an element names, in frames.

        Raises:
            ProjectError: It is none, or longer than MLT can count.
        """
        text = element.get(name)
        return self.time(element, text, name) if text else default

    def time(self, element: XmlElement, text: str, name: str) -> int:
        """Return a time in frames.

        Raises:
            ProjectError: It is none, or longer than MLT can count.
        """
        found = frames_of(text, self.rate)
        if found is None:
            most = f"a time of at most {MOST_FRAMES:,} frames"
            raise self.fault(element, f"{name}={quoted(text)} is not {most}")
        return found

    def used_by(self, element: XmlElement) -> XmlElement:
        """Return the service that an entry or a track shows.

        Raises:
            ProjectError: There is none of the id that it names.
        """
        id_ = element.get("producer")
        if not id_:
            inside = next(element.all(*SERVICES), None)
            if inside is None:
                raise self.fault(element, f"<{element.tag}> names no producer")
            return inside
        if id_ not in self.services:
            raise self.fault(element, f"there is no producer {quoted(id_)}")
        return self.services[id_]

    def path(self, resource: str) -> str:
        """Return the path of a file, with the folder that the document begins at."""
        folder = self.root.get("root")
        path = PurePosixPath(resource)
        if not folder or path.is_absolute() or ":" in resource[:3]:
            return resource
        return str(PurePosixPath(folder) / path)
