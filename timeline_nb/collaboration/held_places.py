"""Which journals this process writes beside projects; used on the keeper's thread."""

from pathlib import Path
from typing import Final, Protocol

__all__ = [
    "Holder",
    "forget_places",
    "give_up_places",
    "holder_here",
    "is_held_here",
    "note_place",
]


class Holder(Protocol):
    """What writes the journal of an edit."""

    def leave_place(self) -> None:
        """Go on elsewhere: a later edit of this process has the place."""


_HELD: Final[dict[Path, Holder]] = {}


def is_held_here(journal: Path) -> bool:
    """Return whether this process writes a journal; any thread may ask."""
    return journal in _HELD


def holder_here(journal: Path) -> Holder | None:
    """Return what writes a journal in this process; None if nothing does."""
    return _HELD.get(journal)


def note_place(journal: Path, holder: Holder) -> None:
    """Note what writes a journal from here on."""
    _HELD[journal] = holder


def give_up_places(holder: Holder) -> None:
    """Note that something writes no journal beside a project any more."""
    for path in [path for path, one in _HELD.items() if one is holder]:
        del _HELD[path]


def forget_places() -> None:
    """Forget in a forked process what the parent writes."""
    _HELD.clear()
