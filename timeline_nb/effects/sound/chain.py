"""The sound effects of an owner, put one behind the other."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final

from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.sound.readers import Context, Reader
from timeline_nb.effects.spec import Spec, Values, values_of
from timeline_nb.timeline.model import Effect

__all__ = ["PREROLL_S", "SoundChain"]

# How much earlier an effect begins to read than it is heard, so that it has settled.
PREROLL_S: Final = Fraction(2)


class SoundChain:
    """Effects on sound, in their order; those of another medium are passed.

    Args:
        effects: As an owner has them.

    Raises:
        CompositionError: A parameter makes no sense; effect and parameter are named.
    """

    def __init__(self, effects: Iterable[Effect]) -> None:
        specs = {spec.kind: spec for spec in catalog("sound")}
        self._steps: list[tuple[Spec, Values]] = [
            (specs[effect.kind], values_of(specs[effect.kind], effect))
            for effect in effects
            if effect.enabled and effect.kind in specs
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
        """The sound of a reader through all effects, from `start` seconds on."""
        for spec, values in self._steps:
            reader = spec.make(reader, Context(rate_hz, start, values, track))
        return reader
