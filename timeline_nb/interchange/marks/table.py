"""Markers as a table: our CSV, Premiere Pro's list, and any with a time in a column."""

import csv
import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from timeline_nb.core.csv_cells import as_text, from_text
from timeline_nb.errors import TimelineError
from timeline_nb.interchange.cell_times import read_time
from timeline_nb.interchange.list_text import ListText
from timeline_nb.interchange.marks.colors import color_of
from timeline_nb.interchange.marks.mark import Mark, MarkList, named_mark, one_row
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["is_table", "read_table", "write_premiere", "write_table"]

# The names that columns have in lists of other programs, best ones first.
_NAMES: Final = {
    "start": (
        "start_s",
        "start",
        "in",
        "start time",
        "timecode in",
        "timecode",
        "time",
        "position",
        "at",
        "begin",
    ),
    "end": ("end_s", "end", "out", "end time", "timecode out"),
    "duration": ("duration_s", "duration", "length"),
    "name": ("name", "marker name", "title", "label", "marker", "chapter"),
    "note": ("note", "description", "comment", "comments", "notes", "text"),
    "color": ("color", "marker color"),
    "exact_start": ("exact_start",),
    "exact_end": ("exact_end",),
}
_OWN: Final = (
    "name",
    "start_s",
    "end_s",
    "color",
    "note",
    "exact_start",
    "exact_end",
)
_FRACTION: Final = re.compile(r"(-?[0-9]{1,18})/([0-9]{1,18})")
_PREMIERE: Final = ("Marker Name", "Description", "In", "Out", "Duration")
_TYPE: Final = "Marker Type"


def is_table(text: ListText, _: TimecodeClock) -> bool:
    """Return whether the first row names a column of times."""
    return _header(text) is not None


def _header(text: ListText) -> tuple[int, str, dict[str, int]] | None:
    """Return the row of the header, its delimiter, and the places of known columns."""
    first = next((n for n, row in enumerate(text.rows) if row.strip()), None)
    if first is None:
        return None
    delimiter = text.delimiter(first)
    cells = next(text.table(delimiter, first), (0, list[str]()))[1]
    names = [cell.strip().strip('"').lower() for cell in cells]
    places = {
        field: names.index(own)
        for field, known in _NAMES.items()
        if (own := next((one for one in known if one in names), None)) is not None
    }
    return (first, delimiter, places) if "start" in places else None


def read_table(text: ListText, clock: TimecodeClock) -> MarkList:
    """Return the markers of a table."""
    header = _header(text)
    found = MarkList("csv")
    if header is None:
        return found
    first, delimiter, places = header
    rows = text.table(delimiter, first)
    cells = next(rows)[1]
    is_premiere = cells[0].strip().strip('"').lower() == _PREMIERE[0].lower()
    found.format = "premiere" if is_premiere else "csv"
    for number, row in rows:
        values = {
            field: row[place].strip()
            for field, place in places.items()
            if place < len(row)
        }
        if "exact_start" in places:
            values = {field: from_text(text) for field, text in values.items()}
        _add(found, number, values, clock)
    return found


def _add(
    found: MarkList, number: int, values: dict[str, str], clock: TimecodeClock
) -> None:
    times: dict[str, Fraction] = {}
    for field in ("start", "end", "duration"):
        if not values.get(field):
            continue
        try:
            exact = _exact(values.get(f"exact_{field}", ""), values[field])
            times[field], timecode = read_time(exact, clock)
        except TimelineError as error:
            found.lose(number, f"the column {field!r}", str(error))
            continue
        found.counts_timecode |= timecode
    if "start" not in times:
        found.lose(number, "a row", "it has no start")
        return
    start = times["start"]
    end = times.get("end", start + times.get("duration", Fraction(0)))
    color = color_of(values.get("color", ""))
    if values.get("color") and not color:
        found.lose(number, f"the color {values['color'][:40]!r}", "it is green")
    named_mark(
        found,
        number,
        start,
        end,
        name=values.get("name", ""),
        color=color or "green",
        note=values.get("note", ""),
    )


def _exact(fraction: str, shown: str) -> str:
    """Return the exact time, unless what is shown of it was changed since."""
    match = _FRACTION.fullmatch(fraction)
    if match is None or not int(match[2]):
        return shown
    return fraction if repr(int(match[1]) / int(match[2])) == shown else shown


def write_table(marks: Sequence[Mark], _: TimecodeClock) -> list[str]:
    """Return CSV with a header; exact times are fractions, as `101/25`."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(_OWN)
    for mark in marks:
        floats = float(mark.start), float(mark.end)
        exact = _fraction(mark.start), _fraction(mark.end)
        name, color, note = map(as_text, (mark.name, mark.color, mark.note))
        writer.writerow((name, *floats, color, note, *exact))
    return held.getvalue().removesuffix("\n").split("\n")


def _fraction(time: Fraction) -> str:
    return f"{time.numerator}/{time.denominator}"


def write_premiere(marks: Sequence[Mark], clock: TimecodeClock) -> list[str]:
    """Return the list as Premiere Pro exports it, between tabs."""
    rows = ["\t".join((*_PREMIERE, _TYPE))]
    for mark in marks:
        start, end = clock.nearest(mark.start), clock.nearest(mark.end)
        times = (clock.text(start), clock.text(end), clock.text(end - start))
        texts = one_row(mark.name), one_row(mark.note)
        rows.append("\t".join((*texts, *times, "Comment")))
    return rows
