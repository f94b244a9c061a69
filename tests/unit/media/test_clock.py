from fractions import Fraction

import pytest

from timeline_nb.media.clock import Clock, is_break


@pytest.mark.parametrize(
    ("before", "after", "container", "expected"),
    [
        (10, 10.04, "mpegts", False),
        (10, 9.8, "mpegts", False),
        (10, 8.9, "mpegts", True),
        (10, 8.9, "mov,mp4,m4a,3gp,3g2,mj2", True),
        (10, 20.5, "mpegts", True),
        (10, 20.5, "mpeg", True),
        (10, 20.5, "matroska,webm", False),
    ],
)
def test_a_clock_restarts_where_it_steps_back_or_leaps(
    before: float, after: float, container: str, *, expected: bool
) -> None:
    one, other = Fraction(before), Fraction(after)
    assert is_break(one, other, container=container) is expected


def test_each_part_has_its_own_shift() -> None:
    # Parts of 2 s and 3 s, each with its own clock: 1.4 to 3.4, 0 to 3, 100 to 101.
    clock = Clock(Fraction("1.4"), (Fraction("3.4"), Fraction("-93.6")))
    assert clock.media_time(Fraction("1.4")) == 0
    assert clock.media_time(Fraction(0), 1) == 2
    assert clock.media_time(Fraction(100), 2) == 5
    assert clock.media_time(Fraction(101), 9) == 6
    assert clock.raw_time(Fraction(5), 2) == 100
