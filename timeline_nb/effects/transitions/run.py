"""A transition with checked parameters and easing, ready to run."""

from dataclasses import replace
from typing import Final

from msgspec.structs import replace as changed

from timeline_nb.effects.catalog import find
from timeline_nb.effects.failures import EffectRun, FailedEffects
from timeline_nb.effects.parameters import choice
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.provided import missing_plugin
from timeline_nb.effects.spec import Spec, stored, values_of
from timeline_nb.timeline.keyframes import EASINGS, eased
from timeline_nb.timeline.model import Effect, Transition

__all__ = ["TransitionRunner", "check_transition", "transition_spec"]

_EASING: Final = choice(
    "linear",
    "ease",
    "ease_in",
    "ease_out",
    "ease_in_out",
    doc="How the speed of the change varies, as in CSS.",
)


def transition_spec(kind: str) -> Spec:
    """Return the spec of a transition, with the `easing` that every kind has.

    Raises:
        CompositionError: There is no transition of that kind; the nearest are named.
    """
    spec = find(kind, "transition")
    return replace(spec, parameters={**spec.parameters, "easing": _EASING})


def check_transition(transition: Transition) -> Transition:
    """Return a transition of pictures checked, with its values as projects keep them.

    Raises:
        CompositionError: The kind or a parameter is unknown, or a value is of the wrong
            type or out of range; the nearest names are given.
    """
    effect = Effect(kind=transition.kind, parameters=transition.parameters)
    checked = stored(transition_spec(transition.kind), effect)
    return changed(transition, parameters=checked.parameters)


def _cut(outgoing: Picture, incoming: Picture, progress: float) -> Picture:
    return outgoing if progress < 0.5 else incoming


# Shown in place of a transition that is missing.
_CUT: Final = Spec("cut", "transition", "", "", {"easing": _EASING}, _cut)


class TransitionRunner:
    """Computes the pictures between an outgoing and an incoming one.

    Args:
        transition: The kind and its parameters.
        failed: As for `EffectRun`. One of a plugin that is missing is then a cut.

    Raises:
        CompositionError: The kind is unknown, or a parameter is unknown, of the wrong
            type or out of range.
    """

    def __init__(
        self, transition: Transition, failed: FailedEffects | None = None
    ) -> None:
        effect = Effect(kind=transition.kind, parameters=transition.parameters)
        missing = missing_plugin(transition.kind)
        if failed is not None and missing:
            failed.note(f"without a transition: {missing}")
            self._spec, effect = _CUT, Effect(kind=_CUT.kind)
        else:
            self._spec = transition_spec(transition.kind)
        self._run = EffectRun(self._spec, failed)
        values = values_of(self._spec, effect).at(0)
        self._handles = EASINGS[values.pop("easing")]
        self._values = values

    @property
    def is_plain(self) -> bool:
        """Whether it is a linear dissolve, which libavfilter can do by itself."""
        return self._spec.kind == "dissolve" and self._handles == EASINGS["linear"]

    def at(self, share: float, outgoing: Picture, incoming: Picture) -> Picture:
        """Return the picture after a share, 0 to 1, of the transition's time."""
        progress = eased(share, self._handles)

        def work() -> Picture:
            made: Picture = self._spec.make(
                outgoing, incoming, progress, **self._values
            )
            return made

        def without() -> Picture:
            return _cut(outgoing, incoming, share)

        return self._run(work, without)
