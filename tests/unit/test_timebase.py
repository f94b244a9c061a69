import inspect
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from timeline_nb.errors import ArgumentError, TimeError
from timeline_nb.timebase import (
    TimeLike,
    TimeRange,
    format_timecode,
    frame_time,
    parse_duration,
    parse_rate,
    parse_time,
)

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12f", Fraction(12, 25)),
        ("1 frame", Fraction(1, 25)),
        ("-3f", Fraction(-3, 25)),
        ("0.5s", Fraction(1, 2)),
        ("250ms", Fraction(1, 4)),
        ("2m", Fraction(120)),
        ("1h", Fraction(3600)),
        ("3/25", Fraction(3, 25)),
        (".5", Fraction(1, 2)),
        ("00:00:04:12", Fraction(112, 25)),
        ("00:00:04.5", Fraction(9, 2)),
        ("01:02:03", Fraction(3723)),
        ("-00:00:01.25", Fraction(-5, 4)),
        (0.1, Fraction(1, 10)),
        (7, Fraction(7)),
        (Decimal("0.04"), Fraction(1, 25)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_a_time_is_read_exactly(text: TimeLike, seconds: Fraction) -> None:
    assert parse_time(text, Fraction(25)) == seconds


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "soon",
        "1:2",
        "00:61:00",
        "00:00:00:25",
        "1e5",
        "1e999999999",
        "nan",
        "1/0",
        float("nan"),
        float("inf"),
        1e308,
        Decimal("1e999999999"),
        10**11,
        "9" * 5000,
        None,
        [],
    ],
)
def test_what_is_no_time_is_refused(bad: TimeLike) -> None:
    with pytest.raises(TimeError):
        parse_time(bad, Fraction(25))


def test_frames_need_a_rate() -> None:
    with pytest.raises(TimeError, match="'12f' counts frames: give a rate"):
        parse_time("12f")
    with pytest.raises(TimeError, match="give a rate"):
        parse_time("00:00:04:12")


# SMPTE ST 12-1: two numbers are skipped at each minute but every tenth.
@pytest.mark.parametrize(
    ("number", "timecode"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (3597, "00:01:59;29"),
        (3598, "00:02:00;02"),
        (17981, "00:09:59;29"),
        (17982, "00:10:00;00"),
        (107892, "01:00:00;00"),
    ],
)
def test_drop_frame_timecode(number: int, timecode: str) -> None:
    assert format_timecode(frame_time(number, NTSC), NTSC, drop_frame=True) == timecode
    assert parse_time(timecode, NTSC) == frame_time(number, NTSC)


def test_a_number_that_drop_frame_skips_is_refused() -> None:
    with pytest.raises(TimeError, match="skips"):
        parse_time("00:01:00;00", NTSC)
    with pytest.raises(TimeError, match="exists for 30000/1001"):
        parse_time("00:00:01;00", Fraction(25))


def test_timecode_at_other_rates() -> None:
    assert format_timecode(Fraction(3661), Fraction(25)) == "01:01:01:00"
    assert format_timecode(Fraction(1001, 24000) * 24, Fraction(24000, 1001)) == (
        "00:00:01:00"
    )
    assert format_timecode(Fraction(-1, 25), Fraction(25)) == "-00:00:00:01"


@pytest.mark.parametrize(
    ("text", "rate"),
    [("29.97", NTSC), (29.97, NTSC), (23.976, Fraction(24000, 1001)), ("25", 25)],
)
def test_customary_rates_mean_the_exact_ones(text: TimeLike, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("bad", [0, -25, "fast", 10**7])
def test_what_is_no_rate_is_refused(bad: TimeLike) -> None:
    with pytest.raises(TimeError):
        parse_rate(bad)


def test_a_duration_is_not_negative() -> None:
    with pytest.raises(TimeError, match="negative"):
        parse_duration("-1s")
    with pytest.raises(TimeError, match="negative"):
        TimeRange(Fraction(0), Fraction(-1))


def test_a_range_holds_exact_times_whatever_it_was_given() -> None:
    given = TimeRange(0.1, 2), TimeRange.between("0.1s", 2.1)  # type: ignore[arg-type]
    for made in given:
        assert (made.start, made.duration) == (Fraction(1, 10), Fraction(2))
        assert type(made.start) is type(made.duration) is type(made.end) is Fraction
    with pytest.raises(TimeError, match="is not a time"):
        TimeRange("soon", 1)  # type: ignore[arg-type]
    with pytest.raises(TimeError, match="give a rate"):
        TimeRange.between("0f", "12f")


def test_computed_floats_are_the_nearest_exact_times() -> None:
    assert parse_time(1 / 3) == Fraction(1, 3)
    assert parse_time(0.1 + 0.2) == parse_time(0.1 * 3) == Fraction(3, 10)
    assert parse_time(7 * 1001 / 30000) == Fraction(7007, 30000)
    assert parse_time(0.1) == Fraction(1, 10)
    assert parse_time(0.123456) == Fraction("0.123456")
    # No frame and no simple fraction: the nearest microsecond.
    assert parse_time(2**0.5) == Fraction("1.414214")


@pytest.mark.parametrize("rate", [NTSC, Fraction(24000, 1001), Fraction(60000, 1001)])
def test_the_time_of_a_frame_is_that_frame_as_float_and_rounded(rate: Fraction) -> None:
    for number in (*range(120), *range(200_000, 200_120)):
        exact = number / rate
        assert parse_time(float(exact), rate) == exact
        assert parse_time(float(exact)) == exact
        # As a table prints it, and as CSV keeps it.
        assert parse_time(round(float(exact), 6), rate) == exact


def test_a_time_between_frames_stays_there() -> None:
    assert parse_time(0.02, Fraction(25)) == Fraction(1, 50)
    assert parse_time(0.039998, Fraction(25)) == Fraction("0.039998")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (timedelta(minutes=1, milliseconds=1500), Fraction(123, 2)),
        (timedelta(seconds=-1), Fraction(-1)),
        (np.float64(0.1 * 3), Fraction(3, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.int64(4), Fraction(4)),
        (np.uint8(4), Fraction(4)),
        (np.timedelta64(1500, "ms"), Fraction(3, 2)),
        (np.timedelta64(2, "h"), Fraction(7200)),
        (np.timedelta64(-1, "ns"), Fraction(-1, 10**9)),
        (pd.Timedelta("1.5s"), Fraction(3, 2)),
        (pd.Timedelta(1, "ns"), Fraction(1, 10**9)),
    ],
)
def test_times_of_other_libraries_are_read(given: TimeLike, seconds: Fraction) -> None:
    assert parse_time(given, Fraction(25)) == seconds


def test_a_float32_means_the_frame_that_it_is_next_to() -> None:
    # 3002 frames at 30000/1001 take 100.16673... s, which 24 bits hold to 4e-6.
    assert parse_time(np.float32(3002 * 1001 / 30000), NTSC) == Fraction(3002) / NTSC


@pytest.mark.parametrize("bad", [np.timedelta64("NaT"), np.timedelta64(5), pd.NaT])
def test_no_times_of_other_libraries_are_refused(bad: TimeLike) -> None:
    with pytest.raises(TimeError):
        parse_time(bad)


def test_a_signature_names_the_kinds_of_time_in_one_word() -> None:
    assert "value: TimeLike," in str(inspect.signature(parse_time))


@pytest.mark.parametrize(
    ("args", "words", "told"),
    [
        ((), {"start": 1, "end": 2}, r"no argument 'end'.*TimeRange.between\(start"),
        ((), {"first": 1, "duration": 2}, "no argument 'first': it takes start="),
        ((1,), {}, "1 argument: it takes start= and duration="),
        ((1, 2, 3), {}, "3 arguments: it takes start="),
        ((1,), {"start": 2}, "2 arguments: it takes start="),
    ],
)
def test_a_range_of_other_arguments_says_what_it_takes(
    args: tuple[int, ...], words: dict[str, int], told: str
) -> None:
    with pytest.raises(ArgumentError, match=told):
        TimeRange(*args, **words)  # type: ignore[arg-type]


def test_an_error_of_a_range_names_the_time_that_is_none() -> None:
    whole = TimeRange(Fraction(1), Fraction(2))
    with pytest.raises(TimeError, match=r"^start: 'soon' is not a time"):
        TimeRange("soon", 2)  # type: ignore[arg-type]
    with pytest.raises(TimeError, match=r"^duration: None is not a number"):
        TimeRange(1, None)  # type: ignore[arg-type]
    with pytest.raises(TimeError, match=r"^end: 'late' is not a time"):
        TimeRange.between(1, "late")
    with pytest.raises(TimeError, match=r"^the end, 1 s, is before the start, 3 s"):
        TimeRange.between("3s", 1)
    with pytest.raises(TimeError, match=r"^by: "):
        whole.shifted("later")


def test_ranges_take_times_as_people_write_them() -> None:
    whole = TimeRange(Fraction(1), Fraction(2))
    assert whole.contains("1.5s")
    assert whole.shifted("250ms").start == Fraction(5, 4)
    assert whole.padded("1s") == TimeRange(Fraction(0), Fraction(4))


@pytest.mark.parametrize("ask", ["overlaps", "encloses", "intersection"])
def test_a_range_compares_itself_with_ranges_only(ask: str) -> None:
    with pytest.raises(ArgumentError, match="other is of type int"):
        getattr(TimeRange(Fraction(1), Fraction(2)), ask)(3)
