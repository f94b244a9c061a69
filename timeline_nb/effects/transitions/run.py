"""A transition made ready to be run."""

from dataclasses import replace
from typing import Final

from timeline_nb.effects.catalog import find
from timeline_nb.effects.parameters import choice
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.spec import Spec, values_of
from timeline_nb.errors import CompositionError, TimelineNbError
from timeline_nb.timeline.keyframes import EASINGS, eased
from timeline_nb.timeline.model import Effect, Transition

__all__ = ["Change", "transition_spec"]

_EASING: Final = choice("linear", "ease", "ease_in", "ease_out", "ease_in_out")


def transition_spec(kind: str) -> Spec:
    """The spec of a transition, with the easing that they all have.

    Raises:
        CompositionError: There is none of that kind.
    """
    spec = find(kind, "transition")
    return replace(spec, parameters={**spec.parameters, "easing": _EASING})


class Change:
    """One picture becoming another.

    Args:
        transition: Its kind and parameters.

    Raises:
        CompositionError: The kind is not known, or a parameter makes no sense.
    """

    def __init__(self, transition: Transition) -> None:
        self._spec = transition_spec(transition.kind)
        effect = Effect(kind=transition.kind, parameters=transition.parameters)
        values = values_of(self._spec, effect).at(0)
        self._handles = EASINGS[values.pop("easing")]
        self._values = values

    @property
    def is_plain(self) -> bool:
        """Whether it is an even dissolve, which needs no picture opened."""
        return self._spec.kind == "dissolve" and self._handles == EASINGS["linear"]

    def at(self, share: float, outgoing: Picture, incoming: Picture) -> Picture:
        """What is seen when so much of its time has passed."""
        way = eased(share, self._handles)
        try:
            made: Picture = self._spec.make(outgoing, incoming, way, **self._values)
        except TimelineNbError:
            raise
        except Exception as error:
            raise CompositionError(
                f"the transition {self._spec.kind!r} failed: {error}"
            ) from error
        return made
