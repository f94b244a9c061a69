"""Markers of an edit read from lists, and written to them, with a report."""

import codecs
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Final

from timeline_nb.compose.source_places import check_no_media
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.list_text import read_list
from timeline_nb.interchange.marks.colors import AVID, RESOLVE, name_of
from timeline_nb.interchange.marks.formats import (
    MarkFormat,
    read_marks,
    writing_format,
)
from timeline_nb.interchange.marks.mark import Mark, MarkList
from timeline_nb.interchange.report import Outcome, Report
from timeline_nb.interchange.start_timecode import start_frame_of
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Marker, Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["export_marks", "import_marks"]

_HOUR: Final = 3600
_PALETTES: Final = {"resolve": RESOLVE, "avid": AVID}
# What YouTube asks of chapters, or it shows none: "Video Chapters" in its help.
_LEAST_CHAPTERS: Final = 3
_LEAST_CHAPTER_S: Final = 10


def import_marks(
    path: Path | str,
    timeline: Timeline,
    *,
    start: str | None = None,
    encoding: str | None = None,
) -> tuple[list[Marker], Report]:
    """Return the markers of a list, and a report of what is not as it was.

    Args:
        path: The file.
        timeline: The edit that they are for.
        start: The timecode of its first frame, where the list has timecode; the
            edit's own if not given. One that has none is not that long: whole hours
            before the first marker are taken off.
        encoding: Of the file; detected if not given.

    Raises:
        ProjectError: The file cannot be read, or is no list of markers.
    """
    if not isinstance(path, (str, PathLike)):
        raise ProjectError(f"path={path!r}: name the file of the markers")
    file = Path(path)
    clock, first = _clock(timeline, start)
    found = read_marks(read_list(file, encoding=encoding), clock)
    report = Report(file, found.format, "import")
    for fault in found.faults:
        outcome: Outcome = "lost" if fault.is_lost else "approximated"
        report.add(f"row {fault.row}", fault.what, outcome, detail=fault.detail)
    offset = Fraction(0)
    if found.counts_timecode:
        is_known = start is not None or first > 0
        offset = first if is_known else _hours(found, timeline, report)
    markers, end = [], duration(timeline)
    for mark in found.marks:
        at = mark.start - offset
        if at < 0:
            where = f"the marker {mark.name!r} at {clock.text(clock.nearest(at))}"
            report.add(where, "the marker", "lost", detail="it is before the edit")
            continue
        if at > end > 0:
            where = f"the marker {mark.name!r} at {clock.text(clock.nearest(at))}"
            off, detail = (at - end) * clock.rate, "it is beyond the end of the edit"
            report.add(where, "its place", "approximated", off, detail)
        markers.append(
            Marker(
                name=mark.name,
                marked_range=TimeRange(at, mark.duration),
                color=mark.color,
                note=mark.note,
            )
        )
    return markers, report


def _clock(timeline: Timeline, start: str | None) -> tuple[TimecodeClock, Fraction]:
    """Return what counts timecode, and the seconds of the edit's first frame."""
    clock = TimecodeClock(timeline.rate)
    if start is None:
        frame, is_drop = start_frame_of(timeline)
        return TimecodeClock(timeline.rate, is_drop), clock.seconds(frame)
    counted = clock.read(str(start))
    if counted is None or counted.fault:
        raise ProjectError(
            f"start={start!r} {counted.fault if counted else 'is no timecode'}: give "
            "that of the first frame of the edit, as '01:00:00:00'"
        )
    clock = TimecodeClock(timeline.rate, is_drop=counted.is_drop)
    return clock, clock.seconds(counted.frame)


def _hours(found: MarkList, timeline: Timeline, report: Report) -> Fraction:
    """Return whole hours before the first marker that the edit does not last."""
    earliest = min((mark.start for mark in found.marks), default=Fraction(0))
    hours = Fraction(earliest // _HOUR * _HOUR)
    if not hours or earliest < duration(timeline):
        return Fraction(0)
    report.add(
        "all markers",
        "their hour",
        "kept",
        detail=f"the edit is taken to begin at {int(hours // _HOUR):02}:00:00:00: "
        "start= gives another timecode",
    )
    return hours


def export_marks(  # noqa: PLR0913 - what is written, how, and over what
    timeline: Timeline,
    path: Path | str,
    *,
    format: str | None = None,  # noqa: A002 - as every export names it
    start: str | None = None,
    written: WrittenFiles,
    overwrite: bool = False,
    strict: bool = False,
) -> Report:
    """Write the markers of an edit to a list, whole or not at all.

    Args:
        timeline: The edit.
        path: The file.
        format: The name of a format; that of the file's suffix if not given.
        start: The timecode of the first frame, where the format has timecode; the
            edit's own, or 0, if not given.
        written: The files that were written here.
        overwrite: Replace a file that was not written here.
        strict: Refuse what loses anything.

    Raises:
        ProjectError: There is no such format, it would lose something and `strict` is
            set, or the file cannot be written.
    """
    target = output_path(path, ProjectError, what="the markers, such as 'notes.csv'")
    form = writing_format(target, format)
    check_no_media(target, timeline, ProjectError, suffixes=form.suffixes)
    clock, first = _clock(timeline, start)
    marks = [_mark(marker) for marker in timeline.markers]
    report = Report(target, form.name, "export")
    for mark in marks:
        _judge(mark, form, clock, report)
    if form.name == "youtube":
        _judge_chapters(marks, report)
    if strict:
        report.refuse_losses()
    moved = [_shifted(mark, first) for mark in marks] if form.is_timecode else marks
    text = "\n".join([*form.write(moved, clock), ""])
    data = text.encode(form.encoding, errors="replace")
    if form.encoding == "utf-16-le":
        data = codecs.BOM_UTF16_LE + data
    with file_errors(target, ProjectError):
        written.write(target, data, ProjectError, overwrite=overwrite)
    report.files = (target,)
    return report


def _mark(marker: Marker) -> Mark:
    span = marker.marked_range
    return Mark(span.start, span.duration, marker.name, marker.color, marker.note)


def _shifted(mark: Mark, by: Fraction) -> Mark:
    return Mark(mark.start + by, mark.duration, mark.name, mark.color, mark.note)


def _judge(mark: Mark, form: MarkFormat, clock: TimecodeClock, report: Report) -> None:
    """Note what a format does not keep of a marker."""
    where = f"the marker {mark.name!r} at {clock.text(clock.nearest(mark.start))}"
    if mark.note and not form.has_notes:
        shown = not mark.name
        outcome: Outcome = "approximated" if shown else "lost"
        detail = "it is the name" if shown else ""
        report.add(where, "the note", outcome, detail=detail)
    if mark.duration and not form.has_ends:
        report.add(where, "the duration", "lost", detail=f"{form.name} has none")
    palette = _PALETTES.get(form.name)
    if palette:
        name, same = name_of(mark.color, palette)
        if not same:
            what = f"the color {mark.color!r}"
            report.add(where, what, "approximated", detail=f"it is {name}")
    elif not form.has_colors and mark.color != "green":
        report.add(where, f"the color {mark.color!r}", "lost")
    step = _step(form, clock)
    if step is not None and (off := _off(mark, step, form)):
        report.add(where, "its time", "approximated", off * clock.rate)


def _step(form: MarkFormat, clock: TimecodeClock) -> Fraction | None:
    """Return the seconds that a format's times are whole numbers of."""
    if form.is_timecode:
        return 1 / clock.rate
    return Fraction(1) if form.name == "youtube" else None


def _off(mark: Mark, step: Fraction, form: MarkFormat) -> Fraction:
    ends = [mark.start, mark.end] if form.has_ends else [mark.start]
    if form.is_timecode:
        return max(abs(round(time / step) * step - time) for time in ends)
    return max(time - time // step * step for time in ends)


def _judge_chapters(marks: Sequence[Mark], report: Report) -> None:
    """Note what keeps YouTube from showing chapters."""
    starts = [mark.start for mark in marks]
    why = ""
    if len(starts) < _LEAST_CHAPTERS:
        why = f"there are {len(starts)}, and it asks for {_LEAST_CHAPTERS}"
    elif starts[0] >= 1:
        why = "the first does not begin at 0:00"
    elif any(b - a < _LEAST_CHAPTER_S for a, b in pairwise(starts)):
        why = f"one is shorter than {_LEAST_CHAPTER_S} seconds"
    if why:
        report.add("all chapters", "being shown by YouTube", "lost", detail=why)
