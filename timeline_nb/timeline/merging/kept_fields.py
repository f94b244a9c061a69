"""Merge what a project keeps for the editor beside the film: guides, and bins.

They are plain fields, as the file has them. Guides are matched by their places, bins by
their names and media; a field that this version does not know is taken as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from timeline_nb.timeline.comparing.changes import quote
from timeline_nb.timeline.merging.questions import (
    MISSING,
    Ask,
    Conflict,
    Decisions,
    joined,
    joined_by_name,
)

__all__ = ["joined_fields", "merge_kept"]

_Fields: TypeAlias = Mapping[str, Any]
_Bins: TypeAlias = Mapping[str, Sequence[str]]

# As many as a file may have.
_MOST_PLACES: Final = 200
_MOST_BINS: Final = 200
_MOST_MEDIA: Final = 10_000


def joined_fields(
    base: _Fields, ours: _Fields, theirs: _Fields
) -> tuple[dict[str, Any], list[Conflict]]:
    """Return the fields merged, as in ours where both changed one; and those cases."""
    decisions = Decisions({}, "ours")
    made = merge_kept(Ask(decisions, "kept", ""), base, ours, theirs)
    return made, list(decisions.found.values())


def merge_kept(
    ask: Ask, base: _Fields, ours: _Fields, theirs: _Fields
) -> dict[str, Any]:
    """Return the fields of two sides, each of which changed some of those of a base."""

    def merged(name: str, *three: Any) -> Any:
        is_clear, value = joined(*three)
        if is_clear:
            return value
        if name == "guides":
            return _guides(ask.at(name, name), *map(_as_fields, three))
        if name == "bins":
            return _bins(ask.at(name, name), *map(_as_fields, three))
        return ask.value(name, *three)

    return joined_by_name(base, ours, theirs, merged)


def _as_fields(value: Any) -> _Fields:
    return value if isinstance(value, Mapping) else {}


def _guides(ask: Ask, base: _Fields, ours: _Fields, theirs: _Fields) -> dict[str, Any]:
    made = {}
    for axis in dict.fromkeys([*base, *ours, *theirs]):
        three = [side.get(axis, ()) for side in (base, ours, theirs)]
        if all(isinstance(one, (list, tuple)) for one in three):
            places = _joined(*three)
            if len(places) <= _MOST_PLACES:
                made[axis] = places
                continue
        made[axis] = ask.value(axis, *three)
    return made


def _joined(
    base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
) -> list[Any]:
    """Return what is in either side, but for what one of them took out of the base."""
    gone = {one for one in base if one not in ours or one not in theirs}
    return [one for one in dict.fromkeys([*ours, *theirs]) if one not in gone]


def _bins(ask: Ask, base: _Bins, ours: _Bins, theirs: _Bins) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for name in dict.fromkeys([*ours, *theirs]):
        three = [side.get(name, MISSING) for side in (base, ours, theirs)]
        is_clear, value = joined(*three)
        if not is_clear and MISSING in three[1:]:
            shown = [_count(one) for one in three]
            value = three[2] if ask.side(quote(name), *shown) == "theirs" else three[1]
        elif not is_clear:
            known = () if three[0] is MISSING else three[0]
            value = _joined(known, three[1], three[2])
        if value is not MISSING:
            made[name] = list(value)
    made = _each_in_one(ask, made, [_homes(side) for side in (base, ours, theirs)])
    if len(made) > _MOST_BINS or sum(map(len, made.values())) > _MOST_MEDIA:
        shown = [f"{len(side)} bins" for side in (base, ours, theirs)]
        side = theirs if ask.side("all", *shown) == "theirs" else ours
        return {name: list(held) for name, held in side.items()}
    return made


def _count(media: Any) -> str:
    return "" if media is MISSING else f"{len(media)} media"


def _homes(bins: _Bins) -> dict[str, str]:
    """Return the bin of each medium."""
    return {one: name for name, held in bins.items() for one in held}


def _each_in_one(
    ask: Ask, bins: dict[str, list[str]], homes: Sequence[Mapping[str, str]]
) -> dict[str, list[str]]:
    """Return bins in which each medium lies once: both sides may have moved it."""
    found: dict[str, list[str]] = {}
    for name, held in bins.items():
        for one in held:
            found.setdefault(one, []).append(name)
    chosen = {}
    for one, names in found.items():
        if len(names) > 1:
            home = ask.value(f"bin of {one[:12]}", *(h.get(one, "") for h in homes))
            chosen[one] = home if home in names else names[0]
    if not chosen:
        return bins
    return {
        name: [one for one in held if chosen.get(one, name) == name]
        for name, held in bins.items()
    }
