"""Edits that change time and canvas, looked at in composed frames."""

from fractions import Fraction

import numpy as np
import pytest
from media_factory import HEIGHT, WIDTH, Clips, read_number
from msgspec.structs import replace
from numpy.typing import NDArray
from references import cut_from

from timeline_nb.compose.still import compose_frame
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Timeline, Transform
from timeline_nb.timeline.queries import clip_of, duration

RATE = Fraction(25)


@pytest.fixture
def source(clips: Clips, library: MediaLibrary) -> Clip:
    """All 60 frames, with sound."""
    return cut_from(clips["cfr"], library, Fraction(0), Fraction(60, 25))


@pytest.fixture
def cut(source: Clip) -> Timeline:
    """Frames 0 to 24, and then 30 to 54."""
    canvas = Timeline(name="t", rate=RATE, size=(WIDTH, HEIGHT))
    row = [
        replace(source, source_range=replace(source.source_range, start=s, duration=d))
        for s, d in ((Fraction(0), Fraction(1)), (Fraction(30, 25), Fraction(1)))
    ]
    return edits.append(canvas, row)


def _numbers(timeline: Timeline, library: MediaLibrary, *frames: int) -> list[int]:
    return [
        read_number(compose_frame(timeline, n / timeline.rate, library)) for n in frames
    ]


def test_a_faster_clip_shows_every_second_frame(
    cut: Timeline, library: MediaLibrary
) -> None:
    fast = edits.retime(cut, "c1", rate=Fraction(2))
    # 12.5 frames of the timeline: the next clip begins within the 13th.
    assert _numbers(fast, library, 0, 1, 6, 12, 13) == [0, 2, 12, 24, 30]
    assert duration(fast) == Fraction(3, 2)
    back = edits.retime(cut, "c3", rate=Fraction(-1))
    assert _numbers(back, library, 24, 25, 26, 49) == [24, 54, 53, 30]


def test_a_held_frame_is_the_one_that_was_shown(
    cut: Timeline, library: MediaLibrary
) -> None:
    held = edits.freeze(cut, "c1", at=Fraction(10, 25), duration=Fraction(5, 25))
    assert _numbers(held, library, 9, 10, 14, 15, 16) == [9, 10, 10, 10, 11]
    last = edits.freeze(cut, "c1", at=Fraction(1), duration=Fraction(5, 25))
    assert _numbers(last, library, 24, 25, 29, 30) == [24, 24, 24, 30]
    film = edits.freeze(cut, "c3", at=Fraction(2), duration=Fraction(5, 25))
    assert _numbers(film, library, 49, 50, 54) == [54, 54, 54]
    fast = edits.retime(cut, "c1", rate=Fraction(2))
    slow = edits.freeze(fast, "c1", at=Fraction(12, 25), duration=Fraction(1))
    assert _numbers(slow, library, 12, 13, 30) == [24, 24, 24]


def test_a_portrait_canvas_is_filled(cut: Timeline, library: MediaLibrary) -> None:
    tall = edits.resize(cut, size=(HEIGHT, WIDTH))
    boxed = edits.resize(cut, size=(HEIGHT, WIDTH), fit="fit")
    time = Fraction(5, 25)
    filled, letterbox = (compose_frame(t, time, library) for t in (tall, boxed))
    assert filled.shape == letterbox.shape == (WIDTH, HEIGHT, 3)
    # The source's lower half is gray: down to the last row where it fills.
    assert abs(filled[-4:, HEIGHT // 2 :].mean() - 128) < 6
    assert letterbox[-4:].max() < 8
    again = edits.resize(tall, size=(WIDTH, HEIGHT))
    assert _numbers(again, library, 0, 24, 25) == [0, 24, 30]


def test_a_small_picture_keeps_its_share_of_the_width(
    cut: Timeline, library: MediaLibrary
) -> None:
    small = Transform(scale=0.5, position=(0.5, 0.25))
    cut = edits.set_clip(cut, "c1", transform=small)
    shown = compose_frame(
        edits.resize(cut, size=(HEIGHT, WIDTH)), Fraction(5, 25), library
    )
    lit = np.flatnonzero(shown.mean(axis=2)[: WIDTH // 2].max(axis=0) > 60)
    assert lit[0] == pytest.approx(HEIGHT / 4, abs=2)
    assert lit[-1] == pytest.approx(HEIGHT * 3 / 4, abs=2)


def test_another_rate_shows_the_same_times(
    cut: Timeline, library: MediaLibrary
) -> None:
    fine = edits.resize(cut, rate=Fraction(50))
    assert _numbers(fine, library, 0, 1, 2, 49, 50, 99) == [0, 0, 1, 24, 30, 54]
    coarse = edits.resize(cut, rate=Fraction(10))
    # A tenth of a second is 2.5 frames of the media.
    assert _numbers(coarse, library, 0, 1, 2, 9, 10, 11) == [0, 2, 5, 22, 30, 32]


def _boxes(source: Clip) -> Effect:
    told = {
        "how": "fill",
        "fingerprint": source.media.fingerprint,
        "size": [WIDTH, HEIGHT],
        "boxes": [[0, 10**9, WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT]],
    }
    return Effect(kind="redaction", parameters=told)


def _corner(rgb: NDArray[np.uint8]) -> float:
    return float(rgb[HEIGHT // 2 + 4 :, WIDTH // 2 + 4 :].mean())


def test_a_clip_that_comes_later_is_redacted(
    cut: Timeline, source: Clip, library: MediaLibrary
) -> None:
    covered = edits.set_clip(cut, "c1", effects=(_boxes(source),))
    later = edits.append(covered, [source])
    shown = compose_frame(later, Fraction(60, 25), library)
    # The boxes cover what is gray in the source.
    assert _corner(compose_frame(cut, Fraction(30, 25), library)) > 120
    assert _corner(shown) < 8
    assert [clip.id for clip in edits.uncovered(later)] == ["c3"]


def test_a_range_shows_the_frames_of_the_whole(
    cut: Timeline, library: MediaLibrary
) -> None:
    start, end = Fraction(15, 25), Fraction(40, 25)
    dissolved = edits.transition(cut, after="c1", duration=Fraction(8, 25))
    for whole, first in ((cut, start), (dissolved, Fraction(25, 25))):
        part = edits.trim_range(whole, first, end)
        assert duration(part) == end - first
        for frame in (0, 1, 9):
            time = frame / RATE
            shown = compose_frame(part, time, library).astype(int)
            wanted = compose_frame(whole, first + time, library).astype(int)
            assert np.abs(shown - wanted).max() <= 2, frame
    assert clip_of(edits.trim_range(cut, start, end), "c1").duration == Fraction(10, 25)
