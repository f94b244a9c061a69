"""Which second of its media a clip shows at a frame, and where its frames begin."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatItem,
    FlatKey,
    FlatMarker,
    FlatTransition,
)
from timeline_nb.timeline.ramp import ramp_of
from timeline_nb.timeline.speed import Speed

__all__ = ["at_rate", "media_second", "phase_of"]


def media_second(clip: FlatClip, rate: Fraction) -> Callable[[Fraction], Fraction]:
    """Return the media second of a frame, counted from the clip's start.

    Args:
        clip: The clip.
        rate: Frames a second.
    """
    if not clip.ramp:
        return lambda frame: clip.source_at(frame, rate)
    keys = tuple(key.at(key.frame / rate) for key in clip.ramp)
    ramp = ramp_of(keys)
    speed = Speed(Fraction(0), clip.source_start, ramp.rates[0], ramp)
    if not ramp.curves:
        speed = Speed(Fraction(0), clip.source_start, ramp.rates[0])
    return lambda frame: speed.media_time(frame / rate)


def at_rate(edit: FlatEdit, rate: Fraction) -> FlatEdit:
    """Return an edit whose frames are counted at another rate."""
    if edit.rate == rate:
        return edit
    by = rate / edit.rate
    tracks = (
        replace(track, items=tuple(_item(item, by) for item in track.items))
        for track in edit.tracks
    )
    markers = tuple(_marker(one, by) for one in edit.markers)
    return replace(edit, rate=rate, tracks=tuple(tracks), markers=markers)


def _item(item: FlatItem, by: Fraction) -> FlatItem:
    if isinstance(item, FlatTransition):
        into, out = item.in_offset * by, item.out_offset * by
        return replace(item, at=item.at * by, in_offset=into, out_offset=out)
    if not isinstance(item, FlatClip):
        return replace(item, start=item.start * by, duration=item.duration * by)
    return replace(
        item,
        start=item.start * by,
        duration=item.duration * by,
        ramp=_keys(item.ramp, by),
        keyframes=tuple((name, _keys(keys, by)) for name, keys in item.keyframes),
        fade_in=item.fade_in * by,
        fade_out=item.fade_out * by,
        markers=tuple(_marker(one, by) for one in item.markers),
    )


def _keys(keys: tuple[FlatKey, ...], by: Fraction) -> tuple[FlatKey, ...]:
    return tuple(replace(key, frame=key.frame * by) for key in keys)


def _marker(marker: FlatMarker, by: Fraction) -> FlatMarker:
    return replace(marker, start=marker.start * by, duration=marker.duration * by)


def phase_of(clip: FlatClip) -> Fraction:
    """Return how long a clip has been there at the first whole frame that shows it.

    Frames of MLT are whole: the clip may have begun between two.
    """
    return -clip.start % 1
