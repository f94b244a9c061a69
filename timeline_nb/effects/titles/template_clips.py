"""Clips of templates: nested timelines with the layers filled in."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from timeline_nb.core.colors import parse_color
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import stored
from timeline_nb.effects.titles.animations import animation_keyframes
from timeline_nb.effects.titles.checks import check_text
from timeline_nb.effects.titles.templates import TEMPLATES, Layer, Template
from timeline_nb.errors import CompositionError
from timeline_nb.timebase import TimeRange, frame_count
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Keyframe,
    MediaReference,
    Timeline,
    Track,
)

__all__ = ["template_clip"]


def template_clip(
    name: str,
    /,
    *,
    rate: Fraction,
    size: tuple[int, int],
    duration: Fraction | None = None,
    **values: Any,
) -> Clip:
    """Return a template as a clip that holds a timeline of its own.

    Args:
        name: One of `TEMPLATES`.
        rate: Frames a second.
        size: Width and height in pixels.
        duration: Seconds; the template's own duration if None.
        values: Parameters of the template; its `samples` name the required ones.

    Raises:
        CompositionError: There is no such template or parameter; a required text is
            missing; or a value cannot be used.
    """
    if name not in TEMPLATES:
        raise CompositionError(
            f"there is no template {name!r}{suggestion(name, TEMPLATES)}"
        )
    template = TEMPLATES[name]
    filled = _checked(name, template, values)
    length = duration or Fraction(template.duration_s).limit_denominator(1000)
    length = Fraction(max(1, frame_count(length, rate))) / rate
    tracks = [
        Track(
            kind="video",
            name=f"V{number}",
            items=tuple(_items(layer, filled, number, length, rate)),
        )
        for number, layer in enumerate(template.layers, 1)
    ]
    tracks = [track for track in tracks if track.items]
    timeline = Timeline(name=name, rate=rate, size=size, tracks=tuple(tracks))
    whole = TimeRange(Fraction(0), length)
    media = MediaReference(
        available_range=whole, rate=rate, size=size, timeline=timeline
    )
    return Clip(name=name, media=media, source_range=whole)


def _checked(
    name: str, template: Template, values: Mapping[str, Any]
) -> dict[str, str]:
    """Return all parameters of a template, colors as `#rrggbb`."""
    for key in values:
        if key not in template.parameters:
            raise CompositionError(
                f"the template {name!r} has no parameter {key!r}"
                f"{suggestion(key, template.parameters)}"
            )
    missing = [key for key in template.samples if not str(values.get(key, ""))]
    if missing:
        example = ", ".join(f"{key}={template.samples[key]!r}" for key in missing)
        raise CompositionError(
            f"the template {name!r} needs {' and '.join(map(repr, missing))}: give "
            f"{example}"
        )
    filled = {**template.defaults, **values}
    for key, default in template.defaults.items():
        if default.startswith("#"):
            try:
                filled[key] = parse_color(filled[key])
            except ValueError as error:
                raise CompositionError(
                    f"the template {name!r}: {key!r} {error}"
                ) from error
    return {key: str(value) for key, value in filled.items()}


def _items(
    layer: Layer, values: dict[str, str], number: int, length: Fraction, rate: Fraction
) -> list[Item]:
    layout = dict(layer.parameters)
    for name, changes in layer.without.items():
        if not values[name]:
            layout |= changes
    parameters = {k: _replaced(v, values) for k, v in layout.items()}
    if layer.generator == "title" and not parameters["text"]:
        return []
    start = Fraction(frame_count(Fraction(layer.start_s).limit_denominator(100), rate))
    start = min(start / rate, length * Fraction(9, 10))
    own = length - start
    keyframes = {}
    if layer.animation:
        keyframes = animation_keyframes(
            layer.animation, parameters, start=Fraction(0), duration=own
        )
    if layer.generator == "title":
        check_text(parameters["text"], parameters)
    generator = stored(
        find(layer.generator, "generator"),
        Effect(kind=layer.generator, parameters=parameters, keyframes=keyframes),
    )
    clip = Clip(
        id=f"c{number}",
        name=parameters.get("text", layer.generator) or layer.generator,
        media=MediaReference(generator=generator),
        source_range=TimeRange(Fraction(0), own),
        effects=_effects(layer, own),
    )
    return [Gap(duration=start), clip] if start else [clip]


def _effects(layer: Layer, length: Fraction) -> tuple[Effect, ...]:
    """Return a layer's effects with their keyframes at times of the layer."""
    effects = list(layer.effects)
    for number, name, pairs in layer.keyframes:
        keys = {}
        from_end = False
        for seconds, value in pairs:
            from_end = from_end or seconds < 0
            time = Fraction(seconds).limit_denominator(1000)
            keys[length + time if from_end else time] = value
        effects[number] = Effect(
            kind=effects[number].kind,
            parameters=effects[number].parameters,
            keyframes={
                name: tuple(Keyframe(time=t, value=v) for t, v in sorted(keys.items()))
            },
        )
    return tuple(effects)


def _replaced(value: Any, values: dict[str, str]) -> Any:
    return value.format(**values) if isinstance(value, str) else value
