"""Markers of the timeline: named ranges, in timeline seconds."""

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Marker, Timeline
from timeline_nb.timeline.validate import marker_problems

__all__ = ["add_marker", "remove_marker"]


def add_marker(
    timeline: Timeline, *, name: str, marked_range: TimeRange, color: str = "red"
) -> Timeline:
    """Add a marker to the timeline; markers are kept in order of time.

    Raises:
        TimelineError: It would begin before 0, or its name or color is none.
    """
    marker = Marker(name=name, marked_range=marked_range, color=color)
    if fault := next(marker_problems(marker), ""):
        raise TimelineError(fault)
    markers = sorted([*timeline.markers, marker], key=lambda m: m.marked_range.start)
    return replace(timeline, markers=tuple(markers))


def remove_marker(timeline: Timeline, name: str) -> Timeline:
    """Remove all markers of a name.

    Raises:
        TimelineError: There is none.
    """
    kept = tuple(marker for marker in timeline.markers if marker.name != name)
    if len(kept) == len(timeline.markers):
        raise TimelineError(f"{timeline.name!r} has no marker {name!r}")
    return replace(timeline, markers=kept)
