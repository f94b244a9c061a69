"""What a player shows: an edit or a media file, by numbered frames."""

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.placement import Placement
from timeline_nb.preview.encoded_packet import EncodedPacket
from timeline_nb.segments.encoding import Encoding

__all__ = ["SOUND_HZ", "PlayerSource", "ShownFrame", "SoundReader", "pcm_of"]

# The sample rate of all previews.
SOUND_HZ: Final = 48_000


def pcm_of(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Convert `(2, n)` float samples to `(n, 2) int16`, clipped to full scale."""
    return np.round(np.clip(samples, -1, 1).T * 32767).astype(np.int16)


@dataclass(frozen=True)
class ShownFrame:
    """A source frame shown in a frame of a player source.

    Args:
        fingerprint: Of its file.
        pts: Its presentation time stamp: with the file, its identity.
        area: Left, top, width and height of what is shown of it, in square pixels of
            the upright source.
        placement: Its place on a canvas of the player source's size; None where the
            player source is the file itself.
    """

    fingerprint: str
    pts: int
    area: tuple[float, float, float, float]
    placement: Placement | None


class SoundReader(Protocol):
    """Reads sound in order, from where it was opened."""

    def read(self, count: int) -> NDArray[np.float32]:
        """Return the next samples: `(2, count) float32`."""

    def close(self) -> None:
        """Close the files."""


class PlayerSource(Protocol):
    """What a player shows: frames by number, and sound; thread-safe."""

    size: tuple[int, int]
    rate: Fraction
    has_sound: bool

    def __len__(self) -> int: ...

    def time_of(self, number: int) -> Fraction:
        """Return the second at which a frame is first shown; of `len`, the end."""

    def cached_jpeg(self, number: int) -> bytes | None:
        """Return a frame's small JPEG if it exists already; None if it must be made."""

    def draft_jpeg(self, number: int) -> bytes:
        """Return a frame as a small JPEG, from proxies where there are any."""

    def exact_jpeg(self, number: int, size: tuple[int, int]) -> bytes:
        """Return a frame as a JPEG made of the sources themselves."""

    @property
    def encoding(self) -> Encoding:
        """The encoding of its pictures for playback."""

    def encoded_packets(self, first: int) -> Generator[EncodedPacket, None, None]:
        """Return frames from `first` on, small, encoded."""

    def open_sound(self, start: int) -> SoundReader:
        """Return the sound from sample `start` on, at 48 kHz."""

    def source_frames(self, number: int) -> list[ShownFrame]:
        """Return the source frames in a frame, bottom to top."""

    def request_proxies(self, number: int) -> None:
        """Request the proxies near a frame."""

    def close(self) -> None:
        """Close the files."""
