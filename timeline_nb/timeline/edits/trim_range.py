"""Trim range: the part of a timeline between two times, as a timeline of its own."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.place import overwrite
from timeline_nb.timeline.keyframes import shifted
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    Marker,
    MediaReference,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import duration, range_of

__all__ = ["trim_range"]

_ZERO: Final = Fraction(0)


def trim_range(timeline: Timeline, start: Fraction, end: Fraction) -> Timeline:
    """Return what a timeline shows between two times, beginning at 0.

    Clips keep their ids. Where a transition or a fade plays across one of the times,
    or the stretch ends in a gap, the timeline is nested in one clip instead, so that
    every frame and the duration stay as they are.

    Args:
        timeline: The whole.
        start: Timeline seconds of its first frame.
        end: Timeline seconds at which it ends; what is beyond the timeline's end is
            left out.

    Raises:
        TimelineError: `start` is before 0, or there is nothing between the two times.
    """
    whole = duration(timeline)
    if not 0 <= start < min(end, whole):
        raise TimelineError(
            f"there is nothing between {float(start):g} s and {float(end):g} s: "
            f"{timeline.name!r} lasts from 0 s to {float(whole):g} s"
        )
    span = TimeRange.between(start, min(end, whole))
    if span == TimeRange(_ZERO, whole):
        return timeline
    times = (span.start, span.end)
    if not any(_plays_across(track, t) for t in times for track in timeline.tracks):
        part = _cut(timeline, span)
        if duration(part) == span.duration:
            return part
    return _nested(timeline, span, whole)


def _cut(timeline: Timeline, span: TimeRange) -> Timeline:
    """Return the timeline without what is outside a range, locked tracks too."""
    opened = tuple(replace(track, locked=False) for track in timeline.tracks)
    draft = Draft(replace(timeline, tracks=opened))
    for number in range(len(opened)):
        behind = TimeRange.between(span.end, max(span.end, draft.end(number)))
        draft.replace(number, behind, [])
        draft.replace(number, TimeRange(_ZERO, span.start), [])
    cut = draft.finish()
    tracks = tuple(
        replace(
            track,
            locked=old.locked,
            effects=_shifted(track.effects, -span.start),
        )
        for track, old in zip(cut.tracks, timeline.tracks, strict=True)
    )
    return replace(
        cut,
        tracks=tracks,
        effects=_shifted(cut.effects, -span.start),
        markers=tuple(_markers(timeline, span)),
    )


def _nested(timeline: Timeline, span: TimeRange, whole: Fraction) -> Timeline:
    """Return a timeline of one clip that shows the stretch, and of its subtitles."""
    shown = tuple(t for t in timeline.tracks if t.kind != "subtitle")
    lines = tuple(t for t in timeline.tracks if t.kind == "subtitle")
    inner = replace(timeline, tracks=shown, markers=())
    media = MediaReference(
        available_range=TimeRange(_ZERO, whole),
        rate=timeline.rate,
        size=timeline.size if any(t.kind == "video" for t in shown) else None,
        has_audio=any(t.kind == "audio" and t.items for t in shown),
        timeline=inner,
    )
    around = _cut(replace(timeline, tracks=lines, effects=()), span)
    clip = Clip(name=timeline.name, media=media, source_range=span)
    return overwrite(around, [clip], at=_ZERO)


def _plays_across(track: Track, time: Fraction) -> bool:
    """Tell whether a transition or a fade of a track is under way at a time."""
    return any(
        span.start < time < span.end
        for index, item in enumerate(track.items)
        for span in _changes(item, range_of(track, index))
    )


def _changes(item: Item, place: TimeRange) -> Iterator[TimeRange]:
    """Yield the stretches in which a transition or a fade is under way."""
    if isinstance(item, Transition):
        yield place
    elif isinstance(item, Clip):
        yield TimeRange(place.start, item.fade_in)
        yield TimeRange(place.end - item.fade_out, item.fade_out)


def _shifted(effects: tuple[Effect, ...], by: Fraction) -> tuple[Effect, ...]:
    """Return effects of the timeline's own time, with their keyframes moved."""
    return tuple(
        replace(
            effect,
            keyframes={n: shifted(keys, by) for n, keys in effect.keyframes.items()},
        )
        if effect.keyframes
        else effect
        for effect in effects
    )


def _markers(timeline: Timeline, span: TimeRange) -> Iterator[Marker]:
    """Yield the markers within a stretch, in its own time."""
    for marker in timeline.markers:
        place = marker.marked_range
        shared = place.intersection(span)
        if shared is None and span.contains(place.start):
            shared = place
        if shared is not None:
            yield replace(marker, marked_range=shared.shifted(-span.start))
