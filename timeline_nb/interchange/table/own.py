"""The table of an edit, as `export` wrote it, perhaps changed since."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from msgspec import MsgspecError

from timeline_nb.compose.file_uses import with_paths
from timeline_nb.core import bounded_json
from timeline_nb.core.csv_cells import from_text
from timeline_nb.core.file_limits import read_limited
from timeline_nb.core.tables import table_of
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange import terms
from timeline_nb.interchange.cuts import rate_of_media
from timeline_nb.interchange.list_text import MAX_LIST_BYTES
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.table.rows import CsvRow, CsvTable
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.tables import COLUMNS

__all__ = ["BESIDE", "OWN_COLUMNS", "edit_of_table"]

# What the file beside a table is called, which has what the table has no column for.
BESIDE: Final = ".timeline.json"
OWN_COLUMNS: Final = {"track", "kind", "type", "rest"}
_NUMBERS: Final = ("start_s", "duration_s", "end_s", "gain_db", "opacity")
_ROW: Final = re.compile(r"\brow ([0-9]{1,9}) of the table")
_SIZE: Final = (1920, 1080)
_NUMBER_LETTERS: Final = 60


@dataclass(frozen=True)
class _Beside:
    """What the file beside a table says: the edit without items, and its times."""

    timeline: str
    times: str


def edit_of_table(
    request: ReadRequest, table: CsvTable, rate: Any, size: tuple[int, int] | None
) -> Timeline:
    """Return the edit of its own table.

    Raises:
        ProjectError: A cell cannot be read, rows disagree, or the file beside it is
            broken.
    """
    rows = [_cells(row, table) for row in table.rows]
    frame = table_of(rows, list(COLUMNS))
    beside = _beside(request)
    if beside is not None:
        frame.attrs["timeline_nb"] = beside.timeline
        frame.attrs["timeline_nb_times"] = beside.times
        made = _made(lambda: Timeline.from_dataframe(frame), table)
    else:
        bare = _bare(request, rows, rate, size)
        made = _made(lambda: Timeline.from_dataframe(frame, timeline=bare), table)

    def where(path: str) -> str:
        found = request.find(path)
        return found.reference.path if found.is_there else path

    return with_paths(made, where)


def _made(make: Callable[[], Timeline], table: CsvTable) -> Timeline:
    """Return a timeline; errors name rows of the file in place of the table's."""
    numbers = [row.number for row in table.rows]

    def in_file(match: re.Match[str]) -> str:
        place = int(match[1])
        return f"row {numbers[place]}" if place < len(numbers) else match[0]

    try:
        return make()
    except TimelineNbError as error:
        raise ProjectError(_ROW.sub(in_file, str(error))) from None
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        MsgspecError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise ProjectError(
            f"the column 'rest', or the file {BESIDE} beside it, holds what is none of "
            "an edit"
        ) from None


def _cells(row: CsvRow, table: CsvTable) -> dict[str, Any]:
    """Return the cells of a row, numbers as numbers, and `rest` checked."""
    cells = row.cells
    found: dict[str, Any] = {n: from_text(cells.get(n, "")) for n in COLUMNS}
    for name in _NUMBERS:
        text = found[name].strip()
        if table.delimiter == ";":
            text = text.replace(",", ".")
        try:
            found[name] = float(text[:_NUMBER_LETTERS]) if text else None
        except ValueError:
            raise row.fault(name, f"{text[:40]!r} is no number") from None
        if found[name] is not None and not isfinite(found[name]):
            raise row.fault(name, f"{text[:40]!r} is no finite number")
    rest = found["rest"].strip() or "{}"
    place = f"row {row.number}, column 'rest'"
    bounded_json.parse(rest.encode(errors="replace"), place, what="JSON of an item")
    found["rest"] = rest
    return found


def _beside(request: ReadRequest) -> _Beside | None:
    """Return what the file beside a table says; None if there is none."""
    path = request.path.with_name(request.path.name + BESIDE)
    if not path.is_file():
        return None
    if path.resolve().parent != request.path.resolve().parent:
        raise ProjectError(f"{path.name} is a link to another folder")
    data = read_limited(path, MAX_LIST_BYTES, ProjectError)
    document = bounded_json.parse(data, path.name, what="what a table has beside it")
    timeline, times = document.get("timeline"), document.get("times")
    if not isinstance(timeline, str) or not isinstance(times, str):
        raise ProjectError(f"{path.name} does not say of which edit the table is")
    for text in (timeline, times):
        bounded_json.parse(text.encode(errors="replace"), path.name, what="an edit")
    return _Beside(timeline, times)


def _bare(
    request: ReadRequest,
    rows: list[dict[str, Any]],
    rate: Any,
    size: tuple[int, int] | None,
) -> Timeline:
    """Return an edit without items for a table that lost the file beside it."""
    paths = dict.fromkeys(row["media"] for row in rows if row["media"])
    found = [request.find(path) for path in list(paths)[:20]]
    own: Fraction = rate_of_media(rate, found, request.report, None)
    if size is None:
        sizes = (one.reference.size for one in found)
        size = next((s for s in sizes if s and min(s) > 1), None)
        size = _SIZE if size is None else (size[0] // 2 * 2, size[1] // 2 * 2)
    detail = f"{request.path.name}{BESIDE} is not there, which has them"
    what = "its name, tracks, markers and effects"
    request.report.add(terms.EDIT, what, "lost", None, detail)
    return Timeline(name=request.path.stem, rate=own, size=size)
