"""Clips without a media file: titles, colors, adjustments and nested timelines."""

from fractions import Fraction
from typing import Any, Final

from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import stored
from timeline_nb.effects.titles.animations import animation_keyframes
from timeline_nb.effects.titles.checks import check_size, check_text
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Effect, MediaReference, Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["generated_clip", "nested_clip", "title_clip"]

# Letters of a text that name its clip.
_NAMED: Final = 200


def generated_clip(
    kind: str, length: Fraction, size: tuple[int, int], /, **parameters: Any
) -> Clip:
    """Return a clip of a generator.

    Args:
        kind: `title`, `solid`, `gradient` or `adjustment`.
        length: Seconds.
        size: Width and height of the timeline in pixels.
        parameters: Parameters of the generator.

    Raises:
        CompositionError: There is no such generator, parameter or font; a value is of
            the wrong type or out of range; or no font has a letter of the text.
    """
    spec = find(kind, "generator")
    effect = stored(spec, Effect(kind=kind, parameters=parameters))
    if kind == "title":
        check_text(effect.parameters.get("text", ""), effect.parameters)
        check_size(effect.parameters, size)
    name = str(parameters.get("text", kind)).partition("\n")[0][:_NAMED] or kind
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
    """Return a clip of text.

    Args:
        text: The text, with line breaks.
        length: Seconds.
        size: Width and height of the timeline in pixels.
        animation: One of `ANIMATIONS`; empty for none.
        style: Parameters of the generator `title`.

    Raises:
        CompositionError: As `generated_clip`, or there is no such animation.
    """
    clip = generated_clip("title", length, size, text=text, **style)
    generator = clip.media.generator
    if not animation or generator is None:
        return clip
    keys = animation_keyframes(
        animation, generator.parameters, start=Fraction(0), duration=length
    )
    moving = Effect(kind="title", parameters=generator.parameters, keyframes=keys)
    media = MediaReference(generator=moving, size=size)
    return Clip(name=clip.name, media=media, source_range=clip.source_range)


def nested_clip(timeline: Timeline) -> Clip:
    """Return a whole timeline as one clip."""
    whole = TimeRange(Fraction(0), duration(timeline))
    has_audio = any(track.kind == "audio" and track.items for track in timeline.tracks)
    media = MediaReference(
        available_range=whole,
        rate=timeline.rate,
        size=timeline.size,
        has_audio=has_audio,
        timeline=timeline,
    )
    return Clip(name=timeline.name, media=media, source_range=whole)
