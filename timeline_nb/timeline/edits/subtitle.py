"""Subtitles: lines of text on a track of their own."""

from fractions import Fraction
from typing import Any

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Subtitle, Timeline

__all__ = ["add_subtitle"]


def add_subtitle(
    timeline: Timeline,
    text: str,
    *,
    at: TimeRange,
    track: str | None = None,
    style: dict[str, Any] | None = None,
) -> Timeline:
    """Put a line of text on a subtitle track.

    Raises:
        TimelineError: Another line is there, `at` is empty or begins before 0, or the
            track is locked.
    """
    draft = Draft(timeline)
    number = draft.track_for("subtitle", track)
    if at.start < 0:
        raise TimelineError(f"a subtitle cannot begin at {float(at.start):g} s")
    items = draft.tracks[number].items
    layout = layout_of(items)
    for index, item in enumerate(items):
        span = TimeRange.between(layout.start(index), layout.start(index + 1))
        if isinstance(item, Subtitle) and span.overlaps(at):
            raise TimelineError(
                f"track {draft.tracks[number].name!r}: {item.text!r} is shown at {span}"
            )
    line = Subtitle(
        id=draft.new_id("s"), text=text, duration=at.duration, style=style or {}
    )
    length = at.duration if at.start < layout.end else Fraction(0)
    draft.replace(number, TimeRange(at.start, length), [line])
    return draft.finish()
