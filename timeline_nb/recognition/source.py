"""The identity of the media that detections belong to."""

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    # They load PyAV, which tables do not need.
    from timeline_nb.media.index import FrameIndex
    from timeline_nb.media.info import MediaInfo

__all__ = ["IndexedMedia", "Source"]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The media that frames were taken from.

    Args:
        path: The file.
        fingerprint: A hash of its content.
        stream: The number of the video stream.
        time_base: Seconds per PTS tick.
        start_time: Seconds on the PTS clock at media time 0.
        rate: Frames per second; of a variable rate, that of most frames.
        size: Width and height of an upright frame in square pixels.
        end_pts: When the last frame ends.
        is_vfr: Whether its frame rate is variable.
    """

    path: str
    fingerprint: str
    stream: int
    time_base: Fraction
    start_time: Fraction
    rate: Fraction
    size: tuple[int, int]
    end_pts: int
    is_vfr: bool = False

    @staticmethod
    def of(info: "MediaInfo", index: "FrameIndex") -> "Source":
        """Name the first video stream of a probed file."""
        return Source(
            path=info.path,
            fingerprint=info.fingerprint,
            stream=info.video[0].index,
            time_base=index.time_base,
            start_time=index.start_time,
            rate=index.rate,
            size=info.video[0].display_size,
            end_pts=index.end_pts,
            is_vfr=index.is_vfr,
        )


class IndexedMedia(Protocol):
    """Media of which each frame's time is known, as `tl.open` gives it."""

    @property
    def source(self) -> Source:
        """The media as tables name it."""

    @property
    def index(self) -> "FrameIndex":
        """Every frame, by number, PTS and time."""
