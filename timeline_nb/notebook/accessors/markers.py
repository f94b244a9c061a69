"""`cut.markers`: markers of the timeline."""

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from timeline_nb.commands.changing import AddMarker, RemoveMarker, SetMarker
from timeline_nb.commands.session import EditSession
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.model import Marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["Markers"]


class Markers:
    """The markers of an edit, in order of time; iterate over them, or count them.

    Args:
        session: The edit's session.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._resolve = Resolver(session)

    def add(
        self,
        at: TimeLike,
        *,
        name: str = "",
        duration: TimeLike = 0,
        color: str = "green",
        note: str = "",
    ) -> None:
        """Add a marker at a time, or for a range of time."""
        self._session.perform(
            AddMarker(
                at=self._resolve.time(at),
                name=name,
                duration=self._resolve.duration(duration),
                color=color,
                note=note,
            )
        )

    def set(  # noqa: PLR0913 - a marker's fields, all optional
        self,
        place: int,
        *,
        name: str | UnsetType = UNSET,
        at: TimeLike | UnsetType = UNSET,
        duration: TimeLike | UnsetType = UNSET,
        color: str | UnsetType = UNSET,
        note: str | UnsetType = UNSET,
    ) -> None:
        """Change the given fields of a marker.

        Args:
            place: Its place in order of time, from 0.
            name: What is written beside it.
            at: When it begins.
            duration: How long it is; 0 for a moment.
            color: `"green"`, `"blue"`, `"orange"` and the like, or a color of CSS.
            note: Free text.
        """
        self._session.perform(
            SetMarker(
                place=place,
                name=name,
                at=UNSET if at is UNSET else self._resolve.time(at),
                duration=(
                    UNSET if duration is UNSET else self._resolve.duration(duration)
                ),
                color=color,
                note=note,
            )
        )

    def remove(self, name: str | int) -> None:
        """Remove all markers with a name, or the one at a place in order of time."""
        self._session.perform(RemoveMarker(name=name))

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per marker: `start_s`, `end_s`, `name`, `color`, `note`."""
        import pandas as pd

        rows = [
            {
                "start_s": float(marker.marked_range.start),
                "end_s": float(marker.marked_range.end),
                "name": marker.name,
                "color": marker.color,
                "note": marker.note,
            }
            for marker in self
        ]
        return pd.DataFrame(rows, columns=["start_s", "end_s", "name", "color", "note"])

    def __iter__(self) -> "Iterator[Marker]":
        return iter(self._session.timeline.markers)

    def __len__(self) -> int:
        return len(self._session.timeline.markers)
