"""What a lock says, and what is there now: compared fact by fact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from timeline_nb.core.near_names import suggestion
from timeline_nb.core.tables import table_of
from timeline_nb.errors import ProjectError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEVELS", "Comparison", "Fact", "Level", "as_level", "compared"]

Level: TypeAlias = Literal["bytes", "frames", "similar"]
# From the strictest on.
LEVELS: Final[tuple[Level, ...]] = ("bytes", "frames", "similar")
_COLUMNS: Final = ("what", "then", "now", "held")
_SIGNS: Final = {True: "✓ held", False: "✗ differs", None: "· noted"}
_MISSING: Final = "missing"


@dataclass(frozen=True)
class Fact:
    """A fact of a lock, with what it is now.

    Args:
        what: Which fact: `media 'bikes.mp4'`, `package numpy`.
        then: When the film was made.
        now: What is there; `missing` where nothing is.
        held: Whether both are the same; None of what is noted, and does not decide.
        is_content: Whether it is part of what is shown and heard, as a file, the edit
            and the profile are, and not what makes the film of it.
        is_place: Whether it says where in the film a difference shows.
    """

    what: str
    then: str
    now: str
    held: bool | None
    is_content: bool = False
    is_place: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing to compare with."""
        return self.held is False and self.now.startswith(_MISSING)


class Comparison(Sequence[Fact]):
    """The facts of a lock, compared with what is there now; a cell shows a table.

    Args:
        name: Of the lock.
        facts: In the order in which they are shown.
        level: How alike the film that was rendered again is: `bytes`, `frames` (all
            that is decoded), or `similar`; empty where it is none of them, and None
            where nothing was rendered.
        detail: What was found of the film that was rendered again.
        wanted: The least level that counts.

    Example:
        >>> film = cut.render("proved.mp4", end="1s", lock=True).wait()
        >>> found = tl.verify("proved.mp4.lock")
        >>> found.held, found.differing, found.missing, found.first
        (True, (), (), None)
        >>> found.summary
        'proved.mp4.lock: held'
    """

    def __init__(
        self,
        name: str,
        facts: Sequence[Fact],
        *,
        level: Level | Literal[""] | None = None,
        detail: str = "",
        wanted: Level = "similar",
    ) -> None:
        self.name, self._facts = name, tuple(facts)
        self.level, self.detail, self._wanted = level, detail, wanted

    def __len__(self) -> int:
        return len(self._facts)

    def __getitem__(self, number: Any) -> Any:
        return self._facts[number]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    @property
    def differing(self) -> tuple[Fact, ...]:
        """The facts that do not hold, those that are missing included."""
        return tuple(fact for fact in self._facts if fact.held is False)

    @property
    def missing(self) -> tuple[Fact, ...]:
        """What is not found: the film, and what it was made of."""
        return tuple(fact for fact in self.differing if fact.is_missing)

    @property
    def held(self) -> bool:
        """Whether the lock is proved.

        Without a film that was rendered again: whether no fact differs. With one:
        whether its bytes are the same, or all content is and it is as alike as asked.
        """
        if self.level is None:
            return not self.differing
        if self.level == "bytes":
            return True
        if not self.level or any(fact.is_content for fact in self.differing):
            return False
        return LEVELS.index(self.level) <= LEVELS.index(self._wanted)

    @property
    def first(self) -> Fact | None:
        """The first fact that differs; None if all hold."""
        return next(iter(self.differing), None)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row a fact: `what`, `then`, `now`, `held`.

        `held` is missing of what is only noted, such as the processor.

        Example:
            >>> film = cut.render("proved.mp4", end="1s", lock=True).wait()
            >>> tl.verify("proved.mp4.lock").to_dataframe()[["what", "held"]].head(3)
                                what  held
            0                   film  True
            1      media 'bikes.mp4'  True
            2  font 'DejaVuSans.ttf'  True
        """
        rows = [
            {"what": one.what, "then": one.then, "now": one.now, "held": one.held}
            for one in self._facts
        ]
        table = table_of(rows, _COLUMNS)
        return table.astype({"held": "boolean"})

    def to_json(self) -> dict[str, Any]:
        """Return what `timeline-nb verify --json` prints.

        Example:
            >>> film = cut.render("proved.mp4", end="1s", lock=True).wait()
            >>> tl.verify("proved.mp4.lock").to_json()["held"]
            True
        """
        return {
            "lock": self.name,
            "held": self.held,
            "level": self.level,
            "detail": self.detail,
            "facts": [
                {"what": one.what, "then": one.then, "now": one.now, "held": one.held}
                for one in self._facts
            ],
        }

    @property
    def summary(self) -> str:
        """A line: whether it held, and what differs first."""
        parts = [f"{self.name}: {'held' if self.held else 'not held'}"]
        if self.level is not None:
            parts.append(f"rendered again: {self.detail}")
        count = len(self.differing)
        if self.first is not None:
            more = f" and {count - 1} more" if count > 1 else ""
            what = "is missing" if self.first.is_missing else "differs"
            parts.append(f"{self.first.what} {what}{more}")
        return "; ".join(parts)

    def _noted_changes(self) -> Iterator[Fact]:
        """Yield what holds otherwise than it was, and where differences show."""
        for one in self._facts:
            shows = one.is_place and one.held is None and self.differing
            if shows or (one.held and one.then != one.now):
                yield one

    def __repr__(self) -> str:
        told = (*self.differing, *self._noted_changes())
        lines = (f"  {one.what}: {one.then} -> {one.now}" for one in told)
        return "\n".join([self.summary, *lines])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{_SIGNS[one.held]}</td>"
            + "".join(
                f"<td style='text-align:left'>{escape(cell)}</td>"
                for cell in (one.what, one.then, one.now)
            )
            + "</tr>"
            for one in sorted(self._facts, key=lambda fact: fact.held is not False)
        )
        head = "".join(f"<th>{name}</th>" for name in ("held", "what", "then", "now"))
        return (
            f"<div>{escape(self.summary)}</div>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def as_level(word: Any) -> Level:
    """Return the level that a word names.

    Raises:
        ProjectError: It names none.
    """
    for level in LEVELS:
        if level == word:
            return level
    raise ProjectError(f"level={word!r} is not known{suggestion(word, LEVELS)}")


def compared(
    what: str,
    then: str,
    now: str | None,
    *,
    decides: bool = True,
    content: bool = False,
) -> Fact:
    """Compare a fact with what is there now.

    Args:
        what: Which fact.
        then: What the lock says.
        now: What is there; None where nothing is.
        decides: Whether a difference counts.
        content: Whether it is part of what is shown and heard.
    """
    shown = _MISSING if now is None else now
    held = (then == now) if decides else None
    return Fact(what, then, shown, held, is_content=content)
