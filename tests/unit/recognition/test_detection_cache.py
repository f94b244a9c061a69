from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from detections_factory import SOURCE, found

from timeline_nb.recognition.detection_cache import DetectionCache, DetectionStore
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.search import Search


def cache(
    folder: Path,
    fingerprint: str = "f",
    model: str = "a",
    search: Search = Search(),  # noqa: B008 - frozen
) -> DetectionCache:
    store = DetectionStore(folder)
    return store.cache(fingerprint=fingerprint, model_sha256=model, search=search)


def piece(first: int, last: int) -> Detections:
    """Frames `first:last`, each with a box."""
    rows = [(frame, 1, 0.5) for frame in range(first, last)]
    whole = found(rows, every=1)
    return whole.of_frames(whole.examined_pts[first:last])


def test_a_cache_gives_back_what_was_kept_of_a_film_that_moved(tmp_path: Path) -> None:
    one = found([(10, 1, 0.5), (20, 0, 0.9)])
    here = cache(tmp_path / "kept")
    moved = type(SOURCE)(
        **{
            **{f: getattr(SOURCE, f) for f in SOURCE.__struct_fields__},
            "path": "elsewhere.ts",
        }
    )
    assert here.load(SOURCE) is None
    here.add(one)
    again = here.load(moved)
    assert again is not None
    assert again.source.path == "elsewhere.ts"
    assert again.names == one.names
    assert np.array_equal(again.xyxy, one.xyxy)
    assert np.array_equal(again.examined_frame, one.examined_frame)
    (file,) = (tmp_path / "kept").rglob("*.npz")
    file.write_bytes(file.read_bytes()[:50])
    assert here.load(SOURCE) is None


def test_pieces_become_one_in_the_order_of_frames(tmp_path: Path) -> None:
    here = cache(tmp_path)
    for first in (20, 0, 10):
        here.add(piece(first, first + 12))
    whole = here.load(SOURCE)
    assert whole is not None
    assert whole.examined_frame.tolist() == list(range(32))
    # Frames that two pieces tell of count once.
    assert whole.frame.tolist() == list(range(32))


def test_many_pieces_are_put_together(tmp_path: Path) -> None:
    here = cache(tmp_path)
    for first in range(0, 100, 10):
        here.add(piece(first, first + 10))
    assert len(list(tmp_path.rglob("*.npz"))) == 10
    here.tidy(SOURCE)
    assert len(list(tmp_path.rglob("*.npz"))) == 1
    whole = here.load(SOURCE)
    assert whole is not None
    assert whole.frame.tolist() == list(range(100))


def test_points_corners_and_masks_are_kept(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    plain = found([(10, 1, 0.5), (20, 0, 0.9)])
    rich = replace(
        plain,
        keypoints=rng.random((2, 5, 3)).astype(np.float32),
        corners=rng.random((2, 4, 2)).astype(np.float32),
        masks=(np.array([5, 3, 2], np.uint32), np.array([10], np.uint32)),
    )
    here = cache(tmp_path)
    here.add(rich)
    again = here.load(SOURCE)
    assert again is not None
    for name in ("keypoints", "corners"):
        assert np.array_equal(getattr(again, name), getattr(rich, name))
    assert [mask.tolist() for mask in again.masks or ()] == [[5, 3, 2], [10]]


def test_a_cache_that_cannot_be_written_loses_nothing_but_time(
    tmp_path: Path,
) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    here, part = cache(tmp_path / "kept"), found([(10, 1, 0.5)])
    with pytest.warns(RuntimeWarning, match="cannot be written"):
        here.add(part)
    assert not here.has(part)


def test_parts_are_kept_if_the_merged_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = cache(tmp_path)
    for first in range(0, 100, 10):
        here.add(piece(first, first + 10))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Detections, "save", full)
    with pytest.warns(RuntimeWarning, match="the disk is full"):
        here.tidy(SOURCE)
    whole = here.load(SOURCE)
    assert whole is not None
    assert whole.frame.tolist() == list(range(100))


def test_anything_else_that_is_asked_is_kept_apart(tmp_path: Path) -> None:
    one = found([(10, 1, 0.5)])
    cache(tmp_path).add(one)
    others = [
        cache(tmp_path, "g"),
        cache(tmp_path, model="b"),
        cache(tmp_path, search=Search(score=0.3)),
        cache(tmp_path, search=Search(iou=0.5)),
        cache(tmp_path, search=Search(region=(0, 0, 9, 9))),
        cache(tmp_path, search=Search(tiles=(2, 2))),
    ]
    assert all(other.load(SOURCE) is None for other in others)
