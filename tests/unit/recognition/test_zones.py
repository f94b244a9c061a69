from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from detections_factory import RATE, found, pts_of
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tables.zones import Line, Zone, inside

DOOR = Zone(name="door", points=((400, 0), (600, 0), (600, 720), (400, 720)))
GATE = Line(name="gate", start=(500, 0), end=(500, 720))


def walk(
    begin: float, speed: float, frames: range, track: int | None = 1, label: int = 0
) -> pd.DataFrame:
    """A box whose middle goes `speed` px a frame, with its feet at 300."""
    table = found([(n, label, 0.5) for n in frames], every=1).to_dataframe()
    middle = begin + speed * np.arange(len(frames))
    table["x1"], table["x2"] = middle - 20, middle + 20
    table["y1"], table["y2"] = 200.0, 300.0
    table["track_id"] = pd.array([track] * len(table), dtype="Int64")
    return table


def both(*tables: pd.DataFrame) -> pd.DataFrame:
    whole = pd.concat(tables).sort_values("pts", kind="stable", ignore_index=True)
    whole.attrs = tables[0].attrs
    return whole


def test_a_visit_has_an_entry_an_exit_and_a_dwell() -> None:
    # In at 400 after 30 frames, out beyond 600 after 50.
    table = walk(100, 10, range(100))
    (visit,) = table.tl.visits(DOOR).to_dict("records")
    assert (visit["enter_frame"], visit["exit_frame"]) == (30, 49)
    assert visit["frames"] == 20
    assert visit["start"] == 30 / RATE
    assert visit["end"] == 50 / RATE
    assert visit["dwell_s"] == pytest.approx(float(20 / RATE))
    assert visit["left"]


def test_who_is_last_seen_inside_did_not_leave() -> None:
    table = walk(100, 10, range(40))
    (visit,) = table.tl.visits(DOOR).to_dict("records")
    assert not visit["left"]


def test_each_track_visits_for_itself_and_comes_again() -> None:
    there = walk(100, 10, range(100), 1)
    back = walk(1100, -10, range(120, 220), 1)
    other = walk(450, 0, range(60, 80), 2, 1)
    told = both(there, back, other).tl.visits([DOOR])
    assert told["track_id"].tolist() == [1, 2, 1]
    assert told["label"].tolist() == ["person", "car", "person"]
    assert told["frames"].tolist() == [20, 20, 20]
    # A long enough absence is none.
    merged = both(there, back, other).tl.visits(DOOR, merge_gap="200f")
    assert merged["track_id"].tolist() == [1, 2]
    short = both(there, back, other).tl.visits(DOOR, min_dwell="21f")
    assert len(short) == 0


def test_a_crossing_tells_when_and_to_which_side() -> None:
    table = both(walk(100, 10, range(100), 1), walk(900, -10, range(100), 2))
    told = table.tl.crossings(GATE)
    # Looking down the picture, the left of the way is the picture's right.
    assert dict(zip(told["track_id"], told["to"], strict=True)) == {
        1: "left",
        2: "right",
    }
    # Both are on the line at frame 40: one of them is beyond it a frame later.
    assert sorted(told["frame"]) == [40, 41]
    beside = Line(name="short", start=(500, 0), end=(500, 100))
    assert len(table.tl.crossings(beside)) == 0
    assert len(table.tl.crossings(beside, anchor="center")) == 0


def test_without_tracks_nobody_crosses() -> None:
    table = walk(100, 10, range(100), None)
    with pytest.raises(RecognitionError, match="link the detections first"):
        table.tl.crossings(GATE)
    assert len(table.tl.visits(DOOR)) == 1


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=8)
)
def test_inside_agrees_with_opencv(points: list[tuple[int, int]]) -> None:
    import cv2

    corners = np.array(points, np.float32)
    # Points that lie on no edge: there the two may differ.
    grid = np.stack(np.meshgrid(np.arange(40) + 0.37, np.arange(40) + 0.59), -1)
    spots = grid.reshape(-1, 2)
    ours = inside(spots, Zone(name="z", points=tuple(points)))
    crossing = np.array(
        [cv2.pointPolygonTest(corners, (float(x), float(y)), False) for x, y in spots]
    )
    # OpenCV counts by winding, we by even-odd: they agree on simple polygons.
    if cv2.isContourConvex(corners.astype(np.int32)):
        assert (ours == (crossing > 0)).mean() > 0.99


def test_shapes_that_are_none_are_refused() -> None:
    with pytest.raises(RecognitionError, match="needs three corners"):
        Zone(name="z", points=((0, 0), (1, 1)))
    with pytest.raises(RecognitionError, match="has no length"):
        Line(name="l", start=(1, 1), end=(1, 1))
    with pytest.raises(RecognitionError, match="'bottom' or 'center'"):
        walk(0, 1, range(3)).tl.visits(DOOR, anchor="nose")


def test_appearances_are_by_label_or_by_track() -> None:
    table = both(
        walk(100, 1, range(10), 1),
        walk(100, 1, range(20, 30), 1),
        walk(300, 1, range(5, 25), 2, 1),
    )
    by_label = table.tl.appearances()
    assert by_label["label"].tolist() == ["person", "car", "person"]
    assert by_label["start"].tolist() == [0, 5 / RATE, 20 / RATE]
    assert by_label["end"].tolist() == [10 / RATE, 25 / RATE, 30 / RATE]
    assert by_label["frames"].tolist() == [10, 20, 10]
    by_track = table.tl.appearances("track", merge_gap="10f")
    assert by_track["track_id"].tolist() == [1, 2]
    assert by_track["label"].tolist() == ["person", "car"]
    assert by_track["detections"].tolist() == [20, 20]
    assert len(table.tl.appearances("track", min_duration="11f")) == 1
    with pytest.raises(RecognitionError, match="by 'label' or by 'track'"):
        table.tl.appearances("color")


def test_counts_statistics_and_company() -> None:
    table = both(walk(100, 1, range(60), 1), walk(300, 1, range(30, 60), 2, 1))
    counts = table.tl.counts("30f")
    assert counts[["label", "detections"]].to_numpy().tolist() == [
        ["person", 30],
        ["car", 30],
        ["person", 30],
    ]
    assert counts["most_at_once"].tolist() == [1, 1, 1]
    stats = table.tl.statistics().set_index("label")
    assert stats.loc["person", "frames"] == 60
    assert stats.loc["car", "seconds"] == pytest.approx(float(30 / RATE))
    together = table.tl.co_occurrence()
    assert together.loc["person", "car"] == 30
    assert together.loc["person", "person"] == 60
    assert table.tl.summary()["frames_with_detections"] == 60
    assert table.tl.summary()["tracks"] == 2


def test_moments_are_where_a_rule_holds() -> None:
    table = both(walk(100, 1, range(60), 1), walk(300, 1, range(30, 60), 2, 1))
    told = table.tl.moments({"company": "person >= 1 and car >= 1", "dogs": "dog > 0"})
    assert told["moment"].tolist() == ["company"]
    assert told["start"].tolist() == [30 / RATE]
    assert told["peak"].tolist() == [2]
    with pytest.raises(RecognitionError, match="the rule 'odd'"):
        table.tl.moments({"odd": "horse >"})


def test_a_heat_map_adds_up_to_the_time_boxes_lie_there() -> None:
    table = walk(640, 0, range(30), 1)
    heat = table.tl.heat_map(64)
    assert heat.shape == (36, 64)
    # 620 to 660 px across and 200 to 300 down, in cells of 20 px.
    assert heat[10:15, 31:33] == pytest.approx(float(30 / RATE))
    assert heat.sum() == pytest.approx(10 * float(30 / RATE))
    table.loc[:9, "x1"] = np.nan
    assert table.tl.heat_map(64).sum() == pytest.approx(10 * float(20 / RATE))


def test_tables_become_markers_and_rows_tell_their_clip() -> None:
    from timeline_nb.timebase import TimeRange
    from timeline_nb.timeline.model import Clip, MediaReference, Timeline, Track

    table = walk(100, 1, range(60), 1)
    (marker,) = table.tl.appearances().tl.markers()
    assert marker.name == "person"
    assert marker.marked_range == TimeRange(Fraction(0), 60 / RATE)
    media = MediaReference(path="street.ts", fingerprint="f" * 32)
    clips = [
        Clip(id="c1", media=media, source_range=TimeRange(20 / RATE, 10 / RATE)),
        Clip(id="c2", media=media, source_range=TimeRange(5 / RATE, 10 / RATE)),
    ]
    track = Track(kind="video", name="V1", items=tuple(clips))
    edit = Timeline(name="cut", rate=RATE, size=(1280, 720), tracks=(track,))
    rows = table.tl.on(edit)
    assert rows["frame"].tolist() == [*range(20, 30), *range(5, 15)]
    assert rows["clip"].tolist() == ["c1"] * 10 + ["c2"] * 10
    assert rows["timeline_frame"].tolist() == list(range(20))
    assert pts_of(20) == rows["pts"].iloc[0]


def test_without_a_zone_or_a_line_the_tables_are_empty_with_their_columns() -> None:
    table = walk(100, 10, range(100))
    for none, some in (
        (table.tl.visits([]), table.tl.visits(DOOR)),
        (table.tl.crossings([]), table.tl.crossings(GATE)),
    ):
        assert len(some) == 1
        assert len(none) == 0
        assert none.columns.tolist() == some.columns.tolist()
        assert none.dtypes.tolist() == some.dtypes.tolist()
