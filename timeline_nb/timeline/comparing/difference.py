"""`Diff`: what changed, as a table, as text, and as a picture."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from timeline_nb.core.tables import table_of
from timeline_nb.timeline.comparing.changes import Change
from timeline_nb.timeline.comparing.drawing import draw_pair
from timeline_nb.timeline.comparing.kept import kept_changes
from timeline_nb.timeline.comparing.timelines import compare
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Diff"]

Kept: TypeAlias = Mapping[str, Any] | None

_COLUMNS: Final = ("where", "what", "before", "after", "frames")
_MOST_ROWS: Final = 60


class Diff(Sequence[Change]):
    """What changed from one timeline to another; print it, or show it in a cell.

    Args:
        old: The timeline before.
        new: The timeline after.
        names: How the two are called.
        kept: What each keeps for the editor, guides and bins, as its project has it;
            None where it is not known, as of a timeline alone.

    Example:
        >>> before = cut.timeline
        >>> cut.delete("c2")
        >>> changes = tl.diff(before, cut)
        >>> changes.is_empty
        False
        >>> print(changes)
        V1, clip "bikes" at 00:00:02:00: removed: 00:00:02:00 for 2 s, 50 frames
    """

    def __init__(
        self,
        old: Timeline,
        new: Timeline,
        *,
        names: tuple[str, str] = ("old", "new"),
        kept: tuple[Kept, Kept] = (None, None),
    ) -> None:
        self.old, self.new, self.names = old, new, names
        self._changes = compare(old, new)
        before, after = kept
        if before is not None and after is not None:
            self._changes += kept_changes(before, after, old, new)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed that a person could see or hear."""
        return not self._changes

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per change: `where`, `what`, `before`, `after`, `frames`.

        `frames` is how far an item moved, or how much was trimmed; NaN of all else.

        Example:
            >>> before = cut.timeline
            >>> cut.set("c1", name="bridge")
            >>> tl.diff(before, cut).to_dataframe()[["what", "before", "after"]]
               what   before     after
            0  name  "bikes"  "bridge"
        """
        table = table_of(self.to_rows(), _COLUMNS)
        return table.astype({"frames": float})

    def to_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table as JSON has them.

        Example:
            >>> before = cut.timeline
            >>> cut.set("c1", name="bridge")
            >>> tl.diff(before, cut).to_rows()[0]["after"]
            '"bridge"'
        """
        return [change.to_row() for change in self._changes]

    def to_page(self) -> str:
        """Return a page of HTML: both edits, one above the other, and the table.

        Example:
            >>> before = cut.timeline
            >>> cut.set("c1", name="bridge")
            >>> tl.diff(before, cut).to_page().count("<svg")
            2
        """
        title = escape(f"{self.names[0]} → {self.names[1]}")
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{title}</title></head>"
            '<body style="color-scheme:light dark;font-family:sans-serif;margin:2em">'
            f"{self._repr_html_()}</body></html>\n"
        )

    def __getitem__(self, number: Any) -> Any:
        return self._changes[number]

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def __str__(self) -> str:
        """Return a line per change."""
        return "\n".join(map(str, self._changes)) or "no difference"

    def __repr__(self) -> str:
        count = len(self)
        head = f"<Diff of {self.names[0]} and {self.names[1]}, "
        return f"{head}{count} change{'s' * (count != 1)}>"

    def _repr_html_(self) -> str:
        count = len(self)
        title = f"{self.names[0]} → {self.names[1]}: "
        title += f"{count} change{'s' * (count != 1)}" if count else "no difference"
        drawing = draw_pair(self.old, self.new, self._changes, self.names)
        return f"<p>{escape(title)}</p>{drawing}{self._table()}"

    def _table(self) -> str:
        if self.is_empty:
            return ""
        head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        rows = "".join(map(_row, self._changes[:_MOST_ROWS]))
        hidden = len(self) - _MOST_ROWS
        more = f"<p>… and {hidden} changes more</p>" if hidden > 0 else ""
        return (
            '<table style="color:inherit;text-align:start"><thead>'
            f"<tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"
        )


def _row(change: Change) -> str:
    sign = "+" if change.is_signed else ""
    frames = "" if change.frames is None else f"{float(change.frames):{sign}.6g}"
    cells = change.where, change.what, change.before, change.after, frames
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
