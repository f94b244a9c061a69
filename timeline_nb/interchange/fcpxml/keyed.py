"""Keyframes as FCPXML has them: straight lines between points."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.times import format_time
from timeline_nb.interchange.flat import FlatClip, FlatKey
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.keyframes import value_at

__all__ = ["add_keyframes", "report_curves", "straightened"]

# Straight parts of a curve.
_STEPS: Final = 8


def report_curves(
    clip: FlatClip, names: Sequence[str], report: Report, where: str
) -> None:
    """Report the keyframes of a clip that straight lines do not give exactly.

    Args:
        clip: The clip.
        names: What may have keyframes: `opacity`, `gain_db`.
        report: Gets a finding for each.
        where: The clip, as a report names it.
    """
    for name in names:
        if not _is_straight(clip.keys(name)):
            detail = "curves became straight parts, and steps last up to a frame"
            report.add(where, f"keyframes of {name}", "approximated", None, detail)


def _is_straight(keys: Sequence[FlatKey]) -> bool:
    return all(key.interpolation == "linear" for key in keys[:-1])


def straightened(keys: Sequence[FlatKey]) -> list[tuple[Fraction, Any]]:
    """Return points of frames and values that straight lines connect.

    A curve becomes a few straight parts; a value that holds does so up to one frame
    before the next.
    """
    own = [key.at(key.frame) for key in keys]
    points: list[tuple[Fraction, Any]] = []
    for left, right in pairwise(own):
        points.append((left.time, left.value))
        if left.interpolation == "linear":
            continue
        if left.interpolation == "hold":
            last = max((left.time + right.time) / 2, right.time - 1)
            points.append((last, left.value))
            continue
        length = right.time - left.time
        for step in range(1, _STEPS):
            time = left.time + length * step / _STEPS
            points.append((time, value_at((left, right), time)))
    points.append((own[-1].time, own[-1].value))
    return points


def add_keyframes(
    owner: XmlElement,
    name: str,
    keys: Sequence[FlatKey],
    *,
    second: Callable[[Fraction], Fraction],
    written: Callable[[Any], str],
) -> XmlElement:
    """Append a parameter with keyframes.

    Args:
        owner: Gets the element `param`.
        name: Of the parameter.
        keys: At least one.
        second: Returns the second of the clip's own time, of a frame.
        written: Returns a value as text.
    """
    param = owner.add("param", name=name)
    animation = param.add("keyframeAnimation")
    for frame, value in straightened(keys):
        animation.add(
            "keyframe",
            time=format_time(second(frame)),
            value=written(value),
            curve="linear",
        )
    return param
