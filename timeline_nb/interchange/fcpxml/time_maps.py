"""Speed: from ours to a `timeMap`, and back.

A `timeMap` maps a clip's own time (`time`) to that of its media (`value`) by points,
between which it runs straight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, isqrt
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.times import format_time
from timeline_nb.interchange.flat import FlatClip
from timeline_nb.timeline.ramp import Ramp, ramp_of

__all__ = ["WrittenSpeed", "written_speed"]

_MOST_PARTS: Final = 200

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class WrittenSpeed:
    """How a clip's speed is written.

    Args:
        first: The second of the clip's own time at which it begins.
        points: Of the map; none of a clip that is played as it was shot.
        error: The farthest that straight parts are from the ramp, in frames.
    """

    first: Fraction
    points: tuple[Point, ...] = ()
    error: Fraction = Fraction(0)

    @property
    def element(self) -> XmlElement | None:
        """The `timeMap`; None without one."""
        if not self.points:
            return None
        element = XmlElement("timeMap")
        for time, value in self.points:
            element.add(
                "timept",
                time=format_time(time),
                value=format_time(value),
                interp="linear",
            )
        return element


def written_speed(
    clip: FlatClip,
    origin: Fraction,
    rate: Fraction,
    handles: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0)),
) -> WrittenSpeed:
    """Return how a clip's speed is written.

    Args:
        clip: The clip.
        origin: The second by which the media call their start: their timecode.
        rate: Frames a second of the edit.
        handles: Frames before and behind the clip that transitions show.
    """
    start = origin + clip.source_start
    if clip.ramp:
        return _ramped(clip, start, rate, handles)
    if clip.speed == 1:
        return WrittenSpeed(start)
    before, after = (frames / rate for frames in handles)
    length = clip.duration / rate
    if clip.speed == 0:
        end = before + length + after
        return WrittenSpeed(before, ((Fraction(0), start), (end, start)))
    shown = (start - before * clip.speed, start + (length + after) * clip.speed)
    low, high = min(shown), max(shown)
    if clip.media.available is not None:
        low = min(low, origin + clip.media.available.start)
        high = max(high, origin + clip.media.available.end)
    if clip.speed > 0:
        own = [(media / clip.speed, media) for media in (low, high)]
        return WrittenSpeed(start / clip.speed, tuple(own))
    own = [((high - media) / -clip.speed, media) for media in (high, low)]
    return WrittenSpeed((high - start) / -clip.speed, tuple(own))


def _ramped(
    clip: FlatClip, start: Fraction, rate: Fraction, handles: tuple[Fraction, Fraction]
) -> WrittenSpeed:
    before, after = (frames / rate for frames in handles)
    length = clip.duration / rate
    ramp = ramp_of(tuple(key.at(key.frame / rate) for key in clip.ramp))
    zero = ramp.passed(Fraction(0))
    times = list(_times(ramp, -before, length + after, rate))
    points = [(time + before, start + ramp.passed(time) - zero) for time in times]
    error = Fraction(0)
    for left, right in pairwise(times):
        middle = (left + right) / 2
        straight = (ramp.passed(left) + ramp.passed(right)) / 2
        error = max(error, abs(ramp.passed(middle) - straight))
    exact = tuple((time, value.limit_denominator(10**9)) for time, value in points)
    return WrittenSpeed(before, exact, error * rate)


def _times(
    ramp: Ramp, first: Fraction, last: Fraction, rate: Fraction
) -> Iterator[Fraction]:
    """Yield times between which the media runs nearly straight."""
    inside = [time for time in ramp.times if first < time < last]
    for left, right in pairwise([first, *inside, last]):
        yield left
        parts = _parts(ramp, left, right, rate)
        step = (right - left) / parts
        yield from (left + number * step for number in range(1, parts))
    yield last


def _parts(ramp: Ramp, left: Fraction, right: Fraction, rate: Fraction) -> int:
    """Return in how many parts the error is below an eighth of a frame.

    A straight part of h seconds of a rate that changes by a each second is off by
    a h² / 8.
    """
    length = right - left
    rates = [ramp.rate_at(left + length * step / 16) for step in range(16)]
    change = max(rates) - min(rates)
    steepest = max((abs(b - a) * 16 for a, b in pairwise(rates)), default=change)
    if not steepest:
        return 1
    return min(_MOST_PARTS, isqrt(ceil(steepest * length * rate)) + 1)
