"""`MergedTimelines`: a merge, with the conflicts that a person settles."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from timeline_nb.core.near_names import suggestion
from timeline_nb.core.tables import table_of
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.comparing.changes import refuse_other
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.merging.kept_fields import joined_fields, merge_kept
from timeline_nb.timeline.merging.questions import Ask, Conflict, Decisions, Side
from timeline_nb.timeline.merging.timelines import merge_timelines
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kept", "MergedTimelines"]

Kept: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]
_NONE: Final[Kept] = ({}, {}, {})
_COLUMNS: Final = ("where", "what", "base", "ours", "theirs", "settled")


class MergedTimelines:
    """What two sides made of an edit, merged, before it has a file: see `Merged`.

    Raises:
        TimelineError: One of the three is no timeline.
    """

    def __init__(
        self,
        base: Timeline,
        ours: Timeline,
        theirs: Timeline,
        *,
        prefer: Side | Literal[""] = "",
        kept: Kept = _NONE,
    ) -> None:
        for given in (base, ours, theirs):
            refuse_other(given)
        self._three, self._kept = (base, ours, theirs), kept
        self._prefer = prefer
        self._chosen: dict[str, Side] = {}
        # Rows keep their numbers, also when others are settled.
        self._rows: dict[str, Conflict] = {}
        # What the projects keep for the editor, by field.
        self.editor: dict[str, Any] = {}
        self.timeline = self._merge(self._chosen)

    def _merge(self, chosen: Mapping[str, Side]) -> Timeline:
        decisions = Decisions(chosen, self._prefer)
        made = merge_timelines(Ask(decisions, "", ""), *self._three)
        self.editor = merge_kept(Ask(decisions, "kept", ""), *self._kept)
        known = {key: self._rows[key] for key in self._rows if key in decisions.found}
        self._rows = {**known, **decisions.found}
        return made

    @property
    def conflicts(self) -> "pd.DataFrame":
        """The conflicts: `where`, `what`, `base`, `ours`, `theirs` and `settled`.

        The index numbers them for `settle`.
        """
        return table_of(self.to_rows(), _COLUMNS)

    @property
    def open(self) -> list[Conflict]:
        """The conflicts that nobody settled."""
        return [conflict for conflict in self._rows.values() if not conflict.settled]

    @property
    def is_settled(self) -> bool:
        """Whether no conflict is open."""
        return not self.open

    def to_rows(self) -> list[dict[str, str]]:
        """Return the rows of the table of conflicts as JSON has them.

        Example:
            >>> ours, theirs = (tl.Edit(timeline=cut.timeline) for _ in range(2))
            >>> ours.set("c1", name="bridge")
            >>> theirs.set("c1", name="crossing")
            >>> tl.merge(cut, ours, theirs).to_rows()[0]["theirs"]
            '"crossing"'
        """
        return [
            {name: str(getattr(conflict, name)) for name in _COLUMNS}
            for conflict in self._rows.values()
        ]

    def settle(self, row: int, side: Side) -> None:
        """Choose a side of a conflict; it can be chosen again.

        What is chosen may raise new conflicts, which come last.

        Args:
            row: Its number in `conflicts`.
            side: `ours` or `theirs`; `both` where each side placed something.

        Raises:
            TimelineError: There is no such row or side, or both cannot be kept.

        Example:
            >>> ours, theirs = (tl.Edit(timeline=cut.timeline) for _ in range(2))
            >>> ours.set("c1", name="bridge")
            >>> theirs.set("c1", name="crossing")
            >>> merged = tl.merge(cut, ours, theirs)
            >>> merged.settle(0, "theirs")
            >>> tl.Edit(timeline=merged.timeline).clips[0].name
            'crossing'
        """
        conflict = self._conflict(row)
        if side not in get_args(Side):
            raise TimelineError(
                f"side={side!r}: give 'ours' or 'theirs'"
                f"{suggestion(str(side), get_args(Side))}"
            )
        if side == "both" and not conflict.can_join:
            raise TimelineError(
                f"conflict {row}, {conflict.where}: both cannot be kept: settle it as "
                "'ours' or 'theirs'"
            )
        chosen = {**self._chosen, conflict.key: side}
        self.timeline = self._merge(chosen)
        self._chosen = chosen

    def _conflict(self, row: Any) -> Conflict:
        rows = list(self._rows.values())
        if (
            not isinstance(row, int)
            or isinstance(row, bool)
            or not 0 <= row < len(rows)
        ):
            there = f"rows go from 0 to {len(rows) - 1}" if rows else "there is none"
            raise TimelineError(f"there is no conflict {row!r}: {there}")
        return rows[row]

    def editor_with(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is kept for the editor, joined with what ours has by now.

        Args:
            now: The guides and bins of ours, by field, as the file has them.

        Example:
            >>> merged = tl.merge(cut.timeline, cut.timeline, cut.timeline)
            >>> merged.editor_with({"guides": {"x": [0.5]}})
            {'guides': {'x': [0.5]}}
        """
        return joined_fields(self._kept[1], now, self.editor)[0]

    def __str__(self) -> str:
        """Return a line per conflict."""
        lines = [f"{number}. {one}" for number, one in enumerate(self._rows.values())]
        return "\n".join(lines) or "no conflict"

    def __repr__(self) -> str:
        count, left = len(self._rows), len(self.open)
        return (
            f"<Merged {self.timeline.name!r}, {count} conflict{'s' * (count != 1)}, "
            f"{left} open>"
        )

    def _repr_html_(self) -> str:
        ours = self._three[1]
        shown = Diff(ours, self.timeline, names=("ours", "merged"))
        return f"<p>{escape(repr(self))}</p>{self._table()}{shown._repr_html_()}"

    def _table(self) -> str:
        if not self._rows:
            return ""
        head = "".join(f"<th>{name}</th>" for name in ("", *_COLUMNS))
        rows = "".join(
            f"<tr><td>{number}</td>"
            + "".join(f"<td>{escape(row[name])}</td>" for name in _COLUMNS)
            + "</tr>"
            for number, row in enumerate(self.to_rows())
        )
        return (
            f'<table style="color:inherit"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )
