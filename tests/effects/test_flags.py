"""What effects say of themselves, by which renders know what to make anew."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from effects.pictures import apply, film_frame, sized

from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.picture import Moment, Picture

# All but those that are nothing without a file, which has no part in time or chance.
KINDS = {
    spec.kind: spec
    for spec in catalog("picture")
    if all(parameter.kind != "file" for parameter in spec.parameters.values())
}
SIZE = (192, 108)


def _shown(kind: str, moment: Moment, frame: int = 0) -> np.ndarray:
    picture = Picture(rgb=sized(film_frame(frame), SIZE), moment=moment)
    made = apply(kind, picture)
    return np.dstack([made.rgb, made.opacity])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_those_by_chance_and_no_others_differ_from_owner_to_owner(kind: str) -> None:
    """A seed is the owner's; some moments look alike by chance, all of ten do not."""
    differs = False
    for number in range(10):
        moment = Moment(Fraction(number, 3), Fraction(1, 25), seed=5, end=Fraction(9))
        other = replace(moment, seed=1234)
        differs |= not np.array_equal(_shown(kind, moment), _shown(kind, other))
    assert differs == KINDS[kind].random


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_those_that_look_around_and_no_others_ask_for_other_times(kind: str) -> None:
    asked = []

    def upstream(time: Fraction) -> Picture:
        asked.append(time)
        return Picture(rgb=sized(film_frame(1), SIZE), moment=moment)

    moment = Moment(Fraction(1), Fraction(1, 25), end=Fraction(9), upstream=upstream)
    _shown(kind, moment)
    assert bool(asked) == KINDS[kind].temporal
