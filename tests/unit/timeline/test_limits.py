"""Limits of a timeline are kept at the call, and named."""

from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace
from timelines import clip, three_clips

from timeline_nb.effects.titles.clips import nested_clip
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.timebase import TimeRange, to_fraction
from timeline_nb.timeline import edits
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Effect,
    Gap,
    Keyframe,
    Marker,
    Timeline,
    Track,
)
from timeline_nb.timeline.nesting import nesting_fault
from timeline_nb.timeline.queries import clip_of
from timeline_nb.timeline.validate import problems, validate

ONE = Fraction(1)


def _nested(levels: int, width: int = 1) -> Timeline:
    value = three_clips()
    for _ in range(levels - 1):
        items = tuple(replace(nested_clip(value), id=f"n{n}") for n in range(width))
        track = Track(kind="video", name="V1", items=items)
        value = replace(three_clips(), tracks=(track,))
    return value


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "n" * 1001}, "name has 1,001 letters, more than 1,000"),
        ({"metadata": {"a": "x" * 200_001}}, "metadata.a has 200,001 letters"),
        ({"metadata": {"a": 10**41}}, "metadata.a has more than 40 digits"),
        ({"metadata": {"a": 10**5000}}, "metadata.a has more than 40 digits"),
        ({"metadata": {"a": "\ud800"}}, "metadata.a has half a letter"),
        ({"name": "\ud800"}, "name has half a letter"),
        ({"gain_db": 10**400}, r"gain_db is 10+\.\.\.: it must be finite"),
        ({"fade_in": Fraction(1, 10**13)}, "fade_in has a denominator beyond"),
        ({"fade_in": Fraction(10**12)}, "fade_in is .* beyond a century"),
        (
            {"effects": (Effect(kind="k"),) * 1_001},
            "effects has 1,001 parts, more than 1,000",
        ),
        (
            {"keyframes": {"opacity": (Keyframe(time=ONE, value=1),) * 250_001}},
            "keyframes.opacity has 250,001 parts",
        ),
        (
            {"effects": (Effect(kind="k" * 2000),)},
            r"effects\[0\]\.kind has 2,000 letters",
        ),
    ],
)
def test_what_is_too_long_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(TimelineError, match=message):
        edits.set_clip(three_clips(), "c1", **fields)


def test_a_file_name_that_is_not_utf_8_is_allowed() -> None:
    # As `os.fsdecode(b"\xe9.mp4")` gives it.
    named = edits.set_clip(three_clips(), "c1", name="\udce9.mp4")
    assert clip_of(named, "c1").name == "\udce9.mp4"


def test_a_marker_of_100_kb_is_refused() -> None:
    with pytest.raises(TimelineError, match="name has 100,000 letters"):
        edits.add_marker(
            three_clips(), name="m" * 100_000, marked_range=TimeRange(ONE, ONE)
        )


def test_times_of_too_many_fractions_are_refused_at_once() -> None:
    primes = [
        n for n in range(900_001, 990_000, 2) if all(n % d for d in range(3, 999, 2))
    ]
    gaps = tuple(Gap(duration=Fraction(1, prime)) for prime in primes)
    assert len(gaps) > 3000
    track = Track(kind="video", name="V1", items=gaps)
    (problem,) = problems(replace(three_clips(), tracks=(track,)))
    assert "give times in whole frames" in problem.message
    # A few hundred of twelve digits are added as before.
    some = tuple(Gap(duration=Fraction(1, 10**12 - n)) for n in range(100))
    assert layout_of(some).end == sum(Fraction(1, 10**12 - n) for n in range(100))


def test_timelines_nest_eight_deep() -> None:
    validate(_nested(8))
    assert "nests timelines more than 8 deep" in nesting_fault(_nested(9))
    with pytest.raises(TimelineError, match="more than 8 deep"):
        edits.append(three_clips(), [nested_clip(_nested(8))])


def test_items_of_nested_timelines_are_counted_wherever_they_are_shown() -> None:
    # 10 + 100 + ... + 10^7 clips, and three in each of the last, in a value of 73.
    assert "has 41,111,110 items" in nesting_fault(_nested(8, 10))


def test_a_rate_has_a_thousand_keyframes() -> None:
    keys = tuple(Keyframe(time=Fraction(n, 25), value=1.0) for n in range(1001))
    effect = Effect(kind="speed", keyframes={"rate": keys})
    with pytest.raises(TimelineError, match="1,001 keyframes"):
        edits.append(three_clips(), [replace(clip(), effects=(effect,))])


def test_long_numbers_are_refused_before_they_are_read() -> None:
    with pytest.raises(TimelineNbError, match="is not a plain number"):
        to_fraction("1" * 5000)


def test_a_marker_s_times_are_bounded() -> None:
    far = Marker(name="m", marked_range=TimeRange(Fraction(10**15), ONE))
    (problem,) = problems(replace(three_clips(), markers=(far,)))
    assert "beyond a century" in problem.message
