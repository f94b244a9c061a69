"""Split: split all tracks, or one clip and what is linked to it, at a time."""

from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import named, timecode
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import linked, range_of

__all__ = ["split"]


def split(
    timeline: Timeline,
    *,
    at: Fraction,
    item_id: str | None = None,
    alone: bool = False,
) -> Timeline:
    """Split whatever is shown across a time.

    The first part keeps its id; the second gets a new one, and the second parts of
    linked clips are linked to each other.

    Args:
        timeline: The timeline to edit.
        at: Timeline seconds.
        item_id: Split this clip and those linked to it; all unlocked tracks if None.
        alone: Leave what is linked to the clip as it is.

    Raises:
        TimelineError: The clip is not shown across `at`, its track is locked, or a
            transition plays there.
    """
    draft = Draft(timeline)
    numbers = list(draft.unlocked())
    if item_id is not None:
        places = linked(timeline, item_id, alone=alone)
        own = range_of(timeline.tracks[places[0].track], places[0].item)
        if not own.start < at < own.end:
            raise TimelineError(
                Message(
                    "{item} ends at {end}: it cannot be split at {at}",
                    item=named(timeline, item_id),
                    end=timecode(timeline, own.end),
                    at=timecode(timeline, at),
                )
            )
        numbers = [place.track for place in places]
    for number in numbers:
        draft.replace(number, TimeRange(at, Fraction(0)), [])
    return draft.finish()
