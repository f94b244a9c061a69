"""What the inspector shows of effects, transitions and parameters."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from timeline_nb.effects.catalog import find
from timeline_nb.effects.chain import SOURCED
from timeline_nb.effects.labels import label_of, shown_unit
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.transitions.run import transition_spec
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Effect, Keyframe, Timeline, Transition
from timeline_nb.timeline.queries import clip_of, duration
from timeline_nb.timeline.queries import find as place_of
from timeline_nb.widgets.effect_answers import (
    EffectView,
    KeyView,
    ParameterView,
    TransitionView,
)
from timeline_nb.widgets.refusal import said

__all__ = ["OwnTime", "cut_view", "effect_view", "key_views", "own_time_of", "sampled"]

# JSON has no infinity: it is sent to the browser as this number.
_UNBOUNDED: Final = 1e6
# Points of the small curve that shows keyframes.
_STEPS: Final = 32


@dataclass(frozen=True)
class OwnTime:
    """How an owner's own time lies on the timeline.

    Args:
        start: The timeline second at which it begins.
        origin: Its own time there.
        length: Seconds.
    """

    start: Fraction
    origin: Fraction
    length: Fraction

    def of(self, seconds: Fraction) -> Fraction:
        """Return the owner's time at a timeline second."""
        return seconds - self.start + self.origin

    def on_timeline(self, time: Fraction) -> float:
        """Return the timeline second of a time of the owner."""
        return float(time - self.origin + self.start)


def own_time_of(timeline: Timeline, owner: str) -> OwnTime:
    """Return the time of a clip by its id, of a track, or of the timeline."""
    if not owner or owner in {track.name for track in timeline.tracks}:
        return OwnTime(Fraction(0), Fraction(0), duration(timeline))
    place = place_of(timeline, owner)
    start = layout_of(timeline.tracks[place.track].items).start(place.item)
    span = clip_of(timeline, owner).source_range
    return OwnTime(start, span.start, span.duration)


def key_views(keys: Sequence[Keyframe], time: OwnTime) -> list[KeyView]:
    """Return the views of keyframes."""
    return [
        KeyView(time.on_timeline(key.time), key.interpolation, _number(key.value))
        for key in keys
    ]


def _number(value: Any) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else 0.0


def sampled(keys: Sequence[Keyframe], time: OwnTime) -> list[float]:
    """Return values at even steps of an owner's time; none of what is no number."""
    if not keys or isinstance(keys[0].value, (bool, str, list, tuple)):
        return []
    steps = (time.origin + time.length * n / _STEPS for n in range(_STEPS + 1))
    return [float(value_at(keys, step)) for step in steps]


def effect_view(
    owner: str, number: int, effect: Effect, time: OwnTime, at: Fraction
) -> EffectView:
    """Return the view of an effect at a timeline second.

    Args:
        owner: The clip's id; empty for the timeline.
        number: Its number in the owner's effects.
        effect: It.
        time: The owner's.
        at: Of the values.
    """
    label, is_on = label_of(effect.kind), effect.enabled
    try:
        spec = find(effect.kind, "picture", "sound", "time")
    except CompositionError as error:
        problem = "" if effect.kind in SOURCED else said(error)
        return EffectView(owner, number, effect.kind, label, "", is_on, [], problem)
    parameters = []
    for name, parameter in spec.parameters.items():
        keys = effect.keyframes.get(name, ())
        value = effect.parameters.get(name, parameter.default)
        value = value_at(keys, time.of(at)) if keys else value
        parameters.append(_parameter_view(name, parameter, value, keys, time))
    return EffectView(owner, number, effect.kind, label, spec.medium, is_on, parameters)


def cut_view(timeline: Timeline, item: str, *, at_end: bool) -> TransitionView | None:
    """Return the cut at a clip's start or end; None if no clip lies there."""
    place = place_of(timeline, item)
    track = timeline.tracks[place.track]
    step = 1 if at_end else -1
    beside = [
        track.items[number]
        for number in (place.item + step, place.item + 2 * step)
        if 0 <= number < len(track.items)
    ]
    transition = beside[0] if beside and isinstance(beside[0], Transition) else None
    other = beside[-1] if transition else next(iter(beside), None)
    if not isinstance(other, Clip):
        return None
    after = other.id if at_end else item
    if transition is None:
        return TransitionView(after, "", "", 0.0, [])
    length = float(transition.in_offset + transition.out_offset)
    label = label_of(transition.kind)
    try:
        spec = transition_spec(transition.kind) if track.kind == "video" else None
    except CompositionError as error:
        return TransitionView(after, transition.kind, label, length, [], said(error))
    plain = OwnTime(Fraction(0), Fraction(0), Fraction(0))
    parameters = [
        _parameter_view(
            name, p, transition.parameters.get(name, p.default), (), plain, keyed=False
        )
        for name, p in (spec.parameters if spec else {}).items()
    ]
    return TransitionView(after, transition.kind, label, length, parameters)


def _plain(parameter: Parameter, value: Any) -> Any:
    if parameter.kind in {"points", "spans"}:
        return json.dumps(value)
    return list(value) if isinstance(value, tuple) else value


def _parameter_view(  # noqa: PLR0913 - all that is known of it
    name: str,
    parameter: Parameter,
    value: Any,
    keys: Sequence[Keyframe],
    time: OwnTime,
    *,
    keyed: bool = True,
) -> ParameterView:
    unit, factor = shown_unit(name, parameter)
    return ParameterView(
        name=name,
        label=label_of(name),
        type="font" if parameter.is_font else parameter.kind,
        value=_plain(parameter, value),
        default=_plain(parameter, parameter.default),
        low=parameter.low if math.isfinite(parameter.low) else -_UNBOUNDED,
        high=parameter.high if math.isfinite(parameter.high) else _UNBOUNDED,
        unit=unit,
        factor=factor,
        doc=parameter.doc,
        choices=list(parameter.choices),
        choice_labels=[label_of(choice) for choice in parameter.choices],
        can_be_keyed=keyed and parameter.can_be_keyframed,
        keys=key_views(keys, time),
        curve=sampled(keys, time),
    )
