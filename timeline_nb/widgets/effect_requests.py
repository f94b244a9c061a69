"""Requests of the inspector: effects, transitions and generated clips."""

from typing import TypeAlias

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
Value: TypeAlias = float | bool | str | list[float]


class AddEffectRequest(Request, frozen=True, kw_only=True, tag="addEffect"):
    """Add an effect to a clip, or to the timeline if `owner` is empty."""

    owner: str
    effect: str


class RemoveEffectRequest(Request, frozen=True, kw_only=True, tag="removeEffect"):
    """Remove an effect."""

    owner: str
    number: int


class ChangeEffectRequest(Request, frozen=True, kw_only=True, tag="changeEffect"):
    """Enable or disable an effect, or set one of its parameters."""

    owner: str
    number: int
    enabled: bool | None = None
    parameter: str | None = None
    value: Value | None = None


class KeyframeEffectRequest(Request, frozen=True, kw_only=True, tag="keyframeEffect"):
    """Add a keyframe of a parameter at a timeline time, or remove the one there."""

    owner: str
    number: int
    parameter: str
    at_s: float


class SetTransitionRequest(Request, frozen=True, kw_only=True, tag="setTransition"):
    """Set the transition before a clip; remove it if `transition` is empty."""

    item: str
    transition: str
    duration_s: float = 1.0
    parameter: str | None = None
    value: Value | None = None


class AddGeneratorRequest(Request, frozen=True, kw_only=True, tag="addGenerator"):
    """Add a title, a generator, an adjustment layer or a template."""

    made: str
    at_s: float
