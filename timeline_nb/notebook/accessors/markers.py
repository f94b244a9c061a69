"""`cut.markers`: markers of the timeline."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import UNSET, UnsetType

from timeline_nb.commands.changing import AddMarker, RemoveMarker, SetMarker
from timeline_nb.commands.session import EditSession
from timeline_nb.core.written_files import written_files
from timeline_nb.i18n import Message
from timeline_nb.interchange.marks.exchange import export_marks, import_marks
from timeline_nb.interchange.report import Report
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline import edits
from timeline_nb.timeline.comments import is_comment
from timeline_nb.timeline.model import Marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["Markers"]

_COLUMNS: Final = ["start_s", "end_s", "name", "color", "note", "comment"]


class Markers:
    """The markers of an edit, in order of time; iterate over them, or count them.

    Comments are among them, by the name of their first line: `cut.comments.to_markers`
    gives each a marker of its own beside it. The column `comment` of the table, and
    `"comment" in marker.metadata`, tell them apart.

    Args:
        session: The edit's session.

    Example:
        >>> cut.markers.add("1s", name="check color")
        >>> len(cut.markers), [marker.name for marker in cut.markers]
        (1, ['check color'])
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
        """Add a marker at a time, or for a range of time.

        Example:
            >>> cut.markers.add("1s", name="check color", duration="0.5s", color="red")
            >>> [marker.marked_range.duration for marker in cut.markers]
            [Fraction(1, 2)]
        """
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

        Example:
            >>> cut.markers.add("1s", name="check color")
            >>> cut.markers.set(0, name="done", color="blue")
            >>> [marker.name for marker in cut.markers]
            ['done']
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
        """Remove all markers with a name, or the one at a place in order of time.

        Example:
            >>> cut.markers.add("1s", name="check color")
            >>> cut.markers.remove("check color")
            >>> len(cut.markers)
            0
        """
        self._session.perform(RemoveMarker(name=name))

    def read(
        self,
        path: Path | str,
        *,
        start: str | None = None,
        encoding: str | None = None,
        strict: bool = False,
    ) -> Report:
        """Add the markers of a list, as one step; those that are there stay.

        What is in the file says which list it is: of DaVinci Resolve or Avid (EDL),
        of Premiere Pro or Avid (text), labels of Audacity, chapters of YouTube or
        FFmpeg, or a CSV with columns such as name, start and end.

        Args:
            path: The file.
            start: The timecode of the edit's first frame, for lists with timecode:
                `"01:00:00:00"`. If not given, the one that the edit was imported with;
                else whole hours before the first marker are taken off where the edit
                is not that long.
            encoding: The text encoding, such as `"cp1251"`; detected if not given.
            strict: Refuse a list of which anything would be lost.

        Returns:
            What was not kept as it was, by rows of the file.

        Raises:
            ProjectError: The file cannot be read, or is no list of markers.

        Example:
            >>> cut.markers.add("1s", name="Chapter two")
            >>> report = cut.markers.write("markers.csv", overwrite=True)
            >>> again = tl.Edit("again", rate=25)
            >>> report = again.markers.read("markers.csv")
            >>> [marker.name for marker in again.markers]
            ['Chapter two']
        """
        markers, report = import_marks(
            path, self._session.timeline, start=start, encoding=encoding
        )
        if strict:
            report.refuse_losses()
        self._session.apply(
            Message("read markers"),
            lambda timeline: edits.add_markers(timeline, markers),
        )
        return report

    def write(
        self,
        path: Path | str,
        *,
        format: str | None = None,  # noqa: A002 - as every export names it
        start: str | None = None,
        overwrite: bool = False,
        strict: bool = False,
    ) -> Report:
        """Write the markers to a list of another program, whole or not at all.

        Args:
            path: The file: `.csv` is a table, `.edl` for DaVinci Resolve, `.ffmeta`
                for FFmpeg.
            format: `"csv"`, `"resolve"`, `"avid"`, `"premiere"`, `"audacity"`,
                `"youtube"` or `"ffmetadata"`, where the suffix does not say.
            start: The timecode of the edit's first frame in the other program, such as
                `"01:00:00:00"`; with `;` before the frames, drop-frame. The one that
                the edit was imported with, or 0, if not given.
            overwrite: Replace a file that was not written here, or was changed since.
            strict: Refuse to write what loses anything.

        Returns:
            What the list does not keep as it is.

        Raises:
            ProjectError: There is no such format, another program's file is there, or
                the file cannot be written.

        Example:
            >>> cut.markers.add("1s", name="Chapter two")
            >>> cut.markers.write("markers.csv", overwrite=True).is_exact
            True
        """
        return export_marks(
            self._session.timeline,
            path,
            format=format,
            start=start,
            written=written_files(),
            overwrite=overwrite,
            strict=strict,
        )

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row a marker: `start_s`, `end_s`, `name`, `color`, `note` ...

        `comment` says whether it is a comment, of which `cut.comments` has all.

        Example:
            >>> cut.markers.add("1s", name="check color", color="red")
            >>> cut.markers.to_dataframe()[["start_s", "name", "color"]]
               start_s         name color
            0      1.0  check color   red
        """
        import pandas as pd

        rows = [
            {
                "start_s": float(marker.marked_range.start),
                "end_s": float(marker.marked_range.end),
                "name": marker.name,
                "color": marker.color,
                "note": marker.note,
                "comment": is_comment(marker),
            }
            for marker in self
        ]
        table = pd.DataFrame(rows, columns=_COLUMNS)
        return table.astype({"comment": bool})

    def __iter__(self) -> "Iterator[Marker]":
        return iter(self._session.timeline.markers)

    def __len__(self) -> int:
        return len(self._session.timeline.markers)
