"""Messages to the inspector: the catalog, and the effects of a clip."""

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
    """A kind of the catalog."""

    kind: str
    medium: str
    group: str
    doc: str


class CatalogView(Answer, frozen=True, kw_only=True, tag="catalog"):
    """All effects, transitions, generators and templates."""

    kinds: list[KindView]


class ParameterView(msgspec.Struct, frozen=True, rename="camel"):
    """A parameter: its value at the playhead, and the times of its keyframes."""

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
    """An effect; one that is not in the catalog has no parameters.

    Args:
        problem: Why it is not in the catalog, and what to do.
        owner: The selected clip, or the sound linked to it.
        number: Its number in the owner's effects.
    """

    owner: str
    number: int
    name: str
    enabled: bool
    parameters: list[ParameterView]
    problem: str = ""


class TransitionView(msgspec.Struct, frozen=True, rename="camel"):
    """The transition before a clip; a problem as for an effect."""

    name: str
    duration_s: float
    parameters: list[ParameterView]
    problem: str = ""


class EffectsView(Answer, frozen=True, kw_only=True, tag="effects"):
    """The effects of a clip, or of the timeline if no clip is selected.

    Args:
        owner: The clip's id; empty for the timeline.
        media: `picture` and `sound`: which effects it and the clips linked to it take.
        follows: Whether a clip ends where it begins, so that a transition fits.
    """

    owner: str
    media: list[str]
    follows: bool
    effects: list[EffectView]
    transition: TransitionView | None
