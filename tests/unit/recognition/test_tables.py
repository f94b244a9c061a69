from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.errors import RecognitionError, TimeError
from timeline_nb.recognition.detections import Detections, Source, empty_detections
from timeline_nb.recognition.nms import suppress
from timeline_nb.recognition.store import DetectionStore
from timeline_nb.recognition.tables import COLUMNS

NAMES = ("person", "car", "dog")
RATE = Fraction(30000, 1001)
# A film of 300 NTSC frames whose container starts at 1.4 s.
SOURCE = Source(
    path="street.ts",
    fingerprint="f" * 32,
    stream=0,
    time_base=Fraction(1, 90000),
    start_time=Fraction(7, 5),
    rate=RATE,
    size=(1280, 720),
    end_pts=126_000 + 300 * 3003,
)


def _pts(frame: int) -> int:
    return 126_000 + frame * 3003


def found(rows: list[tuple[int, int, float]], every: int = 5) -> Detections:
    """Detections of (frame, class, score), with each fifth frame looked at."""
    examined = np.arange(0, 300, every)
    frames = np.array([row[0] for row in rows], np.int64)
    return Detections(
        source=SOURCE,
        names=NAMES,
        examined_frame=examined,
        examined_pts=np.array([_pts(int(n)) for n in examined], np.int64),
        frame=frames,
        pts=np.array([_pts(n) for n in frames], np.int64),
        xyxy=np.tile(np.array([10, 20, 110, 220], np.float32), (len(rows), 1)),
        score=np.array([row[2] for row in rows], np.float32),
        class_id=np.array([row[1] for row in rows], np.int64),
        track_id=np.full(len(rows), -1, np.int64),
    )


def test_a_row_names_its_frame_and_how_long_it_holds() -> None:
    table = found([(10, 1, 0.5), (295, 0, 0.75)]).to_dataframe()
    assert tuple(table.columns) == COLUMNS
    assert table["pts"].tolist() == [_pts(10), _pts(295)]
    assert table["end_pts"].tolist() == [_pts(15), SOURCE.end_pts]
    assert table["time_s"].tolist() == pytest.approx([10 / RATE, 295 / RATE])
    assert table["label"].tolist() == ["car", "person"]
    assert table[["x1", "y1", "x2", "y2"]].iloc[0].tolist() == [10, 20, 110, 220]
    assert table["track_id"].isna().all()


def test_ranges_are_exact_and_merge_across_small_gaps() -> None:
    table = found([(10, 1, 0.5), (15, 1, 0.7), (30, 2, 0.9), (100, 1, 0.6)])
    ranges = table.to_dataframe().tl.ranges(merge_gap="10f")
    assert ranges["start"].tolist() == [10 / RATE, 100 / RATE]
    assert ranges["end"].tolist() == [35 / RATE, 105 / RATE]
    assert ranges["duration"].tolist() == [25 / RATE, 5 / RATE]
    assert ranges["labels"].tolist() == ["car, dog", "car"]
    assert ranges["detections"].tolist() == [3, 1]
    assert ranges["mean_score"].tolist() == pytest.approx([0.7, 0.6])
    assert ranges["first_frame"].tolist() == [10, 100]
    apart = table.to_dataframe().tl.ranges(merge_gap="9f")
    assert apart["start"].tolist() == [10 / RATE, 30 / RATE, 100 / RATE]


def test_padding_stays_within_the_film_and_joins_what_it_makes_touch() -> None:
    table = found([(0, 1, 0.5), (20, 1, 0.5), (295, 1, 0.5)]).to_dataframe()
    ranges = table.tl.ranges(pad="8f")
    assert ranges["start"].tolist() == [0, 287 / RATE]
    assert ranges["end"].tolist() == [33 / RATE, 300 / RATE]


def test_short_stretches_are_left_out() -> None:
    table = found([(10, 1, 0.5), (100, 1, 0.5), (105, 1, 0.5)]).to_dataframe()
    ranges = table.tl.ranges(min_duration="6f", pad="1f")
    assert ranges["first_frame"].tolist() == [100]


def test_a_query_keeps_what_the_accessor_needs() -> None:
    table = found([(10, 1, 0.5), (20, 0, 0.9)]).to_dataframe()
    chosen = table.query("label == 'car' and score > 0.4")
    assert chosen.tl.ranges()["first_frame"].tolist() == [10]


def test_a_table_survives_parquet(tmp_path: Path) -> None:
    table = found([(10, 1, 0.5)]).to_dataframe()
    table.to_parquet(tmp_path / "found.parquet")
    again = pd.read_parquet(tmp_path / "found.parquet")
    assert again.tl.ranges()["start"].tolist() == [10 / RATE]


def test_a_table_of_something_else_says_so() -> None:
    with pytest.raises(RecognitionError, match="which film it is of"):
        _ = pd.DataFrame({"frame": [1]}).tl
    table = found([(10, 1, 0.5)]).to_dataframe().drop(columns="end_pts")
    with pytest.raises(RecognitionError, match="no column 'end_pts'"):
        table.tl.ranges()
    with pytest.raises(TimeError, match="negative"):
        found([(10, 1, 0.5)]).to_dataframe().tl.ranges(pad="-1s")


@given(
    st.sets(st.integers(0, 59), min_size=1),
    st.integers(0, 30),
    st.integers(0, 20),
)
def test_ranges_cover_each_row_and_no_two_touch(
    places: set[int], gap: int, pad: int
) -> None:
    frames = sorted(place * 5 for place in places)
    table = found([(frame, 1, 0.5) for frame in frames]).to_dataframe()
    ranges = table.tl.ranges(merge_gap=f"{gap}f", pad=f"{pad}f")
    spans = list(zip(ranges["start"], ranges["end"], strict=True))
    for frame in frames:
        first, last = frame / RATE, (frame + 5) / RATE
        assert any(start <= first and last <= end for start, end in spans)
    for (_, end), (start, _) in pairwise(spans):
        assert start > end
    assert spans[0][0] == max(Fraction(0), (frames[0] - pad) / RATE)
    assert sum(ranges["detections"]) == len(frames)


def test_a_summary_counts_each_label_and_is_text() -> None:
    many = found([(10, 1, 0.5), (20, 0, 0.9), (25, 1, 0.75)])
    assert many.by_label() == [("car", 2, 0.75), ("person", 1, pytest.approx(0.9))]
    hostile = replace(many, names=("<img src=x>", "car", "dog"))
    assert "<img" not in hostile._repr_html_()
    assert "<td>car</td><td>2</td><td>0.75</td>" in hostile._repr_html_()


def test_a_store_gives_back_what_was_kept(tmp_path: Path) -> None:
    store = DetectionStore(tmp_path / "kept")
    one = found([(10, 1, 0.5), (20, 0, 0.9)])
    key = store.key(
        fingerprint="f" * 32,
        model_sha256="a",
        pts=one.examined_pts,
        score_threshold=0.25,
        iou_threshold=0.6,
    )
    assert store.load(key, path="street.ts") is None
    store.save(key, one)
    again = store.load(key, path="elsewhere.ts")
    assert again is not None
    assert again.source.path == "elsewhere.ts"
    assert again.names == NAMES
    assert np.array_equal(again.xyxy, one.xyxy)
    assert np.array_equal(again.examined_frame, one.examined_frame)
    (file,) = (tmp_path / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:50])
    assert store.load(key, path="street.ts") is None


def test_a_store_that_cannot_be_written_loses_nothing_but_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    DetectionStore(tmp_path / "kept").save("key", found([(10, 1, 0.5)]))
    assert "cannot be kept" in caplog.text


def test_anything_else_that_is_asked_has_another_key() -> None:
    def key(
        fingerprint: str = "f",
        model: str = "a",
        frames: int = 3,
        score: float = 0.25,
        iou: float = 0.6,
    ) -> str:
        return DetectionStore.key(
            fingerprint=fingerprint,
            model_sha256=model,
            pts=np.arange(frames),
            score_threshold=score,
            iou_threshold=iou,
        )

    keys = {
        key(),
        key("g"),
        key(model="b"),
        key(frames=4),
        key(score=0.3),
        key(iou=0.5),
    }
    assert len(keys) == 6


def test_arrays_of_other_shapes_are_refused() -> None:
    empty = empty_detections(SOURCE, NAMES)
    fields = {name: getattr(empty, name) for name in empty.__dataclass_fields__}
    for name, wrong in (
        ("score", np.zeros(1, np.float32)),
        ("xyxy", np.zeros((0, 5), np.float32)),
        ("examined_pts", np.zeros(2, np.int64)),
    ):
        with pytest.raises(ValueError, match=r"has|differ"):
            Detections(**{**fields, name: wrong})


def test_the_best_box_of_a_cluster_is_kept_within_its_class() -> None:
    boxes = np.array(
        [[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 10], [20, 0, 30, 10]], np.float32
    )
    scores = np.array([0.5, 0.9, 0.8, 0.7], np.float32)
    classes = np.array([0, 0, 1, 0])
    kept = suppress(boxes, scores, classes, iou_threshold=0.6)
    assert kept.tolist() == [1, 2, 3]
    # 90 of 100 shared: an overlap of 0.9 is no repeat above 0.9.
    every = suppress(boxes, scores, classes, iou_threshold=0.9)
    assert every.tolist() == [1, 2, 3, 0]
