"""What is known of a probed media file: its name, rate, size, times and index."""

from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.compose.reference import reference_of
from timeline_nb.errors import MediaError
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import shown_name
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import MediaReference

if TYPE_CHECKING:
    from timeline_nb.recognition.source import Source

__all__ = ["MediaFacts"]


class MediaFacts:
    """A probed media file, and what is known of it.

    Args:
        info: What the probe found.
        studio: Whose caches and threads to use.
    """

    def __init__(self, info: MediaInfo, studio: Studio) -> None:
        self.info = info
        self.studio = studio

    @property
    def path(self) -> Path:
        """Where the file lies; of a sequence, its name with its rate behind."""
        return Path(self.info.path)

    @property
    def name(self) -> str:
        """The file's name; that of a sequence without its rate."""
        return shown_name(self.info.path)

    @property
    def rate(self) -> Fraction:
        """Frames per second; of a variable rate, that of most frames.

        Raises:
            MediaError: The file has no moving pictures.
        """
        if self.info.kind != "video":
            raise MediaError(f"{self.name} is {self.info.kind}: it has no rate")
        return self.index.rate

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright.

        Raises:
            MediaError: The file has no pictures.
        """
        self._insist_on_pictures()
        return self.info.video[0].display_size

    @property
    def duration(self) -> Fraction:
        """Seconds; 0 for a still."""
        return self.range.duration

    @cached_property
    def index(self) -> FrameIndex:
        """Every frame of the first video stream, by number, PTS and time.

        Example:
            >>> index = src.index
            >>> len(index), index.rate
            (250, Fraction(25, 1))
            >>> index.time_of(50), index.frame_at(2)
            (Fraction(2, 1), 50)
        """
        return self.studio.library.index(self.info)

    @cached_property
    def range(self) -> TimeRange:
        """The media time that has pictures, or sound where there are none.

        Example:
            >>> src.range
            TimeRange(start=Fraction(0, 1), duration=Fraction(10, 1))
        """
        return self.studio.library.range(self.info)

    @cached_property
    def reference(self) -> MediaReference:
        """The media as clips name it.

        Example:
            >>> src.reference.label, src.reference.available_range.duration
            ('bikes.mp4', Fraction(10, 1))
        """
        return reference_of(self.info, self.studio.library)

    @cached_property
    def source(self) -> "Source":
        """The media as detection tables name it: file, stream, clock and size.

        Example:
            >>> src.source.size, src.source.time_base
            ((640, 272), Fraction(1, 12800))
        """
        from timeline_nb.recognition.source import Source

        return Source.of(self.info, self.index)

    def _insist_on_pictures(self) -> None:
        if not self.info.video:
            raise MediaError(f"{self.name} has no pictures")
