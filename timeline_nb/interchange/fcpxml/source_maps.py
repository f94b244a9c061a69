"""Maps from one time to another, by points between which they run straight."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.flat import FlatKey

__all__ = ["Axis", "TimeMap", "read_time_map", "source_of"]

Time = Callable[[XmlElement, str], Fraction]
# More than anybody sets by hand, fewer than an edit's keyframes of a rate may be.
_MOST_POINTS: Final = 500
# Final Cut counts sound in 720,000ths of a second; what is finer comes of divisions.
_FINE: Final = 10**6


@dataclass(frozen=True)
class Axis:
    """The seconds of the edit at which the own time of an element is shown.

    Args:
        scale: Edit seconds a second; below 0 where it runs backwards.
        shift: The edit second of its second 0.
        low: The first second of the edit at which anything of it can be seen.
        high: The second after the last.
    """

    scale: Fraction
    shift: Fraction
    low: Fraction
    high: Fraction

    def at(self, own: Fraction) -> Fraction:
        """Return the edit second of an own time."""
        return self.shift + own * self.scale

    def own(self, at: Fraction) -> Fraction:
        """Return the own time of an edit second."""
        return (at - self.shift) / self.scale

    def inner(self, offset: Fraction, start: Fraction, factor: Fraction) -> "Axis":
        """Return the axis of an element that stands on this one.

        Args:
            offset: Where it begins.
            start: Its own time there.
            factor: Seconds of this axis for each of its own.
        """
        scale = self.scale * factor
        return Axis(scale, self.at(offset) - start * scale, self.low, self.high)


@dataclass(frozen=True)
class TimeMap:
    """A map from a clip's own time to that of what it shows.

    Args:
        points: Own time and shown time, two at least, in order of own time.
        is_smooth: Whether the speed changes smoothly between them in Final Cut.
    """

    points: tuple[tuple[Fraction, Fraction], ...]
    is_smooth: bool = False

    def at(self, own: Fraction) -> Fraction:
        """Return the time that is shown; ends go on as they are."""
        number = bisect_right(self.points, own, key=lambda point: point[0])
        number = max(1, min(len(self.points) - 1, number))
        (left, low), (right, high) = self.points[number - 1], self.points[number]
        return low + (own - left) * (high - low) / (right - left)

    def parts(
        self, first: Fraction, last: Fraction
    ) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
        """Yield straight parts of a range of own time: start, end, speed."""
        inside = [time for time, _ in self.points[1:-1] if first < time < last]
        edges = [first, *inside, last]
        for left, right in pairwise(edges):
            yield left, right, (self.at(right) - self.at(left)) / (right - left)


def read_time_map(clip: XmlElement, time: Time) -> TimeMap | None:
    """Return the map of a clip's `timeMap`; None if it has none that says anything.

    Args:
        clip: The clip.
        time: Returns a time of an element's attribute.
    """
    element = clip.first("timeMap")
    if element is None:
        return None
    found: dict[Fraction, Fraction] = {}
    smooth = 0
    for point in element.all("timept"):
        found.setdefault(time(point, "time"), time(point, "value"))
        smooth += point.get("interp", "smooth2") != "linear"
    points = sorted(found.items())
    if len(points) > _MOST_POINTS:
        step = len(points) // _MOST_POINTS + 1
        points = [*points[:-1:step], points[-1]]
    if len(points) < 2:
        return None
    return TimeMap(tuple(points), smooth > 0 and len(points) > 2)


def source_of(
    axis: Axis,
    time_map: TimeMap | None,
    span: tuple[Fraction, Fraction],
    rate: Fraction,
    origin: Fraction,
) -> tuple[Fraction, Fraction, tuple[FlatKey, ...]]:
    """Return what a range of the edit shows: its first second, the speed, and a ramp.

    Args:
        axis: Of the clip.
        time_map: Of the clip.
        span: First and last second of the edit.
        rate: Frames a second of the edit.
        origin: The second by which the media call their start.
    """
    own = axis.own(span[0]), axis.own(span[1])
    if time_map is None:
        return _fine(own[0] - origin), 1 / axis.scale, ()
    start = _fine(time_map.at(own[0]) - origin)
    parts = list(time_map.parts(min(own), max(own)))
    if own[0] > own[1]:
        parts.reverse()
    speeds = [speed / axis.scale for _, _, speed in parts]
    if len(set(speeds)) == 1:
        return start, _fine(speeds[0]), ()
    keys = tuple(
        FlatKey(
            frame=(axis.at(left if own[0] < own[1] else right) - span[0]) * rate,
            value=float(speed),
            interpolation="hold",
        )
        for (left, right, _), speed in zip(parts, speeds, strict=True)
    )
    mean = (time_map.at(own[1]) - time_map.at(own[0])) / (span[1] - span[0])
    return start, mean, keys


def _fine(seconds: Fraction) -> Fraction:
    return seconds.limit_denominator(_FINE)
