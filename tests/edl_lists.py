"""EDL for tests: read, written, and edits that are."""

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from timeline_nb.interchange.edl.format import read, write
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import (
    ReadRequest,
    WriteRequest,
    Written,
)
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    MediaReference,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.speed import speed_of

__all__ = [
    "NTSC",
    "PAL",
    "RATES",
    "clip",
    "edit",
    "events",
    "load",
    "save",
    "shown",
    "speed",
]

EVENT: Final = "001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
PAL: Final = Fraction(25)
NTSC: Final = Fraction(30000, 1001)
RATES: Final = (
    Fraction(24000, 1001),
    Fraction(24),
    PAL,
    NTSC,
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
)


def load(text: str | bytes, **options: Any) -> tuple[Timeline, Report]:
    data = text if isinstance(text, bytes) else text.encode()
    report = Report(Path("cut.edl"), "edl", "import")
    find = options.pop("find", None)
    more = {"find": find} if find else {}
    path = options.pop("path", Path("cut.edl"))
    request = ReadRequest(data=data, name="cut.edl", path=path, report=report, **more)
    return read(request, **options), report


def save(timeline: Timeline, **options: Any) -> tuple[Written, Report]:
    report = Report(Path("cut.edl"), "edl", "export")
    timecode_of = options.pop("timecode_of", lambda _: None)
    request = WriteRequest(
        timeline=timeline,
        path=Path("cut.edl"),
        report=report,
        timecode_of=timecode_of,
    )
    return write(request, **options), report


def events(written: Written) -> list[str]:
    rows = written.data.decode().split("\r\n")
    return [row for row in rows if row[:3].isdigit()]


def clip(
    name: str, start: float, frames: float, rate: Fraction = PAL, **fields: Any
) -> Clip:
    span = TimeRange(Fraction(start) / rate, Fraction(frames) / rate)
    media = MediaReference(path=f"{name}.mov", size=(160, 90), has_audio=True)
    return Clip(name=name, media=media, source_range=span, **fields)


def speed(rate: str, first: Fraction, clip_start: Fraction) -> Effect:
    own = {"rate": float(Fraction(rate)), "time": str(clip_start), "media": str(first)}
    return Effect(kind="speed", parameters=own)


def edit(*items: Item, rate: Fraction = PAL, **fields: Any) -> Timeline:
    track = Track(kind="video", name="V1", items=items)
    return Timeline(name="cut", rate=rate, size=(160, 90), tracks=(track,), **fields)


def shown(timeline: Timeline, track: int = 0) -> list[tuple[Any, ...]]:
    """Return what a track shows, in frames: name, first source frame, length, rate."""
    rate, rows = timeline.rate, list[tuple[Any, ...]]()
    for item in timeline.tracks[track].items:
        if isinstance(item, Clip):
            span = item.source_range
            own = speed_of(item)
            first = own.media_time(span.start) if own else span.start
            row = (item.name, first * rate, span.duration * rate)
            rows.append((*row, own.rate) if own else row)
        elif isinstance(item, Gap):
            rows.append(("gap", item.duration * rate))
        elif isinstance(item, Transition):
            rows.append((item.kind, item.in_offset * rate, item.out_offset * rate))
    return rows
