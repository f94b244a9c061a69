"""Templates: intros, lower thirds and outros as data that takes parameters.

A template is a list of layers, bottom to top. A layer is a generator with parameters,
in which `{name}` stands for what the caller gives, the stretch of the whole in which
it is seen (in shares, or seconds from either end), and how it moves.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from timeline_nb.effects.titles.animations import animated
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

__all__ = ["TEMPLATES", "Layer", "Template", "built"]


@dataclass(frozen=True)
class Layer:
    """A part of a template.

    Args:
        generator: `title`, `solid`, `gradient`.
        parameters: Of it; text in braces is filled in.
        start_s: Seconds from the start at which it comes.
        animation: How it comes and goes.
        effects: On top of it, with parameters.
        keyframes: Of an effect's parameters: number of the effect, name, and pairs of
            seconds (below 0: from the end) and values.
    """

    generator: str
    parameters: dict[str, Any]
    start_s: float = 0.0
    animation: str = ""
    effects: tuple[Effect, ...] = ()
    keyframes: tuple[tuple[int, str, tuple[tuple[float, float], ...]], ...] = ()


@dataclass(frozen=True)
class Template:
    """A named design.

    Args:
        doc: What it is for.
        defaults: Its parameters, with what they are when nothing is said.
        layers: Bottom to top.
        duration_s: How long it lasts when nothing is said.
    """

    doc: str
    defaults: dict[str, str]
    layers: tuple[Layer, ...]
    duration_s: float = 4.0
    kin: str = field(default="lower third")


_BAR = Effect(
    kind="crop", parameters={"left": 0.0, "top": 0.76, "right": 0.45, "bottom": 0.1}
)

TEMPLATES: Final[dict[str, Template]] = {
    "intro_fade": Template(
        "A title that rises over a color.",
        {"title": "Title", "subtitle": "", "color": "#ffffff", "background": "#101820"},
        (
            Layer("solid", {"color": "{background}"}),
            Layer(
                "title",
                {
                    "text": "{title}",
                    "size": 0.14,
                    "bold": True,
                    "color": "{color}",
                    "position": [0.5, 0.46],
                },
                animation="rise",
            ),
            Layer(
                "title",
                {
                    "text": "{subtitle}",
                    "size": 0.055,
                    "color": "{color}",
                    "position": [0.5, 0.62],
                },
                start_s=0.4,
                animation="fade",
            ),
        ),
        kin="intro",
    ),
    "intro_type": Template(
        "A title typed on a gradient.",
        {"title": "Title", "color": "#ffffff", "start": "#1b2a5e", "end": "#c0567a"},
        (
            Layer("gradient", {"start": "{start}", "end": "{end}", "angle": 60.0}),
            Layer(
                "title",
                {"text": "{title}", "size": 0.12, "color": "{color}"},
                animation="typewriter",
            ),
        ),
        kin="intro",
    ),
    "lower_third_bar": Template(
        "A name and what one does, on a bar that wipes in.",
        {
            "name": "Name",
            "role": "What one does",
            "color": "#ffffff",
            "bar": "#0b3d91e0",
        },
        (
            Layer(
                "solid",
                {"color": "{bar}"},
                effects=(_BAR,),
                keyframes=(
                    (
                        0,
                        "right",
                        ((0.0, 1.0), (0.5, 0.45), (-0.5, 0.45), (0.0, 1.0)),
                    ),
                ),
            ),
            Layer(
                "title",
                {
                    "text": "{name}",
                    "size": 0.06,
                    "bold": True,
                    "color": "{color}",
                    "anchor": "left",
                    "align": "left",
                    "position": [0.05, 0.805],
                },
                start_s=0.3,
                animation="fade",
            ),
            Layer(
                "title",
                {
                    "text": "{role}",
                    "size": 0.04,
                    "color": "{color}",
                    "anchor": "left",
                    "align": "left",
                    "position": [0.05, 0.865],
                },
                start_s=0.45,
                animation="fade",
            ),
        ),
    ),
    "lower_third_line": Template(
        "A name over a thin line, without a box.",
        {
            "name": "Name",
            "role": "What one does",
            "color": "#ffffff",
            "line": "#ffb000",
        },
        (
            Layer(
                "solid",
                {"color": "{line}"},
                effects=(
                    Effect(
                        kind="crop",
                        parameters={
                            "left": 0.06,
                            "top": 0.845,
                            "right": 0.6,
                            "bottom": 0.15,
                        },
                    ),
                ),
                keyframes=(
                    (0, "right", ((0.0, 0.94), (0.6, 0.6), (-0.6, 0.6), (0.0, 0.94))),
                ),
            ),
            Layer(
                "title",
                {
                    "text": "{name}",
                    "size": 0.065,
                    "bold": True,
                    "color": "{color}",
                    "anchor": "bottom left",
                    "align": "left",
                    "position": [0.06, 0.84],
                    "shadow": [0.002, 0.003],
                    "shadow_blur": 0.004,
                    "shadow_color": "#000000b0",
                },
                start_s=0.2,
                animation="rise",
            ),
            Layer(
                "title",
                {
                    "text": "{role}",
                    "size": 0.04,
                    "color": "{color}",
                    "anchor": "top left",
                    "align": "left",
                    "position": [0.06, 0.86],
                    "shadow": [0.002, 0.003],
                    "shadow_blur": 0.004,
                    "shadow_color": "#000000b0",
                },
                start_s=0.4,
                animation="fade",
            ),
        ),
    ),
    "chapter": Template(
        "A number and a heading in the middle of the picture.",
        {"number": "1", "title": "Chapter", "color": "#ffffff"},
        (
            Layer(
                "title",
                {
                    "text": "{number}",
                    "size": 0.3,
                    "bold": True,
                    "color": "{color}",
                    "opacity": 0.35,
                    "position": [0.5, 0.45],
                },
                animation="fade",
            ),
            Layer(
                "title",
                {
                    "text": "{title}",
                    "size": 0.09,
                    "color": "{color}",
                    "position": [0.5, 0.55],
                    "shadow": [0.0, 0.004],
                    "shadow_blur": 0.008,
                    "shadow_color": "#000000c0",
                },
                start_s=0.3,
                animation="pop",
            ),
        ),
        kin="title",
    ),
    "outro_credits": Template(
        "Credits that roll over black.",
        {"text": "Made with care", "color": "#ffffff", "background": "#000000"},
        (
            Layer("solid", {"color": "{background}"}),
            Layer(
                "title",
                {
                    "text": "{text}",
                    "size": 0.06,
                    "color": "{color}",
                    "line_spacing": 1.4,
                },
                animation="roll",
            ),
        ),
        duration_s=8.0,
        kin="outro",
    ),
}


def built(
    name: str,
    /,
    *,
    rate: Fraction,
    size: tuple[int, int],
    duration: Fraction | None = None,
    **values: str,
) -> Clip:
    """A template as a clip of a timeline of its own.

    Args:
        name: One of `TEMPLATES`.
        rate: Frames a second.
        size: Width and height.
        duration: Seconds; the template's own if None.
        values: Its parameters.

    Raises:
        CompositionError: There is no such template, or parameter of it.
    """
    if name not in TEMPLATES:
        raise CompositionError(
            f"there is no template {name!r}: there are {', '.join(TEMPLATES)}"
        )
    template = TEMPLATES[name]
    for key in values:
        if key not in template.defaults:
            told = ", ".join(template.defaults)
            raise CompositionError(
                f"the template {name!r} has no parameter {key!r}; it has {told}"
            )
    told_values = {**template.defaults, **values}
    length = duration or Fraction(template.duration_s).limit_denominator(1000)
    length = Fraction(max(1, frame_count(length, rate))) / rate
    tracks = [
        Track(
            kind="video",
            name=f"V{number}",
            items=tuple(_items(layer, told_values, number, length, rate)),
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


def _items(
    layer: Layer, values: dict[str, str], number: int, length: Fraction, rate: Fraction
) -> list[Item]:
    parameters = {k: _filled(v, values) for k, v in layer.parameters.items()}
    if layer.generator == "title" and not parameters["text"]:
        return []
    start = Fraction(frame_count(Fraction(layer.start_s).limit_denominator(100), rate))
    start = min(start / rate, length * Fraction(9, 10))
    own = length - start
    keyframes = {}
    if layer.animation:
        keyframes = animated(
            layer.animation, parameters, start=Fraction(0), duration=own
        )
    effects = list(layer.effects)
    for place, name, pairs in layer.keyframes:
        keys = {
            (own + _second(t) if late else _second(t)): value
            for late, (t, value) in _sided(pairs)
        }
        made = tuple(Keyframe(time=t, value=v) for t, v in sorted(keys.items()))
        effect = effects[place]
        effects[place] = Effect(
            kind=effect.kind, parameters=effect.parameters, keyframes={name: made}
        )
    generator = Effect(kind=layer.generator, parameters=parameters, keyframes=keyframes)
    clip = Clip(
        id=f"c{number}",
        name=parameters.get("text", layer.generator) or layer.generator,
        media=MediaReference(generator=generator),
        source_range=TimeRange(Fraction(0), own),
        effects=tuple(effects),
    )
    return [Gap(duration=start), clip] if start else [clip]


def _second(value: float) -> Fraction:
    return Fraction(value).limit_denominator(1000)


def _sided(
    pairs: tuple[tuple[float, float], ...],
) -> list[tuple[bool, tuple[float, float]]]:
    """Whether each pair is told from the end: those behind the first time below 0."""
    late, out = False, []
    for pair in pairs:
        late = late or pair[0] < 0
        out.append((late, pair))
    return out


def _filled(value: Any, values: dict[str, str]) -> Any:
    return value.format(**values) if isinstance(value, str) else value
