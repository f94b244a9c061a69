"""Animated values of MLT as they are read: numbers or rectangles at frames."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from timeline_nb.interchange.flat import FlatKey
from timeline_nb.timeline.choices import Interpolation

__all__ = ["Animation", "animation_of", "numbers_of"]

# Signs between the frame and `=` (`mlt_animation.c`).
_CURVES: Final[dict[str, Interpolation]] = {
    "": "linear",
    "|": "hold",
    "!": "hold",
    "~": "linear",
    "$": "linear",
    "-": "linear",
    "d": "ease_in",
    "g": "ease_in",
    "e": "ease_out",
    "h": "ease_out",
    "f": "ease_in_out",
    "i": "ease_in_out",
    "a": "ease_in",
    "b": "ease_out",
    "c": "ease_in_out",
}
_KEY: Final = re.compile(
    r"\s*([-+]?[0-9][0-9:.,;]{0,30}?)([|!~$a-zA-D-]?)=(.*)", re.DOTALL
)
_NUMBER: Final = re.compile(
    r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:e[-+]?[0-9]{1,3})?%?"
)
_MOST_KEYS: Final = 100_000


@dataclass(frozen=True)
class Animation:
    """A value that may change.

    Args:
        keys: Frames of the filter, values and curves; a single one at 0 of a constant.
        is_exact: Whether each curve is one of ours.
    """

    keys: tuple[tuple[int, tuple[float, ...], Interpolation], ...]
    is_exact: bool = True

    @property
    def first(self) -> tuple[float, ...]:
        """The value at the first keyframe."""
        return self.keys[0][1]

    @property
    def is_constant(self) -> bool:
        """Whether the value never changes."""
        return all(key[1] == self.first for key in self.keys)

    def shifted(
        self, by: int, value: Callable[[tuple[float, ...]], object]
    ) -> tuple[FlatKey, ...]:
        """Return keyframes counted from a clip's start, whose values are mapped."""
        return tuple(
            FlatKey(frame=Fraction(frame + by), value=value(own), interpolation=curve)
            for frame, own, curve in self.keys
        )


def numbers_of(text: str, sizes: tuple[float, ...] = ()) -> tuple[float, ...] | None:
    """Return the numbers of a value; None if there is none, or one is not finite.

    Args:
        text: `0.5`, `10 20 320 180 1`, `10/20:320x180:50` or with `%`.
        sizes: What a percentage is of, for each number; of 1 where it is not given.
    """
    found = _NUMBER.findall(text[:400])
    numbers = []
    for place, one in enumerate(found[:16]):
        size = sizes[place] if place < len(sizes) else 1.0
        value = float(one[:-1]) / 100 * size if one.endswith("%") else float(one)
        if not math.isfinite(value) or abs(value) > 1e9:
            return None
        numbers.append(value)
    return tuple(numbers) or None


def animation_of(
    text: str,
    frames: Callable[[str], int | None],
    *,
    length: int = 0,
    sizes: tuple[float, ...] = (),
) -> Animation | None:
    """Return the value of a property; None if it is none.

    Args:
        text: `0=0 0 320 180;25~=...`, or a constant.
        frames: Reads a time.
        length: Frames of the filter: a negative time counts from its end.
        sizes: What percentages are of.
    """
    keys: dict[int, tuple[tuple[float, ...], Interpolation]] = {}
    is_exact = True
    for part in text.split(";", _MOST_KEYS)[:_MOST_KEYS]:
        if not part.strip():
            continue
        found = _KEY.fullmatch(part)
        if found is None:
            value = numbers_of(part, sizes)
            if value is None or "=" in part:
                return None
            keys[0] = (value, "linear")
            continue
        at, value = frames(found[1]), numbers_of(found[3], sizes)
        if at is None or value is None:
            return None
        own = _CURVES.get(found[2])
        is_exact = is_exact and found[2] in {"", "|", "!"}
        keys[at + length if at < 0 else at] = (value, own or "linear")
    if not keys or len({len(value) for value, _ in keys.values()}) > 1:
        return None
    rows = sorted(keys.items())
    return Animation(tuple((at, value, own) for at, (value, own) in rows), is_exact)
