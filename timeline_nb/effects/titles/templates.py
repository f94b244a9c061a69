"""Templates: intros, lower thirds and outros as data with parameters.

A template is a list of layers, bottom to top. A layer is a generator with parameters,
in which `{name}` is replaced by the template's parameter of that name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from timeline_nb.timeline.model import Effect

__all__ = ["TEMPLATES", "Layer", "Template"]


@dataclass(frozen=True)
class Layer:
    """One layer of a template.

    Args:
        generator: `title`, `solid` or `gradient`.
        parameters: Parameters of the generator; names in braces are replaced.
        start_s: Seconds from the template's start at which the layer appears.
        animation: The name of the title animation; empty for none.
        effects: Effects of the layer.
        keyframes: Keyframes of an effect's parameter: the effect's number, the name of
            the parameter, and pairs of seconds and values. Pairs from the first
            negative time on count from the layer's end.
        without: Changed parameters of the generator where a text of the template is
            empty, by the name of that text.
    """

    generator: str
    parameters: dict[str, Any]
    start_s: float = 0.0
    animation: str = ""
    effects: tuple[Effect, ...] = ()
    keyframes: tuple[tuple[int, str, tuple[tuple[float, float], ...]], ...] = ()
    without: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A named design of titles and colors.

    Args:
        doc: What it shows, in one sentence.
        samples: The texts that it requires, with values for previews.
        defaults: Its optional parameters; layers of empty text are left out.
        layers: Layers, bottom to top.
        duration_s: Seconds that it lasts by default.
        group: The heading under which catalogues list it.
    """

    doc: str
    samples: Mapping[str, Any]
    defaults: Mapping[str, str]
    layers: tuple[Layer, ...]
    duration_s: float = 4.0
    group: str = field(default="lower third")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters, required ones first."""
        return (*self.samples, *self.defaults)


_BAR = Effect(
    kind="crop", parameters={"left": 0.0, "top": 0.76, "right": 0.45, "bottom": 0.1}
)

TEMPLATES: Final[dict[str, Template]] = {
    "intro_fade": Template(
        "Show a title that rises over a plain color, with a subtitle.",
        {"title": "Title"},
        {"subtitle": "", "color": "#ffffff", "background": "#101820"},
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
        group="intro",
    ),
    "intro_type": Template(
        "Typesetting a title letter by letter over a gradient.",
        {"title": "Title"},
        {"color": "#ffffff", "start": "#1b2a5e", "end": "#c0567a"},
        (
            Layer("gradient", {"start": "{start}", "end": "{end}", "angle": 60.0}),
            Layer(
                "title",
                {"text": "{title}", "size": 0.12, "color": "{color}"},
                animation="typewriter",
            ),
        ),
        group="intro",
    ),
    "lower_third_bar": Template(
        "Show a name and a role on a bar that wipes in from the left.",
        {"name": "Name"},
        {"role": "", "color": "#ffffff", "bar": "#0b3d91e0"},
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
                without={"role": {"position": [0.05, 0.83]}},
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
        "Show a name above a thin line and a role below it.",
        {"name": "Name"},
        {"role": "", "color": "#ffffff", "line": "#ffb000"},
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
        "Show a chapter heading over a large number in the middle of the picture.",
        {"title": "Chapter"},
        {"number": "", "color": "#ffffff"},
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
                without={"number": {"position": [0.5, 0.5]}},
            ),
        ),
        group="title",
    ),
    "outro_credits": Template(
        "Roll credits from below the picture to above it.",
        {"text": "Credits"},
        {"color": "#ffffff", "background": "#000000"},
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
        group="outro",
    ),
}
