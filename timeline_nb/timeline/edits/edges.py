"""Edges: move the start and the end of an item, for trim, ripple, roll and slide."""

from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle
from timeline_nb.timeline.speed import available_of

__all__ = ["with_edges"]

_ZERO = Fraction(0)


def with_edges(item: Item, *, head: Fraction, tail: Fraction) -> Item:
    """Return the item starting `head` seconds later and ending `tail` seconds later.

    A clip shows so much less, or more, of its media.

    Raises:
        TimelineError: Nothing would be left, or the clip has no such media.
    """
    if isinstance(item, Clip):
        span = item.source_range
        if span.duration + tail - head <= 0:
            raise TimelineError(
                Message("nothing would be left of {item}", item=spoken(item))
            )
        span = TimeRange.between(span.start + head, span.end + tail)
        available = available_of(item)
        if available is not None and not available.encloses(span):
            before = max(_ZERO, item.source_range.start - available.start)
            after = max(_ZERO, available.end - item.source_range.end)
            raise TimelineError(
                Message(
                    "{item} has no more media: there are {before} s before what it "
                    "shows, and {after} s after",
                    item=spoken(item),
                    before=f"{float(before):.2f}",
                    after=f"{float(after):.2f}",
                )
            )
        return replace(item, source_range=span)
    if isinstance(item, (Gap, Subtitle)):
        length = item.duration + tail - head
        if length < 0 or (isinstance(item, Subtitle) and not length):
            raise TimelineError(
                Message("there is no room: an item or a gap would be used up")
            )
        return replace(item, duration=length)
    raise TimelineError("a transition has no edges to move: change its offsets")
