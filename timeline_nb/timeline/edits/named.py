"""Named: how messages name items and times, for people who see a timeline."""

from fractions import Fraction

from timeline_nb.i18n import Message
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle, Timeline, Track
from timeline_nb.timeline.queries import find, range_of

__all__ = ["item_at", "named", "spoken", "timecode"]

_LONGEST = 24


def spoken(item: Item | None) -> str:
    """Return an item's name in quotes, or its text, or what it is."""
    name = ""
    if isinstance(item, Clip):
        name = item.name or item.media.label
    elif isinstance(item, Subtitle):
        name = " ".join(item.text.split())
    if name:
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        return repr(short)
    if isinstance(item, (Clip, Subtitle)):
        return Message("a clip") if isinstance(item, Clip) else Message("a subtitle")
    return Message("a gap") if isinstance(item, Gap) else Message("a transition")


def named(timeline: Timeline, item_id: str) -> str:
    """Return the name, the track and the timecode of the item with an id."""
    place = find(timeline, item_id)
    track = timeline.tracks[place.track]
    start = range_of(track, place.item).start
    return item_at(timeline, track, track.items[place.item], start)


def timecode(timeline: Timeline, at: Fraction) -> str:
    """Return a time of a timeline as timecode."""
    return format_timecode(at, timeline.rate)


def item_at(timeline: Timeline, track: Track, item: Item, at: Fraction) -> str:
    """Return the name, the track and the timecode of an item."""
    return Message(
        "{item} on {track} at {time}",
        item=spoken(item),
        track=track.name,
        time=timecode(timeline, at),
    )
