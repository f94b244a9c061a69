"""Resize: give an edit another canvas or another frame rate."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.canvas import parse_fit
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.placed import (
    Placed,
    placed_items,
    row_of,
    with_duration,
)
from timeline_nb.timeline.model import (
    Clip,
    Fit,
    Item,
    Timeline,
    Track,
    Transform,
    Transition,
)
from timeline_nb.timeline.speed import available_of
from timeline_nb.timeline.validate import head_problems, joint_problems, validate

__all__ = ["resize"]

_ZERO: Final = Fraction(0)


def resize(
    timeline: Timeline,
    *,
    size: tuple[int, int] | None = None,
    rate: Fraction | None = None,
    fit: Fit | None = None,
) -> Timeline:
    """Change the canvas and the frame rate of an edit; locked tracks too.

    On a canvas of another aspect, footage that filled the old one fills the new one:
    its sides are cut off. Smaller pictures (picture in picture) keep their share of
    the canvas, and all keep their position as shares of it. Titles and other
    generated clips take the new size; what they hold keeps its place in shares, and
    timelines within the edit of the same size are resized likewise.

    At another rate every clip and subtitle begins and ends at the frame of the new
    rate that is nearest to its time, and takes at least one; it begins with the same
    media as before.

    Args:
        timeline: The timeline to edit.
        size: Width and height in pixels, both even.
        rate: Frames a second.
        fit: How footage comes to the canvas from now on: `fill` if not given and the
            aspect changes, else as each clip has it.

    Raises:
        TimelineError: The size, the rate or the fit is not valid.
    """
    if fit is not None:
        fit = parse_fit(fit)
    resized = timeline
    if size is not None and (size != timeline.size or fit is not None):
        resized = _on_canvas(timeline, size, fit)
    elif fit is not None:
        resized = _on_canvas(timeline, timeline.size, fit)
    if rate is not None and rate != timeline.rate:
        _refuse(replace(resized, rate=rate))
        resized = _at_rate(resized, rate)
    validate(resized)
    return resized


def _refuse(timeline: Timeline) -> None:
    for where, message in head_problems(timeline):
        if where in {"rate", "size"}:
            raise TimelineError(f"{where}: {message}")


def _on_canvas(timeline: Timeline, size: tuple[int, int], fit: Fit | None) -> Timeline:
    old = timeline.size
    changed = replace(timeline, size=size)
    _refuse(changed)
    is_same_aspect = old[0] * size[1] == old[1] * size[0]
    wanted = fit or (None if is_same_aspect else "fill")
    tracks = tuple(
        replace(track, items=tuple(_item(i, old, size, wanted) for i in track.items))
        if track.kind == "video"
        else track
        for track in timeline.tracks
    )
    return replace(changed, tracks=tracks)


def _item(
    item: Item, old: tuple[int, int], size: tuple[int, int], fit: Fit | None
) -> Item:
    if not isinstance(item, Clip):
        return item
    inner = item.media.timeline
    if inner is not None and inner.size == old:
        resized = _on_canvas(inner, size, fit)
        return replace(item, media=replace(item.media, timeline=resized, size=size))
    if item.media.generator is not None:
        own = size if item.media.size == old else item.media.size
        return replace(item, media=replace(item.media, size=own))
    return replace(item, transform=_reframed(item, old, size, fit))


def _reframed(
    clip: Clip, old: tuple[int, int], size: tuple[int, int], fit: Fit | None
) -> Transform:
    """Return the transform of footage on another canvas."""
    transform = clip.transform
    if transform.fit == "none" and fit is None:
        # The source's own pixels: they grow with the canvas.
        return replace(transform, scale=transform.scale * size[0] / old[0])
    if fit is None or not _fills(clip, old):
        return transform
    scale = transform.scale
    if transform.fit == "none":
        scale = 1.0
    return replace(transform, fit=fit, scale=scale)


def _fills(clip: Clip, canvas: tuple[int, int]) -> bool:
    """Tell whether a clip reaches from edge to edge of the canvas, one way at least."""
    transform, source = clip.transform, clip.media.size
    if source is None:
        return False
    if transform.fit == "none":
        left, top, right, bottom = transform.crop
        across = source[0] * (1 - left - right) * transform.scale / canvas[0]
        down = source[1] * (1 - top - bottom) * transform.scale / canvas[1]
        return max(across, down) >= 1
    return transform.scale >= 1


def _at_rate(timeline: Timeline, rate: Fraction) -> Timeline:
    # Tracks are unlocked for the moment: time has one grid for all of them.
    opened = tuple(replace(track, locked=False) for track in timeline.tracks)
    draft = Draft(replace(timeline, rate=rate, tracks=opened))
    for number, track in enumerate(opened):
        placed = list(_snapped(track, rate))
        row = row_of(track, placed)
        draft.rebuild(number, _with_snapped_transitions(track, row, rate))
    tracks = [
        replace(track, locked=old.locked)
        for track, old in zip(draft.tracks, timeline.tracks, strict=True)
    ]
    return replace(draft.finish(), tracks=tuple(tracks))


def _snapped(track: Track, rate: Fraction) -> Iterator[Placed]:
    """Yield the items of a track on the frames of a rate, none over another."""
    frame, end = 1 / rate, _ZERO
    for one in placed_items(track):
        start = max(_nearest(one.start, rate), end)
        end = max(_nearest(one.end, rate), start + frame)
        item = one.item
        if isinstance(item, Clip):
            item = _with_media(item, end - start, frame)
            end = start + item.duration
        else:
            item = with_duration(item, end - start)
        yield Placed(start, item, one.transition, one.previous_id)


def _nearest(time: Fraction, rate: Fraction) -> Fraction:
    return Fraction(round(time * rate)) / rate


def _with_media(clip: Clip, duration: Fraction, frame: Fraction) -> Clip:
    """Return a clip of another duration; shorter where its media ends."""
    available = available_of(clip)
    start = clip.source_range.start
    if available is None or start + duration <= available.end:
        return with_duration(clip, duration)
    frames = (available.end - start) // frame
    if frames:
        return with_duration(clip, frames * frame)
    # Media of less than a frame is shown for as long as it lasts.
    whole = TimeRange.between(start, available.end)
    return with_duration(clip, whole.duration)


def _with_snapped_transitions(
    track: Track, row: list[Item], rate: Fraction
) -> list[Item]:
    """Return the row with offsets of whole frames, as long as media allows."""
    for index, item in enumerate(row):
        if isinstance(item, Transition):
            before, after = (
                int(offset * rate) for offset in (item.in_offset, item.out_offset)
            )
            after += not before + after
            row[index] = _offsets(item, before, after, rate)
            while before + after > 1 and _has_problem(track, row, index, rate):
                before, after = max(0, before - 1), max(0, after - 1)
                after += not before + after
                row[index] = _offsets(item, before, after, rate)
    kept = [
        index
        for index, item in enumerate(row)
        if not isinstance(item, Transition) or not _has_problem(track, row, index, rate)
    ]
    return [row[index] for index in kept]


def _offsets(item: Transition, before: int, after: int, rate: Fraction) -> Transition:
    return replace(item, in_offset=before / rate, out_offset=after / rate)


def _has_problem(track: Track, row: list[Item], index: int, rate: Fraction) -> bool:
    track = replace(track, items=tuple(row))
    return any(joint_problems(track, index, rate))
