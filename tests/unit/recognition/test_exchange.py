import json
import os
import sys
import types
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from detections_factory import SOURCE, found, pts_of

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.corrections import Correction, Corrections
from timeline_nb.recognition.exchange.coco import read_coco, write_coco
from timeline_nb.recognition.exchange.files import read_detections, write_detections
from timeline_nb.recognition.exchange.mot import read_mot, write_mot
from timeline_nb.recognition.exchange.peers import to_supervision
from timeline_nb.recognition.exchange.yolo import read_yolo, write_yolo

SHARED = ["frame", "pts", "label", "x1", "y1", "x2", "y2", "track_id"]


@pytest.fixture
def table() -> pd.DataFrame:
    made = found([(10, 1, 0.5), (10, 0, 0.75), (20, 2, 0.25)]).to_dataframe()
    made["x1"] = np.array([12.5, 100, 640], np.float32)
    made["x2"] = made["x1"] + np.array([50, 60.25, 320], np.float32)
    made["track_id"] = pd.array([1, pd.NA, 2], dtype="Int64")
    return made


def same(one: pd.DataFrame, other: pd.DataFrame, columns: list[str]) -> None:
    by = ["frame", "x1"]
    pd.testing.assert_frame_equal(
        one[columns].sort_values(by, ignore_index=True),
        other[columns].sort_values(by, ignore_index=True),
        atol=0.01,
    )


def test_coco_comes_back_as_it_was(table: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    write_coco(table, path)
    told = json.loads(path.read_text())
    assert [c["name"] for c in told["categories"]] == ["car", "dog", "person"]
    assert told["annotations"][0]["bbox"] == pytest.approx([12.5, 20, 50, 200])
    assert told["images"][0]["width"] == 1280
    again = read_coco(path, SOURCE)
    same(again, table, [*SHARED, "end_pts", "score"])
    assert again.tl.ranges()["first_frame"].tolist() == [10, 20]


def test_coco_by_another_tool_is_read(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(
        json.dumps(
            {
                "images": [{"id": 3}],
                "categories": [{"id": 7, "name": "cat"}],
                "annotations": [
                    {"id": 1, "image_id": 3, "category_id": 7, "bbox": [1, 2, 3, 4]}
                ],
            }
        )
    )
    (row,) = read_coco(path, SOURCE).to_dict("records")
    assert (row["frame"], row["pts"], row["label"]) == (3, pts_of(3), "cat")
    assert (row["x2"], row["y2"], row["score"]) == (4, 6, 1)


def test_masks_and_keypoints_travel_in_coco(tmp_path: Path) -> None:
    from dataclasses import replace

    rich = replace(
        found([(10, 1, 0.5)]),
        keypoints=np.array([[[1, 2, 0.9], [3, 4, 0]]], np.float32),
        masks=(np.array([1280 * 720 - 30, 30], np.uint32),),
    ).to_dataframe()
    write_coco(rich, tmp_path / "rich.json")
    (told,) = json.loads((tmp_path / "rich.json").read_text())["annotations"]
    assert told["keypoints"] == [1, 2, 2, 3, 4, 0]
    assert told["num_keypoints"] == 1
    assert told["segmentation"] == {"size": [720, 1280], "counts": [921570, 30]}
    assert told["area"] == 30


def test_mot_text_comes_back_but_for_labels(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "det.txt"
    write_mot(table, path)
    first = path.read_text().splitlines()[0]
    assert first == "11,1,12.50,20.00,50.00,200.00,0.5000,-1,-1,-1"
    again = read_mot(path, SOURCE)
    same(again, table, [name for name in SHARED if name != "label"])
    path.write_text("1,2,three\n")
    with pytest.raises(RecognitionError, match=r"det\.txt, line 1"):
        read_mot(path, SOURCE)


def test_yolo_text_comes_back(table: pd.DataFrame, tmp_path: Path) -> None:
    write_yolo(table, tmp_path / "labels")
    told = (tmp_path / "labels" / "frame_000020.txt").read_text().split()
    assert told[0] == "1"
    assert float(told[1]) == pytest.approx((640 + 160) / 1280)
    again = read_yolo(tmp_path / "labels", SOURCE)
    same(again, table, SHARED)
    (tmp_path / "labels" / "frame_000020.txt").write_text("9 1 1 1 1\n")
    with pytest.raises(RecognitionError, match=r"frame_000020\.txt, line 1"):
        read_yolo(tmp_path / "labels", SOURCE)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_on_disk_know_their_film(
    suffix: str, table: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / f"found.{suffix}"
    write_detections(table, path)
    again = read_detections(path)
    same(again, table, [*SHARED, "end_pts"])
    assert again.tl.ranges()["start"].tolist() == table.tl.ranges()["start"].tolist()
    assert again.tl.summary()["frames"] == 60


def test_a_table_of_no_known_film_is_asked_for_it(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "bare.csv"
    table.to_csv(path, index=False)
    with pytest.raises(RecognitionError, match="which media"):
        read_detections(path)
    assert len(read_detections(path, SOURCE)) == 3
    with pytest.raises(RecognitionError, match=r"gone\.csv cannot be read"):
        read_detections(tmp_path / "gone.csv")
    with pytest.raises(RecognitionError, match=r"\.csv or \.parquet"):
        write_detections(table, tmp_path / "found.xls")


@pytest.mark.parametrize("content", ["{", "[]", '{"images": []}', "\x00"])
def test_what_is_no_dataset_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)
    with pytest.raises(RecognitionError, match=r"bad\.json is not a COCO"):
        read_coco(path, SOURCE)


def test_supervision_is_given_what_it_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    peer = types.ModuleType("supervision")
    peer.Detections = lambda **parts: parts  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "supervision", peer)
    told = to_supervision(found([(10, 1, 0.5), (20, 2, 0.25)]), 20)
    assert told["xyxy"].tolist() == [[10, 20, 110, 220]]
    assert told["class_id"].tolist() == [2]
    assert told["data"]["class_name"].tolist() == ["dog"]
    assert told["tracker_id"] is None
    monkeypatch.setitem(sys.modules, "supervision", None)
    with pytest.raises(RecognitionError, match="pip install supervision"):
        to_supervision(found([]))


def test_corrections_lie_over_a_table_that_stays_as_it_was(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    before = table.copy()
    layer = Corrections()
    layer.add(Correction(row=0, op="change", box=(1, 2, 3, 4)))
    layer.add(Correction(row=2, op="change", label="horse"))
    layer.add(Correction(row=1, op="remove"))
    end = pts_of(16)
    layer.add(
        Correction(
            row=3, op="add", label="car", box=(5, 6, 7, 8),
            frame=15, pts=pts_of(15), end_pts=end,
        )
    )  # fmt: skip
    told = layer.applied(table)
    assert told["row"].tolist() == [0, 3, 2]
    assert told["by"].tolist() == ["hand", "hand", "hand"]
    assert told["label"].tolist() == ["car", "car", "horse"]
    assert told[["x1", "y1", "x2", "y2"]].iloc[0].tolist() == [1, 2, 3, 4]
    assert told["score"].tolist() == [1, 1, 1]
    assert told.tl.ranges()["first_frame"].tolist() == [10, 20]
    pd.testing.assert_frame_equal(table, before)
    layer.save(tmp_path / "hand.json")
    again = Corrections.load(tmp_path / "hand.json")
    pd.testing.assert_frame_equal(again.applied(table), told)
    again.undo()
    assert len(again.applied(table)) == 2
    with pytest.raises(RecognitionError, match="nothing to undo"):
        Corrections().undo()
    (tmp_path / "hand.json").write_text("?")
    with pytest.raises(RecognitionError, match=r"hand\.json cannot be read"):
        Corrections.load(tmp_path / "hand.json")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_pipe_is_no_table(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"table{suffix}"
    os.mkfifo(path)
    with pytest.raises(RecognitionError, match="is a pipe, not a file"):
        read_detections(path)


def test_a_table_of_too_many_rows_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_MAX_TABLE_ROWS", "3")
    for suffix in ("csv", "parquet"):
        path = tmp_path / f"table.{suffix}"
        frame = pd.DataFrame({"label": ["car"] * 4, "score": 0.5})
        _ = frame.to_csv(path) if suffix == "csv" else frame.to_parquet(path)
        with pytest.raises(RecognitionError, match="MAX_TABLE_ROWS to allow more"):
            read_detections(path)
