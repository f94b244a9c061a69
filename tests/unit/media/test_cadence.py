from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline_nb.media.cadence import cadence_of, simplest_between

RATES = [
    Fraction(rate)
    for rate in (
        *("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"),
        "120",
    )
]
TICKS = [Fraction(1, hz) for hz in (1000, 600, 90_000, 12_800, 1_200_000)]


def stamps_of(times: list[Fraction], tick: Fraction, *, half: Fraction) -> list[int]:
    """Times as a clock rounds them: to the nearest tick, or (half=0) down."""
    return [int((time / tick + half) // 1) for time in times]


@settings(max_examples=300)
@given(
    rate=st.sampled_from(RATES),
    tick=st.sampled_from(TICKS),
    count=st.integers(2, 400),
    start_s=st.fractions(0, 100_000, max_denominator=1000),
    half=st.sampled_from([Fraction(0), Fraction(1, 2)]),
)
def test_rounded_stamps_are_put_back_on_their_grid(
    rate: Fraction, tick: Fraction, count: int, start_s: Fraction, half: Fraction
) -> None:
    times = [start_s + n / rate for n in range(count)]
    stamps = np.array(stamps_of(times, tick, half=half))
    end = int(stamps[-1]) + round(1 / rate / tick)
    found = cadence_of(stamps, end, tick, [rate])
    assert found.rate == rate
    assert not found.is_vfr
    offsets = [int(pts - found.pts[0]) * found.time_base for pts in found.pts]
    assert offsets == [n / rate for n in range(count)]
    assert (found.end_pts - int(found.pts[0])) * found.time_base == count / rate
    assert abs(int(found.pts[0]) * found.time_base - start_s) <= tick


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_a_rate_that_nothing_tells_is_found_in_ten_seconds(rate: Fraction) -> None:
    tick = Fraction(1, 1000)
    times = [n / rate for n in range(int(10 * rate))]
    stamps = np.array(stamps_of(times, tick, half=Fraction(1, 2)))
    assert cadence_of(stamps, 0, tick, []).rate == rate


def test_a_wrong_average_is_not_believed() -> None:
    times = [n * Fraction(1001, 24000) for n in range(90)]
    stamps = np.array(stamps_of(times, Fraction(1, 1000), half=Fraction(1, 2)))
    told = [Fraction(45000, 1877), Fraction(24000, 1001)]
    assert cadence_of(stamps, 0, Fraction(1, 1000), told).rate == Fraction(24000, 1001)


def test_exact_stamps_stay_as_they_are() -> None:
    stamps = np.arange(50) * 512 + 1024
    found = cadence_of(stamps, 1024 + 50 * 512, Fraction(1, 12_800), [Fraction(25)])
    assert found.time_base == Fraction(1, 12_800)
    assert found.pts.tolist() == stamps.tolist()
    assert found.end_pts == 1024 + 50 * 512


def test_frames_that_are_left_out_leave_the_others_on_the_grid() -> None:
    kept = [n for n in range(90) if n % 7 != 3]
    times = [n * Fraction(1, 30) for n in kept]
    stamps = np.array(stamps_of(times, Fraction(1, 1000), half=Fraction(1, 2)))
    found = cadence_of(stamps, 0, Fraction(1, 1000), [])
    assert found.is_vfr
    assert found.rate == 30
    assert [int(pts) * found.time_base for pts in found.pts] == times


@given(
    low=st.fractions(Fraction(1, 50), 200, max_denominator=5000),
    width=st.fractions(Fraction(1, 10**6), 3, max_denominator=10**6),
)
def test_the_simplest_fraction_lies_between(low: Fraction, width: Fraction) -> None:
    found = simplest_between(low, low + width)
    assert low < found < low + width
    for denominator in range(1, min(found.denominator, 200)):
        # No fraction of a smaller denominator does.
        above = low * denominator // 1 + 1
        assert above >= (low + width) * denominator


def test_stamps_that_repeat_tell_nothing() -> None:
    stamps = np.array([*range(30), *[29] * 30])
    found = cadence_of(stamps, 0, Fraction(1, 25), [Fraction(25)])
    assert not found.is_vfr
    assert found.pts.tolist() == list(range(60))


def test_a_single_frame_lasts_as_its_packet_does() -> None:
    told = [Fraction(50), Fraction(25)]
    found = cadence_of(np.array([9000]), 12_600, Fraction(1, 90_000), told)
    assert found.rate == 25
    assert found.end_pts * found.time_base == Fraction(12_600, 90_000)
