"""Items of a track with their start times: what edits that move many items work on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import Clip, Gap, Item, Subtitle, Track, Transition

__all__ = ["Placed", "placed_items", "row_of", "trim_overlaps", "with_duration"]

_Shown = TypeVar("_Shown", bound=Clip | Subtitle)


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip or a subtitle with its place on the track.

    Args:
        start: Timeline seconds at which the item begins.
        item: The clip or the subtitle.
        transition: The transition from the previous item to this one.
        previous_id: The id of that previous item.
    """

    start: Fraction
    item: Clip | Subtitle
    transition: Transition | None = None
    previous_id: str = ""

    @property
    def end(self) -> Fraction:
        """Timeline seconds at which the item ends."""
        return self.start + duration_of(self.item)

    def at(self, start: Fraction) -> "Placed":
        """Return the same item at another time."""
        return Placed(start, self.item, self.transition, self.previous_id)


def placed_items(track: Track) -> list[Placed]:
    """List the clips and subtitles of a track with their start times."""
    layout = layout_of(track.items)
    found: list[Placed] = []
    transition: Transition | None = None
    for index, item in enumerate(track.items):
        if isinstance(item, Transition):
            transition = item
        elif isinstance(item, Gap):
            transition = None
        else:
            previous = found[-1].item.id if transition and found else ""
            found.append(Placed(layout.start(index), item, transition, previous))
            transition = None
    return found


def row_of(track: Track, placed: Iterable[Placed]) -> list[Item]:
    """Return the items of a track for placed ones, in order of time.

    Gaps fill what is empty. A transition stays where its two clips still touch.

    Raises:
        TimelineError: Two items overlap, or one begins before 0; they are named.
    """
    row: list[Item] = []
    end = Fraction(0)
    for one in sorted(placed, key=lambda p: p.start):
        if one.start < end:
            raise _overlap(track, row[-1] if row else None, one, end)
        if one.start > end:
            row.append(Gap(duration=one.start - end))
        elif one.transition and row and _id(row[-1]) == one.previous_id:
            row.append(one.transition)
        row.append(one.item)
        end = one.end
    return row


def trim_overlaps(placed: Sequence[Placed]) -> list[Placed]:
    """Trim the tail of each item that reaches into the next one.

    Args:
        placed: Items whose start times increase strictly.
    """
    trimmed = list(placed)
    for index, one in enumerate(trimmed[:-1]):
        length = trimmed[index + 1].start - one.start
        if 0 < length < duration_of(one.item):
            item = with_duration(one.item, length)
            trimmed[index] = Placed(one.start, item, one.transition, one.previous_id)
    return trimmed


def with_duration(item: _Shown, duration: Fraction) -> _Shown:
    """Return the item with its end moved; fades that do not fit become shorter."""
    if isinstance(item, Subtitle):
        return replace(item, duration=duration)
    fade_in = min(item.fade_in, duration)
    return replace(
        item,
        source_range=replace(item.source_range, duration=duration),
        fade_in=fade_in,
        fade_out=min(item.fade_out, duration - fade_in),
    )


def _id(item: Item) -> str:
    return item.id if isinstance(item, (Clip, Subtitle)) else ""


def _overlap(
    track: Track, before: Item | None, one: Placed, end: Fraction
) -> TimelineError:
    if before is None:
        return TimelineError(
            Message(
                "track {name}: {item} would begin at {start} s, before the start",
                name=repr(track.name),
                item=spoken(one.item),
                start=f"{float(one.start):g}",
            )
        )
    return TimelineError(
        Message(
            "track {name}: {before} ends at {end} s and is in the "
            "way of {item} at {start} s: lock the track to leave it "
            "as it is, or move one of them first",
            name=repr(track.name),
            before=spoken(before),
            end=f"{float(end):g}",
            item=spoken(one.item),
            start=f"{float(one.start):g}",
        )
    )
