from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from detections_factory import NAMES, RATE, SOURCE, found, pts_of
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.errors import RecognitionError, TimeError
from timeline_nb.recognition.detections import Detections, empty_detections
from timeline_nb.recognition.tables.columns import COLUMNS


def test_a_row_names_its_frame_and_how_long_it_holds() -> None:
    table = found([(10, 1, 0.5), (295, 0, 0.75)]).to_dataframe()
    assert tuple(table.columns) == COLUMNS
    assert table["pts"].tolist() == [pts_of(10), pts_of(295)]
    assert table["end_pts"].tolist() == [pts_of(15), SOURCE.end_pts]
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
    with pytest.raises(RecognitionError, match="no column 'pts'"):
        pd.DataFrame({"frame": [1]}).tl.ranges()
    table = found([(10, 1, 0.5)]).to_dataframe()
    table.attrs = {}
    with pytest.raises(RecognitionError, match="which media it is of"):
        table.tl.ranges()
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
