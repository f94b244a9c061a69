"""Paste: overwrite each track with copies of items at a time."""

from collections.abc import Iterable
from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.redaction import redacted, redactions_of
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.model import Clip, Subtitle, Timeline
from timeline_nb.timeline.queries import track_index

__all__ = ["paste"]


def paste(
    timeline: Timeline,
    pieces: Iterable[tuple[str, Fraction, Clip | Subtitle]],
    *,
    at: Fraction,
) -> Timeline:
    """Overwrite what is at a time with copies of items, under new ids.

    Copies of redacted media are redacted as well.

    Args:
        timeline: The timeline to edit.
        pieces: Name of the track, seconds after `at`, and the item. Items of one link
            are linked to each other again.
        at: Timeline seconds.

    Raises:
        TimelineError: There is no such track, it is locked, or `at` is before 0.
    """
    if at < 0:
        raise TimelineError(f"nothing can stand at {float(at):g} s, before the start")
    draft = Draft(timeline)
    redactions = redactions_of(timeline.tracks)
    links: dict[str, str] = {}
    for track, offset, item in pieces:
        number = track_index(timeline, track)
        span = TimeRange(at + offset, duration_of(item))
        copy: Clip | Subtitle
        if isinstance(item, Clip):
            if item.link and item.link not in links:
                links[item.link] = draft.new_id("l")
            link = links.get(item.link, "")
            shown = item
            if draft.tracks[number].kind == "video":
                shown = redacted(item, redactions)
            copy = replace(shown, id=draft.new_id("c"), link=link)
        else:
            copy = replace(item, id=draft.new_id("s"))
        draft.replace(number, span, [copy])
    return draft.finish()
