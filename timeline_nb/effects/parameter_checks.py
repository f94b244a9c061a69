"""Checks of parameter values, by the parameter's kind.

Each raises a `ValueError` whose message begins with `is` or `has`, so that the caller
puts the parameter's name before it.
"""

import math
from collections.abc import Callable
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Final, Protocol

from timeline_nb.core.colors import parse_color
from timeline_nb.core.near_names import suggestion
from timeline_nb.timeline.limits import MAX_TEXT_LETTERS

__all__ = ["CHECKS", "SPAN_FLAGS", "stored_value"]

# Each part is compared with each edge of the others.
_MAX_SPANS: Final = 2_000
# What a span may switch on or off besides its color.
SPAN_FLAGS: Final = ("italic", "bold", "underline", "strikeout")


class _Bounds(Protocol):
    """The fields of a parameter that the checks read."""

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...

    @property
    def unit(self) -> str: ...

    @property
    def choices(self) -> tuple[str, ...]: ...


def _real(own: _Bounds, value: Any) -> float:
    # NumPy's numbers are registered as `Real`; booleans are, too.
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"is {value!r}: it must be a number")  # noqa: TRY004 - all alike
    if not own.low <= float(value) <= own.high:
        unit = f" {own.unit}" if own.unit else ""
        if own.unit == "height":
            # Sizes in pixels are what people try first.
            usual = min(0.1, own.high)
            unit = f", a share of the picture's height, such as {usual:g}"
        raise ValueError(
            f"is {_plain_number(value)!r}: it must be between {own.low:g} and "
            f"{own.high:g}{unit}"
        )
    return float(value)


def _integer(own: _Bounds, value: Any) -> int:
    # Between two keyframes a whole number passes through fractions.
    return math.floor(_real(own, value) + 0.5)


def _boolean(_: _Bounds, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {value!r}: it must be True or False")  # noqa: TRY004
    return value


def _color(_: _Bounds, value: Any) -> str:
    return parse_color(value)


def _choice(own: _Bounds, value: Any) -> str:
    if value not in own.choices:
        raise ValueError(f"is {value!r}{suggestion(value, own.choices)}")
    return str(value)


def _text(_: _Bounds, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}: it must be text")  # noqa: TRY004
    if len(value) > MAX_TEXT_LETTERS:
        raise ValueError(
            f"has {len(value):,} letters: at most {MAX_TEXT_LETTERS:,} are drawn"
        )
    return value


def _file(_: _Bounds, value: Any) -> str:
    if not isinstance(value, (str, Path)) or not str(value):
        raise ValueError("names no file")
    if not Path(value).is_file():
        raise ValueError(f"is {str(value)!r}: there is no such file")
    return str(value)


def _point(own: _Bounds, value: Any) -> tuple[float, float]:
    try:
        first, second = value
    except (TypeError, ValueError):
        first = second = None
    if first is None or isinstance(value, (str, dict, set)):
        raise ValueError(f"is {value!r}: it must be two numbers")
    return _real(own, first), _real(own, second)


def _points(own: _Bounds, value: Any) -> list[tuple[float, float]]:
    if isinstance(value, (str, dict)) or not hasattr(value, "__iter__"):
        raise ValueError(f"is {value!r}: it must be a list of pairs of numbers")
    return [_point(own, one) for one in value]


def _spans(_: _Bounds, value: Any) -> tuple[tuple[Any, ...], ...]:
    """Return each span as first letter, letter after the last, and named values."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"is {value!r}: it must be a list of parts of the text")  # noqa: TRY004
    if len(value) > _MAX_SPANS:
        raise ValueError(f"has {len(value):,} parts, more than {_MAX_SPANS:,}")
    return tuple(_span(part) for part in value)


def _span(part: Any) -> tuple[Any, ...]:
    fields = part if isinstance(part, dict) else {}
    start, end = fields.get("start"), fields.get("end")
    styles = {name: own for name, own in fields.items() if name not in {"start", "end"}}
    is_valid = (
        type(start) is type(end) is int
        and 0 <= start <= end
        and all(
            isinstance(own, bool) if name in SPAN_FLAGS else name == "color"
            for name, own in styles.items()
        )
    )
    if not is_valid:
        raise ValueError(
            f"has the part {part!r}: a part has 'start' and 'end', which count letters "
            f"from 0, and any of {', '.join(SPAN_FLAGS)} and 'color'"
        )
    if styles.get("color") is not None:
        styles["color"] = parse_color(styles["color"])
    return (start, end, *sorted(styles.items()))


CHECKS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "number": _real,
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


def stored_value(kind: str, value: Any) -> Any:
    """Return a checked value in JSON's types, with colors as `#rrggbb[aa]`."""
    if kind == "color":
        return parse_color(value)
    if kind in {"number", "integer"}:
        return _plain_number(value)
    if kind == "point":
        return [_plain_number(part) for part in value]
    if kind == "points":
        return [[_plain_number(part) for part in pair] for pair in value]
    if kind == "spans":
        return [_stored_span(part) for part in value]
    return str(value) if kind == "file" else value


def _stored_span(part: dict[str, Any]) -> dict[str, Any]:
    if part.get("color") is None:
        return dict(part)
    return {**part, "color": parse_color(part["color"])}


def _plain_number(value: Any) -> float | int:
    """Return Python's own int or float of a number of NumPy, or of a Fraction."""
    return int(value) if isinstance(value, Integral) else float(value)
