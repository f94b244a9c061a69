"""Handle the inspector's effects, keyframes, transitions and generated clips."""

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.commands import effects as commands
from timeline_nb.commands import titles
from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.catalog import catalog, find
from timeline_nb.effects.chain import SOURCED
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.provided import catalog_changed
from timeline_nb.effects.spec import Spec
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.effects.transitions.run import transition_spec
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Keyframe,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import clip_of, effects_of, linked
from timeline_nb.timeline.queries import find as place_of
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.effect_answers import (
    CatalogView,
    EffectsView,
    EffectView,
    KindView,
)
from timeline_nb.widgets.effect_views import parameter_view, transition_view
from timeline_nb.widgets.gestures import exact_time

__all__ = ["EffectsPart"]

_GENERATED_S: Final = Fraction(4)


class EffectsPart(Part):
    """Sends and changes the effects of the selected clip, or of the timeline.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        selected: Returns the ids of the selected items.
        playhead: Returns the timeline second at which values are sent.
        scope: The files that a view may name: tables, masks, fonts.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        selected: Callable[[], list[str]],
        playhead: Callable[[], float],
        scope: Scope,
    ) -> None:
        super().__init__(post)
        self._session, self._selected, self._playhead = session, selected, playhead
        self._scope = scope

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers, each of which makes one step of the history."""
        return {
            ask.AddEffectRequest: self._add,
            ask.RemoveEffectRequest: self._remove,
            ask.ChangeEffectRequest: self._change,
            ask.KeyframeEffectRequest: self._key,
            ask.SetTransitionRequest: self._set_transition,
            ask.AddGeneratorRequest: self._add_generated,
        }

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)
        catalog_changed.connect(self._on_catalog)

    def stop(self) -> None:
        """Disconnect from the edit's changes."""
        self._session.changed.disconnect(self._follow)
        catalog_changed.disconnect(self._on_catalog)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the catalog and the effects."""
        self._send_catalog(view)
        self.send_effects()

    def _on_catalog(self) -> None:
        """Send all views the catalog: a plugin was installed or removed."""
        self._turns.run(("catalog", ""), lambda: self._send_catalog(""))
        self.send_effects()

    def _send_catalog(self, view: str) -> None:
        kinds = [KindView(s.kind, s.medium, s.group, s.doc) for s in catalog()]
        kinds += [
            KindView(name, "template", template.group, template.doc)
            for name, template in TEMPLATES.items()
        ]
        self._post(CatalogView(view=view, kinds=kinds))

    def send_effects(self) -> None:
        """Send the effects of the one selected clip, or of the timeline."""
        self._turns.run(("effects", ""), self._send_effects)

    def _send_effects(self) -> None:
        timeline, owners = self._session.timeline, self._owners()
        before = None
        media = ["picture", "sound"]
        if owners:
            place = place_of(timeline, owners[0])
            before = _before(timeline.tracks[place.track], place.item)
            media = [_medium_of(timeline, owner) for owner in owners]
        effects = [
            self._effect(timeline, owner, number, effect)
            for owner in owners or [""]
            for number, effect in enumerate(effects_of(timeline, owner))
        ]
        self._post(
            EffectsView(
                owner=owners[0] if owners else "",
                media=media,
                follows=isinstance(before, (Clip, Transition)),
                effects=effects,
                transition=transition_view(before, media[0]),
            )
        )

    def _owners(self) -> list[str]:
        """Return the one selected clip and those linked to it, else none."""
        timeline, chosen = self._session.timeline, self._selected()
        try:
            places = linked(timeline, chosen[0]) if chosen else ()
        except TimelineError:
            # Removed by an undo.
            return []
        items = [timeline.tracks[place.track].items[place.item] for place in places]
        own = [item.id for item in items if isinstance(item, Clip)]
        return own if set(chosen) <= set(own) else []

    def send_animated(self) -> None:
        """Send the effects again if one has keyframes: the playhead moved."""
        timeline = self._session.timeline
        owners = self._owners() or [""]
        if any(e.keyframes for owner in owners for e in effects_of(timeline, owner)):
            self.send_effects()

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        self.send_effects()

    def _effect(
        self, timeline: Timeline, owner: str, number: int, effect: Effect
    ) -> EffectView:
        try:
            spec = find(effect.kind, "picture", "sound", "time")
        except CompositionError as error:
            problem = "" if effect.kind in SOURCED else str(error)
            return EffectView(owner, number, effect.kind, effect.enabled, [], problem)
        start, origin = _origin(timeline, owner)
        now = Fraction(self._playhead()).limit_denominator(10_000) - start + origin
        parameters = []
        for name, parameter in spec.parameters.items():
            keys = effect.keyframes.get(name, ())
            value = effect.parameters.get(name, parameter.default)
            value = value_at(keys, now) if keys else value
            times = [float(key.time - origin + start) for key in keys]
            parameters.append(parameter_view(name, parameter, value, times))
        return EffectView(owner, number, effect.kind, effect.enabled, parameters)

    def _add(self, request: ask.AddEffectRequest) -> None:
        effect = Effect(kind=request.effect)
        spec = find(request.effect, "picture", "sound", "time")
        files = [n for n, p in spec.parameters.items() if p.kind == "file"]
        if files:
            # It needs a file, which is not chosen yet.
            effect = replace(effect, enabled=False)
        owner = self._owner_for(request.owner, spec.medium)
        self._session.perform(commands.AddEffect(owner=owner, effect=effect))

    def _owner_for(self, owner: str, medium: str) -> str:
        """Return the owner or the linked clip that takes effects of a medium."""
        if not owner or medium not in {"picture", "sound"}:
            return owner
        timeline = self._session.timeline
        for place in linked(timeline, owner):
            item = timeline.tracks[place.track].items[place.item]
            if isinstance(item, Clip) and _medium_of(timeline, item.id) == medium:
                return item.id
        raise CompositionError(
            f"{owner!r} has no {medium}: add this effect to a clip that has"
        )

    def _remove(self, request: ask.RemoveEffectRequest) -> None:
        self._session.perform(
            commands.RemoveEffect(owner=request.owner, number=request.number)
        )

    def _change(self, request: ask.ChangeEffectRequest) -> None:
        effect = self._effect_of(request.owner, request.number)
        fields: dict[str, Any] = {}
        if request.enabled is not None:
            fields["enabled"] = request.enabled
        if request.parameter is not None:
            name = request.parameter
            spec = find(effect.kind, "picture", "sound", "time")
            value = _value(spec, name, request.value, self._scope)
            if name in effect.keyframes:
                now = self._own_time(request.owner, self._playhead())
                fields["keyframes"] = {
                    **effect.keyframes,
                    name: _with_key(effect.keyframes[name], now, value),
                }
            else:
                fields["parameters"] = {**effect.parameters, name: value}
        self._session.perform(
            commands.SetEffect(owner=request.owner, number=request.number, **fields)
        )

    def _key(self, request: ask.KeyframeEffectRequest) -> None:
        """Add a keyframe at a time, or remove the one there."""
        effect, name = self._effect_of(request.owner, request.number), request.parameter
        spec = find(effect.kind, "picture", "sound", "time")
        if name not in spec.parameters or not spec.parameters[name].can_be_keyframed:
            raise CompositionError(
                f"the effect {effect.kind!r}: {name!r} cannot have keyframes; set its "
                "value"
            )
        now = self._own_time(request.owner, request.at_s)
        keys = effect.keyframes.get(name, ())
        kept = tuple(key for key in keys if key.time != now)
        if len(kept) == len(keys):
            default = spec.parameters[name].default
            value = effect.parameters.get(name, default)
            kept = _with_key(keys, now, value_at(keys, now) if keys else value)
        self._session.perform(
            commands.Animate(
                owner=request.owner,
                parameter=name,
                keyframes=kept,
                number=request.number,
            )
        )

    def _set_transition(self, request: ask.SetTransitionRequest) -> None:
        """Set, change or remove the transition before the selected clip."""
        timeline = self._session.timeline
        place = place_of(timeline, request.item)
        items = timeline.tracks[place.track].items[: place.item]
        former = [item for item in items if isinstance(item, Clip)]
        if not former:
            raise TimelineError(
                f"no clip lies before {request.item!r}: select a later one for a "
                "transition"
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

    def _add_generated(self, request: ask.AddGeneratorRequest) -> None:
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

    def _effect_of(self, owner: str, number: int) -> Effect:
        effects = effects_of(self._session.timeline, owner)
        if not 0 <= number < len(effects):
            count = len(effects)
            raise TimelineError(
                f"{owner or 'the timeline'} has no effect {number}: it has {count}"
            )
        return effects[number]

    def _own_time(self, owner: str, seconds: float) -> Fraction:
        timeline = self._session.timeline
        start, origin = _origin(timeline, owner)
        return exact_time(timeline, seconds) - start + origin


def _origin(timeline: Timeline, owner: str) -> tuple[Fraction, Fraction]:
    """Return an owner's start on the timeline, and its own time at its start."""
    if not owner or owner in {track.name for track in timeline.tracks}:
        return Fraction(0), Fraction(0)
    place = place_of(timeline, owner)
    start = layout_of(timeline.tracks[place.track].items).start(place.item)
    return start, clip_of(timeline, owner).source_range.start


def _medium_of(timeline: Timeline, item: str) -> str:
    track = timeline.tracks[place_of(timeline, item).track]
    return "sound" if track.kind == "audio" else "picture"


def _before(track: Track, number: int) -> Any:
    return track.items[number - 1] if number else None


def _value(spec: Spec, name: str, value: Any, scope: Scope) -> Any:
    """Return a value sent by the browser as a parameter of an effect stores it."""
    if name not in spec.parameters:
        raise CompositionError(
            f"the effect {spec.kind!r} has no parameter {name!r}"
            f"{suggestion(name, spec.parameters)}"
        )
    if path := spec.parameters[name].file_of(value):
        scope.check(path)
    return _read(spec.parameters[name], value)


def _read(parameter: Parameter, value: Any) -> Any:
    """Return a value sent by the browser as the parameter stores it."""
    if parameter.kind == "points" and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise CompositionError(
                f"{value!r} is no list of points: give pairs, as [[0, 0], [1, 1]]"
            ) from error
    if parameter.kind == "integer" and isinstance(value, float):
        return int(value)
    return value


def _with_key(
    keys: tuple[Keyframe, ...], time: Fraction, value: Any
) -> tuple[Keyframe, ...]:
    """Return keyframes with one at a time, in place of any there."""
    others = [key for key in keys if key.time != time]
    changed = [*others, Keyframe(time=time, value=value)]
    return tuple(sorted(changed, key=lambda key: key.time))
