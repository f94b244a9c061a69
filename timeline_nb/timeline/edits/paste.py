"""Paste: put copies of items at a time, with what follows moved, or over it."""

from collections.abc import Iterable
from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.follow import make_room
from timeline_nb.timeline.edits.redaction import redacted, redactions_of
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.model import Clip, Gap, Subtitle, Timeline
from timeline_nb.timeline.queries import track_index

__all__ = ["paste"]


def paste(
    timeline: Timeline,
    pieces: Iterable[tuple[str, Fraction, Clip | Subtitle]],
    *,
    at: Fraction,
    overwrite: bool = False,
) -> Timeline:
    """Put copies of items at a time, under new ids.

    What follows moves later, as in an insert. Copies of redacted media are redacted as
    well.

    Args:
        timeline: The timeline to edit.
        pieces: Name of the track, seconds after `at`, and the item. Items of one link
            are linked to each other again.
        at: Timeline seconds.
        overwrite: Put them over whatever lies there instead; nothing else moves.

    Raises:
        TimelineError: There is no such track, it is locked, or `at` is before 0.
    """
    if at < 0:
        raise TimelineError(
            Message(
                "nothing can stand at {at} s, before the start", at=f"{float(at):g}"
            )
        )
    draft = Draft(timeline)
    redactions = redactions_of(timeline.tracks)
    links: dict[str, str] = {}
    pieces = list(pieces)
    if not overwrite and pieces:
        targets = {track_index(timeline, track) for track, _, _ in pieces}
        length = max(offset + duration_of(item) for _, offset, item in pieces)
        for number in sorted(targets):
            if at < draft.end(number):
                gap = Gap(duration=length)
                draft.replace(number, TimeRange(at, Fraction(0)), [gap])
        make_room(draft, at, length, targets)
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
