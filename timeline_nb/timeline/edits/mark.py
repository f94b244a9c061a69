"""Markers of the timeline: named ranges, in timeline seconds."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.limits import MAX_MARKERS
from timeline_nb.timeline.missing import missing
from timeline_nb.timeline.model import Marker, Timeline
from timeline_nb.timeline.validate import marker_problems

__all__ = ["add_marker", "add_markers", "remove_marker", "set_marker"]


def add_marker(
    timeline: Timeline,
    *,
    name: str,
    marked_range: TimeRange,
    color: str = "green",
    note: str = "",
) -> Timeline:
    """Add a marker to the timeline; markers are kept in order of time.

    Raises:
        TimelineError: It would begin before 0, or its name or color is none.
    """
    marker = Marker(name=name, marked_range=marked_range, color=color, note=note)
    return _with_markers(timeline, [*timeline.markers, marker])


def add_markers(timeline: Timeline, markers: Iterable[Marker]) -> Timeline:
    """Add markers to the timeline, in order of time; none that is there already.

    Raises:
        TimelineError: One begins before 0, its name or color is none, or they are too
            many.
    """
    known = {_key(marker) for marker in timeline.markers}
    new = list(timeline.markers)
    for marker in markers:
        if fault := next(marker_problems(marker), ""):
            raise TimelineError(fault)
        if _key(marker) not in known:
            known.add(_key(marker))
            new.append(marker)
    if len(new) == len(timeline.markers):
        return timeline
    if len(new) > MAX_MARKERS:
        raise TimelineError(
            Message(
                "{name} would have {count} markers, more than {most}",
                name=repr(timeline.name),
                count=f"{len(new):,}",
                most=f"{MAX_MARKERS:,}",
            )
        )
    return _with_markers(timeline, new)


def _key(marker: Marker) -> tuple[object, ...]:
    span = marker.marked_range
    return span.start, span.duration, marker.name, marker.color, marker.note


def set_marker(
    timeline: Timeline,
    place: int,
    *,
    at: Fraction | None = None,
    duration: Fraction | None = None,
    **fields: Any,
) -> Timeline:
    """Change a marker's time, or its `name`, `color` or `note`.

    Args:
        timeline: The timeline to edit.
        place: The marker's place among all, in order of time, from 0.
        at: Its new start.
        duration: Its new duration.
        fields: Its other new values.

    Raises:
        TimelineError: There is no such marker, or a value is not valid.
    """
    marker = timeline.markers[_checked(timeline, place)]
    span = marker.marked_range
    moved = TimeRange(
        span.start if at is None else at,
        span.duration if duration is None else duration,
    )
    changed = replace(marker, marked_range=moved, **fields)
    others = [other for other in timeline.markers if other is not marker]
    return _with_markers(timeline, [*others, changed])


def remove_marker(timeline: Timeline, which: str | int) -> Timeline:
    """Remove all markers of a name, or the one at a place in order of time.

    Raises:
        TimelineError: There is none.
    """
    markers = timeline.markers
    if isinstance(which, int):
        place = _checked(timeline, which)
        return replace(timeline, markers=markers[:place] + markers[place + 1 :])
    kept = tuple(marker for marker in markers if marker.name != which)
    if len(kept) == len(markers):
        raise TimelineError(
            Message(
                "{name} has no marker {which}",
                name=repr(timeline.name),
                which=repr(which),
            )
        )
    return replace(timeline, markers=kept)


def _with_markers(timeline: Timeline, markers: list[Marker]) -> Timeline:
    """Return the timeline with these markers, in order of time."""
    if fault := next(marker_problems(markers[-1]), ""):
        raise TimelineError(fault)
    in_order = sorted(markers, key=lambda marker: marker.marked_range.start)
    return replace(timeline, markers=tuple(in_order))


def _checked(timeline: Timeline, place: int) -> int:
    count = len(timeline.markers)
    if not 0 <= place < count:
        raise missing(
            Message(
                "{name} has no marker at place {place}: it has {count}",
                name=repr(timeline.name),
                place=place,
                count=count,
            )
        )
    return place
