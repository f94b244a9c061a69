"""Clips that no file holds: titles, colors, adjustments and nested timelines."""

from fractions import Fraction
from typing import Any

from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.animations import animated
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Effect, MediaReference, Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["generated_clip", "nested_clip", "title_clip"]


def generated_clip(
    kind: str, length: Fraction, size: tuple[int, int], /, **parameters: Any
) -> Clip:
    """A clip of what a generator makes.

    Raises:
        CompositionError: There is no such generator, or a parameter makes no sense.
    """
    effect = Effect(kind=kind, parameters=parameters)
    values_of(find(kind, "generator"), effect)
    name = str(parameters.get("text", kind)).partition("\n")[0] or kind
    return Clip(
        name=name,
        media=MediaReference(generator=effect, size=size),
        source_range=TimeRange(Fraction(0), length),
    )


def title_clip(
    text: str,
    length: Fraction,
    size: tuple[int, int],
    /,
    *,
    animation: str = "",
    **style: Any,
) -> Clip:
    """A clip of text.

    Raises:
        CompositionError: There is no such animation, or a parameter makes no sense.
    """
    clip = generated_clip("title", length, size, text=text, **style)
    if not animation:
        return clip
    told = {"text": text, **style}
    keys = animated(animation, told, start=Fraction(0), duration=length)
    moving = Effect(kind="title", parameters=told, keyframes=keys)
    media = MediaReference(generator=moving, size=size)
    return Clip(name=clip.name, media=media, source_range=clip.source_range)


def nested_clip(timeline: Timeline) -> Clip:
    """A timeline as a clip: all of it."""
    whole = TimeRange(Fraction(0), duration(timeline))
    sounds = any(track.kind == "audio" and track.items for track in timeline.tracks)
    media = MediaReference(
        available_range=whole,
        rate=timeline.rate,
        size=timeline.size,
        has_audio=sounds,
        timeline=timeline,
    )
    return Clip(name=timeline.name, media=media, source_range=whole)
