"""The resources of a document that is read: formats, media, effects, compound clips."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcpxml.frame_formats import named_format
from timeline_nb.interchange.fcpxml.times import parse_time
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.found import media_found
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timebase import MAX_RATE, TimeRange

__all__ = ["Asset", "FrameFormat", "ReadResources"]

_LARGEST_SIDE: Final = 16_384


@dataclass(frozen=True)
class FrameFormat:
    """A frame format: size and rate, where they are known."""

    size: tuple[int, int] | None = None
    rate: Fraction | None = None


@dataclass(frozen=True)
class Asset:
    """A file.

    Args:
        media: The file.
        origin: The second by which clips call its start.
        duration: Of it, in seconds; 0 of a still.
    """

    media: FlatMedia
    origin: Fraction
    duration: Fraction


class ReadResources:
    """What clips refer to, by id.

    Args:
        root: The document.
        name: Of the file, for messages.
        find: Finds media by their address.
    """

    def __init__(
        self, root: XmlElement, name: str, find: Callable[[str], FoundMedia]
    ) -> None:
        self._name, self._find = name, find
        self._known: dict[str, XmlElement] = {}
        for group in root.all("resources"):
            for element in group.children:
                self._known.setdefault(element.get("id"), element)
        self._assets: dict[str, Asset] = {}
        self._formats: dict[str, FrameFormat] = {}

    def where(self, element: XmlElement, attribute: str) -> str:
        """Return the place of an attribute, for messages."""
        return f"{self._name}, line {element.line}: {attribute} of {element.tag}"

    def time(
        self, element: XmlElement, attribute: str, default: Fraction | None = None
    ) -> Fraction:
        """Return a time of an element.

        Raises:
            ProjectError: It is missing without a default, or is no time.
        """
        text = element.attributes.get(attribute)
        if text is None:
            if default is None:
                raise ProjectError(f"{self.where(element, attribute)} is missing")
            return default
        return parse_time(text, self.where(element, attribute))

    def get(self, identity: str, *tags: str) -> XmlElement | None:
        """Return the resource of an id; None if there is none, or of another kind."""
        found = self._known.get(identity) if identity else None
        return found if found is not None and found.tag in tags else None

    def needed(self, element: XmlElement, *tags: str) -> XmlElement:
        """Return the resource that an element refers to.

        Raises:
            ProjectError: There is none.
        """
        found = self.get(element.get("ref"), *tags)
        if found is None:
            raise ProjectError(
                f"{self.where(element, 'ref')} is {quoted(element.get('ref'))}, but "
                f"the resources have no {' or '.join(tags)} of that id"
            )
        return found

    def format(self, identity: str) -> FrameFormat:
        """Return a frame format by its id; one of unknown size and rate if missing."""
        if identity not in self._formats:
            found = self.get(identity, "format")
            made = FrameFormat() if found is None else self._format(found)
            self._formats[identity] = made
        return self._formats[identity]

    def asset(self, element: XmlElement) -> Asset:
        """Return the file of an element `asset`."""
        identity = element.get("id")
        if identity not in self._assets:
            self._assets[identity] = self._asset(element)
        return self._assets[identity]

    def _format(self, element: XmlElement) -> FrameFormat:
        size, rate = named_format(element.get("name"))
        sides = tuple(
            int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
            for text in (element.get("width"), element.get("height"))
        )
        if all(0 < side <= _LARGEST_SIDE for side in sides):
            size = sides[0], sides[1]
        if "frameDuration" in element.attributes:
            duration = self.time(element, "frameDuration")
            if duration <= 0 or 1 / duration > MAX_RATE:
                raise ProjectError(
                    f"{self.where(element, 'frameDuration')} is "
                    f"{quoted(element.get('frameDuration'))}, not the length of a frame"
                )
            rate = 1 / duration
        return FrameFormat(size, rate)

    def _asset(self, element: XmlElement) -> Asset:
        frames = self.format(element.get("format"))
        origin = self.time(element, "start", Fraction(0))
        duration = self.time(element, "duration", Fraction(0))
        has_audio = element.get("hasAudio") == "1"
        has_video = element.get("hasVideo") == "1" or not has_audio
        address = _address(element)
        found = self._find(address)
        own = found.reference
        if found.is_there:
            available = own.available_range
            start = available.start if available is not None else Fraction(0)
            media = media_found(found, element.get("name"), origin or None)
            return Asset(media, origin - start, duration)
        is_still = has_video and not has_audio and not duration
        media = FlatMedia(
            path=own.path or _name_of(address),
            name=element.get("name"),
            rate=None if is_still else frames.rate,
            size=frames.size if has_video else None,
            has_video=has_video,
            has_audio=has_audio,
            available=TimeRange(Fraction(0), duration) if duration > 0 else None,
            timecode=origin or None,
        )
        return Asset(media, origin, duration)


def _address(asset: XmlElement) -> str:
    """Return the address of an asset's file; that of the original, of several."""
    found = sorted(
        asset.all("media-rep"),
        key=lambda rep: rep.get("kind", "original-media") != "original-media",
    )
    address = found[0].get("src") if found else asset.get("src")
    if "://" in address:
        return address
    return unquote(address).removeprefix("./")


def _name_of(address: str) -> str:
    """Return the name of the file of an address."""
    try:
        path = urlsplit(address).path
    except ValueError:
        path = address
    return PurePosixPath(unquote(path)).name or "media"
