from fractions import Fraction

import pytest

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcpxml.frame_formats import format_name, named_format
from timeline_nb.interchange.fcpxml.times import format_time, parse_time
from timeline_nb.interchange.fcpxml.values import (
    format_color,
    format_number,
    parse_color,
    parse_decibels,
    parse_point,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5s", Fraction(5)),
        ("1001/30000s", Fraction(1001, 30000)),
        ("-1/25s", Fraction(-1, 25)),
        ("2.5s", Fraction(5, 2)),
        ("-0.5s", Fraction(-1, 2)),
        ("154573/10000s", Fraction(154573, 10000)),
        ("0", Fraction(0)),
    ],
)
def test_a_time_is_read_exactly(text: str, seconds: Fraction) -> None:
    assert parse_time(text, "x") == seconds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a time"),
        ("1/0s", "divides by zero"),
        (f"{2**70}/1s", "64 bits"),
        (f"1/{2**70}s", "64 bits"),
        ("9" * 1000, "not a time"),
        ("1e9s", "not a time"),
        ("9000000000s", "century"),
        ("1//2s", "not a time"),
        ("\u0661s", "not a time"),
        ("nan", "not a time"),
    ],
)
def test_what_is_no_time_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ProjectError, match=f"^a.fcpxml, line 3: offset is .*{words}"):
        parse_time(text, "a.fcpxml, line 3: offset")


def test_a_written_time_fits_the_format() -> None:
    assert format_time(Fraction(1001, 30000)) == "1001/30000s"
    assert format_time(Fraction(10)) == "10s"
    # The DTD allows denominators of 32 bits.
    fine = Fraction(1, 3) + Fraction(1, 2**40)
    assert parse_time(format_time(fine), "x").denominator < 2**31


def test_numbers_points_and_colors() -> None:
    assert format_number(-0.0) == "0"
    assert format_number(1 / 3) == "0.3333333333"
    assert format_number(1e-12) == "0"
    assert parse_point("-5.36625 0.41956") == (-5.36625, 0.41956)
    assert parse_point("1") is None
    assert parse_point("a b") is None
    assert parse_decibels("-3.63439dB") == -3.63439
    assert parse_decibels("nan") is None
    assert format_color("#ff0000") == "1 0 0 1"
    assert parse_color("1 0 0 1") == "#ff0000"
    assert parse_color("0 0 0 0.5") == "#00000080"
    assert parse_color("red") is None


def test_formats_have_the_names_that_final_cut_gives_them() -> None:
    # As in files that Final Cut wrote.
    assert format_name((1920, 1080), Fraction(25)) == "FFVideoFormat1080p25"
    assert format_name((1280, 720), Fraction(24000, 1001)) == "FFVideoFormat720p2398"
    assert format_name((3840, 2160), Fraction(25)) == "FFVideoFormat3840x2160p25"
    assert format_name((640, 360), Fraction(25)) is None
    assert named_format("FFVideoFormat640x480p25") == ((640, 480), Fraction(25))
    assert named_format("FFVideoFormat1080p2997") == (
        (1920, 1080),
        Fraction(30000, 1001),
    )
    assert named_format("FFVideoFormatRateUndefined") == (None, None)
