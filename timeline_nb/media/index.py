"""The frame index: every frame of a stream by number, PTS and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.file_limits import MAX_ANIMATION_FRAMES
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import announced_rates, open_input, tick, video_stream
from timeline_nb.media.cadence import cadence_of
from timeline_nb.media.clock import JOINED_FORMATS
from timeline_nb.media.clock_breaks import clock_parts, joined
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.packets import UNKNOWN, PacketNames, PacketTable, read_packets
from timeline_nb.media.picture_order import (
    Coding,
    decoded_order,
    head_of,
    stamped_order,
)
from timeline_nb.media.safety import check_animation

__all__ = ["READING", "ClockBreak", "FrameIndex", "build_index"]

# Raised when numbering or timing of frames changes: what is kept on disk by
# numbers or times is outdated then.
READING: Final = 3
# Formats that are decoded from the first frame on.
_ANIMATIONS: Final = {"apng", "gif", "webp_anim"}


@dataclass(frozen=True)
class ClockBreak:
    """Where a file's clock begins again, as in recordings joined end to end.

    Args:
        frame: The first frame on the new clock.
        shift: Seconds that were added to the file's stamps from there on, so that
            the frame follows the one before it.
    """

    frame: int
    shift: Fraction


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """The frames of a video stream in the order they are shown.

    Media time 0 is the first frame. PTS are in ticks of `time_base`: those of the
    file where they are exact. Where the container's clock has rounded them, has
    none, or the same ones twice, they are corrected on a finer clock.

    Args:
        stream: The stream's number in the file.
        pts: `(n,) int64`, rising; each frame's presentation time stamp.
        keyframe: `(n,) bool`; whether decoding can begin there.
        packet: `(n,) int64`; the number of each frame's packet in the order of
            decoding.
        stamp: `(n,) int64`; the file's own presentation stamps, in ticks of
            its own clock.
        end_pts: When the last frame is over.
        time_base: Seconds a tick of `pts`.
        start_time: Seconds on the clock of `pts` at media time 0.
        rate: Frames a second; of a rate that varies, what most frames come at.
        is_vfr: Whether frames last unequally.
        packets: Identifies the stream's packets.
        breaks: Where the file's clock begins again.

    Example:
        >>> index = src.index
        >>> len(index), index.time_of(50), index.end_of(50)
        (250, Fraction(2, 1), Fraction(51, 25))
    """

    stream: int
    pts: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    packet: NDArray[np.int64]
    stamp: NDArray[np.int64]
    end_pts: int
    time_base: Fraction
    start_time: Fraction
    rate: Fraction
    is_vfr: bool
    packets: PacketNames
    breaks: tuple[ClockBreak, ...] = ()

    def __len__(self) -> int:
        return len(self.pts)

    def time_of(self, number: int) -> Fraction:
        """Return the media time, in seconds, at which frame `number` is first shown.

        Example:
            >>> src.index.time_of(50)
            Fraction(2, 1)
        """
        return int(self.pts[number]) * self.time_base - self.start_time

    def end_of(self, number: int) -> Fraction:
        """Return the media time at which frame `number` gives way to the next.

        Example:
            >>> src.index.end_of(0)
            Fraction(1, 25)
        """
        if number + 1 < len(self.pts):
            return self.time_of(number + 1)
        return self.end_pts * self.time_base - self.start_time

    def frame_at(self, time: Fraction) -> int:
        """Return the number of the frame shown at a media time, clamped to the film.

        Example:
            >>> from fractions import Fraction
            >>> src.index.frame_at(Fraction("0.05"))
            1
        """
        ticks = (time + self.start_time) / self.time_base
        last_begun = ticks.numerator // ticks.denominator
        number = int(np.searchsorted(self.pts, last_begun, side="right")) - 1
        return max(0, number)

    def number_of(self, pts: int) -> int:
        """Return the number of the frame with this PTS.

        Raises:
            MediaError: No frame has it.

        Example:
            >>> src.index.number_of(25600)
            50
        """
        number = int(np.searchsorted(self.pts, pts))
        if number == len(self.pts) or self.pts[number] != pts:
            raise MediaError(f"stream {self.stream} has no frame with PTS {pts}")
        return number

    def keyframe_before(self, number: int) -> int:
        """Return the last frame at or before `number` where decoding can begin.

        Example:
            >>> src.index.keyframe_before(100)
            76
        """
        place = int(np.searchsorted(self._keyframes, number, side="right")) - 1
        return int(self._keyframes[place]) if place >= 0 else 0

    def number_of_packet(self, packet: int) -> int | None:
        """Return the number of the frame that a packet holds; None if it shows none.

        :meta private:
        """
        numbers = self._of_packet
        number = int(numbers[packet]) if 0 <= packet < len(numbers) else -1
        return number if number >= 0 else None

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """`(n,) int64`: each frame's place among all in the order of decoding.

        :meta private:
        """
        return np.argsort(np.argsort(self.packet)).astype(np.int64)

    def keyframe_after(self, number: int) -> int:
        """Return the next frame after `number` where decoding can begin, or the end.

        Example:
            >>> src.index.keyframe_after(1)
            30
        """
        place = int(np.searchsorted(self._keyframes, number, side="right"))
        keys = self._keyframes
        return int(keys[place]) if place < len(keys) else len(self)

    @cached_property
    def clean_cuts(self) -> NDArray[np.bool_]:
        """`(n + 1,) bool`: whether the frames before a number are decoded before it.

        Only there can packets be cut without a frame being lost or left over.

        :meta private:
        """
        foremost = np.maximum.accumulate(self.rank)
        clean = foremost == np.arange(len(self.rank))
        return np.concatenate([[True], clean])

    @cached_property
    def _keyframes(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.keyframe)

    @property
    def is_on_grid(self) -> bool:
        """Whether all frames come at multiples of one step, some perhaps left out.

        Example:
            >>> src.index.is_on_grid
            True
        """
        step = 1 / self.rate / self.time_base
        if step.denominator != 1:
            return False
        return not bool(((self.pts - self.pts[0]) % step.numerator).any())

    @cached_property
    def _of_packet(self) -> NDArray[np.int64]:
        numbers = np.full(len(self.packets), -1, np.int64)
        numbers[self.packet] = np.arange(len(self.packet))
        return numbers


def build_index(info: MediaInfo, *, reporter: Reporter | None = None) -> FrameIndex:
    """Index the first video stream of a file.

    Its packets are read. Where they do not determine the pictures, or their
    order, these are decoded, once.

    Raises:
        MediaError: The file has no pictures, or breaks off before its first frame.
        JobCancelledError: The job was cancelled.
    """
    if not info.video:
        raise MediaError(Message("{path} has no pictures to index", path=info.path))
    stream = info.video[0]
    with open_input(info.path) as container:
        source = video_stream(container, stream.index)
        coding = Coding.of(container, source)
        is_animation = container.format.name in _ANIMATIONS
        most = MAX_ANIMATION_FRAMES.value + 1 if is_animation else None
        table = read_packets(
            container, source, total=stream.frame_count, most=most, reporter=reporter
        )
        if is_animation:
            size = stream.width, stream.height
            check_animation(Path(info.path), len(table), *size)
        base = tick(source)
        announced = announced_rates(source)
    building = _Building(info, coding, table, base, announced, reporter)
    return building.index()


@dataclass(frozen=True)
class _Building:
    """An index in the making.

    Args:
        info: The file.
        coding: How its pictures are coded.
        table: Their packets.
        base: Seconds a tick of the stream's clock.
        announced: The rates that the file announces.
        reporter: Reports progress.
    """

    info: MediaInfo
    coding: Coding
    table: PacketTable
    base: Fraction
    announced: Sequence[Fraction]
    reporter: Reporter | None

    def index(self) -> FrameIndex:
        """Return the index.

        Raises:
            MediaError: There are no frames.
        """
        table = self.table
        if not len(table):
            return self._of(np.zeros(0, np.int64), np.zeros(0, np.int64))
        parts = clock_parts(table, self.base, self.coding.formats)
        if parts[-1] or not self.coding.determines_pictures(table):
            return self._of(self._decoded(None), parts)
        order = stamped_order(table, parts)
        if len(np.unique(table.stamps[order])) < len(order):
            return self._of(self._decoded(None), parts)
        head = head_of(table)
        if head:
            seen = set(self._decoded(head).tolist())
            order = order[[n >= head or n in seen for n in order.tolist()]]
        index = self._of(order, parts)
        if (
            index.is_vfr
            and not self.coding.has_presentation_order
            and not index.is_on_grid
        ):
            # Stamps so uneven may be those of an untidy writer, in a wrong order.
            return self._of(self._decoded(None), parts)
        return index

    def _decoded(self, most: int | None) -> NDArray[np.int64]:
        return decoded_order(
            self.info.path,
            self.info.video[0].index,
            self.table,
            most=most,
            reporter=self.reporter,
        )

    def _of(self, order: NDArray[np.int64], parts: NDArray[np.int64]) -> FrameIndex:
        """Return the index of pictures whose packets are shown in this order."""
        table, stream = self.table, self.info.video[0]
        if not len(order):
            why = (
                Message("the file breaks off")
                if table.broken
                else Message("nothing decodes")
            )
            raise MediaError(
                Message(
                    "{path}: stream {index} has no frames: {why}",
                    path=self.info.path,
                    index=stream.index,
                    why=why,
                )
            )
        base, stamps = self._stamps(order)
        shown = np.maximum.accumulate(parts[order])
        # The packet of a field lasts half as long as its picture.
        counts = base == self.base and not table.has_fields
        length = table.duration[order] * counts
        if self.coding.reorders:
            # Durations are the times between packets in decoding order; that of the
            # one decoded last holds for the picture shown last.
            length = np.full(len(order), table.duration[-1] * counts)
        for part in np.unique(shown):
            here = shown == part
            stamps[here] = np.sort(stamps[here])
        stamps, shifts = joined(stamps, shown)
        end = int((stamps + length).max())
        guessed = bool(self.coding.formats & JOINED_FORMATS)
        cadence = cadence_of(stamps, end, base, self.announced, guessed=guessed)
        firsts = np.searchsorted(shown, np.unique(shown)[1:])
        return FrameIndex(
            stream=stream.index,
            pts=cadence.pts,
            keyframe=table.keyframe[order],
            packet=order,
            stamp=table.stamps[order],
            end_pts=cadence.end_pts,
            time_base=cadence.time_base,
            start_time=int(cadence.pts[0]) * cadence.time_base,
            rate=cadence.rate,
            is_vfr=cadence.is_vfr,
            packets=table.names,
            breaks=tuple(
                ClockBreak(int(first), shift * base)
                for first, shift in zip(firsts, shifts, strict=True)
            ),
        )

    def _stamps(self, order: NDArray[np.int64]) -> tuple[Fraction, NDArray[np.int64]]:
        """Return seconds a tick, and the stamps of pictures in the order shown."""
        stamps = self.table.stamps[order]
        announced = stamps != UNKNOWN
        if not announced.any():
            rate = next(iter(self.announced), Fraction(25))
            return 1 / rate, np.arange(len(order))
        if not announced.all():
            places = np.arange(len(order))
            filled = np.interp(places, places[announced], stamps[announced])
            stamps = np.where(announced, stamps, np.rint(filled).astype(np.int64))
        return self.base, stamps
