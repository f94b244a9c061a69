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
from timeline_nb.notebook.resolve import ClipLike, OwnerLike, Resolver
from timeline_nb.notebook.stabilize import stabilized_effects
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, frame_time, parse_time
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

    An owner is a clip, a track by its name, or None for the whole timeline. An effect
    is named by its kind where its owner has one of it, or by its number from 0.

    Args:
        session: The edit's.
        studio: Whose caches and threads are used.
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._studio = session, studio
        self._resolve = Resolver(session)

    def of(self, owner: OwnerLike = None) -> tuple[Effect, ...]:
        """Return the effects of an owner, in the order in which they are applied."""
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
        """Put an effect on a clip, a track, or all of the timeline.

        Args:
            owner: A clip, a track's name, or None for all.
            effect: Its kind, as `tl.catalog()` lists them, or the effect itself.
            place: Its place among those that are there; behind them if not given.
            parameters: Those that differ from their defaults.

        Raises:
            CompositionError: There is no such effect, or a parameter makes no sense.
            TimelineError: There is no such owner, or its track is locked.
        """
        made = effect if isinstance(effect, Effect) else Effect(kind=effect)
        values = {name: plain_value(value) for name, value in parameters.items()}
        made = replace(made, parameters={**made.parameters, **values})
        own = self._resolve.owner(owner)
        self._session.perform(commands.AddEffect(owner=own, effect=made, place=place))

    def remove(self, owner: OwnerLike, effect: int | str) -> None:
        """Remove an effect from its owner."""
        own = self._resolve.owner(owner)
        number = self._resolve.effect(own, effect)
        self._session.perform(commands.RemoveEffect(owner=own, number=number))

    def set(self, owner: OwnerLike, effect: int | str, **fields: Any) -> None:
        """Change parameters of an effect, or switch it off with `enabled=False`."""
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
            given["parameters"] = {**effects[number].parameters, **values}
        self._session.perform(commands.SetEffect(owner=own, number=number, **given))

    def replace(self, owner: OwnerLike, effects: Iterable[Effect]) -> None:
        """Give an owner these effects in place of all it has."""
        own = self._resolve.owner(owner)
        self._session.perform(commands.SetEffects(owner=own, effects=tuple(effects)))

    def animate(
        self,
        owner: OwnerLike,
        parameter: str,
        values: "Curve",
        *,
        number: int | str | None = None,
        interpolation: Interpolation = "linear",
    ) -> None:
        """Let a parameter change: of an effect (`"gaussian_blur.sigma"`), or the clip.

        Times are from the clip's first frame on; of tracks, from the timeline's.

        Args:
            owner: Whose parameter it is.
            parameter: `kind.name`, or of a clip `position`, `scale`, `rotation_deg`,
                `opacity`, `gain_db`, `pan`.
            values: Values by time, as `{0: 0.0, "2s": 1.0}` or a Series whose index is
                seconds; keyframes; or a function of seconds, called for every frame.
                None at all make it constant again.
            number: The effect, if `parameter` does not name it.
            interpolation: Between the values.

        Raises:
            CompositionError: There is no such parameter, or a value makes no sense.
        """
        own = self._resolve.owner(owner)
        effect = number
        if "." in parameter:
            effect, parameter = parameter.split(".", 1)
        place = None if effect is None else self._resolve.effect(own, effect)
        self._session.perform(
            commands.Animate(
                owner=own,
                parameter=parameter,
                keyframes=self._keyframes(own, values, interpolation),
                number=place,
            )
        )

    def stabilize(
        self, clip: ClipLike, *, smooth: TimeLike = "1s", crop: bool = True
    ) -> None:
        """Hold a shaking clip still: its camera's path is measured and smoothed.

        Args:
            clip: Of a media file with pictures.
            smooth: Over which time the path is averaged.
            crop: Whether the picture is enlarged until no edge is seen.

        Raises:
            CompositionError: The clip has no moving pictures.
        """
        own, length = self._resolve.clip(clip), self._resolve.duration(smooth)
        made = stabilized_effects(own, self._studio, smooth=length, crop=crop)
        self._session.perform(commands.SetEffects(owner=own.id, effects=made))

    def _keyframes(
        self, owner: str, values: "Curve", interpolation: Interpolation
    ) -> tuple[Keyframe, ...]:
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
            raise CompositionError(f"keyframes of {owner or 'it'}: {error}") from error
