"""Fit foreign clips and transitions to the media that there are, and tell it."""

from collections.abc import Iterator
from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.interchange import terms
from timeline_nb.interchange.places import time_place
from timeline_nb.interchange.report import Outcome, Report
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.model import Clip, Gap, Item, Transition
from timeline_nb.timeline.speed import available_of

__all__ = ["fitted", "with_transitions"]

_ZERO = Fraction(0)


def fitted(clip: Clip, rate: Fraction, report: Report, place: str) -> Iterator[Item]:
    """Yield a clip cut to the media it has, with gaps in place of what it has not.

    Of offline media, what a file says they have is doubted instead: the clip stays
    whole, and the length of the media becomes unknown.

    Args:
        clip: Its ranges may reach outside its media.
        rate: Frames a second of the edit.
        report: Gets the changes.
        place: Where it is, for the report.
    """
    span = clip.source_range
    try:
        has = available_of(clip)
    except TimelineError as error:
        report.add(place, terms.SPEED, "lost", None, str(error))
        rest = tuple(e for e in clip.effects if e.kind != "speed")
        yield from fitted(replace(clip, effects=rest), rate, report, place)
        return
    if has is None or has.encloses(span):
        yield clip
        return
    if not clip.media.fingerprint:
        detail = (
            "it shows more than the file says its media have: their length is taken "
            "as unknown"
        )
        report.add(place, "the media's length", "kept", None, detail)
        yield replace(clip, media=replace(clip.media, available_range=None))
        return
    start, end = max(span.start, has.start), min(span.end, has.end)
    missing = span.duration - max(_ZERO, end - start)
    detail = "it reaches outside its media: a gap stands there"
    outcome: Outcome = "approximated" if end > start else "lost"
    report.add(place, terms.CLIP, outcome, missing * rate, detail)
    if end <= start:
        yield Gap(duration=span.duration)
        return
    if start > span.start:
        yield Gap(duration=start - span.start)
    length = end - start
    fade_in = min(clip.fade_in, length)
    yield replace(
        clip,
        source_range=TimeRange(start, length),
        fade_in=fade_in,
        fade_out=min(clip.fade_out, length - fade_in),
    )
    if end < span.end:
        yield Gap(duration=span.end - end)


def with_transitions(
    items: list[Item], track: str, rate: Fraction, report: Report
) -> list[Item]:
    """Return a track's items with transitions that their clips allow.

    One beside a gap becomes a fade; one that is longer than its clips or their handles
    becomes shorter, or a cut.

    Args:
        items: Of a track, in order.
        track: Its name, for the report.
        rate: Frames a second of the edit.
        report: Gets the changes.
    """
    out: list[Item] = []
    at = _ZERO
    row = list(items)
    for number, item in enumerate(row):
        if not isinstance(item, Transition):
            at += duration_of(item)
            out.append(item)
            continue
        place = time_place(f"{track}, {item.kind}", at, rate)
        before = out[-1] if out else None
        after = row[number + 1] if number + 1 < len(row) else None
        if isinstance(before, Clip) and isinstance(after, Clip):
            room = _room(out, before, after)
            out += _shortened(item, room, rate, report, place)
        elif isinstance(before, Clip):
            out[-1] = _faded(before, item, report, place, at_end=True)
        elif isinstance(after, Clip):
            row[number + 1] = _faded(after, item, report, place, at_end=False)
        else:
            report.add(
                place, terms.transition(item.kind), "lost", None, "it is beside no clip"
            )
    return out


def _room(out: list[Item], before: Clip, after: Clip) -> tuple[Fraction, Fraction]:
    """Return how long a transition may last before the cut, and after it."""
    tail, head = available_of(before), available_of(after)
    last = out[-2] if len(out) > 1 else None
    taken = last.out_offset if isinstance(last, Transition) else _ZERO
    most_in = before.duration - taken
    most_out = after.duration
    if head is not None:
        most_in = min(most_in, after.source_range.start - head.start)
    if tail is not None:
        most_out = min(most_out, tail.end - before.source_range.end)
    return max(_ZERO, most_in), max(_ZERO, most_out)


def _shortened(
    item: Transition,
    room: tuple[Fraction, Fraction],
    rate: Fraction,
    report: Report,
    place: str,
) -> list[Item]:
    into, out = min(item.in_offset, room[0]), min(item.out_offset, room[1])
    into, out = max(_ZERO, into), max(_ZERO, out)
    missing = item.in_offset + item.out_offset - into - out
    if into + out <= 0:
        detail = "its clips have no more media there: it became a cut"
        report.add(place, terms.transition(item.kind), "lost", missing * rate, detail)
        return []
    if missing:
        detail = "its clips have no more media there"
        report.add(
            place, terms.transition(item.kind), "approximated", missing * rate, detail
        )
    return [replace(item, in_offset=into, out_offset=out)]


def _faded(
    clip: Clip, item: Transition, report: Report, place: str, *, at_end: bool
) -> Clip:
    length = item.in_offset + item.out_offset
    detail = "it is beside a gap: it became a fade"
    report.add(place, terms.transition(item.kind), "kept", None, detail)
    if at_end:
        return replace(clip, fade_out=min(length, clip.duration - clip.fade_in))
    return replace(clip, fade_in=min(length, clip.duration - clip.fade_out))
