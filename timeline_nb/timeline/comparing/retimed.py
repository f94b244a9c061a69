"""Retimed clips that show the same, said in the same way.

A speed maps a clip's own time to that of its media, and its anchor may be anywhere: a
clip that plays backwards may count its time from the second that it shows first, as
other programs have it, or from another. That is no difference of what is seen. Neither
is where a title counts from, as long as what moves in it begins at the same picture.
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

# What these draw changes by keyframes alone. Others' generators may draw their time.
_DRAWN_BY_KEYFRAMES = frozenset({"adjustment", "gradient", "solid", "title"})


def anchored(timeline: Timeline) -> Timeline:
    """Return a timeline whose retimed clips count from the second they show first."""
    tracks = tuple(
        replace(track, items=tuple(map(_anchored, track.items)))
        if any(isinstance(item, Clip) and _has_own_time(item) for item in track.items)
        else track
        for track in timeline.tracks
    )
    return timeline if tracks == timeline.tracks else replace(timeline, tracks=tracks)


def _has_own_time(clip: Clip) -> bool:
    generator = clip.media.generator
    is_drawn = generator is not None and generator.kind in _DRAWN_BY_KEYFRAMES
    return is_drawn or _is_retimed(clip)


def _is_retimed(clip: Clip) -> bool:
    return any(one.kind == "speed" and one.enabled for one in clip.effects)


def _anchored(item: Item) -> Item:
    if not isinstance(item, Clip) or not _has_own_time(item):
        return item
    if not _is_retimed(item):
        return _shifted(item, -item.source_range.start)
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
    shifted = _shifted(item, first - start)
    effects = tuple(_effect(one, first) for one in shifted.effects)
    return replace(shifted, effects=effects)


def _shifted(clip: Clip, by: Fraction) -> Clip:
    """Return a clip whose own time is later, with all that is said in it."""
    media, generator = clip.media, clip.media.generator
    if generator is not None:
        drawn = replace(generator, keyframes=_moved(generator.keyframes, by))
        media = replace(media, generator=drawn)
    return replace(
        clip,
        media=media,
        source_range=TimeRange(clip.source_range.start + by, clip.duration),
        keyframes=_moved(clip.keyframes, by),
        effects=tuple(
            replace(one, keyframes=_moved(one.keyframes, by)) for one in clip.effects
        ),
    )


def _effect(effect: Effect, first: Fraction) -> Effect:
    if effect.kind != "speed":
        return effect
    own = {"time": str(first), "media": str(first)}
    return replace(effect, parameters={**effect.parameters, **own})


def _moved(keyframes: Keyframes, by: Fraction) -> Keyframes:
    return {
        name: tuple(replace(key, time=key.time + by) for key in keys)
        for name, keys in keyframes.items()
    }
