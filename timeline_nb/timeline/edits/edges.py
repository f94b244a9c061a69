"""Edges: move the start and the end of an item, for trim, ripple, roll and slide."""

from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle
from timeline_nb.timeline.speed import available_of

__all__ = ["with_edges"]


def with_edges(item: Item, *, head: Fraction, tail: Fraction) -> Item:
    """Return the item starting `head` seconds later and ending `tail` seconds later.

    A clip shows so much less, or more, of its media.

    Raises:
        TimelineError: Nothing would be left, or the clip has no such media.
    """
    if isinstance(item, Clip):
        span = item.source_range
        if span.duration + tail - head <= 0:
            raise TimelineError(f"nothing would be left of {item.label}")
        span = TimeRange.between(span.start + head, span.end + tail)
        available = available_of(item)
        if available is not None and not available.encloses(span):
            raise TimelineError(
                f"{item.label} has no more media: {span} would be shown, of {available}"
            )
        return replace(item, source_range=span)
    if isinstance(item, (Gap, Subtitle)):
        length = item.duration + tail - head
        if length < 0 or (isinstance(item, Subtitle) and not length):
            raise TimelineError("there is no room: an item or a gap would be used up")
        return replace(item, duration=length)
    raise TimelineError("a transition has no edges to move: change its offsets")
