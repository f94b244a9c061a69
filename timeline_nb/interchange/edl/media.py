"""The media of events: by file, clip name or reel; and where in them an event is."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Final

from timeline_nb.interchange.edl.placing import PlacedEvent
from timeline_nb.interchange.edl.remarks import fraction_of
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.requests import FoundMedia, ReadRequest

__all__ = ["EdlMedia"]

# Of what is in no file.
_NO_REELS: Final = {"AX", "BL", "BLACK", "NONE", ""}
_HOUR: Final = 3600
_MOST_TRIED: Final = 50


class EdlMedia:
    """The media that an EDL names.

    Args:
        request: Finds them.
    """

    def __init__(self, request: ReadRequest) -> None:
        self._request = request
        self._known: dict[str, FoundMedia] = {}
        self._noted: set[str] = set()

    def rate_of(self, events: Iterable[Mapping[str, str]]) -> Fraction | None:
        """Return the rate of the first media that are there."""
        tried = set[tuple[str, str, str]]()
        for names in events:
            own = (
                names.get("from_file", ""),
                names.get("from_name", ""),
                names["reel"],
            )
            if own in tried:
                continue
            tried.add(own)
            found = self._found(*own)
            if found.is_there and found.reference.rate:
                return found.reference.rate
            if len(tried) > _MOST_TRIED:
                return None
        return None

    def _found(self, file: str, name: str, reel: str) -> FoundMedia:
        """Return the media of the first name that is there; else of the best name."""
        names = [file, name, "" if reel.upper() in _NO_REELS else reel]
        wanted = [one for one in names if one]
        for one in wanted:
            if one not in self._known:
                self._known[one] = self._request.find(one)
            if self._known[one].is_there:
                return self._known[one]
        if not wanted:
            return self._request.find(reel or "unknown")
        return self._known[wanted[0]]

    def of(
        self, one: PlacedEvent, rate: Fraction, *, is_video: bool
    ) -> tuple[FlatMedia, str, Fraction]:
        """Return the media of an event, the clip's name, and the second shown first."""
        found = self._found(one.file, one.name, one.row.reel)
        own = found.reference
        name = one.name or PurePosixPath(own.path).name or one.row.reel
        lowest = self._seconds(one, found, rate)
        first = lowest
        if one.speed < 0:
            first += Fraction(one.source_end - one.source) / rate
        exact = fraction_of(one.remark.get("source"))
        # It was rounded to a frame when it was written.
        if exact is not None and abs(exact - first) * rate <= Fraction(1, 2):
            first = exact
        media = FlatMedia(
            path=own.path,
            name=PurePosixPath(own.path).name,
            rate=own.rate,
            size=own.size,
            has_video=is_video,
            has_audio=own.has_audio or not is_video,
            available=own.available_range,
            timecode=found.timecode,
            fingerprint=own.fingerprint,
        )
        if found.is_there:
            media = replace(media, has_video=own.size is not None)
        return media, name, first

    def _seconds(self, one: PlacedEvent, found: FoundMedia, rate: Fraction) -> Fraction:
        """Return the second of the media that is lowest in what an event shows."""
        at = Fraction(one.source) / rate
        if not found.is_there:
            return at
        if found.timecode is not None and at >= found.timecode:
            return at - found.timecode
        available = found.reference.available_range
        if available is None or at < available.end:
            return at
        hours = at // _HOUR * _HOUR
        key = f"hours of {found.reference.path}"
        if hours and key not in self._noted:
            self._noted.add(key)
            self._request.report.add(
                f"the media {found.reference.path!r}",
                "their timecode",
                "kept",
                None,
                f"they have none: it is taken to begin at {hours // _HOUR:02}:00:00:00",
            )
        return at - hours
