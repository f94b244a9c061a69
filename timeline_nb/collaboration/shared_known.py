"""Which steps the latest timelines of a session have that is shared."""

from collections import deque
from typing import Final

from msgspec.structs import replace

from timeline_nb.collaboration.shared_fold import Seen
from timeline_nb.timeline.model import Timeline

__all__ = ["KnownTimelines", "MadeHereError", "is_same"]

_MOST: Final = 64


class MadeHereError(Exception):
    """A step was made here that the others do not have yet."""


class KnownTimelines:
    """The latest timelines of a session, each with the steps that lead to it."""

    def __init__(self) -> None:
        self._known: deque[tuple[Timeline, Seen]] = deque(maxlen=_MOST)

    def note(self, timeline: Timeline, seen: Seen) -> None:
        """Note which steps a timeline has."""
        self._known.append((timeline, seen))

    def seen_by(self, timeline: Timeline) -> Seen | None:
        """Return the steps of a timeline, the very object; None if not known."""
        found = (seen for one, seen in reversed(self._known) if one is timeline)
        return next(found, None)

    def timeline_of(self, seen: Seen) -> Timeline | None:
        """Return the session's own object that has some steps; None if none has."""
        wanted = dict(seen)
        found = (one for one, own in reversed(self._known) if dict(own) == wanted)
        return next(found, None)

    def clear(self) -> None:
        """Forget all: the steps are others now."""
        self._known.clear()


def is_same(one: Timeline, other: Timeline) -> bool:
    """Tell whether timelines are equal, but for the number of the next item."""
    return replace(one, next_id=0) == replace(other, next_id=0)
