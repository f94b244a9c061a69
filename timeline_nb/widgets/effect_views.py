"""What the inspector shows of transitions and parameters."""

import json
import math
from collections.abc import Iterable
from typing import Any, Final

from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.transitions.run import transition_spec
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.model import Transition
from timeline_nb.widgets.effect_answers import ParameterView, TransitionView

__all__ = ["parameter_view", "transition_view"]

# JSON has no infinity: it is sent to the browser as this number.
_UNBOUNDED: Final = 1e6


def transition_view(before: Any, medium: str) -> TransitionView | None:
    """Return the view of the item before a clip; None if it is no transition."""
    if not isinstance(before, Transition):
        return None
    length = float(before.in_offset + before.out_offset)
    try:
        spec = transition_spec(before.kind) if medium == "picture" else None
    except CompositionError as error:
        return TransitionView(before.kind, length, [], str(error))
    parameters = [
        parameter_view(name, p, before.parameters.get(name, p.default), [])
        for name, p in (spec.parameters if spec else {}).items()
    ]
    return TransitionView(before.kind, length, parameters)


def parameter_view(
    name: str, parameter: Parameter, value: Any, times: Iterable[float]
) -> ParameterView:
    """Return the view of a parameter.

    Args:
        name: Its name.
        parameter: Its declaration.
        value: Now.
        times: Timeline seconds of its keyframes.
    """
    if parameter.kind == "points":
        value = json.dumps(value)
    elif isinstance(value, tuple):
        value = list(value)
    return ParameterView(
        name=name,
        type=parameter.kind,
        value=value,
        low=parameter.low if math.isfinite(parameter.low) else -_UNBOUNDED,
        high=parameter.high if math.isfinite(parameter.high) else _UNBOUNDED,
        unit=parameter.unit,
        doc=parameter.doc,
        choices=list(parameter.choices),
        can_be_keyed=parameter.can_be_keyframed,
        keys_s=list(times),
    )
