"""The sound effects of an owner, connected in order."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final

from timeline_nb.effects.catalog import specs_of
from timeline_nb.effects.sound.readers import Context, Reader
from timeline_nb.effects.spec import Spec, Values, values_of
from timeline_nb.timeline.model import Effect

__all__ = ["PREROLL_S", "SoundChain"]

# Effects read this much earlier than they are heard, so that filters have settled.
PREROLL_S: Final = Fraction(2)


class SoundChain:
    """The enabled sound effects of an owner, in order.

    Args:
        effects: The owner's effects; those of another medium are left out.

    Raises:
        CompositionError: A parameter is unknown, of the wrong type or out of range;
            the effect and the parameter are named.
    """

    def __init__(self, effects: Iterable[Effect]) -> None:
        self._steps: list[tuple[Spec, Values]] = [
            (spec, values_of(spec, effect))
            for effect in effects
            if effect.enabled
            for spec in specs_of(effect.kind, "sound")
        ]

    def __bool__(self) -> bool:
        return bool(self._steps)

    def over(
        self,
        reader: Reader,
        rate_hz: int,
        start: Fraction,
        track: Callable[[str], Reader],
    ) -> Reader:
        """Return a reader with all effects applied, from `start` seconds on."""
        for spec, values in self._steps:
            reader = spec.make(reader, Context(rate_hz, start, values, track))
        return reader
