"""`cut.effects`: effects of clips, tracks and the timeline, and their keyframes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from msgspec.structs import replace

from timeline_nb.commands import effects as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.core.plain import plain_value
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.notebook.accessors.presets import EffectPresets
from timeline_nb.notebook.arguments import effects_given, to_effect
from timeline_nb.notebook.naming import allow_effects, allow_values
from timeline_nb.notebook.resolve import ClipLike, OwnerLike, Resolver
from timeline_nb.notebook.stabilize import stabilized_effects
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, frame_time, parse_time
from timeline_nb.timeline.edits import effects_from_start
from timeline_nb.timeline.model import Effect, Interpolation, Keyframe
from timeline_nb.timeline.queries import clip_of, duration, effects_of

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.effects.kinds import EffectKind

__all__ = ["Effects"]

Curve: TypeAlias = (
    "Mapping[TimeLike, Any] | Sequence[Keyframe] | pd.Series | Callable[[float], Any]"
)


class Effects:
    """The effects of an edit: add, change, animate and remove them.

    An owner is a clip, a track's name, or None for the whole timeline. An effect is
    given by its kind if its owner has one of the kind, or by its number from 0.

    Args:
        session: The edit's session.
        studio: Its caches and threads are used.

    Example:
        >>> cut.effects.add("c1", "sepia", amount=0.5)
        >>> cut.effects.add(None, "vignette")  # on everything
        >>> cut.effects.of("c1")[0].parameters, cut.effects.of()[0].kind
        ({'amount': 0.5}, 'vignette')
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._studio = session, studio
        self._resolve = Resolver(session)

    def of(self, owner: OwnerLike = None) -> tuple[Effect, ...]:
        """Return the effects of an owner, in the order in which they are applied.

        Example:
            >>> cut.effects.add("V1", "sepia")
            >>> [effect.kind for effect in cut.effects.of("V1")]
            ['sepia']
        """
        own = self._resolve.owner(owner)
        return effects_of(self._session.timeline, own)

    def add(
        self,
        owner: OwnerLike,
        effect: "EffectKind | str | Effect",
        *,
        place: int | None = None,
        **parameters: Any,
    ) -> None:
        """Add an effect to a clip, a track, or the whole timeline.

        Args:
            owner: A clip, a track's name, or None for the timeline.
            effect: Its kind, as `tl.catalog()` lists them, or an `Effect`.
            place: Its number in the owner's effects, from 0; the last if not given.
            parameters: Parameters that differ from their defaults.

        Raises:
            CompositionError: The effect or a parameter is unknown, or a value is not
                allowed.
            TimelineError: There is no such owner, or its track is locked.

        Example:
            >>> cut.effects.add("c1", "gaussian_blur", sigma=0.02)
            >>> cut.effects.of("c1")[0].parameters
            {'sigma': 0.02}
        """
        added = to_effect(effect)
        values = {name: plain_value(value) for name, value in parameters.items()}
        allow_effects(self._studio, self._session, [added])
        allow_values(self._studio, parameters)
        added = replace(added, parameters={**added.parameters, **values})
        own = self._resolve.owner(owner)
        self._session.perform(commands.AddEffect(owner=own, effect=added, place=place))

    def add_all(self, owners: Iterable[OwnerLike], effects: Iterable[Effect]) -> None:
        """Add effects to each of several clips or tracks, in one step.

        Args:
            owners: Clips, names of tracks, or None for the timeline.
            effects: The times of their keyframes count from an owner's first frame.

        Raises:
            CompositionError: An effect or a parameter is unknown, or a value is not
                allowed.
            TimelineError: There is no such owner, or its track is locked.

        Example:
            >>> cut.effects.add_all(["c1", "c2"], [tl.Effect(kind="sepia")])
            >>> [effect.kind for effect in cut.effects.of("c2")]
            ['sepia']
        """
        given = effects_given("effects", effects)
        allow_effects(self._studio, self._session, given)
        own = tuple(self._resolve.owner(owner) for owner in owners)
        self._session.perform(commands.AddEffects(owners=own, effects=given))

    def move(self, owner: OwnerLike, effect: int | str, place: int) -> None:
        """Move an effect to another place in the order in which they are applied.

        Raises:
            TimelineError: The owner has no such effect or place, or its track is
                locked.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.add("c1", "gaussian_blur")
            >>> cut.effects.move("c1", "gaussian_blur", 0)
            >>> [effect.kind for effect in cut.effects.of("c1")]
            ['gaussian_blur', 'sepia']
        """
        own = self._resolve.owner(owner)
        number = self._resolve.effect(own, effect)
        self._session.perform(
            commands.MoveEffect(owner=own, number=number, place=place)
        )

    def copy(
        self,
        source: OwnerLike,
        to: Iterable[OwnerLike],
        effects: Iterable[int | str] | None = None,
    ) -> None:
        """Copy effects of one owner to others, with their keyframes, in one step.

        Args:
            source: The clip or track whose effects are copied.
            to: Clips or names of tracks.
            effects: Their numbers or kinds; all of them if not given.

        Raises:
            TimelineError: There is no such owner or effect, or a track is locked.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.copy("c1", ["c2"])
            >>> cut.effects.of("c2")[0].kind
            'sepia'
        """
        own = self._resolve.owner(source)
        numbers = (
            None
            if effects is None
            else [self._resolve.effect(own, effect) for effect in effects]
        )
        copied = effects_from_start(self._session.timeline, own, numbers)
        owners = tuple(self._resolve.owner(owner) for owner in to)
        self._session.perform(commands.AddEffects(owners=owners, effects=copied))

    @property
    def presets(self) -> EffectPresets:
        """Effects that were saved by name: save, apply, share as files.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.presets.save("c1", "old film")
            >>> cut.effects.presets.apply("c2", "old film")
        """
        return EffectPresets(self._session, self._studio)

    def remove(self, owner: OwnerLike, effect: int | str) -> None:
        """Remove an effect from its owner.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.remove("c1", "sepia")
            >>> cut.effects.of("c1")
            ()
        """
        own = self._resolve.owner(owner)
        number = self._resolve.effect(own, effect)
        self._session.perform(commands.RemoveEffect(owner=own, number=number))

    def set(self, owner: OwnerLike, effect: int | str, **fields: Any) -> None:
        """Change parameters of an effect, or disable it with `enabled=False`.

        Example:
            >>> cut.effects.add("c1", "sepia")
            >>> cut.effects.set("c1", "sepia", amount=0.3)
            >>> cut.effects.set("c1", "sepia", enabled=False)
            >>> cut.effects.of("c1")[0].parameters, cut.effects.of("c1")[0].enabled
            ({'amount': 0.3}, False)
        """
        own = self._resolve.owner(owner)
        number = self._resolve.effect(own, effect)
        given = {
            name: fields.pop(name)
            for name in ("parameters", "keyframes", "enabled")
            if name in fields
        }
        effects = effects_of(self._session.timeline, own)
        if fields and 0 <= number < len(effects):
            values = {name: plain_value(value) for name, value in fields.items()}
            allow_values(self._studio, fields)
            given["parameters"] = {**effects[number].parameters, **values}
        self._session.perform(commands.SetEffect(owner=own, number=number, **given))

    def replace(self, owner: OwnerLike, effects: Iterable[Effect]) -> None:
        """Replace all effects of an owner.

        Example:
            >>> looks = [tl.Effect(kind="sepia"), tl.Effect(kind="vignette")]
            >>> cut.effects.replace("c1", looks)
            >>> len(cut.effects.of("c1"))
            2
        """
        own = self._resolve.owner(owner)
        given = effects_given("effects", effects)
        allow_effects(self._studio, self._session, given)
        self._session.perform(commands.SetEffects(owner=own, effects=given))

    def animate(
        self,
        owner: OwnerLike,
        parameter: str,
        values: "Curve",
        *,
        number: int | str | None = None,
        interpolation: Interpolation = "linear",
    ) -> None:
        """Animate a parameter of an effect (`"gaussian_blur.sigma"`) or of a clip.

        Times count from the clip's first frame, for tracks from the timeline's start.

        Args:
            owner: The clip, a track's name, or None for the timeline.
            parameter: `kind.name` for an effect; for a clip `position`, `scale`,
                `rotation_deg`, `opacity`, `gain_db` or `pan`.
            values: Values by time, as `{0: 0.0, "2s": 1.0}` or a Series indexed by
                seconds; keyframes; or a function of seconds, called for every frame.
                An empty one makes the parameter constant again. A clip without the
                effect `speed` gets it with the keyframes of `speed.rate`.
            number: The effect's number or kind, if `parameter` does not name it.
            interpolation: How values between the keyframes are computed.

        Raises:
            CompositionError: The parameter is unknown, or a value is not allowed.

        Example:
            >>> cut.effects.animate("c1", "opacity", {0: 0.0, "1s": 1.0})
            >>> cut.effects.add("c2", "gaussian_blur")
            >>> cut.effects.animate("c2", "gaussian_blur.sigma", {0: 0.05, "2s": 0.0})
            >>> len(cut.clips[0].keyframes["opacity"])
            2
        """
        own = self._resolve.owner(owner)
        effect = number
        if "." in parameter:
            effect, parameter = parameter.rsplit(".", 1)
        keys = self._keyframes(own, values, interpolation)
        if effect == "speed" and keys and self._is_plain(own):
            clip = clip_of(self._session.timeline, own)
            begins = str(clip.source_range.start)
            ramp = Effect(
                kind="speed",
                parameters={"time": begins, "media": begins},
                keyframes={parameter: keys},
            )
            self._session.perform(commands.AddEffect(owner=own, effect=ramp, place=0))
            return
        place = None if effect is None else self._resolve.effect(own, effect)
        self._session.perform(
            commands.Animate(
                owner=own,
                parameter=parameter,
                keyframes=keys,
                number=place,
            )
        )

    def stabilize(
        self, clip: ClipLike, *, smooth: TimeLike = "1s", crop: bool = True
    ) -> None:
        """Stabilize a shaking clip: measure its camera's path and smooth it.

        Args:
            clip: A clip of a video file.
            smooth: The time over which the path is averaged.
            crop: Whether the picture is enlarged until no edge shows.

        Raises:
            CompositionError: The clip has no video.

        Example:
            >>> cut.effects.stabilize("c1", smooth="0.5s")
            >>> cut.clips[0].effects[0].kind
            'stabilize'
        """
        own, length = self._resolve.clip(clip), self._resolve.duration(smooth)
        effects = stabilized_effects(own, self._studio, smooth=length, crop=crop)
        self._session.perform(commands.SetEffects(owner=own.id, effects=effects))

    def _is_plain(self, owner: str) -> bool:
        """Return whether an owner is a clip that is played as it was shot."""
        with suppress(TimelineError):
            effects = clip_of(self._session.timeline, owner).effects
            return all(effect.kind != "speed" for effect in effects)
        return False

    def _keyframes(
        self, owner: str, values: "Curve", interpolation: Interpolation
    ) -> tuple[Keyframe, ...]:
        """Return keyframes in the owner's own time; a clip's is its media's."""
        timeline = self._session.timeline
        rate = timeline.rate
        start, length = Fraction(0), duration(timeline)
        with suppress(TimelineError):
            clip = clip_of(timeline, owner)
            start, length = clip.source_range.start, clip.duration
        if isinstance(values, Sequence):
            return tuple(values)
        if callable(values):
            count = max(1, int(length * rate))
            pairs = [
                (frame_time(n, rate), values(n / float(rate))) for n in range(count)
            ]
        else:
            pairs = [
                (parse_time(cast("TimeLike", time), rate), value)
                for time, value in values.items()
            ]
        try:
            return tuple(
                Keyframe(
                    time=start + time,
                    value=plain_value(value),
                    interpolation=interpolation,
                )
                for time, value in sorted(pairs, key=lambda pair: pair[0])
            )
        except TypeError as error:
            raise CompositionError(
                f"keyframes of {owner or 'the timeline'}: {error}"
            ) from error
