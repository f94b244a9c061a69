from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from detections_factory import RATE, SOURCE, found, pts_of
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.effects.sourced.redaction import Redaction
from timeline_nb.effects.sourced.reframe import Reframe
from timeline_nb.errors import CompositionError, RecognitionError
from timeline_nb.recognition.follow import follow_parameters
from timeline_nb.recognition.redaction import cover_parameters, uncovered_share


def walk(frames: list[int], *, track: bool = True) -> pd.DataFrame:
    """A box of 60 x 120 that goes 4 px a frame to the right, seen in some frames."""
    table = found([(n, 0, 0.9) for n in frames], every=1).to_dataframe()
    table["x1"] = 100.0 + 4 * table["frame"]
    table["x2"] = table["x1"] + 60
    table["y1"], table["y2"] = 200.0, 320.0
    table["track_id"] = pd.array([7 if track else pd.NA] * len(table), dtype="Int64")
    return table


def there(frame: int) -> np.ndarray:
    return np.array([100.0 + 4 * frame, 200, 160 + 4 * frame, 320])


@given(st.sets(st.integers(0, 120), min_size=2), st.booleans())
def test_whatever_was_missed_the_box_is_hidden_all_its_life(
    seen: set[int],
    tracked: bool,  # noqa: FBT001
) -> None:
    frames = sorted(seen)
    cover = Redaction(cover_parameters(walk(frames, track=tracked)))
    alive = range(frames[0], frames[-1] + 1) if tracked else frames
    for frame in alive:
        boxes = cover.boxes_at(pts_of(frame))
        assert uncovered_share(there(frame), boxes) == 0, frame


def test_a_box_is_held_before_and_after_it_was_seen_and_no_longer() -> None:
    cover = Redaction(cover_parameters(walk([60, 61]), hold="10f", grow=0))
    assert uncovered_share(there(60), cover.boxes_at(pts_of(50))) == 0
    assert uncovered_share(there(61), cover.boxes_at(pts_of(71))) == 0
    assert len(cover.boxes_at(pts_of(49))) == 0
    assert len(cover.boxes_at(pts_of(72))) == 0
    # Held longer means grown: it may be on its way.
    (held,) = cover.boxes_at(pts_of(71))
    (sure,) = cover.boxes_at(pts_of(61))
    assert held[0] < sure[0]
    assert held[2] > sure[2]


def test_what_was_never_looked_at_is_covered_whole() -> None:
    part = found([(n, 0, 0.9) for n in range(100, 110)], every=1)
    part = part.of_frames(part.examined_pts[100:150])
    cover = Redaction(cover_parameters(part.to_dataframe()))
    whole = [[0, 0, *SOURCE.size]]
    assert cover.boxes_at(pts_of(99)).tolist() == whole
    assert cover.boxes_at(pts_of(150)).tolist() == whole
    assert cover.boxes_at(pts_of(149)).tolist() == []


def test_between_looks_the_way_to_the_next_is_covered() -> None:
    table = walk(list(range(0, 100, 5)))
    # Looked at each fifth frame: a row holds for five.
    table["end_pts"] = table["pts"] + 5 * 3003
    cover = Redaction(cover_parameters(table, grow=0))
    for frame in range(95):
        assert uncovered_share(there(frame), cover.boxes_at(pts_of(frame))) == 0


def test_the_uncovered_share_is_that_of_a_picture_of_pixels() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        box = np.array([10, 10, 40, 50])
        corner = rng.integers(0, 45, (4, 2))
        covers = np.concatenate([corner, corner + rng.integers(1, 30, (4, 2))], axis=1)
        pixels = np.zeros((90, 90), bool)
        for x1, y1, x2, y2 in covers:
            pixels[y1:y2, x1:x2] = True
        bare = 1 - pixels[10:50, 10:40].mean()
        assert uncovered_share(box, covers) == pytest.approx(bare)
    assert uncovered_share(box, np.zeros((0, 4))) == 1


def test_bad_wishes_are_refused() -> None:
    table = walk([1, 2])
    with pytest.raises(RecognitionError, match="is negative"):
        cover_parameters(table, grow=-0.1)
    with pytest.raises(RecognitionError, match="no column 'x1'"):
        cover_parameters(table.drop(columns="x1"))
    with pytest.raises(RecognitionError, match="the table has no rows"):
        cover_parameters(table.iloc[:0])
    with pytest.raises(RecognitionError, match="'pixelat'; did you mean 'pixelate'"):
        cover_parameters(table, how="pixelat")
    bare = table.copy()
    del bare.attrs["timeline_nb_run"]
    with pytest.raises(RecognitionError, match="which frames were searched"):
        cover_parameters(bare)
    parameters = cover_parameters(table)
    for wrong in (
        {"how": "sparkle"},
        {"size": [0, 10]},
        {"boxes": [[1, 2, 3]]},
        {"boxes": [[9, 10, 0, 0, 1, 1], [1, 2, 0, 0, 1, 1]]},
        {"fingerprint": ""},
        {"cells": 0},
    ):
        with pytest.raises(CompositionError, match="the effect 'redaction'"):
            Redaction(parameters | wrong)


def test_a_window_keeps_what_it_follows_within() -> None:
    table = walk(list(range(250)))
    window = Reframe(follow_parameters(table, aspect=Fraction(9, 16)))
    assert window.window == (404, 720)
    for frame in range(0, 250, 7):
        left, top, wide, high = window.window_at(pts_of(frame))
        assert 0 <= left <= 1280 - wide
        assert (top, high) == (0, 720)
        x1, _, x2, _ = there(frame)
        assert left <= x1
        assert x2 <= left + wide


def test_a_window_moves_without_jerks() -> None:
    table = walk(list(range(250)))
    rng = np.random.default_rng(0)
    shake = rng.normal(0, 12, len(table))
    table["x1"] += shake
    table["x2"] += shake
    window = Reframe(follow_parameters(table, aspect=Fraction(9, 16), smooth="1s"))
    lefts = np.array([window.window_at(pts_of(n))[0] for n in range(60, 190)])
    speeds = np.diff(lefts) * float(RATE)
    # The box goes 120 px/s and shakes by 360 px/s; the window only goes.
    assert np.abs(speeds - 120).max() < 40


def test_a_window_that_cannot_be_is_refused() -> None:
    with pytest.raises(RecognitionError, match="nothing to follow"):
        follow_parameters(walk([1]).iloc[:0], aspect=Fraction(1))
    with pytest.raises(RecognitionError, match="height=2"):
        follow_parameters(walk([1]), aspect=Fraction(1), height=2)
    parameters = follow_parameters(walk([1, 2]), aspect=Fraction(1))
    with pytest.raises(CompositionError, match="larger than the picture"):
        Reframe(parameters | {"window": [9000, 100]})
    with pytest.raises(CompositionError, match="empty path"):
        Reframe(parameters | {"path": []})
