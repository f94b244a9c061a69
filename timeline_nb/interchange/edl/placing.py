"""Events of an EDL laid on tracks, in frames of its timecode."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from timeline_nb.interchange import terms
from timeline_nb.interchange.edl.rows import EdlRow, EventGroup, EventList, MotionRow
from timeline_nb.interchange.edl.speeds import speed_of_motion
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["PlacedEvent", "placed_events"]


@dataclass
class PlacedEvent:
    """A stretch of something on a track.

    Args:
        row: Its event's row.
        start: The frame at which it begins, by record timecode.
        end: The frame at which it ends.
        source: The frame of source timecode that is lowest in what it shows.
        source_end: The one behind the highest.
        speed: Source frames a frame.
        name: Of the clip.
        file: Of the media, as it is named; empty if it is not.
        length: Frames over which it is faded to from what is before it.
        is_from_black: Whether that is black.
        remark: What this program wrote of it.
        grades: `ASC_SOP` and `ASC_SAT`.
        texts: Other rows.
        number: Of its event, so that picture and sound of one are linked.
    """

    row: EdlRow
    start: int
    end: int
    source: int
    source_end: int
    speed: Fraction = Fraction(1)
    name: str = ""
    file: str = ""
    length: int = 0
    is_from_black: bool = False
    remark: dict[str, str] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[int, str]] = field(default_factory=list)
    number: int = 0


def placed_events(
    found: EventList, rate: Fraction, report: Report
) -> Iterator[PlacedEvent]:
    """Yield what each event puts on its tracks, black included.

    Args:
        found: The events.
        rate: Frames a second.
        report: Gets what is wrong with them.
    """
    black = False
    for number, group in enumerate(found.groups):
        for place, row in enumerate(group.rows):
            frames = _frames(row, rate, report)
            if frames is None:
                continue
            if frames[2] == frames[3] and row.is_cut:
                # What the next row fades from; the event before it shows it.
                black = row.is_black
                continue
            made = _placed(group, place, frames, rate, report)
            made.number, made.is_from_black = number, black
            black = False
            yield made


def _frames(
    row: EdlRow, rate: Fraction, report: Report
) -> tuple[int, int, int, int] | None:
    """Return a row's times in frames; None if they cannot be right."""
    clock = TimecodeClock(rate, is_drop=row.is_drop)
    where = f"row {row.row}"
    frames = []
    for text in row.times:
        counted = clock.read(text)
        if counted is None:
            report.add(where, "the event", "lost", None, f"{text} is no timecode")
            return None
        if counted.fault:
            detail = f"{text} {counted.fault}"
            report.add(where, "a time", "approximated", None, detail)
        frames.append(counted.frame)
    # The clock begins anew after 24 hours.
    for first, last in ((0, 1), (2, 3)):
        if frames[last] < frames[first] - clock.day // 2:
            frames[last] += clock.day
    if frames[3] < frames[2]:
        detail = "its record time ends before it begins"
        report.add(where, "the event", "lost", None, detail)
        return None
    return frames[0], frames[1], frames[2], frames[3]


def _placed(
    group: EventGroup,
    place: int,
    frames: tuple[int, int, int, int],
    rate: Fraction,
    report: Report,
) -> PlacedEvent:
    row = group.rows[place]
    into = place > 0 or not row.is_cut
    names = group.names
    name = names.get("to_name", "") if into else ""
    made = PlacedEvent(
        row=row,
        start=frames[2],
        end=frames[3],
        source=min(frames[:2]),
        source_end=max(frames[:2]),
        name=name or names.get("from_name", ""),
        file=(names.get("to_file", "") if into else "") or names.get("from_file", ""),
        length=0 if row.is_cut else row.length,
        remark=group.remarks[-1] if group.remarks else {},
        grades=group.grades,
        texts=group.texts,
    )
    if row.transition.startswith("K"):
        detail = "it is laid as a cut"
        report.add(f"row {row.row}", "the key", "lost", None, detail)
        made.length = 0
    if not row.is_black:
        _retime(made, group, frames, rate, report)
    return made


def _retime(
    made: PlacedEvent,
    group: EventGroup,
    frames: tuple[int, int, int, int],
    rate: Fraction,
    report: Report,
) -> None:
    """Give an event its speed, by what is said of it and by its lengths."""
    row, where = made.row, f"row {made.row.row}"
    clock = TimecodeClock(rate, is_drop=row.is_drop)
    source, record = frames[1] - frames[0], frames[3] - frames[2]
    motion = _motion_of(group, row)
    if motion is not None:
        exact = made.remark.get("speed")
        made.speed = speed_of_motion(motion.frames, clock.nominal, exact)
        first = clock.read(motion.at)
        if made.speed < 0 and first is not None:
            _turn(made, first.frame)
    elif group.is_frozen:
        made.speed = Fraction(0)
    elif source < 0:
        made.speed = Fraction(source, record) if record else Fraction(-1)
        detail = "its source time ends before it begins: it runs backwards"
        report.add(where, terms.SPEED, "kept", None, detail)
    elif not source and record:
        detail = "its source has no length: it begins there, and the record counts"
        report.add(where, "the source's length", "kept", None, detail)
    elif source != record and record:
        detail = (
            f"its source lasts {source} frames and its record {record}, and no row M2 "
            "says that it is retimed: the record counts"
        )
        off = Fraction(abs(source - record))
        report.add(where, "the source's length", "approximated", off, detail)
    if made.name.endswith(" FF") and not made.speed:
        # Avid adds it to the names of freeze frames.
        made.name = made.name[:-3]


def _turn(made: PlacedEvent, first: int) -> None:
    """Put the end of what runs backwards where its first frame is."""
    length = made.source_end - made.source
    if first != made.source:
        made.source_end = first + 1
        made.source = made.source_end - length


def _motion_of(group: EventGroup, row: EdlRow) -> MotionRow | None:
    """Return what is said of the speed of one row."""
    own = [one for one in group.motions if _same_reel(one.reel, row.reel)]
    found = own or (group.motions if len(group.rows) == 1 else [])
    if not found:
        return None
    return next((one for one in found if one.at == row.times[0]), found[-1])


def _same_reel(one: str, other: str) -> bool:
    # Some programs cut reels in one of both rows.
    a, b = one.upper(), other.upper()
    return bool(a) and bool(b) and (a.startswith(b) or b.startswith(a))
