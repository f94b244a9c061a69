"""A foreign table: each row a stretch of media."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from timeline_nb.errors import ProjectError, TimelineError
from timeline_nb.interchange.cell_times import read_time
from timeline_nb.interchange.cuts import Cut, edit_of_cuts, rate_of_media
from timeline_nb.interchange.flat import FlatEdit, FlatTrack
from timeline_nb.interchange.requests import FoundMedia, ReadRequest
from timeline_nb.interchange.table.rows import CsvRow, CsvTable
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.model import Timeline

__all__ = ["edit_of_rows"]

# Names of columns in lists of other programs, best ones first.
_MEDIA: Final = (
    "path",
    "media",
    "file",
    "source file path",
    "source file",
    "filename",
    "file name",
    "source",
    "clip",
    "name",
)
_NAME: Final = ("name", "clip name", "title", "label", "scene")
_START: Final = ("start", "start_s", "in", "source in", "source start", "from")
_END: Final = ("end", "end_s", "out", "source out", "source end", "to")
_LENGTH: Final = ("duration", "duration_s", "length")
_AT: Final = ("at", "record in", "record start", "timeline start")
_TRACK: Final = ("track",)
_KNOWN: Final = {*_MEDIA, *_NAME, *_START, *_END, *_LENGTH, *_AT, *_TRACK, ""}
_MOST_TRACKS: Final = 100


def edit_of_rows(
    request: ReadRequest, table: CsvTable, rate: Any, size: tuple[int, int] | None
) -> Timeline:
    """Return the edit of a table of media and times.

    Raises:
        ProjectError: No column names media, or a row cannot be read.
    """
    if not any(name in table.names for name in _MEDIA):
        raise ProjectError(
            "no column names media: call it 'path', beside 'start' and 'end'"
        )
    if not table.rows:
        raise ProjectError("it has no row with a clip")
    found = [request.find(_media(row)) for row in table.rows]
    own = rate_of_media(rate, found, request.report, None)
    clock = TimecodeClock(own)
    cuts: dict[str, list[Cut]] = {}
    for row, media in zip(table.rows, found, strict=True):
        request.check()
        cuts.setdefault(row.get(*_TRACK), []).append(_cut(row, media, clock))
    if len(cuts) > _MOST_TRACKS:
        raise ProjectError(f"it has {len(cuts)} tracks, more than {_MOST_TRACKS}")
    rest = [name for name in table.names if name not in _KNOWN]
    for name in rest[:20]:
        detail = "the clips' metadata keep it"
        request.report.add(
            f"the column {name[:60]!r}", "its cells", "kept", None, detail
        )
    name = Path(request.name).stem
    tracks = [t for own_name, row in cuts.items() for t in _tracks(own_name, row, own)]
    pictures = [track for track in tracks if track.kind == "video"]
    sounds = [track for track in tracks if track.kind != "video"]
    flat = FlatEdit(name=name, rate=own, size=size, tracks=(*pictures, *sounds))
    return unflatten(flat, request.report)


def _media(row: CsvRow) -> str:
    path = row.get(*_MEDIA)
    if not path:
        raise row.fault("path", "it is empty, and names no media")
    return path


def _tracks(name: str, cuts: list[Cut], rate: Fraction) -> Iterator[FlatTrack]:
    """Yield the tracks of rows that name one: picture and sound, or sound alone."""
    if name.upper().startswith("A"):
        cuts = [replace(cut, has_video=False, has_audio=True) for cut in cuts]
    flat = edit_of_cuts(cuts, "", rate)
    for track in flat.tracks:
        is_named = (track.kind == "audio") == name.upper().startswith("A")
        # Two tracks cannot have one link.
        items = tuple(
            replace(clip, link=f"{name} {clip.link}" if clip.link else "")
            for clip in track.clips
        )
        yield replace(track, name=name if name and is_named else "", items=items)


def _cut(row: CsvRow, found: FoundMedia, clock: TimecodeClock) -> Cut:
    first = _time(row, _START, found, clock)
    start = first or Fraction(0)
    end = _time(row, _END, found, clock)
    length = _time(row, _LENGTH, None, clock)
    available = found.reference.available_range
    if end is None and length is None:
        if available is None:
            raise row.fault("end", "it is empty, and the media's end is not known")
        end = available.end
    if length is None or end is not None:
        # Both may stand there; the end is where it is.
        length = (end or Fraction(0)) - start
    if length <= 0:
        raise row.fault("end", "the clip would end before it begins")
    at = _time(row, _AT, None, clock)
    known = ((name, cell) for name, cell in row.cells.items() if name not in _KNOWN)
    cells = {name: cell for name, cell in known if cell.strip()}
    return Cut(
        found,
        start,
        length,
        name=row.get(*_NAME) or Path(found.reference.path).stem,
        at=at,
        metadata=(("row", cells),) if cells else (),
    )


def _time(
    row: CsvRow,
    names: tuple[str, ...],
    found: FoundMedia | None,
    clock: TimecodeClock,
) -> Fraction | None:
    """Return the time of a cell; of media, from their first frame on."""
    name = next((one for one in names if row.get(one)), None)
    if name is None:
        return None
    try:
        time, is_timecode = read_time(row.get(name), clock)
    except TimelineError as error:
        raise row.fault(name, str(error)) from None
    if time < 0:
        raise row.fault(name, "it is before 0")
    base = found.timecode if found is not None else None
    if is_timecode and base is not None and time >= base:
        return time - base
    return time
