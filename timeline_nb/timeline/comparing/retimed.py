"""Retimed clips that show the same, said in the same way.

A speed maps a clip's own time to that of its media, and its anchor may be anywhere: a
clip that plays backwards may count its time from the second that it shows first, as
other programs have it, or from another. That is no difference of what is seen.
"""

from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    Keyframes,
    Timeline,
)
from timeline_nb.timeline.speed import speed_of

__all__ = ["anchored"]


def anchored(timeline: Timeline) -> Timeline:
    """Return a timeline whose retimed clips count from the second they show first."""
    tracks = tuple(
        replace(track, items=tuple(map(_anchored, track.items)))
        if any(isinstance(item, Clip) and _is_retimed(item) for item in track.items)
        else track
        for track in timeline.tracks
    )
    return timeline if tracks == timeline.tracks else replace(timeline, tracks=tracks)


def _is_retimed(clip: Clip) -> bool:
    return any(one.kind == "speed" and one.enabled for one in clip.effects)


def _anchored(item: Item) -> Item:
    if not isinstance(item, Clip) or not _is_retimed(item):
        return item
    try:
        speed = speed_of(item)
    except TimelineError:
        return item
    if speed is None:
        return item
    start = item.source_range.start
    first = speed.media_time(start)
    if first < 0:
        return item
    by = first - start
    return replace(
        item,
        source_range=TimeRange(first, item.duration),
        keyframes=_moved(item.keyframes, by),
        effects=tuple(_effect(one, first, by) for one in item.effects),
    )


def _effect(effect: Effect, first: Fraction, by: Fraction) -> Effect:
    moved = replace(effect, keyframes=_moved(effect.keyframes, by))
    if effect.kind != "speed":
        return moved
    own = {"time": str(first), "media": str(first)}
    return replace(moved, parameters={**effect.parameters, **own})


def _moved(keyframes: Keyframes, by: Fraction) -> Keyframes:
    return {
        name: tuple(replace(key, time=key.time + by) for key in keys)
        for name, keys in keyframes.items()
    }
