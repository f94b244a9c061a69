"""The files of a document that is read."""

from collections.abc import Callable
from fractions import Fraction
from urllib.parse import unquote

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcp7.values import child_text, number_of, rate_of
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.found import media_found
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timebase import TimeRange

__all__ = ["ReadFiles"]


class ReadFiles:
    """What clips show, by the ids of files.

    Args:
        described: Elements `file` that say more than an id.
        name: Of the document, for messages.
        find: Finds media by their address.
    """

    def __init__(
        self,
        described: dict[str, XmlElement],
        name: str,
        find: Callable[[str], FoundMedia],
    ) -> None:
        self._described, self._name, self._find = described, name, find
        self._known: dict[int, FlatMedia] = {}

    def media(self, file: XmlElement) -> FlatMedia:
        """Return the media of an element `file`, which may be a reference."""
        own = file if file.children else self._described.get(file.get("id"), file)
        if id(own) not in self._known:
            self._known[id(own)] = self._media(own)
        return self._known[id(own)]

    def _media(self, file: XmlElement) -> FlatMedia:
        name = child_text(file, "name")
        address = child_text(file, "pathurl") or name
        found = self._find(address if "://" in address else unquote(address))
        own = found.reference
        rate = rate_of(file, self._name)
        timecode = file.first("timecode")
        start = None
        if timecode is not None:
            counted = rate_of(timecode, self._name) or rate
            frame = number_of(timecode, "frame", self._name)
            if frame and counted:
                start = frame / counted
        if found.is_there:
            return media_found(found, name, start)
        streams = file.first("media")
        video = None if streams is None else streams.first("video")
        audio = None if streams is None else streams.first("audio")
        frames = number_of(file, "duration", self._name)
        available = None
        if frames and frames > 1 and rate:
            available = TimeRange(Fraction(0), frames / rate)
        return FlatMedia(
            path=own.path or name or "media",
            name=name,
            rate=rate if available is not None else None,
            size=self._size(video),
            has_video=video is not None or audio is None,
            has_audio=audio is not None,
            available=available,
            timecode=start,
        )

    def _size(self, video: XmlElement | None) -> tuple[int, int] | None:
        sides = []
        for tag in ("width", "height"):
            text = child_text(video, "samplecharacteristics", tag)
            is_side = text.isascii() and text.isdigit() and len(text) < 6
            sides.append(int(text) if is_side else 0)
        return (sides[0], sides[1]) if all(sides) else None
