"""What the inspector asks: effects, transitions and what is made."""

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

# A number, a word or a color, a place; lists of pairs travel as JSON.
Value: TypeAlias = float | bool | str | list[float]


class AddEffectRequest(Request, frozen=True, kw_only=True, tag="addEffect"):
    """Put an effect on a clip, or on the timeline where none is named."""

    owner: str
    effect: str


class RemoveEffectRequest(Request, frozen=True, kw_only=True, tag="removeEffect"):
    """Take an effect away."""

    owner: str
    number: int


class ChangeEffectRequest(Request, frozen=True, kw_only=True, tag="changeEffect"):
    """Switch an effect, or set one of its parameters."""

    owner: str
    number: int
    enabled: bool | None = None
    parameter: str | None = None
    value: Value | None = None


class KeyframeEffectRequest(Request, frozen=True, kw_only=True, tag="keyframeEffect"):
    """Put a keyframe of a parameter at a time of the timeline, or take it away."""

    owner: str
    number: int
    parameter: str
    at_s: float


class SetTransitionRequest(Request, frozen=True, kw_only=True, tag="setTransition"):
    """Let a clip come by a transition; by none where no kind is named."""

    item: str
    transition: str
    duration_s: float = 1.0
    parameter: str | None = None
    value: Value | None = None


class AddGeneratorRequest(Request, frozen=True, kw_only=True, tag="addGenerator"):
    """Put a title, a color, an adjustment or a template over the picture."""

    made: str
    at_s: float
