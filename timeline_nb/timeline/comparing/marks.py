"""Changes of markers and comments."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from timeline_nb.i18n import Message
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.comments import is_comment
from timeline_nb.timeline.comparing.changes import (
    NO_KEYS,
    Change,
    Keys,
    changed,
    in_words,
    quote,
)
from timeline_nb.timeline.comparing.matching import by_key
from timeline_nb.timeline.model import Marker

__all__ = ["marker_changes", "match_markers"]


def match_markers(
    old: Sequence[Marker], new: Sequence[Marker]
) -> list[tuple[Marker, Marker]]:
    """Return the markers that are in both: equal, of one name, or at one time."""
    pairs: list[tuple[Marker, Marker]] = []
    left, added = list(old), list(new)
    for key in (repr, lambda marker: marker.name, lambda marker: marker.marked_range):
        found = list(by_key(left, added, key))
        pairs += found
        taken = {id(marker) for pair in found for marker in pair}
        left = [marker for marker in left if id(marker) not in taken]
        added = [marker for marker in added if id(marker) not in taken]
    return pairs


def marker_changes(
    where: str,
    old: Sequence[Marker],
    new: Sequence[Marker],
    rate: Fraction,
    keys: Keys = NO_KEYS,
) -> Iterator[Change]:
    """Yield what changed from one list of markers to another.

    Args:
        where: Whose markers they are, empty of a timeline.
        old: The markers before.
        new: The markers after.
        rate: Frames a second.
        keys: The ids of their owner.
    """
    if old == new:
        return
    pairs = match_markers(old, new)
    earlier, later = ({id(pair[side]) for pair in pairs} for side in (0, 1))
    for marker in new:
        if id(marker) not in later:
            place = _where(where, marker, rate)
            yield Change(place, Message("added"), "", _shown(marker), keys=keys)
    for marker in old:
        if id(marker) not in earlier:
            place = _where(where, marker, rate)
            yield Change(place, Message("removed"), _shown(marker), "", keys=keys)
    for one, other in pairs:
        yield from _changes(_where(where, other, rate), one, other, rate, keys)


def _changes(
    where: str, old: Marker, new: Marker, rate: Fraction, keys: Keys
) -> Iterator[Change]:
    before, after = old.marked_range, new.marked_range
    if before.start != after.start:
        times = [format_timecode(span.start, rate) for span in (before, after)]
        by = (after.start - before.start) * rate
        yield changed(where, Message("moved"), times, keys, by)
    if before.duration != after.duration:
        longer = after.duration > before.duration
        by = abs(after.duration - before.duration) * rate
        what = Message("longer") if longer else Message("shorter")
        yield Change(where, what, "", "", by, keys)
    shown = [_shown(marker) for marker in (old, new)]
    if shown[0] != shown[1]:
        what = Message("text") if is_comment(new) else Message("name")
        yield changed(where, what, shown, keys)
    for name in ("color", "note", "metadata"):
        values = [getattr(marker, name) for marker in (old, new)]
        if values[0] != values[1] and not (name == "metadata" and is_comment(new)):
            yield changed(where, name, [in_words(value) for value in values], keys)


def _where(where: str, marker: Marker, rate: Fraction) -> str:
    at = format_timecode(marker.marked_range.start, rate)
    if is_comment(marker):
        said = Message("comment at {time}", time=at)
    else:
        said = Message("marker {name} at {time}", name=quote(marker.name), time=at)
    return Message("{clip}, {marker}", clip=where, marker=said) if where else said


def _shown(marker: Marker) -> str:
    if not is_comment(marker):
        return in_words(marker.name)
    found = marker.metadata["comment"]
    author = str(found.get("author", ""))
    text = in_words(str(found.get("text", "")))
    return f"{author}: {text}" if author else text
