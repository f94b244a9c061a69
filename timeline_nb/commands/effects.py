"""Commands for effects of clips, tracks and the timeline, and for transitions."""

from fractions import Fraction
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType, field

from timeline_nb.commands.command import Command, Duration, ItemId, Owner, Time
from timeline_nb.effects.catalog import find, specs_of
from timeline_nb.effects.chain import check_effect
from timeline_nb.effects.transitions.run import check_transition
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Effect,
    Keyframe,
    Keyframes,
    Timeline,
    TrackKind,
    Transition,
)
from timeline_nb.timeline.queries import effects_of
from timeline_nb.timeline.queries import find as find_item

__all__ = [
    "AddEffect",
    "AddEffects",
    "AddTransition",
    "Animate",
    "MoveEffect",
    "RemoveEffect",
    "RemoveTransition",
    "SetEffect",
    "SetEffects",
]

_CLIP_PARAMETERS = ("position", "scale", "rotation_deg", "opacity", "gain_db", "pan")


def _checked(effect: Effect, timeline: Timeline) -> Effect:
    """Return an effect with its values as projects store them; a disabled one as is."""
    return check_effect(effect, timeline) if effect.enabled else effect


def _check_owner(timeline: Timeline, owner: str, effect: Effect) -> None:
    """Refuse an effect that its owner does not show or play.

    Raises:
        TimelineError: It is on pictures and its owner is sound, or the reverse; or a
            track would be ducked under itself.
    """
    tracks = {track.name: track.kind for track in timeline.tracks}
    if effect.kind == "duck" and effect.parameters.get("under", "A1") == owner:
        raise TimelineError(
            Message(
                "track {owner} cannot be ducked under itself: give "
                "another audio track as under=",
                owner=repr(owner),
            )
        )
    if not owner:
        return
    is_track = owner in tracks
    kind = tracks[owner] if is_track else _kind_of(timeline, owner)
    found = {spec.medium for spec in specs_of(effect.kind)}
    media = found or {"picture"}
    what = f"track {owner!r}" if is_track else f"clip {owner!r}"
    if kind == "audio" and not media & {"sound", "time"}:
        raise TimelineError(
            Message(
                "{what} is sound, and {kind} is an effect on pictures: "
                "add it to a video track or clip, or choose one of "
                'tl.catalog("sound")',
                what=what,
                kind=repr(effect.kind),
            )
        )
    # Only audio tracks are heard: a clip's sound is a linked clip on one of them.
    if kind == "video" and media == {"sound"}:
        raise TimelineError(
            Message(
                "{what} is pictures, and {kind} is an effect on sound: "
                "add it to an audio track or clip, or choose one of "
                'tl.catalog("picture")',
                what=what,
                kind=repr(effect.kind),
            )
        )


def _kind_of(timeline: Timeline, item: str) -> TrackKind:
    return timeline.tracks[find_item(timeline, item).track].kind


class AddEffect(Command, frozen=True, kw_only=True, tag="add_effect"):
    """Add an effect after those of its owner, or at a place among them."""

    label: ClassVar = "add effect"
    method: ClassVar = "effects.add"
    positional: ClassVar = ("owner", "effect")

    owner: Owner
    effect: Effect
    place: int | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the new effect."""
        effect = _checked(self.effect, timeline)
        _check_owner(timeline, self.owner, effect)
        return edits.add_effect(timeline, self.owner, effect, place=self.place)


class AddEffects(Command, frozen=True, kw_only=True, tag="add_effects"):
    """Add effects to each of several owners; keyframes count from an owner's start."""

    label: ClassVar = "add effects"
    method: ClassVar = "effects.add_all"
    positional: ClassVar = ("owners", "effects")

    owners: tuple[Owner, ...]
    effects: tuple[Effect, ...]

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the effects added to all owners."""
        effects = tuple(_checked(effect, timeline) for effect in self.effects)
        for owner in self.owners:
            for effect in effects:
                _check_owner(timeline, owner, effect)
        return edits.add_effects(timeline, self.owners, effects)


class MoveEffect(Command, frozen=True, kw_only=True, tag="move_effect"):
    """Move an effect to another place among those of its owner."""

    label: ClassVar = "move effect"
    method: ClassVar = "effects.move"
    positional: ClassVar = ("owner", "number", "place")

    owner: Owner
    number: int
    place: int

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the effect at its new place."""
        return edits.move_effect(timeline, self.owner, self.number, self.place)


class RemoveEffect(Command, frozen=True, kw_only=True, tag="remove_effect"):
    """Remove an effect from its owner, by its number."""

    label: ClassVar = "remove effect"
    method: ClassVar = "effects.remove"
    positional: ClassVar = ("owner", "number")

    owner: Owner
    number: int

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline without the effect."""
        return edits.remove_effect(timeline, self.owner, self.number)


class SetEffect(Command, frozen=True, kw_only=True, tag="set_effect"):
    """Change an effect's parameters or keyframes, or enable or disable it."""

    label: ClassVar = "set effect"
    method: ClassVar = "effects.set"
    positional: ClassVar = ("owner", "number")

    owner: Owner
    number: int
    parameters: dict[str, Any] | UnsetType = UNSET
    keyframes: Keyframes | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the effect changed."""
        given = self.given()
        del given["owner"], given["number"]
        changed = edits.change_effect(timeline, self.owner, self.number, **given)
        given_effect = effects_of(changed, self.owner)[self.number]
        effect = _checked(given_effect, timeline)
        if effect.kind == "duck":
            _check_owner(timeline, self.owner, effect)
        if effect == given_effect:
            return changed
        return edits.change_effect(
            changed, self.owner, self.number, parameters=effect.parameters
        )


class SetEffects(Command, frozen=True, kw_only=True, tag="set_effects"):
    """Replace all effects of an owner."""

    label: ClassVar = "set effects"
    method: ClassVar = "effects.replace"
    positional: ClassVar = ("owner", "effects")

    owner: Owner
    effects: tuple[Effect, ...]

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the new effects."""
        effects = tuple(_checked(effect, timeline) for effect in self.effects)
        for effect in effects:
            _check_owner(timeline, self.owner, effect)
        return edits.set_effects(timeline, self.owner, effects)


class Animate(Command, frozen=True, kw_only=True, tag="animate"):
    """Set the keyframes of a parameter; without any it is constant."""

    label: ClassVar = "animate"
    method: ClassVar = "effects.animate"
    positional: ClassVar = ("owner", "parameter", "keyframes")

    owner: Owner
    parameter: str
    keyframes: tuple[Keyframe, ...]
    number: int | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the keyframes."""
        if self.number is None and self.parameter not in _CLIP_PARAMETERS:
            raise CompositionError(
                f"a clip has no parameter {self.parameter!r} that can have keyframes; "
                f"it has {', '.join(_CLIP_PARAMETERS)}; name that of an effect as "
                "'kind.parameter', as in 'speed.rate'"
            )
        changed = edits.animate(
            timeline,
            self.owner,
            self.parameter,
            self.keyframes,
            number=self.number,
        )
        if self.number is not None:
            check_effect(effects_of(changed, self.owner)[self.number])
        return changed


class AddTransition(Command, frozen=True, kw_only=True, tag="add_transition"):
    """Add a transition from a clip to the next one, by default centered on the cut."""

    label: ClassVar = "transition"
    method: ClassVar = "add_transition"
    positional: ClassVar = ("kind",)
    unpacked: ClassVar = "parameters"

    after: ItemId
    duration: Duration = field(default_factory=lambda: Fraction(1))
    kind: str = "dissolve"
    sound: str = "dissolve"
    in_offset: Time | None = None
    parameters: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the transition."""
        half, parameters = self.duration / 2, self.parameters
        place = find_item(timeline, self.after)
        if timeline.tracks[place.track].kind == "audio":
            find(self.kind, "crossfade")
        else:
            find(self.sound, "crossfade")
            made = Transition(
                kind=self.kind,
                in_offset=half,
                out_offset=half,
                parameters=self.parameters,
            )
            parameters = check_transition(made).parameters
        return edits.transition(
            timeline,
            after=self.after,
            duration=self.duration,
            kind=self.kind,
            sound=self.sound,
            in_offset=self.in_offset,
            **parameters,
        )


class RemoveTransition(Command, frozen=True, kw_only=True, tag="remove_transition"):
    """Remove the transition after a clip, and the crossfade of its sound."""

    label: ClassVar = "remove transition"
    method: ClassVar = "remove_transition"

    after: ItemId

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline without the transition."""
        return edits.remove_transition(timeline, after=self.after)
