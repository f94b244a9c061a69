"""A probed media file: its frames by time, number and PTS."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import partial
from operator import index as whole_number
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.media_addresses import LASTS_S
from timeline_nb.errors import MediaError, TimeError
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.notebook.addresses import address_of
from timeline_nb.notebook.frames import FrameSequence, checked_size
from timeline_nb.notebook.media_facts import MediaFacts
from timeline_nb.timebase import (
    MICROSECOND,
    TimeLike,
    TimeRange,
    is_float,
    parse_rate,
    parse_time,
)

if TYPE_CHECKING:
    pass

__all__ = ["MediaFile"]


class MediaFile(MediaFacts):
    """A probed media file, and its frames.

    Args:
        info: What the probe found.
        studio: Whose caches and threads to use.
    """

    def frame(
        self,
        at: TimeLike | None = None,
        *,
        number: SupportsIndex | None = None,
        pts: SupportsIndex | None = None,
        size: tuple[int, int] | None = None,
    ) -> NDArray[np.uint8]:
        """Decode a frame: `(H, W, 3) uint8 RGB`, upright; the first if none is named.

        The decoder stays open, so that the next frame of the file costs less.
        Interlaced frames are as coded (players and renders deinterlace them); HDR is
        mapped to BT.709.

        Args:
            at: The frame shown at this media time. A float within a microsecond of a
                frame's start, such as a table's `time_s`, is that frame.
            number: Or the frame of this number, from 0 in the order shown.
            pts: Or the frame of this presentation time stamp.
            size: Width and height in pixels; the file's own if not given.

        Raises:
            MediaError: The file has no pictures, no such frame, or it does not decode.
            TimeError: The time lies outside the file, or more than one is named.

        Example:
            >>> src.frame("2s").shape
            (272, 640, 3)
            >>> src.frame(number=50, size=(320, 136)).shape
            (136, 320, 3)
        """
        wanted = checked_size(size)
        return self.read_frame(at, number=number, pts=pts).to_rgb(wanted)

    def read_frame(
        self,
        at: TimeLike | None = None,
        *,
        number: SupportsIndex | None = None,
        pts: SupportsIndex | None = None,
    ) -> Frame:
        """Decode a frame with its number, PTS and time; see `frame`.

        Example:
            >>> frame = src.read_frame("2s")
            >>> frame.number, frame.id.pts, frame.time
            (50, 25600, Fraction(2, 1))
            >>> frame.to_rgb().shape
            (272, 640, 3)
        """
        named = [one for one in (at, number, pts) if one is not None]
        if len(named) > 1:
            raise TimeError(
                f"{self.name}: name a frame by one of at=, number= and pts=, not by "
                f"{len(named)}"
            )
        self._insist_on_pictures()
        with self.decoder() as decoder:
            index = decoder.index
            if number is not None:
                return decoder.frame(self._checked(_whole(number, "number"), index))
            if pts is not None:
                return decoder.frame(self._number_of(_whole(pts, "pts"), index))
            return decoder.frame(0 if at is None else self._number_at(at, index))

    def frames(
        self,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        *,
        every: int | None = None,
        rate: TimeLike | None = None,
        size: tuple[int, int] | None = None,
    ) -> FrameSequence:
        """Decode frames one after another, as a loop asks for them.

            for frame in src.frames("2s", "4s", rate=10, size=(640, 360)):
                ...

        Args:
            start: The first media time; the file's start if not given.
            end: Frames that begin from here on are left out; the file's end if not
                given.
            every: Only each `every`-th frame.
            rate: Or so many frames per second, repeated or left out.
            size: Width and height in pixels; the file's own if not given.

        Returns:
            A sequence of `(H, W, 3) uint8 RGB` arrays with a length.

        Raises:
            MediaError: The file has no pictures.
            TimeError: There are no such frames, or both `every` and `rate` are given.

        Example:
            >>> for frame in src.frames("2s", "4s", rate=10, size=(320, 136)):
            ...     last = frame
            >>> last.shape
            (136, 320, 3)
            >>> len(src.frames(every=25))
            10
        """
        if rate is None:
            step = 1 if every is None else every
            numbers: Sequence[int] = self.numbers(start, end, every=step)
        elif every is None:
            numbers = self._sampled(start, end, parse_rate(rate))
        else:
            raise TimeError(f"{self.name}: frames take every= or rate=, not both")
        return FrameSequence(numbers, self.decoder, checked_size(size))

    def numbers(
        self,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        *,
        every: int = 1,
    ) -> Sequence[int]:
        """Return the numbers of each `every`-th frame shown from `start` up to `end`.

        Raises:
            MediaError: The file has no pictures.
            TimeError: There are no such frames.

        Example:
            >>> src.numbers("2s", "3s", every=10)
            range(50, 75, 10)
        """
        every = _whole(every, "every")
        if every < 1:
            raise TimeError(f"every={every!r}: give 1 for all frames, 2 for half")
        span = self._span(start, end)
        index = self.index
        first, last = index.frame_at(span.start), index.frame_at(span.end)
        if index.time_of(last) >= span.end and last > first:
            last -= 1
        return range(first, last + 1, every)

    def time(self, value: TimeLike) -> Fraction:
        """Read a media time; a float beside a frame's start is that frame's start.

        Raises:
            TimeError: It is not a time.

        Example:
            >>> src.time("50f"), src.time(0.04), src.time("00:00:01:00")
            (Fraction(2, 1), Fraction(1, 25), Fraction(1, 1))
        """
        if self.info.kind != "video":
            return parse_time(value)
        return self._exact(value, self.index)

    def url(self, *, lasts: TimeLike = LASTS_S) -> str:
        """Return an address at which a page of Jupyter's server reads the file.

        It is relative to the server's base URL, and shows nothing of the file; see
        `tl.serve`, which also plays it in a cell.

        Args:
            lasts: How long the address is good for; 12 hours if not given.

        Raises:
            ServerError: There is no Jupyter server, or the file is of a type that is
                not served, such as an image sequence.

        Example:
            >>> src.url()  # doctest: +SKIP
            'timeline_nb/media/5f0c.../WqG3...'
        """
        return address_of(self.info.path, self.studio, lasts=lasts)

    def decoder(self) -> AbstractContextManager[Decoder]:
        """Lend an open decoder of the file's pictures.

        Example:
            >>> with src.decoder() as decoder:
            ...     frame = decoder.frame(50)
            >>> frame.id.pts, frame.time
            (25600, Fraction(2, 1))
        """
        return self.studio.decoders.decoder(self.path, assumed=self.info.assumed)

    def _span(self, start: TimeLike | None, end: TimeLike | None) -> TimeRange:
        """Return the part of the file from `start` up to `end`; a still's is a point.

        Raises:
            MediaError: The file has no pictures.
            TimeError: Nothing of the file lies there.
        """
        self._insist_on_pictures()
        if self.info.kind == "image":
            return self.range
        first = self.range.start if start is None else self.time(start)
        last = self.range.end if end is None else self.time(end)
        if last <= first:
            raise TimeError(f"{self.name}: from {start!r} to {end!r} there is no time")
        shared = TimeRange.between(first, last).intersection(self.range)
        if shared is None:
            raise TimeError(
                f"{self.name} lasts {_seconds(self.duration)}: nothing of it lies from "
                f"{start!r} to {end!r}"
            )
        return shared

    def _sampled(
        self, start: TimeLike | None, end: TimeLike | None, rate: Fraction
    ) -> list[int]:
        """Return the frames shown at `start` and each `1 / rate` seconds after."""
        span = self._span(start, end)
        count = max(1, -(-span.duration * rate // 1))
        at = partial(self.index.frame_at)
        return [at(span.start + step / rate) for step in range(int(count))]

    def _exact(self, value: TimeLike, index: FrameIndex) -> Fraction:
        time = parse_time(value, index.rate)
        if not is_float(value):
            return time
        near = index.time_of(index.frame_at(time + MICROSECOND))
        return near if abs(near - time) <= MICROSECOND else time

    def _number_at(self, at: TimeLike, index: FrameIndex) -> int:
        """Return the number of the frame shown at a media time.

        Raises:
            TimeError: It lies outside the file.
        """
        if self.info.kind != "video":
            parse_time(at)
            return 0
        time, last = self._exact(at, index), len(index) - 1
        if index.time_of(0) <= time < index.end_of(last):
            return index.frame_at(time)
        raise TimeError(
            f"{self.name} lasts {_seconds(index.end_of(last))} and shows no frame at "
            f"{at!r}: its last, number {last}, begins at "
            f"{_seconds(index.time_of(last))}"
        )

    def _checked(self, number: int, index: FrameIndex) -> int:
        """Return a frame number.

        Raises:
            MediaError: There is no such frame.
        """
        if 0 <= number < len(index):
            return number
        raise MediaError(
            f"{self.name} has {len(index)} frames, 0 to {len(index) - 1}: there is no "
            f"frame {number}"
        )

    def _number_of(self, pts: int, index: FrameIndex) -> int:
        try:
            return index.number_of(pts)
        except MediaError as error:
            raise MediaError(f"{self.name}: {error}") from error


def _whole(value: SupportsIndex, name: str) -> int:
    try:
        return whole_number(value)
    except TypeError as error:
        raise TimeError(f"{name}={value!r} is not a whole number") from error


def _seconds(time: Fraction) -> str:
    return f"{float(time):.6g} s"
