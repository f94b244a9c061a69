"""What an edit looks and sounds like, as methods: effects, titles, speed ..."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from msgspec.structs import replace

from timeline_nb.effects.catalog import find
from timeline_nb.effects.chain import check_effect
from timeline_nb.effects.transitions.run import TransitionRunner
from timeline_nb.errors import CompositionError, TimelineError
from timeline_nb.notebook.verbs import Verbs
from timeline_nb.timebase import (
    TimeLike,
    frame_time,
    parse_duration,
    parse_time,
    to_fraction,
)
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Interpolation,
    Keyframe,
    Transition,
)
from timeline_nb.timeline.queries import clip_of, duration, effects_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LookVerbs"]

Owner: TypeAlias = str | int | Clip | None
Curve: TypeAlias = (
    "Mapping[TimeLike, Any] | Sequence[Keyframe] | pd.Series | Callable[[float], Any]"
)
_OWN = ("position", "scale", "rotation_deg", "opacity", "gain_db", "pan")


class LookVerbs(Verbs):
    """Effects and what goes with them; see `Verbs` for how times and clips are named.

    An owner of effects is a clip, a track by its name, or None for the whole timeline.
    An effect is named by its kind where the owner has one of it, or by its number.
    """

    # Effects

    def add_effect(
        self,
        owner: Owner,
        effect: Effect | str,
        *,
        place: int | None = None,
        **parameters: Any,
    ) -> None:
        """Put an effect of the catalogue on a clip, a track, or all of the timeline.

        Args:
            owner: Whose it is.
            effect: Its kind, as `tl.catalog()` lists them, or the effect itself.
            place: Among those that are there; behind them if not given.
            parameters: Those that are not what they are by default.

        Raises:
            CompositionError: There is no such effect, or a parameter makes no sense.
            TimelineError: There is no such owner, or its track is locked.
        """
        made = Effect(kind=effect) if isinstance(effect, str) else effect
        made = replace(made, parameters={**made.parameters, **parameters})
        check_effect(made)
        self.perform("add_effect", self._owner(owner), made, place=place)

    def remove_effect(self, owner: Owner, number: int | str) -> None:
        """Take an effect away."""
        own = self._owner(owner)
        self.perform("remove_effect", own, self._number(own, number))

    def change_effect(self, owner: Owner, number: int | str, **fields: Any) -> None:
        """Change parameters of an effect, or switch it off with `enabled=False`."""
        own = self._owner(owner)
        place = self._number(own, number)
        effect = effects_of(self.timeline, own)[place]
        whole = {k: fields.pop(k) for k in ("parameters", "keyframes") if k in fields}
        switch = {"enabled": fields.pop("enabled")} if "enabled" in fields else {}
        if fields:
            whole["parameters"] = {**effect.parameters, **fields}
        changed = replace(effect, **whole, **switch)
        check_effect(changed)
        self.perform("change_effect", own, place, **whole, **switch)

    def set_effects(self, owner: Owner, effects: Iterable[Effect]) -> None:
        """Give an owner these effects in place of all it had."""
        listed = tuple(effects)
        for effect in listed:
            check_effect(effect)
        self.perform("set_effects", self._owner(owner), listed)

    def animate(
        self,
        owner: Owner,
        parameter: str,
        values: "Curve",
        *,
        number: int | str | None = None,
        interpolation: str = "linear",
    ) -> None:
        """Let a parameter change: of an effect (`"gaussian_blur.sigma"`), or the clip.

        Times are from the clip's first frame on; of tracks, from the timeline's.

        Args:
            owner: Whose parameter it is.
            parameter: `kind.name`, or of a clip `position`, `scale`, `rotation_deg`,
                `opacity`, `gain_db`, `pan`.
            values: Values by time, as `{0: 0.0, "2s": 1.0}` or a Series whose index
                is seconds; or a function of seconds, asked at every frame. None at all
                make it constant again.
            number: The effect, if `parameter` does not say it.
            interpolation: `linear`, `hold`, `ease`, `ease_in`, `ease_out` or
                `ease_in_out`.

        Raises:
            CompositionError: There is no such parameter, or a value makes no sense.
        """
        own = self._owner(owner)
        if "." in parameter:
            number, parameter = parameter.split(".", 1)
        place = None if number is None else self._number(own, number)
        keys = self._keys(own, values, interpolation)
        if place is not None:
            effect = effects_of(self.timeline, own)[place]
            changed = {**effect.keyframes, parameter: keys} if keys else {}
            check_effect(replace(effect, keyframes=changed))
        elif parameter not in _OWN:
            raise CompositionError(
                f"a clip has no parameter {parameter!r} that changes; it has "
                f"{', '.join(_OWN)}; those of an effect are named 'kind.parameter'"
            )
        self.perform("animate", own, parameter, keys, number=place)

    # Transitions

    def transition(
        self,
        kind: str = "dissolve",
        *,
        at: int,
        duration: TimeLike = "1s",
        track: str | None = None,
        sound: str = "dissolve",
        **parameters: Any,
    ) -> None:
        """Let one clip become the next across a cut, sound with it.

        Args:
            kind: As `tl.catalog("transition")` lists them; on an audio track, one of
                `tl.catalog("crossfade")`.
            at: The number of the cut: 1 lies between the first clip and the second.
            duration: How long, half of it on either side of the cut.
            track: On which track; the first video track if not given.
            sound: What linked sound does.
            parameters: Of the kind; `easing` is one of all kinds.

        Raises:
            CompositionError: There is no such kind, or a parameter makes no sense.
            TimelineError: There is no such cut, or too little media around it: both
                clips are named, and the frames that are missing.
        """
        length = parse_duration(duration, self.timeline.rate)
        half = length / 2
        audible = {t.name for t in self.timeline.tracks if t.kind == "audio"}
        if track in audible:
            find(kind, "crossfade")
        else:
            find(sound, "crossfade")
            TransitionRunner(
                Transition(
                    kind=kind, in_offset=half, out_offset=half, parameters=parameters
                )
            )
        self.perform(
            "transition",
            at=at,
            duration=length,
            kind=kind,
            sound=sound,
            track=track,
            **parameters,
        )

    def remove_transition(self, *, at: int, track: str | None = None) -> None:
        """Make a cut hard again, in linked sound too."""
        self.perform("remove_transition", at=at, track=track)

    # Speed

    def retime(
        self,
        clip: str | int | Clip,
        rate: TimeLike,
        *,
        keep_pitch: bool = True,
        blend: bool = False,
    ) -> None:
        """Play a clip at 2 times, half (`0.5`), backwards (`-1`): what it shows stays.

        Keyframes of `speed.rate` make a ramp.
        """
        self.perform(
            "retime",
            self._id(clip),
            rate=to_fraction(rate).limit_denominator(1_000_000),
            keep_pitch=keep_pitch,
            blend=blend,
        )

    def freeze(
        self, clip: str | int | Clip, *, at: TimeLike, duration: TimeLike = "2s"
    ) -> None:
        """Hold the frame that a clip shows at a time."""
        length = parse_duration(duration, self.timeline.rate)
        self.perform("freeze", self._id(clip), at=self._time(at), duration=length)

    # What a person names

    def _owner(self, owner: Owner) -> str:
        if owner is None:
            return ""
        if isinstance(owner, str):
            effects_of(self.timeline, owner)
            return owner
        return self._id(owner)

    def _number(self, owner: str, number: int | str) -> int:
        effects = effects_of(self.timeline, owner)
        if isinstance(number, int):
            return number
        with suppress(ValueError):
            return int(number)
        kinds = [effect.kind for effect in effects]
        if number not in kinds:
            told = ", ".join(kinds) or "none"
            name = owner or "the timeline"
            raise TimelineError(f"{name} has no effect {number!r}; it has {told}")
        return kinds.index(number)

    def _keys(
        self, owner: str, values: "Curve", interpolation: str
    ) -> tuple[Keyframe, ...]:
        rate = self.timeline.rate
        start, length = Fraction(0), duration(self.timeline)
        with suppress(TimelineError):
            clip = clip_of(self.timeline, owner)
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
                (parse_time(cast("TimeLike", t), rate), _plain(v))
                for t, v in values.items()
            ]
        try:
            return tuple(
                Keyframe(
                    time=start + time,
                    value=_plain(v),
                    interpolation=cast("Interpolation", interpolation),
                )
                for time, v in sorted(pairs, key=lambda pair: pair[0])
            )
        except TypeError as error:
            raise CompositionError(f"keyframes of {owner or 'it'}: {error}") from error


def _plain(value: Any) -> Any:
    """A value of NumPy or pandas as Python's own."""
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return value.item()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
