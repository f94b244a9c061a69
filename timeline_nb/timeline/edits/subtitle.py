"""Subtitles: lines of text on a track of their own."""

from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Subtitle, Timeline, Track

__all__ = ["LANE_OF", "add_subtitle"]

# In the metadata of a track for lines shown together with those of another track:
# the name of that other track.
LANE_OF: Final = "lane_of"


def add_subtitle(
    timeline: Timeline,
    text: str,
    *,
    at: TimeRange,
    track: str | None = None,
    style: dict[str, Any] | None = None,
) -> Timeline:
    """Add a line of text to a subtitle track.

    Without a track's name it goes on the first one, or, where another line is shown
    there at that time, on a further one for lines that are shown at once.

    Raises:
        TimelineError: Another line is there on the track that is named, `at` is empty
            or begins before 0, or the track is locked.
    """
    if not isinstance(text, str):
        raise TimelineError(f"the text of a subtitle is {text!r}: it must be text")
    draft = Draft(timeline)
    number = draft.track_for("subtitle", track)
    if at.start < 0:
        raise TimelineError(f"a subtitle cannot begin at {float(at.start):g} s")
    shown = _shown(draft.tracks[number], at)
    if shown and track is not None:
        item, span = shown
        raise TimelineError(f"track {track!r}: {item.text!r} is shown at {span}")
    if shown:
        number = _further(draft, number, at)
    items = draft.tracks[number].items
    layout = layout_of(items)
    line = Subtitle(
        id=draft.new_id("s"),
        # Half of a surrogate pair can be kept in no file.
        text=text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        duration=at.duration,
        style=style or {},
    )
    length = at.duration if at.start < layout.end else Fraction(0)
    draft.replace(number, TimeRange(at.start, length), [line])
    return draft.finish()


def _shown(track: Track, at: TimeRange) -> tuple[Subtitle, TimeRange] | None:
    """Return a line that a track shows within a range of time, and when."""
    layout = layout_of(track.items)
    for index, item in enumerate(track.items):
        span = TimeRange.between(layout.start(index), layout.start(index + 1))
        if isinstance(item, Subtitle) and span.overlaps(at):
            return item, span
    return None


def _further(draft: Draft, first: int, at: TimeRange) -> int:
    """Return a track for lines that are shown together with those of another."""
    own = draft.tracks[first]
    for number, track in enumerate(draft.tracks):
        belongs = track.metadata.get(LANE_OF) == own.name and not track.locked
        if belongs and not _shown(track, at):
            return number
    number = draft.add_track("subtitle")
    made = replace(draft.tracks[number], style=own.style, metadata={LANE_OF: own.name})
    draft.tracks[number] = made
    return number
