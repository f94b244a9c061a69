"""What effects take: parameters with a type, a range, a unit and a default."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

__all__ = [
    "Parameter",
    "ParameterKind",
    "boolean",
    "choice",
    "color",
    "file",
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
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")
_TYPES: Final = {
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
# What a part of a text may have of its own.
_LOOKS: Final = ("italic", "bold", "underline", "strikeout")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an effect.

    Args:
        kind: What its values are; of numbers, colors and points all between two
            keyframes can be reached.
        default: What it is when nothing is said.
        low: The least number.
        high: The greatest number.
        unit: Of a number: `height` is a share of the picture's height.
        choices: The words of a choice.
        doc: What it does.
    """

    kind: ParameterKind
    default: Any
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()
    doc: str = ""

    @property
    def can_be_keyframed(self) -> bool:
        """Whether keyframes of it make sense: files and long lists stay as they are."""
        return self.kind not in {"file", "points", "spans"}

    def check(self, value: Any) -> Any:
        """The value, as the effect takes it.

        Raises:
            ValueError: It is of another type or outside the range; the message says
                what it must be, and does not name the parameter.
        """
        return _CHECKS[self.kind](self, value)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of its values."""
        told: dict[str, Any] = {"type": _TYPES[self.kind], "default": self.default}
        if self.doc:
            told["description"] = self.doc
        if math.isfinite(self.low) and self.kind in {"number", "integer"}:
            told["minimum"] = self.low
        if math.isfinite(self.high) and self.kind in {"number", "integer"}:
            told["maximum"] = self.high
        if self.unit:
            told["x-unit"] = self.unit
        if self.kind == "choice":
            told["enum"] = list(self.choices)
        if self.kind == "color":
            told["pattern"] = f"^{_COLOR.pattern}$"
        if self.kind == "point":
            told |= {"items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        if self.kind == "points":
            told |= {"items": {"type": "array", "items": {"type": "number"}}}
        if self.kind == "spans":
            told |= {"items": _span_schema()}
        return told


def number(
    default: float, low: float, high: float, unit: str = "", doc: str = ""
) -> Parameter:
    """A number between two others."""
    return Parameter("number", default, low, high, unit, doc=doc)


def integer(default: int, low: int, high: int, doc: str = "") -> Parameter:
    """A whole number between two others."""
    return Parameter("integer", default, low, high, doc=doc)


def boolean(*, default: bool = False, doc: str = "") -> Parameter:
    """Yes or no."""
    return Parameter("boolean", default, doc=doc)


def color(default: str, doc: str = "") -> Parameter:
    """A color: `#rrggbb`, or `#rrggbbaa` with opacity."""
    return Parameter("color", default, doc=doc)


def point(
    default: tuple[float, float],
    low: float = -10.0,
    high: float = 10.0,
    doc: str = "",
) -> Parameter:
    """A place: shares of the width and the height, from the left top."""
    return Parameter("point", list(default), low, high, "share", doc=doc)


def points(default: list[list[float]], doc: str = "") -> Parameter:
    """A list of pairs of numbers: the points of a curve, or of a polygon."""
    return Parameter("points", default, doc=doc)


def choice(default: str, *choices: str, doc: str = "") -> Parameter:
    """One of a few words; the default is the first of them."""
    return Parameter("choice", default, choices=(default, *choices), doc=doc)


def text(default: str, doc: str = "") -> Parameter:
    """Any text."""
    return Parameter("text", default, doc=doc)


def file(doc: str = "") -> Parameter:
    """The path of a file, which must be there when the effect is applied."""
    return Parameter("file", "", doc=doc)


def spans(doc: str = "") -> Parameter:
    """Parts of a text: `{"start": 0, "end": 5, "italic": true, "color": "#ff0000"}`."""
    return Parameter("spans", [], doc=doc)


def _span_schema() -> dict[str, Any]:
    place = {"type": "integer", "minimum": 0}
    color = {"type": "string", "pattern": f"^{_COLOR.pattern}$"}
    looks = {name: {"type": "boolean"} for name in _LOOKS}
    return {
        "type": "object",
        "properties": {"start": place, "end": place, "color": color, **looks},
        "required": ["start", "end"],
        "additionalProperties": False,
    }


def _number(own: Parameter, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"is {value!r}: it takes a number")  # noqa: TRY004 - all alike
    if not own.low <= value <= own.high:
        unit = f" {own.unit}" if own.unit else ""
        raise ValueError(
            f"is {value!r}: it is between {own.low:g} and {own.high:g}{unit}"
        )
    return float(value)


def _integer(own: Parameter, value: Any) -> int:
    plain = _number(own, value)
    if plain != math.floor(plain):
        # Between two keyframes whole numbers are passed on the way.
        plain = math.floor(plain + 0.5)
    return int(plain)


def _boolean(_: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {value!r}: it takes true or false")  # noqa: TRY004
    return value


def _color(_: Parameter, value: Any) -> str:
    if not isinstance(value, str) or not _COLOR.fullmatch(value):
        raise ValueError(f"is {value!r}: it takes a color such as '#ff8800'")
    return value


def _choice(own: Parameter, value: Any) -> str:
    if value not in own.choices:
        raise ValueError(f"is {value!r}: it is one of {', '.join(own.choices)}")
    return str(value)


def _text(_: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}: it takes text")  # noqa: TRY004
    return value


def _file(_: Parameter, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("names no file")
    if not Path(value).is_file():
        raise ValueError(f"is {value!r}: there is no such file")
    return value


def _point(own: Parameter, value: Any) -> tuple[float, float]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ValueError(f"is {value!r}: it takes two numbers")
    return _number(own, value[0]), _number(own, value[1])


def _points(own: Parameter, value: Any) -> list[tuple[float, float]]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"is {value!r}: it takes a list of pairs of numbers")  # noqa: TRY004
    pair = Parameter("point", None, own.low, own.high)
    return [_point(pair, one) for one in value]


def _spans(_: Parameter, value: Any) -> tuple[tuple[Any, ...], ...]:
    """As first letter, the one behind the last, and pairs of a name and a value."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"is {value!r}: it takes a list of parts of the text")  # noqa: TRY004
    return tuple(_span(part) for part in value)


def _span(part: Any) -> tuple[Any, ...]:
    told = part if isinstance(part, dict) else {}
    start, end = told.get("start"), told.get("end")
    looks = {name: own for name, own in told.items() if name not in {"start", "end"}}
    is_right = (
        type(start) is type(end) is int
        and 0 <= start <= end
        and all(
            isinstance(own, bool) if name in _LOOKS else name == "color"
            for name, own in looks.items()
        )
    )
    if not is_right:
        raise ValueError(
            f"holds {part!r}: a part has 'start' and 'end', letters from 0, and any of "
            f"{', '.join(_LOOKS)} and 'color'"
        )
    if "color" in looks and looks["color"] is not None:
        _color(Parameter("color", ""), looks["color"])
    return (start, end, *sorted(looks.items()))


_CHECKS: Final[dict[str, Callable[[Parameter, Any], Any]]] = {
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "color": _color,
    "choice": _choice,
    "text": _text,
    "file": _file,
    "point": _point,
    "points": _points,
    "spans": _spans,
}
