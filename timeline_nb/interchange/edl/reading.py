"""Make an edit of an EDL."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Any, Final

from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.edl.laying import EdlTracks
from timeline_nb.interchange.edl.media import EdlMedia
from timeline_nb.interchange.edl.rates import likely_rates
from timeline_nb.interchange.edl.remarks import fraction_of
from timeline_nb.interchange.edl.rows import EventList, read_rows
from timeline_nb.interchange.edl.tracks import TrackKey
from timeline_nb.interchange.flat import (
    FlatEdit,
    FlatMarker,
    FlatTrack,
)
from timeline_nb.interchange.list_text import (
    MAX_LIST_CLIPS,
    list_of,
    read_list,
)
from timeline_nb.interchange.marks.colors import AVID, color_of
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.timecodes import TimecodeClock
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timebase import parse_rate
from timeline_nb.timeline.model import Timeline

__all__ = ["read_edl"]

_MOST_FILES: Final = 100
_MOST_ROWS: Final = 20


def read_edl(
    request: ReadRequest,
    *,
    rate: Any = None,
    start: str | None = None,
    encoding: str | None = None,
) -> Timeline:
    """Return the edit of an EDL.

    Args:
        request: The file.
        rate: Frames a second; found out by its timecode and its media if not given.
        start: The timecode of the edit's first frame; that of the first event if not
            given.
        encoding: Of the file; detected if not given.

    Raises:
        ProjectError: The file is no text, or has no event; or an argument is none.
    """
    text = list_of(request.data, request.path, encoding=encoding)
    if text.note:
        request.report.add("the file", terms.LETTERS, "approximated", None, text.note)
    found = read_rows(text.rows)
    if not found.groups:
        raise ProjectError(
            f"{request.name} is no EDL: it has no row with an event, as '001  AX  V  C "
            "00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00'"
        )
    if len(found.groups) > MAX_LIST_CLIPS.value:
        raise ProjectError(
            f"{request.name} has {len(found.groups):,} events, {MAX_LIST_CLIPS.excess}"
        )
    _judge_strange(found, request.report)
    return _Reading(request, found, rate, start).made()


def _judge_strange(found: EventList, report: Report) -> None:
    """Note the rows that are none of an EDL."""
    for row, words in found.strange[:_MOST_ROWS]:
        report.add(f"row {row}", f"the words {words[:60]!r}", "lost")
    over = found.strange[_MOST_ROWS:]
    if over:
        where = f"rows {over[0][0]} to {over[-1][0]}"
        report.add(where, f"{len(over):,} more rows that are not read", "lost")


class _Reading:
    """The making of an edit.

    Args:
        request: The file.
        found: What it says.
        rate: As it was given, or None.
        start: As it was given, or None.
    """

    def __init__(
        self, request: ReadRequest, found: EventList, rate: Any, start: str | None
    ) -> None:
        self._request, self._found = request, found
        self._report = request.report
        self._head = next(iter(found.remarks), {})
        self._media = EdlMedia(request)
        self._rate = self._rate_of(rate)
        self._clock = TimecodeClock(self._rate, is_drop=found.is_drop)
        self._events = EdlTracks(request, found, self._media, self._clock)
        self._start = self._start_of(start)

    def _rate_of(self, rate: Any) -> Fraction:
        if rate is not None:
            return parse_rate(rate)
        if known := fraction_of(self._head.get("rate")):
            return parse_rate(known)
        likely = likely_rates(self._found)
        names = [{**g.names, "reel": g.rows[-1].reel} for g in self._found.groups]
        of_media = self._media.rate_of(names)
        if of_media is not None and round(of_media) in map(round, likely):
            return of_media
        self._report.add(
            terms.EDIT,
            terms.RATE,
            "approximated",
            None,
            f"an EDL does not say it: {float(likely[0]):.6g} frames a second are taken "
            "for likely; rate= gives another",
        )
        return likely[0]

    def _start_of(self, start: str | None) -> int:
        given = start if start is not None else self._head.get("start")
        if given is not None:
            counted = self._clock.read(str(given))
            if counted is not None:
                return counted.frame
            if start is not None:
                raise ProjectError(
                    f"start={start!r} is no timecode: give that of the edit's first "
                    "frame, as '01:00:00:00'"
                )
        return self._events.first

    def made(self) -> Timeline:
        """Return the edit."""
        own = self._head.get("track", "")
        names: dict[TrackKey, str] = {("V", 1): own} if own else {}
        tracks = list(self._events.tracks(self._start, names))
        pictures = [track for track in tracks if track.kind == "video"]
        sounds = [track for track in tracks if track.kind != "video"]
        flat = FlatEdit(
            name=self._found.title or PurePath(self._request.name).stem,
            rate=self._rate,
            size=self._size(),
            start_frame=self._start,
            is_drop_frame=self._clock.is_drop,
            tracks=(*pictures, *self._over(), *sounds),
            markers=tuple(self._markers()),
        )
        return unflatten(flat, self._report)

    def _over(self) -> Iterator[FlatTrack]:
        """Yield the tracks of picture that this program wrote to files beside."""
        names = [name for name in self._head.get("over", "").split(",") if name]
        for number, name in enumerate(names[:_MOST_FILES], 2):
            try:
                found = read_rows(read_list(self._beside(name)).rows)
            except ProjectError as error:
                detail = f"its file cannot be read: {error}"
                self._report.add(name, terms.TRACK, "lost", None, detail)
                continue
            _judge_strange(found, self._report)
            own = next((r["track"] for r in found.remarks if "track" in r), "")
            events = EdlTracks(self._request, found, self._media, self._clock)
            key: TrackKey = ("V", 1)
            yield from events.tracks(self._start, {key: own or f"V{number}"})

    def _beside(self, name: str) -> Path:
        """Return the path of an EDL of the same folder."""
        if name != PurePath(name).name or not name.lower().endswith(".edl"):
            raise ProjectError(f"{name[:60]!r} is no name of an EDL")
        path = self._request.path.with_name(name)
        if path.resolve().parent != self._request.path.resolve().parent:
            raise ProjectError(f"{name[:60]!r} is a link to another folder")
        return path

    def _size(self) -> tuple[int, int] | None:
        sides = self._head.get("size", "").split("x")
        if len(sides) != 2 or not all(s.isdecimal() and len(s) < 6 for s in sides):
            return None
        size = int(sides[0]), int(sides[1])
        return size if min(size) > 1 and not (size[0] | size[1]) % 2 else None

    def _markers(self) -> Iterator[FlatMarker]:
        for one in self._found.locators:
            counted = self._clock.read(one.at)
            if counted is None or counted.frame < self._start:
                detail = f"{one.at} is no frame of the edit"
                where = f"row {one.row}"
                self._report.add(where, "the marker", "lost", None, detail)
                continue
            color = color_of(one.color, AVID)
            words = one.name if color else f"{one.color} {one.name}".strip()
            yield FlatMarker(
                name=words,
                start=Fraction(counted.frame - self._start),
                color=color or "green",
            )
