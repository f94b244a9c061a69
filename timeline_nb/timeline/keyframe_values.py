"""Faults of keyframes: their order and values, and those of a clip's own."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from timeline_nb.core.plain import kind_of_value
from timeline_nb.timeline.model import Keyframes

__all__ = ["keyframe_faults", "placement_faults"]

# The lowest and the highest value; opacity and pan are clipped where they are used.
_BOUNDS: Final = {
    "scale": (0, 1_000),
    "rotation_deg": (-100_000, 100_000),
    "opacity": (-100, 100),
    "gain_db": (-200, 200),
    "pan": (-100, 100),
}
_FARTHEST: Final = 100_000


def keyframe_faults(owner: str, keyframes: Keyframes) -> Iterator[str]:
    """Yield what is wrong with keyframes, by the name of the parameter."""
    for name, keys in keyframes.items():
        if not keys:
            yield f"{owner} has no keyframes of {name!r}: leave the name out"
        if any(left.time >= right.time for left, right in pairwise(keys)):
            yield f"{owner} has keyframes of {name!r} that are not in order of time"
        for key in keys:
            x1, _, x2, _ = key.handles
            if not (0 <= x1 <= 1 and 0 <= x2 <= 1):
                yield f"{owner} has a keyframe of {name!r} with handles outside 0 to 1"
            if not _is_finite(key.value):
                yield f"{owner} has a keyframe of {name!r} that is not finite"


def _is_finite(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_finite(part) for part in value)
    return not isinstance(value, float) or math.isfinite(value)


def placement_faults(keyframes: Keyframes) -> Iterator[str]:
    """Yield what is wrong with the values of a clip's own keyframes, by parameter."""
    for name, keys in keyframes.items():
        for key in keys:
            if fault := _fault(name, key.value):
                yield f"it has a keyframe of {name!r} that {fault}"
                break


def _fault(name: str, value: Any) -> str:
    if name == "position":
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            return f"is {kind_of_value(value)}: it must be two numbers"
        faults = (_number_fault(own, -_FARTHEST, _FARTHEST) for own in value)
        return next((fault for fault in faults if fault), "")
    if name in _BOUNDS:
        return _number_fault(value, *_BOUNDS[name])
    return ""


def _number_fault(value: Any, low: float, high: float) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"is {kind_of_value(value)}: it must be a number"
    if not low <= value <= high:
        return f"is not between {low:,} and {high:,}"
    return ""
