"""Speed: the media time of a clip that is retimed.

A clip's `source_range` is the stretch of time it takes; its `speed` effect maps that
time to the media, as OpenTimelineIO's LinearTimeWarp does. The map is anchored at one
moment (`time`, which shows the second `media`), so that splits, trims and slips change
nothing of what is shown. A rate of 2 is twice as fast, -1 runs backwards, 0 freezes;
keyframes make ramps.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange, to_fraction
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.model import Clip, Effect, Keyframe

__all__ = ["MAX_RATE", "Speed", "available_of", "speed_of"]

MAX_RATE: Final = 100
# Linear steps a keyframe in which an eased ramp is approximated.
_STEPS: Final = 32
_FINE: Final = 1_000_000
# A day: no clip is longer.
_FAR: Final = Fraction(86_400)


@dataclass(frozen=True)
class Speed:
    """The map from a clip's time to the time of its media.

    Args:
        time: A moment of the clip's time.
        media: The second of the media that it shows.
        turns: Moments and rates, between which the rate changes linearly; one if it
            never changes.
    """

    time: Fraction
    media: Fraction
    turns: tuple[tuple[Fraction, Fraction], ...]

    def rate_at(self, time: Fraction) -> Fraction:
        """Return media seconds a second, at a moment of the clip's time."""
        before = [turn for turn in self.turns if turn[0] <= time]
        after = self.turns[len(before) :]
        if not before:
            return self.turns[0][1]
        (t0, r0) = before[-1]
        if not after:
            return r0
        (t1, r1) = after[0]
        return r0 + (r1 - r0) * (time - t0) / (t1 - t0)

    def media_time(self, time: Fraction) -> Fraction:
        """Return the media second that is shown at a moment of the clip's time."""
        if len(self.turns) == 1:
            return self.media + (time - self.time) * self.turns[0][1]
        passed = self._passed(time) - self._passed(self.time)
        return self.media + passed.limit_denominator(_FINE)

    def _passed(self, time: Fraction) -> Fraction:
        """Return the media seconds since the first turn."""
        start, rate = self.turns[0]
        if time <= start:
            return (time - start) * rate
        total = Fraction(0)
        for (t0, r0), (t1, r1) in pairwise(self.turns):
            if time <= t1:
                return total + (time - t0) * (r0 + self.rate_at(time)) / 2
            total += (t1 - t0) * (r0 + r1) / 2
        last, rate = self.turns[-1]
        return total + (time - last) * rate

    def available(self, media: TimeRange, around: Fraction) -> TimeRange:
        """Return the range of clip time around a moment in which there is media."""
        if len(self.turns) == 1 and (rate := self.turns[0][1]):
            edges = sorted(
                self.time + (edge - self.media) / rate
                for edge in (media.start, media.end)
            )
            return TimeRange.between(*edges)
        return TimeRange.between(
            around - self._reach(media, around, -1),
            around + self._reach(media, around, 1),
        )

    def _reach(self, media: TimeRange, around: Fraction, way: int) -> Fraction:
        """Return the seconds from a moment, one way, until the media ends."""
        step = Fraction(1, 50)
        near = Fraction(0)
        last = max(turn[0] for turn in self.turns)
        while near < _FAR:
            there = self.media_time(around + way * (near + step))
            if not media.start <= there <= media.end:
                break
            near += step
            if abs(around + way * near) > abs(last) + 1:
                step = min(step * 2, Fraction(64))
        else:
            return _FAR
        while step > Fraction(1, 10_000):
            step /= 2
            there = self.media_time(around + way * (near + step))
            if media.start <= there <= media.end:
                near += step
        return near.limit_denominator(_FINE)


def speed_of(clip: Clip) -> Speed | None:
    """Return how a clip is retimed; None if it is played as it was shot.

    Raises:
        TimelineError: The effect's parameters make no sense; the clip is named.
    """
    for effect in clip.effects:
        if effect.kind == "speed" and effect.enabled:
            try:
                return _speed(effect, clip.source_range.start)
            except (TypeError, ValueError, ArithmeticError) as error:
                raise TimelineError(
                    f"clip {clip.label}: the effect 'speed' has a rate, time or media "
                    f"that is no number: {error}"
                ) from error
    return None


def available_of(clip: Clip) -> TimeRange | None:
    """Return the range of the clip's time that has media; None if it has no end."""
    media, speed = clip.media.available_range, speed_of(clip)
    if media is None or speed is None:
        return media
    return speed.available(media, clip.source_range.start)


def _speed(effect: Effect, start: Fraction) -> Speed:
    given = effect.parameters
    time = to_fraction(given.get("time", start))
    media = to_fraction(given.get("media", time))
    keys = effect.keyframes.get("rate")
    turns = _turns(keys) if keys else ((time, _rate(given.get("rate", 1))),)
    return Speed(time, media, turns)


def _rate(value: float | str) -> Fraction:
    rate = to_fraction(value).limit_denominator(_FINE)
    if abs(rate) > MAX_RATE:
        raise ValueError(f"a rate of {float(rate):g} is beyond {MAX_RATE}")
    return rate


@lru_cache(maxsize=256)
def _turns(keys: tuple[Keyframe, ...]) -> tuple[tuple[Fraction, Fraction], ...]:
    turns: list[tuple[Fraction, Fraction]] = []
    for left, right in pairwise(keys):
        length = right.time - left.time
        steps = 1 if left.interpolation == "linear" else _STEPS
        if left.interpolation == "hold":
            hair = Fraction(1, _FINE)
            turns += [
                (left.time, _rate(left.value)),
                (right.time - hair, _rate(left.value)),
            ]
            continue
        for number in range(steps):
            moment = left.time + length * number / steps
            turns.append((moment, _rate(value_at(keys, moment))))
    turns.append((keys[-1].time, _rate(keys[-1].value)))
    return tuple(turns)
