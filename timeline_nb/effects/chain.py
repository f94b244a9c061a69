"""A chain: the effects of a clip, a track or a timeline, made ready to be applied."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Protocol

from timeline_nb.effects.catalog import find, find_picture
from timeline_nb.effects.frames import frame_of, picture_of
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.sourced.redaction import Redaction
from timeline_nb.effects.sourced.reframe import Reframe
from timeline_nb.effects.sourced.stabilize import Stabilize
from timeline_nb.effects.spec import Spec, Values, values_of
from timeline_nb.errors import CompositionError, TimelineNbError
from timeline_nb.media.frame import Frame
from timeline_nb.timeline.model import Effect

__all__ = ["MAPS_HDR", "SOURCED", "Chain", "SourceEffect", "check_effect"]


class SourceEffect(Protocol):
    """What changes a clip's source frames, which it knows by their identity."""

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size of the picture that comes out of one of `size`, both upright."""

    def apply(self, frame: Frame) -> Frame:
        """The frame, changed; the one given stays as it is."""


SOURCED: Final[dict[str, Any]] = {
    kind.kind: kind for kind in (Redaction, Reframe, Stabilize)
}

# Effects that, first in their chain, are given HDR as it is coded, and map it to SDR.
MAPS_HDR: Final = {"hdr_to_sdr", "hlg"}


@dataclass(frozen=True)
class _Step:
    spec: Spec
    values: Values

    def run(self, picture: Picture) -> Picture:
        try:
            made: Picture = self.spec.make(
                picture, **self.values.at(picture.moment.time)
            )
        except TimelineNbError:
            raise
        except Exception as error:
            raise CompositionError(
                f"the effect {self.spec.kind!r} failed: {error}"
            ) from error
        return made


class Chain:
    """Effects in their order; those of another medium, and unknown ones, are passed.

    Args:
        effects: As an owner has them.
        owner: Whose they are: chance falls alike for the same owner.

    Raises:
        CompositionError: A parameter makes no sense; effect and parameter are named.
    """

    def __init__(self, effects: Iterable[Effect], owner: str = "") -> None:
        enabled = [effect for effect in effects if effect.enabled]
        self.sourced: tuple[SourceEffect, ...] = tuple(
            SOURCED[effect.kind](effect.parameters)
            for effect in enabled
            if effect.kind in SOURCED
        )
        self._steps = [
            _Step(spec, values_of(spec, effect))
            for effect in enabled
            if (spec := find_picture(effect.kind)) is not None
        ]
        self._seed = zlib.crc32(owner.encode())

    def __bool__(self) -> bool:
        return bool(self.sourced or self._steps)

    @property
    def transparent(self) -> bool:
        """Whether something below may be seen through it."""
        return any(step.spec.transparent for step in self._steps)

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size of the picture that comes out of one of `size`, both upright."""
        for effect in self.sourced:
            size = effect.shown_size(size)
        return size

    def frame(self, moment: Moment, fetch: Callable[[Fraction], Frame]) -> Frame:
        """The frame at a moment, with all effects applied.

        Args:
            moment: In the owner's own time.
            fetch: The source frame at such a time.
        """

        def source(time: Fraction) -> Frame:
            frame = fetch(time)
            for effect in self.sourced:
                frame = effect.apply(frame)
            return frame

        first = source(moment.time)
        if not self._steps:
            return first
        known = {moment.time: first}
        # Logs and HDR keep their shades only if they are read in full.
        first_step = self._steps[0].spec
        deep = first_step.group in {"looks", "technical", "color"}
        coded = first_step.kind in MAPS_HDR

        def original(at: Moment) -> Picture:
            if at.time not in known:
                known[at.time] = source(at.time)
            return picture_of(known[at.time], at, deep=deep, coded=coded)

        return frame_of(self.picture(moment, original), first)

    def picture(self, moment: Moment, original: Callable[[Moment], Picture]) -> Picture:
        """The picture at a moment, with all effects on pictures applied.

        Args:
            moment: In the owner's own time.
            original: The picture at such a moment, before them.
        """
        base = replace(moment, seed=moment.seed ^ self._seed)
        return self._after(len(self._steps), base, original)

    def _after(
        self, count: int, moment: Moment, original: Callable[[Moment], Picture]
    ) -> Picture:
        """The picture after the first so many steps."""
        if not count:
            return original(moment)

        def upstream(time: Fraction) -> Picture:
            there = replace(moment, time=time, upstream=None)
            return self._after(count - 1, there, original)

        before = self._after(count - 1, moment, original)
        here = replace(moment, upstream=upstream)
        return self._steps[count - 1].run(before.at(here))


def check_effect(effect: Effect) -> None:
    """Insist that an effect is one, and that its parameters make sense.

    Raises:
        CompositionError: It is none, with the nearest names; or a parameter is not
            known, of the wrong type or out of its range.
    """
    if effect.kind in SOURCED:
        SOURCED[effect.kind](effect.parameters)
    else:
        values_of(find(effect.kind, "picture", "sound", "time"), effect)
