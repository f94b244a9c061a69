"""Where the markers of clips lie on the timeline."""

from collections.abc import Iterator
from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Clip, Track
from timeline_nb.timeline.queries import range_of
from timeline_nb.timeline.speed import speed_of
from timeline_nb.widgets.track_answers import ClipMarkerView

__all__ = ["clip_markers"]


def clip_markers(track: Track) -> list[ClipMarkerView]:
    """Return the markers that are in view on a track's clips."""
    found: list[ClipMarkerView] = []
    for number, item in enumerate(track.items):
        if isinstance(item, Clip) and item.markers:
            start = range_of(track, number).start - item.source_range.start
            found += (
                ClipMarkerView(
                    item=item.id,
                    name=item.markers[place].name,
                    color=item.markers[place].color,
                    note=item.markers[place].note,
                    start_s=float(start + time),
                )
                for place, time in _times(item)
            )
    return found


def _times(clip: Clip) -> Iterator[tuple[int, Fraction]]:
    """Yield the clip's time of each marker that it shows, with its place."""
    span = clip.source_range
    try:
        speed = speed_of(clip)
    except TimelineError:
        # The player says what is wrong with it.
        return
    for place, marker in enumerate(clip.markers):
        time: Fraction | None = marker.marked_range.start
        if speed is not None and time is not None:
            # Along a ramp a moment may be shown twice, or be passed over.
            known = speed.ramp is None and speed.rate != 0
            time = speed.time + (time - speed.media) / speed.rate if known else None
        if time is not None and span.start <= time < span.end:
            yield place, time
