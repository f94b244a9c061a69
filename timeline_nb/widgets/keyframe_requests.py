"""Requests of the keyframes that are drawn on clips."""

from typing import Literal, TypeAlias

from timeline_nb.timeline.choices import Interpolation
from timeline_nb.widgets.bounds import Gain, Name, Seconds
from timeline_nb.widgets.request import Request

__all__ = [
    "Curved",
    "MoveKeyframeRequest",
    "MoveKeyframesRequest",
    "RemoveKeyframeRequest",
    "SetInterpolationRequest",
    "SetKeyframeRequest",
]

# The parameters that are drawn on clips.
Curved: TypeAlias = Literal["opacity", "gain_db"]


class SetKeyframeRequest(Request, frozen=True, kw_only=True, tag="setKeyframe"):
    """Add a keyframe at a timeline time, in place of any there."""

    item: Name
    parameter: Curved
    at_s: Seconds
    value: Gain


class MoveKeyframeRequest(Request, frozen=True, kw_only=True, tag="moveKeyframe"):
    """Move a keyframe to another time and value, between its neighbors."""

    item: Name
    parameter: Curved
    at_s: Seconds
    to_s: Seconds
    value: Gain


class MoveKeyframesRequest(Request, frozen=True, kw_only=True, tag="moveKeyframes"):
    """Move all keyframes of a clip at a time, but those of the line drawn on it."""

    item: Name
    at_s: Seconds
    to_s: Seconds


class RemoveKeyframeRequest(Request, frozen=True, kw_only=True, tag="removeKeyframe"):
    """Remove a keyframe; the value of the last one stays."""

    item: Name
    parameter: Curved
    at_s: Seconds


class SetInterpolationRequest(
    Request, frozen=True, kw_only=True, tag="setInterpolation"
):
    """Set the curve from a keyframe to the next."""

    item: Name
    parameter: Curved
    at_s: Seconds
    interpolation: Interpolation
