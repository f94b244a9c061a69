"""Requests of the inspector: effects, transitions and generated clips."""

from typing import TypeAlias

from timeline_nb.widgets.bounds import Count, Name, Number, Numbers, Seconds, Text
from timeline_nb.widgets.request import Request

__all__ = [
    "AddEffectRequest",
    "AddGeneratorRequest",
    "ChangeEffectRequest",
    "KeyframeEffectRequest",
    "RemoveEffectRequest",
    "SetTransitionRequest",
    "Value",
]

# A number, a choice or a color, a position; lists of points travel as JSON text.
Value: TypeAlias = Number | bool | Text | Numbers


class AddEffectRequest(Request, frozen=True, kw_only=True, tag="addEffect"):
    """Add an effect to a clip, or to the timeline if `owner` is empty."""

    owner: Name
    effect: Name


class RemoveEffectRequest(Request, frozen=True, kw_only=True, tag="removeEffect"):
    """Remove an effect."""

    owner: Name
    number: Count


class ChangeEffectRequest(Request, frozen=True, kw_only=True, tag="changeEffect"):
    """Enable or disable an effect, or set one of its parameters."""

    owner: Name
    number: Count
    enabled: bool | None = None
    parameter: Name | None = None
    value: Value | None = None


class KeyframeEffectRequest(Request, frozen=True, kw_only=True, tag="keyframeEffect"):
    """Add a keyframe of a parameter at a timeline time, or remove the one there."""

    owner: Name
    number: Count
    parameter: Name
    at_s: Seconds


class SetTransitionRequest(Request, frozen=True, kw_only=True, tag="setTransition"):
    """Set the transition before a clip; remove it if `transition` is empty."""

    item: Name
    transition: Name
    duration_s: Seconds = 1.0
    parameter: Name | None = None
    value: Value | None = None


class AddGeneratorRequest(Request, frozen=True, kw_only=True, tag="addGenerator"):
    """Add a title, a generator, an adjustment layer or a template."""

    made: Name
    at_s: Seconds
