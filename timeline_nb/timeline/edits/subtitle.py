"""Subtitles: lines of text on a track of their own."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.edits.placed import Placed, placed_items, row_of
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Subtitle, Timeline, Track
from timeline_nb.timeline.queries import find

__all__ = ["LANE_OF", "add_subtitle", "set_subtitle"]

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
    own = _storable(text)
    draft = Draft(timeline)
    number = draft.track_for("subtitle", track)
    if at.start < 0:
        raise TimelineError(
            Message(
                "a subtitle cannot begin at {start} s", start=f"{float(at.start):g}"
            )
        )
    shown = _shown(draft.tracks[number], at)
    if shown and track is not None:
        item, span = shown
        raise TimelineError(
            Message(
                "track {track}: {line} is shown at {time}",
                track=repr(track),
                line=spoken(item),
                time=span,
            )
        )
    if shown:
        number = _further(draft, number, at)
    items = draft.tracks[number].items
    layout = layout_of(items)
    line = Subtitle(
        id=draft.new_id("s"),
        text=own,
        duration=at.duration,
        style=style or {},
    )
    length = at.duration if at.start < layout.end else Fraction(0)
    draft.replace(number, TimeRange(at.start, length), [line])
    return draft.finish()


def set_subtitle(  # noqa: PLR0913 - what a line is made of
    timeline: Timeline,
    item_id: str,
    *,
    text: str | None = None,
    start: Fraction | None = None,
    end: Fraction | None = None,
    style: Mapping[str, Any] | None = None,
) -> Timeline:
    """Change the text, the times or the style of a line; it stays on its track.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the line.
        text: Its new text. Styles of parts of the old text go with that.
        start: The second at which it appears; the end stays where it is.
        end: The second at which it disappears.
        style: Parameters of the generator `title` to change; None brings back the
            track's.

    Raises:
        TimelineError: There is no such line, it would end before it begins or begin
            before 0, another line of its track is shown then, or the track is locked.
    """
    place = find(timeline, item_id)
    track = timeline.tracks[place.track]
    row = placed_items(track)
    number = next(n for n, one in enumerate(row) if one.item.id == item_id)
    line = row[number].item
    if isinstance(line, Clip):
        raise TimelineError(
            f"{item_id!r} is a clip, not a subtitle: change a title with titles.set"
        )
    begins = row[number].start if start is None else start
    ends = row[number].end if end is None else end
    if begins < 0:
        raise TimelineError(
            Message("a subtitle cannot begin at {start} s", start=f"{float(begins):g}")
        )
    if ends <= begins:
        raise TimelineError(
            f"{item_id!r} would begin at {float(begins):g} s and end at "
            f"{float(ends):g} s: give start= and end= so that it ends later"
        )
    at = TimeRange.between(begins, ends)
    shown = _shown(track, at, other_than=item_id)
    if shown:
        raise TimelineError(
            f"track {track.name!r}: {shown[0].text!r} ({shown[0].id}) is shown at "
            f"{shown[1]}: change its times first"
        )
    changed = replace(_worded(line, text, style or {}), duration=at.duration)
    row[number] = Placed(begins, changed)
    draft = Draft(timeline)
    draft.rebuild(place.track, row_of(track, row))
    return draft.finish()


def _worded(line: Subtitle, text: str | None, style: Mapping[str, Any]) -> Subtitle:
    """Return a line with another text, and with parameters of its style changed."""
    look = dict(line.style)
    if text is not None and text != line.text:
        # They count the letters of the old text.
        look.pop("spans", None)
        line = replace(line, text=_storable(text))
    look |= style
    return replace(line, style={k: v for k, v in look.items() if v is not None})


def _storable(text: str) -> str:
    """Return a text as files can hold it: no half of a surrogate pair."""
    if not isinstance(text, str):
        raise TimelineError(f"the text of a subtitle is {text!r}: it must be text")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(
    track: Track, at: TimeRange, *, other_than: str = ""
) -> tuple[Subtitle, TimeRange] | None:
    """Return a line that a track shows within a range of time, and when."""
    layout = layout_of(track.items)
    for index, item in enumerate(track.items):
        span = TimeRange.between(layout.start(index), layout.start(index + 1))
        if not isinstance(item, Subtitle) or item.id == other_than:
            continue
        if span.overlaps(at):
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
