"""Which format a marker list has, and how each is read and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.list_text import ListText
from timeline_nb.interchange.marks.avid import is_avid, read_avid, write_avid
from timeline_nb.interchange.marks.chapters import (
    is_chapters,
    is_ffmetadata,
    read_chapters,
    read_ffmetadata,
    write_chapters,
    write_ffmetadata,
)
from timeline_nb.interchange.marks.labels import is_labels, read_labels, write_labels
from timeline_nb.interchange.marks.mark import Mark, MarkList
from timeline_nb.interchange.marks.resolve import (
    is_edl,
    read_edl_marks,
    write_resolve,
)
from timeline_nb.interchange.marks.table import (
    is_table,
    read_table,
    write_premiere,
    write_table,
)
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["FORMATS", "MarkFormat", "read_marks", "writing_format"]


class _Writer(Protocol):
    def __call__(self, marks: Sequence[Mark], clock: TimecodeClock, /) -> list[str]: ...


@dataclass(frozen=True)
class MarkFormat:
    """A format of marker lists.

    Args:
        name: Its name: `resolve`.
        suffixes: Of files that are written in it if nothing else is said.
        is_own: Whether a text is in it.
        read: Returns its markers.
        write: Returns its rows.
        has_colors: Whether it has colors.
        has_notes: Whether it has notes.
        has_ends: Whether it has durations.
        is_timecode: Whether its times are timecode, with a first frame that counts.
        encoding: Of the file.
    """

    name: str
    suffixes: tuple[str, ...]
    is_own: Callable[[ListText, TimecodeClock], bool]
    read: Callable[[ListText, TimecodeClock], MarkList]
    write: _Writer
    has_colors: bool = False
    has_notes: bool = False
    has_ends: bool = True
    is_timecode: bool = False
    encoding: str = "utf-8"


# In the order in which they are tried.
FORMATS: Final = {
    one.name: one
    for one in (
        MarkFormat(
            "ffmetadata",
            (".ffmeta", ".ffmetadata"),
            is_ffmetadata,
            read_ffmetadata,
            write_ffmetadata,
        ),
        MarkFormat(
            "resolve",
            (".edl",),
            is_edl,
            read_edl_marks,
            write_resolve,
            has_colors=True,
            has_notes=True,
            is_timecode=True,
        ),
        MarkFormat(
            "avid",
            (),
            is_avid,
            read_avid,
            write_avid,
            has_colors=True,
            has_notes=True,
            is_timecode=True,
        ),
        MarkFormat("audacity", (), is_labels, read_labels, write_labels),
        MarkFormat(
            "premiere",
            (),
            is_table,
            read_table,
            write_premiere,
            has_notes=True,
            is_timecode=True,
            # As Premiere Pro writes it, with a byte order mark.
            encoding="utf-16-le",
        ),
        MarkFormat(
            "csv",
            (".csv",),
            is_table,
            read_table,
            write_table,
            has_colors=True,
            has_notes=True,
        ),
        MarkFormat(
            "youtube", (), is_chapters, read_chapters, write_chapters, has_ends=False
        ),
    )
}


def read_marks(text: ListText, clock: TimecodeClock) -> MarkList:
    """Return the markers of a list in whatever format it is.

    Raises:
        ProjectError: It is in none, or no row of it could be read.
    """
    name = text.path.name
    if not any(row.strip() for row in text.rows):
        raise ProjectError(f"{name} is empty: it has no markers")
    for one in FORMATS.values():
        if one.is_own(text, clock):
            try:
                found = one.read(text, clock)
            except ProjectError as error:
                raise ProjectError(f"{name}, {error}") from None
            break
    else:
        raise ProjectError(
            f"{name} is no list of markers: those are {', '.join(FORMATS)}; a table "
            "names its columns in the first row, such as name, start, end"
        )
    lost = next((fault for fault in found.faults if fault.is_lost), None)
    if not found.marks and lost is not None:
        raise ProjectError(
            f"{name}, row {lost.row}: no marker can be read ({found.format}): "
            f"{lost.detail or lost.what}"
        )
    return found


def writing_format(path: Path, name: object) -> MarkFormat:
    """Return the format to write a file in.

    Raises:
        ProjectError: There is none of that name, or the suffix does not say which.
    """
    if name is None:
        suffix = path.suffix.lower()
        found = [one for one in FORMATS.values() if suffix in one.suffixes]
        if found:
            return found[0]
        raise ProjectError(
            f"{path.name}: the name does not say in which format: give format= one of "
            f"{', '.join(map(repr, FORMATS))}"
        )
    if not isinstance(name, str) or name not in FORMATS:
        raise ProjectError(
            f"format={name!r} is none: those are {', '.join(FORMATS)}"
            f"{suggestion(str(name), list(FORMATS))}"
        )
    return FORMATS[name]
