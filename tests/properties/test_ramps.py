"""Speed ramps against a plain sum over small steps, and against a search."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.timebase import TimeRange, frame_at
from timeline_nb.timeline.keyframes import eased, handles_of
from timeline_nb.timeline.model import Clip, Effect, Keyframe, MediaReference
from timeline_nb.timeline.speed import Speed, speed_of

_RATE = Fraction(25)
_MEDIA = TimeRange(Fraction(0), Fraction(10))
_RATES = st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.37, 2.0, 5.0, -0.5, -1.0, -3.0])
_KINDS = st.sampled_from(["linear", "hold", "ease", "ease_in", "ease_out", "bezier"])
_OVER = st.floats(-1, 2).map(lambda y: round(y, 3))


@st.composite
def _keyframes(draw: Any) -> tuple[Keyframe, ...]:
    time, keys = Fraction(draw(st.integers(-50, 50)), 25), []
    for _ in range(draw(st.integers(2, 5))):
        handles = (0.3, draw(_OVER), 0.6, draw(_OVER))
        keys.append(
            Keyframe(
                time=time,
                value=draw(_RATES),
                interpolation=draw(_KINDS),
                handles=handles,
            )
        )
        time += Fraction(draw(st.integers(1, 75)), 25)
    return tuple(keys)


def _speed(keys: tuple[Keyframe, ...], media: int = 3) -> Speed:
    clip = Clip(
        media=MediaReference(path="a.mp4", available_range=_MEDIA),
        source_range=TimeRange(Fraction(0), Fraction(1)),
        effects=(
            Effect(
                kind="speed",
                parameters={"time": "0", "media": str(media)},
                keyframes={"rate": keys},
            ),
        ),
    )
    speed = speed_of(clip)
    assert speed is not None
    return speed


def _steps(keys: tuple[Keyframe, ...]) -> list[tuple[Fraction, float, float]]:
    """Return length, and rates at both ends, of 32 straight steps a keyframe."""
    found = []
    for left, right in pairwise(keys):
        length = (right.time - left.time) / 32
        for step in range(32):
            low, high = (
                0.0 if left.interpolation == "hold" else eased(n / 32, handles_of(left))
                for n in (step, step + 1)
            )
            change = right.value - left.value
            found.append(
                (length, left.value + change * low, left.value + change * high)
            )
    return found


def _passed(keys: tuple[Keyframe, ...], time: Fraction) -> float:
    """Sum the media seconds from the first keyframe to a time, step by step."""
    at, total = keys[0].time, 0.0
    if time <= at:
        return float(time - at) * float(keys[0].value)
    for length, left, right in _steps(keys):
        if time <= at + length:
            share = float((time - at) / length)
            return total + float(time - at) * (left + (right - left) * share / 2)
        total += float(length) * (left + right) / 2
        at += length
    return total + float(time - at) * float(keys[-1].value)


@given(_keyframes(), st.integers(-100, 400))
def test_media_times_are_the_sum_of_all_steps(
    keys: tuple[Keyframe, ...], frame: int
) -> None:
    time = frame / _RATE
    summed = 3 + _passed(keys, time) - _passed(keys, Fraction(0))
    shown = _speed(keys).media_time(time)
    assert abs(float(shown) - summed) < 1e-9
    # A sum of floats is no exact time: it is compared beside the edges of frames.
    edge = round(summed * 25) / 25
    if abs(summed - edge) > 1e-9:
        assert frame_at(shown, _RATE) == frame_at(Fraction(summed), _RATE)


@given(_keyframes(), st.integers(-50, 200))
def test_there_is_media_up_to_the_edges_and_no_further(
    keys: tuple[Keyframe, ...], frame: int
) -> None:
    speed, around = _speed(keys), frame / _RATE
    if not 0 <= speed.media_time(around) <= 10:
        return
    span = speed.available(_MEDIA, around)
    assert span.contains(around) or span.end == around
    for number in range(201):
        time = span.start + span.duration * number / 200
        assert 0 <= speed.media_time(time) <= 10
    for edge, way in ((span.start, -1), (span.end, 1)):
        if abs(edge - around) < 86_400:
            beyond = edge + way * Fraction(1, 12_800)
            assert not 0 <= speed.media_time(beyond) <= 10


@given(_keyframes())
def test_the_lowest_and_highest_media_time_are_found(
    keys: tuple[Keyframe, ...],
) -> None:
    speed, span = _speed(keys), TimeRange(Fraction(-1), Fraction(9))
    lowest, highest = speed.shown(span)
    seen = [speed.media_time(span.start + span.duration * n / 500) for n in range(501)]
    assert lowest <= min(seen)
    assert highest >= max(seen)
    # The rate is at most 20, so that 1/55 s apart the media moves by less than 0.4 s.
    assert min(seen) - lowest < 0.4
    assert highest - max(seen) < 0.4
