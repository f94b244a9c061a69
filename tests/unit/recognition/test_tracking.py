from dataclasses import replace

import numpy as np
import pytest
from tracking_scenes import as_detections, crossing_scene, score_tracks

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tracking.bytetrack import ByteTrack
from timeline_nb.recognition.tracking.matching import match, overlaps
from timeline_nb.recognition.tracking.ocsort import OcSort
from timeline_nb.recognition.tracking.paths import fill_gaps, history
from timeline_nb.recognition.tracking.track import TrackerName, track

METHODS = ("bytetrack", "ocsort")


def walker(
    frames: list[int], *, x: float = 100, speed: float = 8, y: float = 300
) -> list[tuple[float, ...]]:
    """A box of 40 x 80 that walks to the right, seen in some frames."""
    return [(n, x + speed * n, y, x + speed * n + 40, y + 80, 0.9) for n in frames]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_people_who_cross_hide_enter_and_leave_stay_themselves(
    method: TrackerName, seed: int
) -> None:
    truth, given = crossing_scene(seed)
    told = score_tracks(truth, track(given, method))
    assert told["mota"] >= 0.95
    assert told["idf1"] >= 0.95


@pytest.mark.parametrize("method", METHODS)
def test_ids_do_not_depend_on_what_comes_later(method: TrackerName) -> None:
    _, given = crossing_scene(3)
    whole = track(given, method)
    half = track(given.of_frames(given.examined_pts[:150]), method)
    known = half.track_id >= 0
    assert known.sum() > 500
    assert np.array_equal(half.track_id[known], whole.track_id[: len(half)][known])


@pytest.mark.parametrize("method", METHODS)
def test_boxes_of_different_classes_are_never_one_track(method: TrackerName) -> None:
    rows = walker(list(range(20)))
    kinds = np.array([0] * 10 + [1] * 10)
    tracked = track(as_detections(np.array(rows), 20, kinds), method)
    assert set(tracked.track_id[:10]) == {1}
    assert set(tracked.track_id[10:]) == {2}


@pytest.mark.parametrize("method", METHODS)
def test_one_who_is_found_in_every_other_frame_is_followed(method: TrackerName) -> None:
    tracked = track(as_detections(np.array(walker([*range(0, 30, 2)])), 30), method)
    assert set(tracked.track_id) == {1}


@pytest.mark.parametrize("method", METHODS)
def test_a_track_outlives_a_gap_but_not_a_long_one(method: TrackerName) -> None:
    seen = [*range(12), *range(20, 32)]
    tracked = track(as_detections(np.array(walker(seen)), 32), method)
    assert set(tracked.track_id) == {1}
    short = (ByteTrack if method == "bytetrack" else OcSort)(keep=5)
    assert set(track(as_detections(np.array(walker(seen)), 32), short).track_id) == {
        1,
        2,
    }


@pytest.mark.parametrize("method", METHODS)
def test_every_second_frame_is_twice_the_step(method: TrackerName) -> None:
    rows = walker(list(range(0, 60, 2)))
    found = as_detections(np.array(rows), 60)
    some = found.of_frames(found.examined_pts[::2])
    assert set(track(some, method).track_id) == {1}


def test_a_flash_is_no_track() -> None:
    rows = [*walker(list(range(10))), (4, 900.0, 50.0, 940.0, 90.0, 0.9)]
    rows.sort()
    found = as_detections(np.array(rows), 10)
    tracked = track(found)
    (flash,) = np.flatnonzero(found.xyxy[:, 0] == 900)
    assert tracked.track_id[flash] == -1
    assert (np.delete(tracked.track_id, flash) == 1).all()


def test_unsure_boxes_go_on_with_a_track_and_begin_none() -> None:
    rows = [(*row[:5], 0.2 if 5 <= row[0] < 8 else 0.9) for row in walker([*range(12)])]
    rows += [(n, 700.0, 300.0, 740.0, 380.0, 0.2) for n in range(12)]
    rows.sort()
    tracked = track(as_detections(np.array(rows), 12), "bytetrack")
    moving = tracked.xyxy[:, 0] < 600
    assert set(tracked.track_id[moving]) == {1}
    assert set(tracked.track_id[~moving]) == {-1}


@pytest.mark.parametrize("method", METHODS)
def test_nothing_found_is_tracked_as_nothing(method: TrackerName) -> None:
    empty = as_detections(np.zeros((0, 6)), 5)
    assert len(track(empty, method)) == 0
    none_looked_at = empty.of_frames(np.zeros(0, np.int64))
    assert len(track(none_looked_at, method)) == 0


def test_an_unknown_tracker_is_named() -> None:
    with pytest.raises(RecognitionError, match="no tracker 'sort'"):
        track(as_detections(np.zeros((0, 6)), 5), "sort")  # type: ignore[arg-type]


def test_gaps_are_filled_on_the_way_between() -> None:
    seen = [*range(6), *range(10, 16)]
    tracked = track(as_detections(np.array(walker(seen)), 16))
    whole = fill_gaps(tracked, "1s")
    assert whole.frame.tolist() == list(range(16))
    assert whole.filled is not None
    assert np.flatnonzero(whole.filled).tolist() == [6, 7, 8, 9]
    # The walker goes 8 px a frame, so the truth is known where it was not seen.
    expected = [row[1:5] for row in walker(list(range(16)))]
    assert np.abs(whole.xyxy - np.array(expected)).max() < 1e-3
    assert whole.to_dataframe()["filled"].sum() == 4
    assert len(fill_gaps(tracked, "3f")) == len(tracked)
    assert len(fill_gaps(replace(tracked, track_id=tracked.track_id * 0 - 1))) == 12


def test_a_history_tells_how_far_a_track_went() -> None:
    tracked = track(as_detections(np.array(walker([*range(26)])), 26))
    (row,) = history(tracked.to_dataframe()).to_dict("records")
    assert (row["track_id"], row["label"], row["frames"]) == (1, "person", 26)
    assert (row["from_x"], row["to_x"]) == (120, 320)
    assert row["path_px"] == pytest.approx(200)
    # 25 frames at 25 frames a second.
    assert row["speed_px_s"] == pytest.approx(200)
    assert (row["start_s"], row["end_s"]) == (0, pytest.approx(26 / 25))


def test_the_best_assignment_is_not_the_greedy_one() -> None:
    cost = np.array([[0.1, 0.2], [0.2, 0.9]])
    rows, columns = match(cost, np.ones((2, 2), bool))
    assert list(zip(rows, columns, strict=True)) == [(0, 1), (1, 0)]
    rows, columns = match(cost, np.array([[True, False], [False, False]]))
    assert list(zip(rows, columns, strict=True)) == [(0, 0)]
    boxes = np.array([[0.0, 0, 10, 10], [5, 0, 15, 10]])
    assert overlaps(boxes, boxes)[0, 1] == pytest.approx(1 / 3)
    assert overlaps(boxes, boxes)[0, 0] == 1
