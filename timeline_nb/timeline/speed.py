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
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange, to_fraction
from timeline_nb.timeline.model import Clip, Effect
from timeline_nb.timeline.ramp import FINE, Ramp, parse_speed, ramp_of

__all__ = ["Speed", "available_of", "speed_of"]

# A day: no clip is longer.
_FAR: Final = Fraction(86_400)
# The edge of what a ramp shows of its media is found to a part of a second that is
# finer than a frame and a sample of sound.
_EDGE: Final = Fraction(1, 12_800)
# What runs backwards shows, at an edge, the frame before it.
_HAIR: Final = Fraction(1, 1_000_000)


@dataclass(frozen=True)
class Speed:
    """The map from a clip's time to the time of its media.

    Args:
        time: A moment of the clip's time.
        media: The second of the media that it shows.
        rate: Media seconds a second, where there is no ramp.
        ramp: The rates, where they change.
    """

    time: Fraction
    media: Fraction
    rate: Fraction
    ramp: Ramp | None = None

    def rate_at(self, time: Fraction) -> Fraction:
        """Return media seconds a second, at a moment of the clip's time."""
        return self.rate if self.ramp is None else self.ramp.rate_at(time)

    def media_time(self, time: Fraction) -> Fraction:
        """Return the media second that is shown at a moment of the clip's time."""
        if self.ramp is None:
            return self.media + (time - self.time) * self.rate
        passed = self.ramp.passed(time) - self.ramp.passed(self.time)
        return self.media + passed.limit_denominator(FINE)

    def frame_time(self, time: Fraction) -> Fraction:
        """Return the media second whose frame is shown at a moment of the clip's time.

        Backwards, a frame is shown from its end on: at its own start, the one before.
        """
        media = self.media_time(time)
        return media - _HAIR if self.rate_at(time) < 0 else media

    def shown(self, span: TimeRange) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest media second of a range of clip time."""
        edges = [span.start, span.end]
        if self.ramp is not None:
            inside = self.ramp.edges(span.start, 1)
            edges += [edge for edge in inside if edge < span.end]
        times = [self.media_time(edge) for edge in edges]
        return min(times), max(times)

    def available(self, media: TimeRange, around: Fraction) -> TimeRange:
        """Return the range of clip time around a moment in which there is media."""
        if self.ramp is None and self.rate:
            edges = sorted(
                self.time + (edge - self.media) / self.rate
                for edge in (media.start, media.end)
            )
            return TimeRange.between(*edges)
        return _available(self, media, around)

    def _reach(self, media: TimeRange, around: Fraction, way: int) -> Fraction:
        """Return the seconds from a moment, one way, until the media ends."""

        def has_media(distance: Fraction) -> bool:
            shown = self.media_time(around + way * distance)
            return media.start <= shown <= media.end

        near = Fraction(0)
        if not has_media(near):
            return near
        edges = self.ramp.edges(around, way) if self.ramp else ()
        for edge in (*edges, around + way * _FAR):
            far: Fraction = min(abs(edge - around), _FAR)
            if not has_media(far):
                break
            if far == _FAR:
                return far
            near = far
        # The media runs one way between the two, so it ends at one place.
        first: int = near // _EDGE
        last: int = -(-far // _EDGE)
        while last - first > 1:
            middle = (first + last) // 2
            if has_media(middle * _EDGE):
                first = middle
            else:
                last = middle
        return Fraction(first * _EDGE)


# Validation and every edge that is dragged ask for the same ones.
@lru_cache(maxsize=4096)
def _available(speed: Speed, media: TimeRange, around: Fraction) -> TimeRange:
    return TimeRange.between(
        around - speed._reach(media, around, -1),  # noqa: SLF001 - its own module
        around + speed._reach(media, around, 1),  # noqa: SLF001
    )


def speed_of(clip: Clip) -> Speed | None:
    """Return how a clip is retimed; None if it is played as it was shot.

    Raises:
        TimelineError: The effect's parameters make no sense; the clip is named.
    """
    for effect in clip.effects:
        if effect.kind == "speed" and effect.enabled:
            try:
                return _speed(effect, clip.source_range.start)
            except TimelineError as error:
                raise TimelineError(
                    f"clip {clip.label}: the effect 'speed': {error}"
                ) from error
            except (TypeError, ValueError, ArithmeticError):
                # The value is not shown, here or as a cause: it may be of a file.
                raise TimelineError(
                    f"clip {clip.label}: the effect 'speed' has a rate, time or media "
                    "that cannot be used: each is a number, or a fraction as text"
                ) from None
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
    if not keys:
        return Speed(time, media, parse_speed(given.get("rate", 1)))
    ramp = ramp_of(keys)
    # One keyframe is no ramp: its time is exact.
    return Speed(time, media, ramp.rates[0], ramp if ramp.curves else None)
