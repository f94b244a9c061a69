"""The times of a table's rows: which of them were changed, and where items go then.

A table holds each time twice, exact and as a float. What differs from the table as it
was made takes effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from timeline_nb.core.tables import is_missing
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import to_fraction
from timeline_nb.timeline.edits.placed import Placed, row_of
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import range_of

__all__ = [
    "RowTimes",
    "TableRow",
    "items_of",
    "read_times",
    "times_of",
    "with_duration_of",
]

Times: TypeAlias = Mapping[str, tuple[Fraction, Fraction]]

# Floats of a table that are so near to one another are the same time.
_SAME_S: Final = 1e-7


@dataclass(frozen=True)
class RowTimes:
    """The times of a row.

    Args:
        start: Timeline seconds at which the item begins; None if the row has none.
        duration: Seconds.
        is_moved: Whether its start was changed.
    """

    start: Fraction | None
    duration: Fraction
    is_moved: bool


@dataclass(frozen=True)
class TableRow:
    """A row that was read.

    Args:
        number: Its number in the table, from 0.
        item: What it holds.
        times: Its times.
    """

    number: int
    item: Item
    times: RowTimes


def key_of(row: Mapping[Any, Any]) -> str:
    """Return what tells a row from others: the item's id, or its place."""
    own = row.get("id")
    if isinstance(own, str) and own:
        return own
    return f"{row['track']} {row['type']} {row.get('start', '')}"


def times_of(timeline: Timeline) -> dict[str, tuple[Fraction, Fraction]]:
    """Return the start and duration of each item, by the key of its row."""
    found = {}
    for track in timeline.tracks:
        for index, item in enumerate(track.items):
            place = range_of(track, index)
            own = item.id if isinstance(item, (Clip, Subtitle)) else ""
            row = {
                "id": own,
                "track": track.name,
                "type": type(item).__name__.lower(),
                "start": str(place.start),
            }
            found[key_of(row)] = (place.start, place.duration)
    return found


def read_times(row: Mapping[Any, Any], originals: Times, rate: Fraction) -> RowTimes:
    """Read the times of a row.

    Args:
        row: With any of `start`, `start_s`, `duration`, `duration_s` and `end_s`.
        originals: Start and duration of rows as the table was made, by key.
        rate: Frames a second: a float next to a frame means that frame.

    Raises:
        TimelineError: Two columns were changed and disagree; they are named.
        TimeError: A value is not a time.
    """
    known = originals.get(key_of(row))
    if known:
        _check_present(row)
    first = known[0] if known else None
    length = known[1] if known else None
    start = _changed(row, ("start", "start_s"), first, rate)
    duration = _changed(row, ("duration", "duration_s"), length, rate)
    end = None
    if known:
        end = _changed(row, ("end_s",), known[0] + known[1], rate)
    if end is not None:
        if start is None and duration is not None:
            start = end - duration
        begins = first if start is None else start
        assert begins is not None  # noqa: S101 - there is an original
        if duration is None:
            duration = end - begins
        elif begins + duration != end:
            raise TimelineError(
                f"start, duration and end_s were changed and disagree: "
                f"{float(begins):g} s and {float(duration):g} s do not end at "
                f"{float(end):g} s"
            )
    is_moved = known is not None and start is not None and start != first
    if duration is None:
        duration = length
    if duration is None:
        raise TimelineError("it has neither duration nor duration_s")
    return RowTimes(first if start is None else start, duration, is_moved)


def _check_present(row: Mapping[Any, Any]) -> None:
    """Refuse an empty time of a row that had one; a column may be left out."""
    for name in ("start_s", "duration_s", "end_s"):
        if name in row and is_missing(row[name]):
            raise TimelineError(
                f"{name} is {row[name]!r}: give seconds, or drop the row to remove it"
            )


def _changed(
    row: Mapping[Any, Any],
    names: Sequence[str],
    original: Fraction | None,
    rate: Fraction,
) -> Fraction | None:
    """Return what the columns of a time say if it is not the original; else None."""
    found: dict[str, Fraction] = {}
    for name in names:
        value: Any = row.get(name)
        if is_missing(value):
            continue
        time = to_fraction(value)
        if name.endswith("_s"):
            time = _on_frame(time, rate)
        if original is None or abs(time - original) > _SAME_S:
            found[name] = time
    if len({round(time / Fraction(1, 10**6)) for time in found.values()}) > 1:
        values = " and ".join(f"{name} is {row[name]}" for name in found)
        raise TimelineError(f"{values}: change one of them, or both alike")
    return next(iter(found.values()), None)


def _on_frame(time: Fraction, rate: Fraction) -> Fraction:
    """Return the time, or that of a frame within a microsecond of it."""
    frame = Fraction(round(time * rate)) / rate
    return frame if abs(frame - time) < Fraction(1, 10**6) else time


def items_of(track: Track, rows: Sequence[TableRow]) -> tuple[Item, ...]:
    """Return the items of a track in the order of rows, or at the times they have now.

    Where no start was changed, items follow one another as the rows do. Where one
    was, every item goes to its own start, and gaps fill what is empty.

    Raises:
        TimelineError: Two items would overlap; their rows are named.
    """
    if not any(row.times.is_moved for row in rows):
        return tuple(row.item for row in rows)
    placed: list[Placed] = []
    numbers: dict[int, int] = {}
    transition: Transition | None = None
    for row in rows:
        if isinstance(row.item, Transition):
            if row.times.is_moved:
                raise TimelineError(
                    f"row {row.number} of the table: a transition begins where its cut "
                    "is: change its duration, or the clips"
                )
            transition = row.item
        elif not isinstance(row.item, Gap):
            previous = placed[-1].item.id if transition and placed else ""
            start = row.times.start
            if start is None:
                start = placed[-1].end if placed else Fraction(0)
            one = Placed(start, row.item, transition, previous)
            placed.append(one)
            numbers[id(one)] = row.number
            transition = None
    ordered = sorted(placed, key=lambda one: one.start)
    for before, one in pairwise(ordered):
        if one.start < before.end:
            raise TimelineError(
                f"row {numbers[id(one)]} of the table ({one.item.id}) begins at "
                f"{float(one.start):g} s, before row {numbers[id(before)]} "
                f"({before.item.id}) ends at {float(before.end):g} s"
            )
    return tuple(row_of(track, ordered))


def with_duration_of(item: Transition, duration: Fraction) -> Transition:
    """Return a transition of another duration, its cut at the same share of it."""
    share = item.in_offset / (item.in_offset + item.out_offset)
    before = duration * share
    return replace(item, in_offset=before, out_offset=duration - before)
