from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.timebase import (
    TimeRange,
    format_timecode,
    frame_at,
    frame_count,
    frame_time,
    parse_time,
)

RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(60000, 1001),
    Fraction(120),
]
rates = st.sampled_from(RATES)
seconds = st.fractions(-(10**6), 10**6, max_denominator=10**6)
lengths = st.fractions(0, 10**6, max_denominator=10**6)
frames = st.integers(0, 3 * 10**6)


@given(start=seconds, duration=lengths)
def test_end_minus_start_is_exactly_the_duration(
    start: Fraction, duration: Fraction
) -> None:
    assert TimeRange(start, duration).end - start == duration


@given(a=seconds, b=lengths, c=seconds, d=lengths)
def test_ranges_that_overlap_are_those_with_a_shared_time(
    a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    one, other = TimeRange(a, b), TimeRange(c, d)
    shared = one.intersection(other)
    assert one.overlaps(other) == other.overlaps(one) == (shared is not None)
    if shared is not None:
        assert one.encloses(shared)
        assert other.encloses(shared)
        assert one.contains(shared.start)
        assert not (one.contains(shared.end) and other.contains(shared.end))


@given(number=frames, rate=rates)
def test_a_frame_begins_at_its_time_and_not_before(number: int, rate: Fraction) -> None:
    begins = frame_time(number, rate)
    assert frame_at(begins, rate) == number
    assert frame_at(begins - Fraction(1, 10**9), rate) == number - 1
    assert frame_count(begins, rate) == number


@given(number=frames, rate=rates)
def test_timecode_is_read_as_it_was_printed(number: int, rate: Fraction) -> None:
    time = frame_time(number, rate)
    assert parse_time(format_timecode(time, rate), rate) == time


@given(number=frames, rate=st.sampled_from([RATES[3], RATES[5]]))
def test_drop_frame_timecode_is_read_as_it_was_printed(
    number: int, rate: Fraction
) -> None:
    text = format_timecode(frame_time(number, rate), rate, drop_frame=True)
    assert parse_time(text, rate) == frame_time(number, rate)
    # The clock keeps wall time: within two frames and 2.6 ms a ten minutes.
    hours, minutes, rest = text.split(":")
    shown = int(hours) * 3600 + int(minutes) * 60 + int(rest.split(";")[0])
    drift = number // 17982 * Fraction(1, 1000) + 3 / rate
    assert abs(frame_time(number, rate) - shown) < 1 + drift


@given(value=st.decimals(0, 10**6, places=6))
def test_floats_and_text_mean_the_decimal_they_print_as(value: object) -> None:
    text = str(value)
    assert parse_time(text) == parse_time(f"{text}s") == Fraction(text)
    assert parse_time(float(text)) == Fraction(repr(float(text)))
