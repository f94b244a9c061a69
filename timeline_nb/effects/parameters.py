"""Parameter declarations for effects: type, default, range, unit and choices.

The builders (`number`, `choice`, `color` ...) declare what an effect of your own takes:

>>> from timeline_nb.effects.parameters import choice, color, number
>>> sigma = number(0.01, 0, 0.2, "height", "The standard deviation.")
>>> sigma
number(0.01, 0, 0.2, 'height', 'The standard deviation.')
>>> sigma.check(0.05)
0.05
>>> color("white").check("rebeccapurple")
'#663399'
>>> choice("left", "right").check("rigth")
Traceback (most recent call last):
    ...
ValueError: is 'rigth'; did you mean 'right'? There are left, right
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from timeline_nb.core.colors import ColorLike, parse_color
from timeline_nb.effects.parameter_checks import CHECKS, SPAN_FLAGS, stored_value

__all__ = [
    "FONT_SUFFIXES",
    "Parameter",
    "ParameterKind",
    "boolean",
    "choice",
    "color",
    "file",
    "font",
    "integer",
    "number",
    "point",
    "points",
    "spans",
    "text",
]

ParameterKind: TypeAlias = Literal[
    "number",
    "integer",
    "boolean",
    "color",
    "point",
    "points",
    "choice",
    "text",
    "file",
    "spans",
]
# A font's name with one of these endings is the path of a file.
FONT_SUFFIXES: Final = frozenset({".ttf", ".otf", ".ttc"})
_JSON_TYPES: Final = {
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "color": "string",
    "choice": "string",
    "text": "string",
    "file": "string",
    "point": "array",
    "points": "array",
    "spans": "array",
}
# `parse_color` takes hex digits and CSS names, or integers.
_COLOR_SCHEMA: Final = {
    "anyOf": [
        {"type": "string", "pattern": "^#?[0-9A-Za-z]+$"},
        {
            "type": "array",
            "items": {"type": "integer", "minimum": 0, "maximum": 255},
            "minItems": 3,
            "maxItems": 4,
        },
    ]
}


@dataclass(frozen=True, repr=False)
class Parameter:
    """One parameter of an effect, transition, sound effect or generator.

    Args:
        kind: The type of its values. Numbers, integers, colors and points are
            interpolated between keyframes; booleans, choices and texts hold.
        default: The value used where none is given.
        low: The smallest number allowed.
        high: The largest number allowed.
        unit: The unit of a number; `height` is a share of the picture's height.
        choices: The allowed values of a choice.
        doc: What the parameter does, in one sentence.
        is_font: Whether a text names a font: a family, or the path of a font file.
    """

    kind: ParameterKind
    default: Any
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()
    doc: str = ""
    is_font: bool = False

    def __repr__(self) -> str:
        """Return the call of a builder that makes this parameter."""
        builder = "font" if self.is_font else self.kind
        return f"{builder}({', '.join(self._arguments())})"

    def _arguments(self) -> list[str]:
        doc = f"doc={self.doc!r}"
        if self.kind == "boolean":
            return [f"default={self.default!r}", *([doc] if self.doc else [])]
        if self.kind in {"file", "spans"}:
            return [repr(self.doc)] if self.doc else []
        if self.kind == "choice":
            return [*map(repr, self.choices), *([doc] if self.doc else [])]
        parts = [repr(self.default)]
        if self.kind == "point":
            parts = [repr(tuple(self.default))]
        if self.kind in {"number", "integer", "point"}:
            parts += [f"{self.low:.15g}", f"{self.high:.15g}"]
        if self.kind == "number" and (self.unit or self.doc):
            parts.append(repr(self.unit))
        return [*parts, *([repr(self.doc)] if self.doc else [])]

    @property
    def can_be_keyframed(self) -> bool:
        """Whether the parameter may have keyframes: files and long lists may not."""
        return self.kind not in {"file", "points", "spans"}

    @property
    def names_file(self) -> bool:
        """Whether values may be paths of files, which a project must not choose."""
        return self.kind == "file" or self.is_font

    def file_of(self, value: Any) -> str | None:
        """Return the path of the file that a value names; None if it names none."""
        if not self.names_file or not isinstance(value, (str, Path)) or not str(value):
            return None
        if self.is_font and Path(value).suffix.lower() not in FONT_SUFFIXES:
            return None
        return str(value)

    def check(self, value: Any) -> Any:
        """Return the value in the form that the effect's function takes.

        Raises:
            ValueError: The value is of another type or outside the range. The message
                begins with `is` and does not name the parameter.
        """
        return CHECKS[self.kind](self, value)

    def store(self, value: Any) -> Any:
        """Return the value as an effect keeps it: JSON's types, colors as `#rrggbb`.

        NumPy numbers become Python's, tuples lists, paths text, and `"red"` or
        `(255, 0, 0)` become `"#ff0000"`.

        Raises:
            ValueError: As `check`.
        """
        self.check(value)
        return stored_value(self.kind, value)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the parameter's values."""
        schema: dict[str, Any] = {
            "type": _JSON_TYPES[self.kind],
            "default": self.default,
        }
        if self.doc:
            schema["description"] = self.doc
        if math.isfinite(self.low) and self.kind in {"number", "integer"}:
            schema["minimum"] = self.low
        if math.isfinite(self.high) and self.kind in {"number", "integer"}:
            schema["maximum"] = self.high
        if self.unit:
            schema["x-unit"] = self.unit
        if self.kind == "choice":
            schema["enum"] = list(self.choices)
        if self.kind == "color":
            del schema["type"]
            schema |= _COLOR_SCHEMA
        if self.kind == "point":
            schema |= {"items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        if self.kind == "points":
            schema |= {"items": {"type": "array", "items": {"type": "number"}}}
        if self.kind == "spans":
            schema |= {"items": _span_schema()}
        return schema


def number(
    default: float, low: float, high: float, unit: str = "", doc: str = ""
) -> Parameter:
    """Declare a number from `low` to `high`.

    Args:
        default: The value used where none is given.
        low: The smallest number allowed.
        high: The largest number allowed.
        unit: Such as `deg`, `Hz`, `dB`, `ms`; `height` is a share of the picture's
            height, so that a small preview looks like the full size.
        doc: What the parameter does.

    >>> number(1.0, 0, 4, doc="0 is gray.").check(9)
    Traceback (most recent call last):
        ...
    ValueError: is 9: it must be between 0 and 4
    """
    return Parameter("number", default, low, high, unit, doc=doc)


def integer(default: int, low: int, high: int, doc: str = "") -> Parameter:
    """Declare a whole number from `low` to `high`; between keyframes it is rounded.

    >>> integer(6, 2, 64).check(6.7)
    7
    """
    return Parameter("integer", default, low, high, doc=doc)


def boolean(*, default: bool = False, doc: str = "") -> Parameter:
    """Declare a parameter that is true or false.

    >>> boolean(doc="Keep the inside.").check(True)
    True
    """
    return Parameter("boolean", default, doc=doc)


def color(default: ColorLike, doc: str = "") -> Parameter:
    """Declare a color.

    Values are `#rrggbb`, `#rrggbbaa` with opacity, a CSS color name, or three or four
    integers from 0 to 255; the effect's function is given `#rrggbb` or `#rrggbbaa`.

    >>> color("black").check((255, 136, 0))
    '#ff8800'
    """
    return Parameter("color", parse_color(default), doc=doc)


def point(
    default: Sequence[float],
    low: float = -10.0,
    high: float = 10.0,
    doc: str = "",
) -> Parameter:
    """Declare a pair of numbers, such as x and y.

    Values are shares of the picture's width and height from its left top corner,
    unless `doc` says otherwise.

    >>> point((0.5, 0.5)).check([0.25, 1])
    (0.25, 1.0)
    """
    return Parameter("point", list(default), low, high, "share", doc=doc)


def points(default: list[list[float]], doc: str = "") -> Parameter:
    """Declare a list of pairs of numbers: the points of a curve or of a polygon.

    >>> points([[0, 0], [1, 1]]).check([[0, 0.1], [1, 0.9]])
    [(0.0, 0.1), (1.0, 0.9)]
    """
    return Parameter("points", default, doc=doc)


def choice(default: str, *choices: str, doc: str = "") -> Parameter:
    """Declare one of several words; the first one is the default.

    >>> choice("linear", "radial")
    choice('linear', 'radial')
    """
    return Parameter("choice", default, choices=(default, *choices), doc=doc)


def text(default: str, doc: str = "") -> Parameter:
    """Declare any text."""
    return Parameter("text", default, doc=doc)


def file(doc: str = "") -> Parameter:
    """Declare the path of a file, which must exist when the effect is made."""
    return Parameter("file", "", doc=doc)


def font(default: str, doc: str = "") -> Parameter:
    """Declare a font: the name of a family, or the path of a font file.

    >>> font("DejaVu Sans").file_of("fonts/own.otf")
    'fonts/own.otf'
    """
    return Parameter("text", default, doc=doc, is_font=True)


def spans(doc: str = "") -> Parameter:
    """Declare styled parts of a text.

    >>> spans().check([{"start": 0, "end": 5, "italic": True, "color": "red"}])
    ((0, 5, ('color', '#ff0000'), ('italic', True)),)
    """
    return Parameter("spans", [], doc=doc)


def _span_schema() -> dict[str, Any]:
    letter = {"type": "integer", "minimum": 0}
    flags = {name: {"type": "boolean"} for name in SPAN_FLAGS}
    return {
        "type": "object",
        "properties": {"start": letter, "end": letter, "color": _COLOR_SCHEMA, **flags},
        "required": ["start", "end"],
        "additionalProperties": False,
    }
