"""What the inspector is told: what there is, and what is on a clip."""

import msgspec

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.effect_requests import Value

__all__ = [
    "CatalogView",
    "EffectView",
    "EffectsView",
    "KindView",
    "ParameterView",
    "TransitionView",
]


class KindView(msgspec.Struct, frozen=True, rename="camel"):
    """A kind of the catalogue."""

    kind: str
    medium: str
    group: str
    doc: str


class CatalogView(Answer, frozen=True, kw_only=True, tag="catalog"):
    """Everything that can be put on a clip, or over the picture."""

    kinds: list[KindView]


class ParameterView(msgspec.Struct, frozen=True, rename="camel"):
    """A parameter: its value where the playhead is, and its keyframes' times."""

    name: str
    type: str
    value: Value
    low: float
    high: float
    unit: str
    doc: str
    choices: list[str]
    can_be_keyed: bool
    keys_s: list[float]


class EffectView(msgspec.Struct, frozen=True, rename="camel"):
    """An effect; one that the catalogue does not have shows no parameters.

    Args:
        owner: Whose it is: the selected clip, or the sound that is linked to it.
        number: Its place among the owner's.
    """

    owner: str
    number: int
    name: str
    enabled: bool
    parameters: list[ParameterView]


class TransitionView(msgspec.Struct, frozen=True, rename="camel"):
    """How a clip comes."""

    name: str
    duration_s: float
    parameters: list[ParameterView]


class EffectsView(Answer, frozen=True, kw_only=True, tag="effects"):
    """What is on a clip, or on the timeline where none is selected.

    Args:
        owner: The clip's id; empty for the timeline.
        media: `picture` and `sound`: what effects it takes, with what is linked to it.
        follows: Whether a clip touches it before, so that it can come by a transition.
    """

    owner: str
    media: list[str]
    follows: bool
    effects: list[EffectView]
    transition: TransitionView | None
