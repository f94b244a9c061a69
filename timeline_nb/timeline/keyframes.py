"""Keyframes: the value of a parameter at a time, interpolated between keyframes.

Numbers, points (lists of numbers) and colors (`#rrggbb`, `#rrggbbaa`) are interpolated
linearly or along a cubic Bézier; any other value holds until the next keyframe. Before
the first keyframe its value holds, and so does that of the last one after it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.timeline.model import Keyframe

__all__ = ["EASINGS", "eased", "shifted", "value_at", "values_at"]

# Control points of cubic Béziers from (0, 0) to (1, 1) (CSS Easing Functions 1).
EASINGS: Final[dict[str, tuple[float, float, float, float]]] = {
    "linear": (0.0, 0.0, 1.0, 1.0),
    "ease": (0.25, 0.1, 0.25, 1.0),
    "ease_in": (0.42, 0.0, 1.0, 1.0),
    "ease_out": (0.0, 0.0, 0.58, 1.0),
    "ease_in_out": (0.42, 0.0, 0.58, 1.0),
}
_STEPS: Final = 40


def eased(share: float, handles: Sequence[float]) -> float:
    """Return how far a change has progressed after a share of its time.

    Args:
        share: The share of the time that has passed, 0 to 1.
        handles: x1, y1, x2, y2 of the cubic Bézier; both x within 0 and 1.
    """
    x1, y1, x2, y2 = handles
    if (x1, x2) == (y1, y2) or share <= 0 or share >= 1:
        return min(1.0, max(0.0, share))
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _bezier(middle, x1, x2) < share:
            low = middle
        else:
            high = middle
    return _bezier((low + high) / 2, y1, y2)


def _bezier(t: float, first: float, second: float) -> float:
    left = 1 - t
    return 3 * left * left * t * first + 3 * left * t * t * second + t**3


def value_at(keyframes: Sequence[Keyframe], time: Fraction | float) -> Any:
    """Return the value of a parameter at a time.

    Args:
        keyframes: In order of time, at least one.
        time: Seconds, of the keyframes' own time.
    """
    number = bisect_right(keyframes, time, key=lambda key: key.time)
    if number == 0:
        return keyframes[0].value
    left = keyframes[number - 1]
    if number == len(keyframes) or left.interpolation == "hold":
        return left.value
    right = keyframes[number]
    share = float((time - left.time) / (right.time - left.time))
    return _between(left.value, right.value, eased(share, handles_of(left)))


def values_at(
    keyframes: Sequence[Keyframe], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the values `(n,) float64` of a number at times `(n,)`, in seconds."""
    at = np.array([float(key.time) for key in keyframes])
    values = np.array([float(key.value) for key in keyframes])
    if all(key.interpolation == "linear" for key in keyframes):
        return np.asarray(np.interp(times, at, values))
    out = np.interp(times, at, values)
    for number, left in enumerate(keyframes[:-1]):
        here = (times >= at[number]) & (times < at[number + 1])
        if left.interpolation == "linear" or not here.any():
            continue
        if left.interpolation == "hold":
            out[here] = values[number]
            continue
        shares = (times[here] - at[number]) / (at[number + 1] - at[number])
        along = np.linspace(0, 1, 257)
        curve = [eased(float(share), handles_of(left)) for share in along]
        way = np.interp(shares, along, curve)
        out[here] = values[number] + (values[number + 1] - values[number]) * way
    return np.asarray(out)


def handles_of(key: Keyframe) -> Sequence[float]:
    """Return the control points of the curve from a keyframe to the next."""
    if key.interpolation == "bezier":
        return key.handles
    return EASINGS.get(key.interpolation, EASINGS["linear"])


def shifted(keyframes: Sequence[Keyframe], by: Fraction) -> tuple[Keyframe, ...]:
    """Return the keyframes, `by` seconds later."""
    from msgspec.structs import replace

    return tuple(replace(key, time=key.time + by) for key in keyframes)


def _between(left: Any, right: Any, way: float) -> Any:
    if isinstance(left, bool) or isinstance(right, bool):
        return left
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left + (right - left) * way
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        pairs = zip(left, right, strict=False)
        return [_between(first, second, way) for first, second in pairs]
    if isinstance(left, str) and isinstance(right, str):
        return _between_colors(left, right, way)
    return left


def _between_colors(left: str, right: str, way: float) -> str:
    both = (left, right)
    if not all(text.startswith("#") and len(text) in {7, 9} for text in both):
        return left
    first, second = (_channels(text) for text in both)
    mixed = [round(a + (b - a) * way) for a, b in zip(first, second, strict=True)]
    return "#" + "".join(f"{value:02x}" for value in mixed)


def _channels(text: str) -> list[int]:
    digits = text[1:].ljust(8, "f")
    return [int(digits[place : place + 2], 16) for place in range(0, 8, 2)]
