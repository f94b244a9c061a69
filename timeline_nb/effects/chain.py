"""The picture effects of a clip, a track or a timeline, ready to be applied."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Protocol

from timeline_nb.core.near_names import suggestion
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.effects.catalog import catalog, find_picture, specs_of
from timeline_nb.effects.failures import EffectRun, FailedEffects
from timeline_nb.effects.frames import frame_of, picture_of
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.provided import missing_plugin
from timeline_nb.effects.sourced.redaction import Redaction
from timeline_nb.effects.sourced.reframe import Reframe
from timeline_nb.effects.sourced.stabilize import Stabilize
from timeline_nb.effects.spec import Medium, Spec, Values, stored, values_of
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.frame import Frame
from timeline_nb.timeline.model import Effect, Timeline

__all__ = ["MAPS_HDR", "SOURCED", "Chain", "SourceEffect", "check_effect"]


class SourceEffect(Protocol):
    """An effect on a clip's source frames, which it knows by their identity."""

    @property
    def kind(self) -> str:
        """Its kind in the catalog."""

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the output size for a picture of `size`, both upright."""

    def apply(self, frame: Frame) -> Frame:
        """Return a changed frame; the given one is not written to."""


SOURCED: Final[dict[str, Any]] = {
    kind.kind: kind for kind in (Redaction, Reframe, Stabilize)
}

# First in their chain, these get HDR as it is coded, and map it to SDR themselves.
MAPS_HDR: Final = {"hdr_to_sdr", "hlg"}


@dataclass(frozen=True)
class _Step:
    spec: Spec
    values: Values
    run_effect: EffectRun

    def run(self, picture: Picture) -> Picture:
        def work() -> Picture:
            values = self.values.at(picture.moment.time)
            with stage("effect", self.spec.kind):
                made: Picture = self.spec.make(picture, **values)
            return made

        return self.run_effect(work, lambda: picture)


class Chain:
    """The enabled picture effects of an owner, in order.

    Effects of another medium and unknown kinds are left out.

    Args:
        effects: The owner's effects.
        owner: The owner's id or name, which seeds the random generator.
        failed: As for `EffectRun`.

    Raises:
        CompositionError: A parameter is unknown, of the wrong type or out of range;
            the effect and the parameter are named.
    """

    def __init__(
        self,
        effects: Iterable[Effect],
        owner: str = "",
        failed: FailedEffects | None = None,
    ) -> None:
        enabled = [effect for effect in effects if effect.enabled]
        self.sourced: tuple[SourceEffect, ...] = tuple(
            SOURCED[effect.kind](effect.parameters)
            for effect in enabled
            if effect.kind in SOURCED
        )
        self._steps = [
            _Step(spec, values_of(spec, effect), EffectRun(spec, failed))
            for effect in enabled
            if (spec := find_picture(effect.kind)) is not None
        ]
        if failed is not None:
            for effect in enabled:
                if missing := missing_plugin(effect.kind):
                    failed.note(f"without an effect: {missing}")
        self._seed = zlib.crc32(owner.encode())

    def __bool__(self) -> bool:
        return bool(self.sourced or self._steps)

    @property
    def transparent(self) -> bool:
        """Whether the result may be transparent in places."""
        return any(step.spec.transparent for step in self._steps)

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the output size for a picture of `size`, both upright."""
        for effect in self.sourced:
            size = effect.shown_size(size)
        return size

    def frame(self, moment: Moment, fetch: Callable[[Fraction], Frame]) -> Frame:
        """Return the frame at a moment with all effects applied.

        Args:
            moment: The moment, in the owner's own time.
            fetch: Returns the source frame at a time.
        """

        def source(time: Fraction) -> Frame:
            frame = fetch(time)
            for effect in self.sourced:
                with stage("effect", effect.kind):
                    frame = effect.apply(frame)
            return frame

        first = source(moment.time)
        if not self._steps:
            return first
        known = {moment.time: first}
        # Log footage and HDR need more than 8 bits until they are graded.
        first_step = self._steps[0].spec
        deep = first_step.group in {"looks", "technical", "color"}
        coded = first_step.kind in MAPS_HDR

        def original(at: Moment) -> Picture:
            if at.time not in known:
                known[at.time] = source(at.time)
            return picture_of(known[at.time], at, deep=deep, coded=coded)

        return frame_of(self.picture(moment, original), first)

    def picture(self, moment: Moment, original: Callable[[Moment], Picture]) -> Picture:
        """Return the picture at a moment with all picture effects applied.

        Args:
            moment: The moment, in the owner's own time.
            original: Returns the picture at a moment, before the effects.
        """
        base = replace(moment, seed=moment.seed ^ self._seed)
        return self._after(len(self._steps), base, original)

    def _after(
        self, count: int, moment: Moment, original: Callable[[Moment], Picture]
    ) -> Picture:
        """Return the picture after the first `count` effects."""
        if not count:
            return original(moment)

        def upstream(time: Fraction) -> Picture:
            there = replace(moment, time=time, upstream=None)
            return self._after(count - 1, there, original)

        before = self._after(count - 1, moment, original)
        here = replace(moment, upstream=upstream)
        return self._steps[count - 1].run(before.at(here))


def check_effect(effect: Effect, timeline: Timeline | None = None) -> Effect:
    """Return an effect checked, with its values in the form that projects keep.

    Args:
        effect: An effect on pictures, sound or speed.
        timeline: The timeline that gets the effect; tracks that the effect names must
            be there. Not checked if None.

    Raises:
        CompositionError: The kind is unknown; or a parameter is unknown, of the wrong
            type, out of range, or names a track that is not there. The message gives
            the nearest names.
    """
    if effect.kind in SOURCED:
        SOURCED[effect.kind](effect.parameters)
        return effect
    spec = next(specs_of(effect.kind, *_MEDIA), None)
    if spec is None:
        if missing := missing_plugin(effect.kind):
            raise CompositionError(missing)
        known = [*SOURCED, *(s.kind for m in _MEDIA for s in catalog(m))]
        raise CompositionError(
            Message(
                "there is no effect {kind}{hint}",
                kind=repr(effect.kind),
                hint=suggestion(effect.kind, known),
            )
        )
    if timeline is not None:
        _check_tracks(spec, effect, timeline)
    return stored(spec, effect)


_MEDIA: Final[tuple[Medium, ...]] = ("picture", "sound", "time")
# Parameters that name an audio track, by the kind of effect.
_TRACK_PARAMETERS: Final = {"duck": "under"}


def _check_tracks(spec: Spec, effect: Effect, timeline: Timeline) -> None:
    name = _TRACK_PARAMETERS.get(spec.kind)
    if name is None:
        return
    track = effect.parameters.get(name, spec.parameters[name].default)
    tracks = [own.name for own in timeline.tracks if own.kind == "audio"]
    if track not in tracks:
        raise CompositionError(
            Message(
                "the effect {kind}: {name} is {track}, which is no audio track{hint}",
                kind=repr(spec.kind),
                name=repr(name),
                track=repr(track),
                hint=suggestion(track, tracks),
            )
        )
