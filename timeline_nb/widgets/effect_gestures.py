"""Perform what the inspector and the effects browser ask for, as commands."""

import json
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.commands import changing, titles
from timeline_nb.commands import effects as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.catalog import find
from timeline_nb.effects.labels import label_of
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.spec import Spec
from timeline_nb.effects.takers import taker_of, takers_of
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.effects.transitions.run import transition_spec
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.edits import effects_from_start
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.model import Clip, Effect, Keyframe, Transition
from timeline_nb.timeline.queries import clip_of, effects_of
from timeline_nb.timeline.queries import find as place_of
from timeline_nb.timeline.speed import speed_of
from timeline_nb.widgets import effect_requests as ask
from timeline_nb.widgets.effect_views import own_time_of
from timeline_nb.widgets.gestures import exact_time

__all__ = ["EffectGestures"]

_GENERATED_S: Final = Fraction(4)
_MEDIA: Final = ("picture", "sound", "time")


class EffectGestures:
    """Performs gestures: each is one step of the history, or raises an error.

    Args:
        session: The edit's session.
        playhead: Returns the timeline second at which values are set.
        scope: The files that a view may name: tables, masks, fonts.
    """

    def __init__(
        self, session: EditSession, playhead: Callable[[], float], scope: Scope
    ) -> None:
        self._session, self._playhead, self._scope = session, playhead, scope

    def add(self, request: ask.AddEffectRequest) -> None:
        """Add an effect to clips, or to those linked to them that take it."""
        effect = Effect(kind=request.effect)
        spec = find(request.effect, *_MEDIA)
        files = [n for n, p in spec.parameters.items() if p.kind == "file"]
        if files:
            # It needs a file, which is not chosen yet.
            effect = replace(effect, enabled=False)
        timeline, owners = self._session.timeline, request.owners
        if len(owners) <= 1:
            owner = taker_of(timeline, "".join(owners), request.effect)
            self._session.perform(commands.AddEffect(owner=owner, effect=effect))
            return
        for takers, effects in takers_of(timeline, owners, (effect,)):
            self._session.perform(commands.AddEffects(owners=takers, effects=effects))

    def remove(self, request: ask.RemoveEffectRequest) -> None:
        """Remove an effect."""
        self._effect_of(request.owner, request.number)
        self._session.perform(
            commands.RemoveEffect(owner=request.owner, number=request.number)
        )

    def move(self, request: ask.MoveEffectRequest) -> None:
        """Move an effect to another place."""
        if request.number != request.place:
            self._session.perform(
                commands.MoveEffect(
                    owner=request.owner, number=request.number, place=request.place
                )
            )

    def change(self, request: ask.ChangeEffectRequest) -> None:
        """Enable or disable an effect, or set or reset parameters."""
        effect = self._effect_of(request.owner, request.number)
        fields: dict[str, Any] = {}
        if request.enabled is not None:
            fields["enabled"] = request.enabled
        name = request.parameter
        if request.reset and name is None:
            fields |= {"parameters": {}, "keyframes": {}}
        elif request.reset:
            fields = {
                part: {n: v for n, v in getattr(effect, part).items() if n != name}
                for part in ("parameters", "keyframes")
            }
        elif name is not None:
            spec = find(effect.kind, *_MEDIA)
            value = _value(spec, name, request.value, self._scope)
            if spec.parameters[name].kind == "file" and value and not effect.enabled:
                # It waited for its file.
                fields["enabled"] = True
            if name in effect.keyframes:
                now = self._own_time(request.owner, self._playhead())
                keys = _with_key(effect.keyframes[name], now, value)
                fields["keyframes"] = {**effect.keyframes, name: keys}
            else:
                fields["parameters"] = {**effect.parameters, name: value}
        self._session.perform(
            commands.SetEffect(owner=request.owner, number=request.number, **fields)
        )

    def key(self, request: ask.KeyframeEffectRequest) -> None:
        """Add a keyframe at a time, or remove the one there, or all."""
        effect, name = self._effect_of(request.owner, request.number), request.parameter
        spec = find(effect.kind, *_MEDIA)
        if name not in spec.parameters or not spec.parameters[name].can_be_keyframed:
            raise CompositionError(
                Message(
                    "{effect}: {field} cannot have keyframes; set its value",
                    effect=Message(label_of(effect.kind)),
                    field=Message(label_of(name)),
                )
            )
        now = self._own_time(request.owner, request.at_s)
        keys = effect.keyframes.get(name, ())
        value = effect.parameters.get(name, spec.parameters[name].default)
        value = value_at(keys, now) if keys else value
        if request.clear:
            rest = {n: own for n, own in effect.keyframes.items() if n != name}
            self._session.perform(
                commands.SetEffect(
                    owner=request.owner,
                    number=request.number,
                    parameters={**effect.parameters, name: value},
                    keyframes=rest,
                )
            )
            return
        kept = tuple(key for key in keys if key.time != now)
        if len(kept) == len(keys):
            kept = _with_key(keys, now, value)
        self._animate(request.owner, name, kept, request.number)

    def key_clip(self, request: ask.KeyframeClipRequest) -> None:
        """Add a keyframe of a clip's own parameter, or remove the one there."""
        clip, name = clip_of(self._session.timeline, request.item), request.parameter
        now = self._own_time(request.item, request.at_s)
        keys = clip.keyframes.get(name, ())
        kept = tuple(key for key in keys if key.time != now)
        if request.clear:
            kept = ()
        elif len(kept) == len(keys):
            value = value_at(keys, now) if keys else _own_value(clip, name)
            kept = _with_key(keys, now, value)
        self._animate(request.item, name, kept, None)

    def ease(self, request: ask.EaseKeyframeRequest) -> None:
        """Set the interpolation from a keyframe to the next."""
        name, timeline = request.parameter, self._session.timeline
        if request.number is None:
            keys = clip_of(timeline, request.owner).keyframes.get(name, ())
        else:
            effect = self._effect_of(request.owner, request.number)
            keys = effect.keyframes.get(name, ())
        now = self._own_time(request.owner, request.at_s)
        changed = tuple(
            replace(key, interpolation=request.interpolation)
            if key.time == now
            else key
            for key in keys
        )
        if changed == keys:
            raise TimelineError(
                Message(
                    "{field} has no keyframe here: go to one first",
                    field=Message(label_of(name)),
                )
            )
        self._animate(request.owner, name, changed, request.number)

    def _animate(
        self, owner: str, name: str, keys: tuple[Keyframe, ...], number: int | None
    ) -> None:
        self._session.perform(
            commands.Animate(owner=owner, parameter=name, keyframes=keys, number=number)
        )

    def set_transition(self, request: ask.SetTransitionRequest) -> None:
        """Set, change or remove the transition before a clip."""
        timeline = self._session.timeline
        place = place_of(timeline, request.item)
        items = timeline.tracks[place.track].items[: place.item]
        former = [item for item in items if isinstance(item, Clip)]
        if not former:
            raise TimelineError(
                Message(
                    "no clip lies before this one: select a later one for a transition"
                )
            )
        after = former[-1].id
        if not request.transition:
            self._session.perform(commands.RemoveTransition(after=after))
            return
        values: dict[str, Any] = {}
        before = items[-1]
        if isinstance(before, Transition) and before.kind == request.transition:
            values = dict(before.parameters)
        if request.parameter is not None:
            spec = transition_spec(request.transition)
            name = request.parameter
            values[name] = _value(spec, name, request.value, self._scope)
        rate = timeline.rate
        frames = max(2, 2 * round(Fraction(request.duration_s) * rate / 2))
        self._session.perform(
            commands.AddTransition(
                after=after,
                duration=frame_time(frames, rate),
                kind=request.transition,
                parameters=values,
            )
        )

    def add_generated(self, request: ask.AddGeneratorRequest) -> None:
        """Add a title, a generator, an adjustment layer or a template."""
        start = exact_time(self._session.timeline, max(0.0, request.at_s))
        end = start + _GENERATED_S
        if request.made in TEMPLATES:
            # Texts that a person writes over.
            texts = dict(TEMPLATES[request.made].samples)
            self._session.perform(
                titles.AddTemplate(name=request.made, start=start, values=texts)
            )
        elif request.made == "title":
            self._session.perform(
                titles.AddTitle(text="Title", start=start, end=end, animation="fade")
            )
        else:
            self._session.perform(
                titles.AddGenerator(kind=request.made, start=start, end=end)
            )

    def paste_attributes(self, request: ask.PasteAttributesRequest) -> None:
        """Give other clips the chosen effects and settings of a clip, in one step."""
        timeline = self._session.timeline
        source = clip_of(timeline, request.source)
        targets = [item for item in request.items if item != request.source]
        if not targets:
            raise TimelineError(
                Message("select the clips that get the attributes, too")
            )
        effects = effects_from_start(timeline, request.source, request.effects)
        with self._session.group(Message("paste attributes")):
            for takers, own in takers_of(timeline, targets, effects) if effects else ():
                self._session.perform(commands.AddEffects(owners=takers, effects=own))
            for item in targets:
                fields = _attributes(source, request.attributes)
                if fields:
                    self._session.perform(changing.SetClip(clip=item, **fields))
                if "speed" in request.attributes:
                    self._copy_speed(source, item)

    def _copy_speed(self, source: Clip, item: str) -> None:
        speed = speed_of(source)
        if speed is None or speed.ramp is not None or not speed.rate:
            return
        given = next(e for e in source.effects if e.kind == "speed").parameters
        self._session.perform(
            changing.SetSpeed(
                clip=item,
                factor=speed.rate,
                keep_pitch=bool(given.get("keep_pitch", True)),
                blend=bool(given.get("blend", False)),
            )
        )

    def _effect_of(self, owner: str, number: int) -> Effect:
        effects = effects_of(self._session.timeline, owner)
        if not 0 <= number < len(effects):
            raise TimelineError(
                Message(
                    "this effect was removed meanwhile: choose another of the "
                    "inspector's"
                )
            )
        return effects[number]

    def _own_time(self, owner: str, seconds: float) -> Fraction:
        timeline = self._session.timeline
        return own_time_of(timeline, owner).of(exact_time(timeline, seconds))


def _attributes(source: Clip, names: Collection[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if "transform" in names:
        fields["transform"] = source.transform
    if "sound" in names:
        fields |= {"gain_db": source.gain_db, "pan": source.pan}
    if "fades" in names:
        fields |= {"fade_in": source.fade_in, "fade_out": source.fade_out}
    return fields


def _own_value(clip: Clip, name: str) -> Any:
    """Return a clip's own parameter, as keyframes hold it."""
    if name in {"gain_db", "pan"}:
        return getattr(clip, name)
    value = getattr(clip.transform, name, None)
    return list(value) if isinstance(value, tuple) else value


def _value(spec: Spec, name: str, value: Any, scope: Scope) -> Any:
    """Return a value sent by the browser as a parameter of an effect stores it."""
    if name not in spec.parameters:
        raise CompositionError(
            Message(
                "the effect {kind} has no parameter {name}{hint}",
                kind=repr(spec.kind),
                name=repr(name),
                hint=suggestion(name, spec.parameters),
            )
        )
    if path := spec.parameters[name].file_of(value):
        scope.check(path)
    return _read(spec.parameters[name], value)


def _read(parameter: Parameter, value: Any) -> Any:
    """Return a value sent by the browser as the parameter stores it."""
    if parameter.kind in {"points", "spans"} and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise CompositionError(
                Message(
                    "{value} is no list of points: give pairs, as [[0, 0], [1, 1]]",
                    value=repr(value),
                )
            ) from error
    if parameter.kind == "integer" and isinstance(value, float):
        return round(value)
    return value


def _with_key(
    keys: tuple[Keyframe, ...], time: Fraction, value: Any
) -> tuple[Keyframe, ...]:
    """Return keyframes with one at a time, in place of the value of any there."""
    there = next((key for key in keys if key.time == time), None)
    made = Keyframe(time=time, value=value)
    if there is not None:
        made = replace(there, value=value)
    changed = [*(key for key in keys if key.time != time), made]
    return tuple(sorted(changed, key=lambda key: key.time))
