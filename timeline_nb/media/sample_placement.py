"""Place the frames of an audio stream in time, by their stamps."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, Final

import av

from timeline_nb.media.clock import Clock, is_break

__all__ = ["FrameGrid", "SamplePlacement"]

# Stamps may jitter by a container's rounding; what is further off is a hole, or sound
# that was repeated, if the frames that follow confirm it.
_HOLE_S: Final = 0.02
_HOLES_S: Final = {"asf": 0.1}
_WITNESSES: Final = 4
# Packets that are further off than this belong to another part of a joined file.
_PART_S: Final = Fraction(1, 5)
# Frames without a stamp that are held until one has it.
_HELD: Final = 64
# The coarsest clock of a container in use.
_ROUNDING_S: Final = Fraction(1, 1000)


@dataclass(frozen=True)
class FrameGrid:
    """Where a codec's frames begin: `origin` plus any number of steps, in seconds.

    Matroska and others round stamps to a millisecond, up to 24 samples off; frames of
    equal length give the exact sample.
    """

    origin: Fraction
    step: Fraction | None

    def nearest(self, time: Fraction) -> Fraction:
        """Return the time on the grid that was rounded to a time."""
        if self.step is None:
            return time
        place = self.origin + round((time - self.origin) / self.step) * self.step
        return place if abs(place - time) <= _ROUNDING_S else time


class SamplePlacement:
    """Places frames end to end, and apart where there is a gap between them.

    Frames without a stamp follow those before them.

    Args:
        clock: Converts stamps to media time.
        container: FFmpeg's name of the format.
        first: The raw second at which the stream begins, where it is read from its
            first frame on; None after a seek, where frames before the first stamp are
            left out.
        grid: Where frames begin, if stamps are rounded.
        follows: Whether a part after a break that the clock does not know of follows
            the part before it.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        container: str,
        first: Fraction | None,
        grid: FrameGrid | None,
        follows: bool,
    ) -> None:
        self._clock, self._container = clock, container
        self._first, self._grid, self._follows = first, grid, follows
        self._hole_s = _HOLES_S.get(container, _HOLE_S)
        # What is added to stamps in the part that is read.
        self._moved = clock.media_time(Fraction(0))
        self._moved_s = float(self._moved)
        self._latest: av.AudioFrame | None = None
        # The current run of frames: where it began, and its samples by rate.
        self._begun = Fraction(0)
        self._counts: dict[int, int] = {}
        self._due = 0.0

    @property
    def due(self) -> Fraction:
        """The media time at which the next frame begins if there is no gap."""
        parts = (Fraction(count, rate) for rate, count in self._counts.items())
        return self._begun + sum(parts, Fraction(0))

    def passes(self, packet: "av.Packet[Any]", until: Fraction) -> bool:
        """Return whether a packet ends before a media time, and need not be decoded.

        Called with packets in the order of the file, before any frame is placed.
        """
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is None or self._latest is not None:
            return False
        base = Fraction(packet.time_base or 1)
        raw = stamp * base
        if abs(raw + self._moved - self.due) > _PART_S:
            self._rejoin(raw)
        self._begun = raw + self._moved + (packet.duration or 0) * base
        return self._begun < until

    def placed(
        self, frames: Iterator[av.AudioFrame]
    ) -> Iterator[tuple[Fraction | None, av.AudioFrame]]:
        """Yield frames, each with its media time if it does not follow the one before.

        `due` is where it begins if it does.
        """
        ahead = _Ahead(frames)
        begun = False
        for frame in ahead:
            if begun:
                begins = self._gap(frame, ahead)
            else:
                begins = self._first_place(frame, ahead)
                if begins is None:
                    continue
                begun = True
            if begins is not None:
                begins = self._grid.nearest(begins) if self._grid else begins
                self._begun, self._counts = begins, {}
                self._due = float(begins)
            yield begins, frame
            rate = frame.sample_rate
            self._counts[rate] = self._counts.get(rate, 0) + frame.samples
            self._due += frame.samples / rate
            if frame.pts is not None:
                self._latest = frame

    def _first_place(self, frame: av.AudioFrame, ahead: "_Ahead") -> Fraction | None:
        """Return where the first frame begins; None if it is unknown."""
        if frame.pts is not None:
            return self._time(frame)
        if self._first is None:
            return None
        before = Fraction(frame.samples, frame.sample_rate)
        for other in ahead.look(_HELD):
            if other.pts is not None:
                return self._time(other) - before
            before += Fraction(other.samples, other.sample_rate)
        return self._clock.media_time(self._first)

    def _gap(self, frame: av.AudioFrame, ahead: "_Ahead") -> Fraction | None:
        """Return where a frame begins; None if it follows the one before."""
        if frame.pts is None or self._is_due(frame, self._due):
            return None
        if not self._is_witnessed(frame, ahead):
            return None
        before = self._moved
        self._rejoin(_raw(frame))
        if self._clock.shifts and self._moved != before:
            # Pictures give the distance of the parts, to the sample.
            return self._time(frame)
        return None if self._is_due(frame, self._due) else self._time(frame)

    def _is_due(self, frame: av.AudioFrame, due: float) -> bool:
        return abs(self._off(frame, due)) <= self._hole_s

    def _off(self, frame: av.AudioFrame, due: float) -> float:
        """Return by how many seconds a frame's stamp is later than its turn."""
        return (frame.time or 0.0) + self._moved_s - due

    def _is_witnessed(self, frame: av.AudioFrame, ahead: "_Ahead") -> bool:
        """Return whether the next frames are off to the same side."""
        is_late = self._off(frame, self._due) > 0
        due = self._due + frame.samples / frame.sample_rate
        for other in ahead.look(_WITNESSES):
            if other.pts is not None:
                is_off = not self._is_due(other, due)
                if not is_off or (self._off(other, due) > 0) is not is_late:
                    return False
            due += other.samples / other.sample_rate
        return True

    def _rejoin(self, raw: Fraction) -> None:
        """Where a clock restarts, switch to the part that a raw time belongs to."""
        if self._clock.shifts:
            # Of the remaining parts, the one that continues the sound best.
            self._moved = min(
                self._left_moves(), key=lambda moved: abs(raw + moved - self.due)
            )
        elif self._follows and self._is_break(raw):
            self._moved = self.due - raw
        self._moved_s = float(self._moved)

    def _is_break(self, raw: Fraction) -> bool:
        latest = self._latest
        return latest is not None and is_break(
            _raw(latest), raw, container=self._container
        )

    def _left_moves(self) -> list[Fraction]:
        clock = self._clock
        moves = [clock.media_time(Fraction(0), k) for k in range(len(clock.shifts) + 1)]
        return moves[moves.index(self._moved) :]

    def _time(self, frame: av.AudioFrame) -> Fraction:
        return _raw(frame) + self._moved


def _raw(frame: av.AudioFrame) -> Fraction:
    """Return a frame's stamp in seconds."""
    return (frame.pts or 0) * Fraction(frame.time_base or 1)


class _Ahead:
    """Frames in order, the next few of which can be looked at before."""

    def __init__(self, frames: Iterator[av.AudioFrame]) -> None:
        self._frames = frames
        self._seen: deque[av.AudioFrame] = deque()

    def __iter__(self) -> Iterator[av.AudioFrame]:
        while True:
            frame = self._seen.popleft() if self._seen else next(self._frames, None)
            if frame is None:
                return
            yield frame

    def look(self, count: int) -> list[av.AudioFrame]:
        """Return the next `count` frames, fewer at the end."""
        while len(self._seen) < count:
            frame = next(self._frames, None)
            if frame is None:
                break
            self._seen.append(frame)
        return list(islice(self._seen, count))
