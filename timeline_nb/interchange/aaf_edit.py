"""The cuts of an edit as the writer of AAF gets them: JSON in whole frames."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatMedia, FlatTrack
from timeline_nb.interchange.otio_media import address_of

__all__ = ["cuts_of"]

_KINDS: Final = {"video": "picture", "audio": "sound"}
_SIZE: Final = (1920, 1080)
_CHANNELS: Final = 2


def cuts_of(edit: FlatEdit) -> dict[str, Any]:
    """Return what is written of an edit that has clips of files and gaps alone."""
    media = _Media(edit)
    tracks = [
        {
            "kind": _KINDS[track.kind],
            "name": track.name,
            "items": list(_items(track, media, edit.rate)),
        }
        for track in edit.tracks
    ]
    return {
        "name": edit.name,
        "rate": f"{edit.rate.numerator}/{edit.rate.denominator}",
        "start": edit.start_frame,
        "drop": edit.is_drop_frame,
        "media": media.rows,
        "tracks": tracks,
    }


class _Media:
    """The media of an edit, each once, with as much of them as is shown."""

    def __init__(self, edit: FlatEdit) -> None:
        self._edit = edit
        self._numbers: dict[str, int] = {}
        self.rows: list[dict[str, Any]] = []

    def number(self, media: FlatMedia, end: int) -> int:
        """Return the number of a medium that is shown up to a frame."""
        rate = self._edit.rate
        number = self._numbers.setdefault(media.path, len(self.rows))
        if number == len(self.rows):
            length = media.available.end * rate if media.available is not None else 0
            self.rows.append(
                {
                    "name": media.name or "media",
                    "url": address_of(media.path),
                    "start": round((media.timecode or Fraction(0)) * rate),
                    "length": round(length),
                    "size": media.size or self._edit.size or _SIZE,
                    "channels": media.channels or _CHANNELS,
                }
            )
        row = self.rows[number]
        row["length"] = max(row["length"], end)
        return number


def _items(track: FlatTrack, media: _Media, rate: Fraction) -> Iterator[list[Any]]:
    at = 0
    for clip in track.items:
        if not isinstance(clip, FlatClip):
            continue
        start, length = round(clip.start), round(clip.duration)
        if start > at:
            yield [-1, "", start - at, 0]
        first = round(clip.source_start * rate)
        yield [media.number(clip.media, first + length), clip.name, length, first]
        at = start + length
