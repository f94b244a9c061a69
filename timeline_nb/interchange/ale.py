"""ALE (Avid Log Exchange): the clips of a bin, with start, end and any columns.

Text between tabs in three parts: `Heading`, `Column`, `Data`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Any, Final

from timeline_nb.errors import ProjectError, TimeError
from timeline_nb.interchange import terms
from timeline_nb.interchange.cuts import Cut, edit_of_cuts
from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatTransition
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.list_text import MAX_LIST_CLIPS, ListText, list_of
from timeline_nb.interchange.marks.mark import one_row
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.requests import (
    FoundMedia,
    ReadRequest,
    WriteRequest,
    Written,
)
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timebase import parse_rate
from timeline_nb.timeline.model import Timeline

__all__ = ["read", "write"]

_PARTS: Final = ("heading", "column", "data")
_FILES: Final = ("Source File Path", "Source File", "UNC", "Filename", "Name", "Tape")
_METADATA: Final = "ale"
_MOST_COLUMNS: Final = 500
_FORMATS: Final = {1080: "1080", 720: "720", 576: "PAL", 486: "NTSC"}
_SHORT_RATES: Final = {
    Fraction(24000, 1001): "23.976",
    Fraction(30000, 1001): "29.97",
    Fraction(60000, 1001): "59.94",
}
_COLUMNS: Final = ("Name", "Tracks", "Start", "End", "Duration", "Tape", "Source File")


@dataclass
class _Log:
    """What an ALE says."""

    heading: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def read(
    request: ReadRequest, *, rate: Any = None, encoding: str | None = None
) -> Timeline:
    """Return the clips of a log as an edit: rows follow one another.

    Args:
        request: The file.
        rate: Frames a second; that of the heading if not given.
        encoding: Of the file; detected if not given.

    Raises:
        ProjectError: The file is no ALE, or a row has no time that can be read.
    """
    log = _log(list_of(request.data, request.path, encoding=encoding), request)
    own = _rate(log, rate, request)
    detail = "a log has no order: its rows follow one another"
    request.report.add(terms.EDIT, "the order of clips", "kept", None, detail)
    cuts = (_cut(log, number, cells, own, request) for number, cells in log.rows)
    flat = edit_of_cuts(
        [cut for cut in cuts if cut is not None], Path(request.name).stem, own
    )
    if not any(track.items for track in flat.tracks):
        raise ProjectError(f"{request.name} has no clip with a Start and an End")
    return unflatten(flat, request.report)


def _log(text: ListText, request: ReadRequest) -> _Log:
    found, part = _Log(), ""
    for number, row in enumerate(text.rows, 1):
        word = row.strip()
        if not word:
            continue
        if word.lower() in _PARTS:
            part = word.lower()
        elif part == "heading":
            _head(found, row)
        elif part == "column":
            found.columns = [cell.strip() for cell in row.split("\t")]
        elif part == "data":
            found.rows.append((number, row.split("\t")))
        else:
            break
    if not found.columns:
        raise ProjectError(
            f"{request.name} is no ALE: that has the parts Heading, Column and Data"
        )
    if len(found.columns) > _MOST_COLUMNS or len(found.rows) > MAX_LIST_CLIPS.value:
        raise ProjectError(
            f"{request.name} has more than {_MOST_COLUMNS} columns, or rows "
            f"{MAX_LIST_CLIPS.excess}"
        )
    return found


def _head(found: _Log, row: str) -> None:
    """Note the pairs of a row of the heading, of which some have several."""
    cells = [cell.strip() for cell in row.split("\t")]
    for name, value in zip(cells[::2], cells[1::2], strict=False):
        found.heading.setdefault(name.upper(), value)


def _rate(log: _Log, given: Any, request: ReadRequest) -> Fraction:
    if given is not None:
        return parse_rate(given)
    text = log.heading.get("FPS", "")
    try:
        return parse_rate(text)
    except TimeError:
        detail = "the heading has no FPS that is a rate: it is 24; rate= gives another"
        request.report.add(terms.EDIT, terms.RATE, "approximated", None, detail)
        return Fraction(24)


def _cut(
    log: _Log, number: int, row: list[str], rate: Fraction, request: ReadRequest
) -> Cut | None:
    request.check()
    cells = dict(zip(log.columns, (cell.strip() for cell in row), strict=False))
    where = f"row {number}"
    frames = {
        name: _frames(cells.get(name, ""), name, where, rate, request)
        for name in ("Start", "End", "Duration")
    }
    start, end, length = frames["Start"], frames["End"], frames["Duration"]
    if start is None or (end is None and length is None):
        detail = "it has no Start, or neither End nor Duration"
        request.report.add(where, terms.CLIP, "lost", None, detail)
        return None
    taken = length if end is None else end - start
    if end is not None and length is not None and end - start != length:
        off = Fraction(abs(end - start - length))
        detail = "Start and End count"
        request.report.add(where, "the Duration", "approximated", off, detail)
    if taken is None or taken <= 0:
        detail = "it ends before it begins"
        request.report.add(where, terms.CLIP, "lost", None, detail)
        return None
    found = _media(cells, request)
    first = start / rate
    if found.timecode is not None and first >= found.timecode:
        first -= found.timecode
    tracks = cells.get("Tracks", "").upper()
    return Cut(
        found,
        first,
        taken / rate,
        name=cells.get("Name", ""),
        has_video="V" in tracks or not tracks,
        has_audio="A" in tracks if tracks else None,
        metadata=((_METADATA, {n: c for n, c in cells.items() if n and c}),),
    )


def _frames(
    text: str, name: str, where: str, rate: Fraction, request: ReadRequest
) -> int | None:
    if not text:
        return None
    counted = TimecodeClock(rate).read(text)
    if counted is None:
        what = f"the {name} {text[:20]!r}"
        request.report.add(where, what, "lost", None, "it is no timecode")
        return None
    if counted.fault:
        detail = f"{text} {counted.fault}"
        request.report.add(where, f"the {name}", "approximated", None, detail)
    return counted.frame


def _media(cells: dict[str, str], request: ReadRequest) -> FoundMedia:
    """Return the media of the first column that names what is there."""
    named = [cells[name] for name in _FILES if cells.get(name)]
    for name in named:
        found = request.find(name)
        if found.is_there:
            return found
    return request.find(named[0] if named else "unknown")


def write(request: WriteRequest) -> Written:
    """Return the clips of an edit as a log: one row for each stretch of media.

    Args:
        request: The edit.
    """
    flat = flatten(request.timeline, request.report, timecode_of=request.timecode_of)
    detail = "a log has the clips of a bin, each once"
    what = "the order and times of clips, and all that is no clip of media"
    request.report.add(terms.EDIT, what, "lost", None, detail)
    rows = _unique(list(_rows(flat, request)))
    own = {name for row in rows for name in row}
    more = sorted(own - set(_COLUMNS))
    columns = [*_COLUMNS, *more]
    height = flat.size[1] if flat.size else 0
    lines = [
        "Heading",
        "FIELD_DELIM\tTABS",
        f"VIDEO_FORMAT\t{_FORMATS.get(height, 'CUSTOM')}",
        f"AUDIO_FORMAT\t{flat.sample_rate_hz / 1000:g}khz",
        f"FPS\t{_fps(flat.rate)}",
        "",
        "Column",
        "\t".join(columns),
        "",
        "Data",
        *("\t".join(row.get(name, "") for name in columns) for row in rows),
        "",
    ]
    return Written("\n".join(lines).encode("utf-8", errors="replace"))


def _fps(rate: Fraction) -> str:
    return _SHORT_RATES.get(rate, f"{float(rate):g}")


def _rows(flat: FlatEdit, request: WriteRequest) -> Iterator[dict[str, str]]:
    clock = TimecodeClock(flat.rate)
    for track in flat.tracks:
        if track.kind == "subtitle":
            continue
        for clip in track.items:
            if isinstance(clip, FlatTransition) or not isinstance(clip, FlatClip):
                continue
            place = clip_place(track.name, clip.name, clip.start / flat.rate, flat.rate)
            if not clip.media.is_file:
                detail = "a log has media alone"
                request.report.add(place, terms.CLIP, "lost", None, detail)
                continue
            if clip.speed != 1 or clip.ramp:
                request.report.add(place, terms.SPEED, "lost")
            yield _row(clip, clock, is_video=track.kind == "video")


def _row(clip: FlatClip, clock: TimecodeClock, *, is_video: bool) -> dict[str, str]:
    rate = clock.rate
    edges = sorted((clip.source_start, clip.source_at(clip.duration, rate)))
    base = clip.media.timecode or Fraction(0)
    start, end = (clock.nearest(base + edge) for edge in edges)
    end = max(end, start + 1)
    kept = dict(clip.metadata).get(_METADATA)
    more = kept if isinstance(kept, dict) else {}
    row = {one_row(str(n)): one_row(str(value)) for n, value in more.items()}
    return row | {
        "Name": one_row(clip.name),
        "Tracks": "V" if is_video else "A1A2",
        "Start": clock.text(start),
        "End": clock.text(end),
        "Duration": clock.text(end - start),
        "Tape": row.get("Tape") or one_row(PurePath(clip.media.name).stem),
        "Source File": one_row(clip.media.path),
    }


def _unique(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows of which each stretch of media stands once, with all its tracks."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("Name", "Start", "End", "Source File"))
        known = found.setdefault(key, row)
        if row["Tracks"] not in known["Tracks"]:
            tracks = {known["Tracks"], row["Tracks"]}
            found[key] = {**known, "Tracks": "".join(sorted(tracks, reverse=True))}
    return list(found.values())
