"""One interface to decoders by FFmpeg and by Pillow."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.analysis_decode import AnalysisDecoder
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex, build_index
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.picture_decode import PictureDecoder, index_pictures

__all__ = [
    "Decoder",
    "Skimmer",
    "SoundDecoder",
    "build_frame_index",
    "open_analysis_decoder",
    "open_decoder",
]


class Decoder(Protocol):
    """A decoder of the frames of a file; a context manager, thread-safe."""

    info: MediaInfo
    index: FrameIndex

    def frame(self, number: int) -> Frame:
        """Return frame `number`, counted from 0 in the order shown."""

    def frame_or_held(self, number: int) -> Frame:
        """Return frame `number`, or the last before it that decodes."""

    def frame_at(self, time: Fraction) -> Frame:
        """Return the frame shown at a media time, clamped to the first and the last."""

    def frames(self, numbers: Iterable[int]) -> Iterator[Frame]:
        """Yield the frames of numbers that decode; rising numbers cost least."""

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""

    def close(self) -> None:
        """Close the file."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Skimmer(Decoder, Protocol):
    """A decoder for analysis."""

    def skim(self, first: int, last: int) -> Iterator[Frame]:
        """Yield the frames from keyframe `first` up to `last`, if they decode."""


class SoundDecoder(Protocol):
    """A decoder of the sound of a file; a context manager, thread-safe.

    Example:
        >>> sound = tl.open("bunny.mp4").sound(rate_hz=16_000)
        >>> sound.is_open
        True
        >>> sound.close()
    """

    info: MediaInfo
    sample_rate_hz: int
    channels: int

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Return samples from `start` on: `(channels, count) float32`, -1 to 1.

        Example:
            >>> with tl.open("bunny.mp4").sound(rate_hz=16_000) as sound:
            ...     samples = sound.read(0, 16_000)  # the first second
            >>> samples.shape
            (2, 16000)
        """

    @property
    def is_open(self) -> bool:
        """Whether it holds the file."""

    def close(self) -> None:
        """Close the file.

        Example:
            >>> sound = tl.open("bunny.mp4").sound()
            >>> sound.close()  # a `with` block does so, too
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def open_decoder(
    info: MediaInfo,
    index: FrameIndex,
    threads: int = 0,
    device: str | None = None,
    damage: DamageLog | None = None,
) -> Decoder:
    """Open a decoder, for the caller to close.

    Args:
        info: The file, probed.
        index: Its frames.
        threads: As for `VideoDecoder`.
        device: Likewise.
        damage: Likewise.

    Raises:
        MediaError: The file cannot be opened.
    """
    if info.reader == "ffmpeg":
        return VideoDecoder(info, index, threads, device, damage)
    return PictureDecoder(info, index, damage)


def open_analysis_decoder(
    info: MediaInfo, index: FrameIndex, *, anchors_only: bool = False
) -> Skimmer:
    """Open a decoder for analysis, for the caller to close.

    Raises:
        MediaError: The file cannot be opened.
    """
    if info.reader == "ffmpeg":
        return AnalysisDecoder(info, index, anchors_only=anchors_only)
    return PictureDecoder(info, index)


def build_frame_index(
    info: MediaInfo, *, reporter: Reporter | None = None
) -> FrameIndex:
    """Build the frame index of a file.

    Raises:
        MediaError: It has no pictures, or is damaged.
    """
    if info.reader == "ffmpeg":
        return build_index(info, reporter=reporter)
    return index_pictures(info)
