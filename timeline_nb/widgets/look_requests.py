"""What the inspector asks: effects, transitions and what is made."""

from typing import TypeAlias

from timeline_nb.widgets.request import Request

__all__ = [
    "AddLook",
    "AddMade",
    "ChangeLook",
    "KeyLook",
    "RemoveLook",
    "SetTransition",
    "Value",
]

# A number, a word or a colour, a place; lists of pairs travel as JSON.
Value: TypeAlias = float | bool | str | list[float]


class AddLook(Request, frozen=True, kw_only=True, tag="addLook"):
    """Put an effect on a clip, or on the timeline where none is named."""

    owner: str
    effect: str


class RemoveLook(Request, frozen=True, kw_only=True, tag="removeLook"):
    """Take an effect away."""

    owner: str
    number: int


class ChangeLook(Request, frozen=True, kw_only=True, tag="changeLook"):
    """Switch an effect, or set one of its parameters."""

    owner: str
    number: int
    enabled: bool | None = None
    parameter: str | None = None
    value: Value | None = None


class KeyLook(Request, frozen=True, kw_only=True, tag="keyLook"):
    """Put a keyframe of a parameter at a time of the timeline, or take it away."""

    owner: str
    number: int
    parameter: str
    at_s: float


class SetTransition(Request, frozen=True, kw_only=True, tag="setTransition"):
    """Let a clip come by a transition; by none where no kind is named."""

    item: str
    transition: str
    duration_s: float = 1.0
    parameter: str | None = None
    value: Value | None = None


class AddMade(Request, frozen=True, kw_only=True, tag="addMade"):
    """Put a title, a colour, an adjustment or a template over the picture."""

    made: str
    at_s: float
