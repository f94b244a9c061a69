"""Questions of a merge: what both sides changed, and which side a person chose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, TypeVar

from timeline_nb.i18n import Message
from timeline_nb.timeline.comparing.changes import in_words

__all__ = [
    "MISSING",
    "Ask",
    "Conflict",
    "Decisions",
    "Side",
    "joined",
    "joined_by_name",
]

T = TypeVar("T")
Side: TypeAlias = Literal["ours", "theirs", "both"]


class _Missing:
    """What stands for an entry that is not there."""


MISSING: Final[Any] = _Missing()


@dataclass(frozen=True)
class Conflict:
    """What both sides changed, each in its way.

    Args:
        key: Names the question; the same after others were settled.
        where: The track, clip or marker: `V1, clip "bikes" at 00:00:04:12`.
        what: What both changed.
        base: How it was, in words.
        ours: How it is in ours.
        theirs: How it is in theirs.
        can_join: Whether both can be kept, ours first.
        settled: `ours`, `theirs` or `both`; empty if nobody chose: ours is shown then.
    """

    key: str
    where: str
    what: str
    base: str
    ours: str
    theirs: str
    can_join: bool = False
    settled: Side | Literal[""] = ""

    def __str__(self) -> str:
        """Return the conflict in a line, without a full stop."""
        shown = f"ours {self.ours or 'none'}, theirs {self.theirs or 'none'}"
        before = f" (was {self.base})" if self.base else ""
        done = f" [{self.settled}]" if self.settled else ""
        return f"{self.where}: {self.what}: {shown}{before}{done}"


@dataclass
class Decisions:
    """What was chosen, by the keys of conflicts, and the conflicts that were met.

    Args:
        chosen: The sides that a person chose.
        prefer: The side of all others; empty if they are open.
    """

    chosen: Mapping[str, Side]
    prefer: Side | Literal[""] = ""
    found: dict[str, Conflict] = field(default_factory=dict)

    def choose(self, conflict: Conflict) -> Side:
        """Note a conflict, and return the side that is shown."""
        settled = self.chosen.get(conflict.key, self.prefer)
        if settled == "both" and not conflict.can_join:
            settled = ""
        known = {name: getattr(conflict, name) for name in _FIELDS}
        self.found[conflict.key] = Conflict(**known, settled=settled)
        return settled or "ours"


_FIELDS: Final = ("key", "where", "what", "base", "ours", "theirs", "can_join")


def joined(base: T, ours: T, theirs: T) -> tuple[bool, T]:
    """Return whether a value was changed by one side alone, or alike; and the value."""
    if ours == theirs:
        return True, ours
    return (True, ours) if theirs == base else (ours == base, theirs)


def joined_by_name(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    merged: Callable[..., Any],
) -> dict[str, Any]:
    """Return a mapping whose entries are merged one by one, if both sides changed it.

    Args:
        base: What both sides had.
        ours: One side.
        theirs: The other side.
        merged: Called with a name and the three entries, of which some may be
            `MISSING`; returns the one that is to be, or `MISSING`.
    """
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return dict(whole)
    made: dict[str, Any] = {}
    for name in dict.fromkeys([*base, *ours, *theirs]):
        value = merged(name, *(own.get(name, MISSING) for own in (base, ours, theirs)))
        if value is not MISSING:
            made[name] = value
    return made


@dataclass(frozen=True)
class Ask:
    """Asks about one place of a timeline.

    Args:
        decisions: Where answers come from.
        key: Names the place.
        where: Names it for people.
    """

    decisions: Decisions
    key: str
    where: str

    def at(self, key: str, where: str) -> "Ask":
        """Return who asks about a place within this one."""
        inner = f"{self.where} > {where}" if self.where and where else where
        return Ask(self.decisions, f"{self.key}/{key}", inner or self.where)

    def beside(self, key: str) -> "Ask":
        """Return who asks one question of several places: what is chosen is for all."""
        above = self.key.rpartition("/")[0]
        return Ask(self.decisions, f"{above}/{key}", self.where)

    def side(
        self, what: str, base: str, ours: str, theirs: str, *, can_join: bool = False
    ) -> Side:
        """Return the side whose way is taken."""
        where = self.where or Message("timeline")
        conflict = Conflict(
            f"{self.key}/{what}", where, what, base, ours, theirs, can_join
        )
        return self.decisions.choose(conflict)

    def value(self, what: str, base: T, ours: T, theirs: T) -> T:
        """Return a value that one side changed, or the one that is chosen."""
        is_clear, value = joined(base, ours, theirs)
        if is_clear:
            return value
        shown = [_shown(one) for one in (base, ours, theirs)]
        return theirs if self.side(what, *shown) == "theirs" else ours

    def mapping(
        self,
        what: str,
        base: Mapping[str, Any],
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return a mapping of which each entry is merged by itself."""

        def merged(name: str, *three: Any) -> Any:
            if all(isinstance(one, dict) for one in three):
                return self.mapping(f"{what}{name}: ", *three)
            return self.value(f"{what}{name}", *three)

        return joined_by_name(base, ours, theirs, merged)


def _shown(value: Any) -> str:
    return "" if value is MISSING else in_words(value)
