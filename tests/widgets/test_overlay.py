"""Boxes of frames: by identity, and through crops, scales and turns of an edit."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
from media_factory import Clips
from numpy.typing import NDArray
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import RUN

# Where the numbered frames have a white square: left an eighth, lowest quarter.
SQUARE = np.array([0, 84, 24, 112], np.float32)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


def found_in(media: tl.Media, boxes: NDArray[np.float32]) -> pd.DataFrame:
    """A table with one box a frame."""
    index, video = media.index, media.info.video[0]
    n = len(index)
    source = Source(
        path=media.info.path,
        fingerprint=media.info.fingerprint,
        stream=index.stream,
        time_base=index.time_base,
        start_time=index.start_time,
        rate=video.rate,
        size=video.display_size,
        end_pts=index.end_pts,
    )
    return Detections(
        source=source,
        names=("square",),
        examined_frame=np.arange(n),
        examined_pts=index.pts,
        frame=np.arange(n),
        pts=index.pts,
        xyxy=boxes,
        score=np.linspace(0, 1, n, dtype=np.float32),
        class_id=np.zeros(n, np.int64),
        track_id=np.full(n, -1, np.int64),
    ).to_dataframe()


def boxes_of(wire: Wire, first: int, last: int) -> NDArray[np.float64]:
    """Boxes as the overlay sends them: frame, corners, score, label, track and row."""
    source, _ = wire.last("playerSource")
    wire.ask("askBoxes", version=source["version"], first=first, last=last)
    _, (data,) = wire.last("boxes")
    # A row is an int32, five float32 and three int32, by the browser's layout.
    rows = [struct.unpack_from("<i5f3i", data, at) for at in range(0, len(data), 36)]
    return np.array(rows, np.float64).reshape(-1, 9)


def test_a_frame_has_the_boxes_of_its_pts_and_no_others(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["vfr"], studio=studio)
    n = len(media.index)
    boxes = np.stack([np.arange(n), np.zeros(n), np.arange(n) + 5, np.full(n, 9)], 1)
    table = found_in(media, boxes.astype(np.float32))
    # Rows out of order, and some frames without any.
    table = table.iloc[::-1].query("frame % 3 != 1")
    wire = Wire(tl.Overlay(media, table), monkeypatch)
    wire.hello()
    told = boxes_of(wire, 8, 14)
    assert (told[:, 0] + 8).tolist() == told[:, 1].tolist() == [8, 9, 11, 12]
    assert [int(table["frame"].iloc[int(row)]) for row in told[:, 8]] == [8, 9, 11, 12]
    wire.widget.close()


def test_boxes_of_a_century_are_answered_by_the_first_frames(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    cut = tl.Edit("walk", rate=25, size=(320, 240), studio=studio)
    cut.append(media.clip("0f", "60f"))
    cut.titles.add("The end", start=60, end=3_000_000_000)
    table = found_in(media, np.tile(SQUARE, (len(media.index), 1)))
    for own in (table, table.iloc[:0]):
        wire = Wire(tl.Overlay(cut, own), monkeypatch)
        wire.hello()
        told = boxes_of(wire, -(2**40), 2**40)
        assert len(told) == (60 if len(own) else 0)
        answer, _ = wire.last("boxes")
        assert (answer["first"], answer["last"]) == (0, 256)


@pytest.mark.parametrize(
    "transform",
    [
        tl.Transform(),
        tl.Transform(scale=0.5, position=(0.7, 0.4)),
        tl.Transform(rotation_deg=90.0, scale=0.6),
        tl.Transform(crop=(0.0, 0.5, 0.25, 0.0)),
        tl.Transform(fit="stretch"),
    ],
)
def test_a_box_lies_where_the_composed_frame_has_its_object(
    transform: tl.Transform,
    clips: Clips,
    studio: tl.Studio,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    cut = tl.Edit("walk", rate=25, size=(320, 240), studio=studio)
    cut.append(media.clip("32f", "60f"))
    cut.set(0, transform=transform)
    n = len(media.index)
    table = found_in(media, np.tile(SQUARE, (n, 1)))
    wire = Wire(tl.Overlay(cut, table), monkeypatch)
    wire.hello()
    left, top, right, bottom = boxes_of(wire, 0, 1)[0, 1:5]
    # The square is the brightest spot within and around the box.
    seen = cut.frame("0f").mean(axis=2)
    inside = seen[
        round(top) + 3 : round(bottom) - 3, round(left) + 3 : round(right) - 3
    ]
    assert inside.size
    assert inside.min() > 200
    lit = np.asarray(seen > 200, np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(lit)
    center = ((left + right) / 2, (top + bottom) / 2)
    near = [
        row
        for row in stats[1:]
        if row[0] <= center[0] <= row[0] + row[2]
        and row[1] <= center[1] <= row[1] + row[3]
    ]
    x, y, wide, high = near[0][:4]
    assert [left, top, right, bottom] == pytest.approx(
        [x, y, x + wide, y + high], abs=3
    )
    wire.widget.close()


def test_what_is_drawn_on_an_edit_is_in_pixels_of_its_source(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    cut = tl.Edit("walk", rate=25, size=(384, 224), studio=studio)
    cut.append(media.clip("32f", "60f"))
    table = found_in(media, np.tile(SQUARE, (len(media.index), 1)))
    overlay = tl.Overlay(cut, table)
    wire = Wire(overlay, monkeypatch)
    wire.hello()
    version = wire.last("playerSource")[0]["version"]
    fields: dict[str, Any] = {"version": version, "frame": 2, "label": "door"}
    corners = [[20.0, 40.0], [60.0, 40.0], [60.0, 90.0], [20.0, 90.0]]
    assert wire.ask("draw", shape="box", points=corners, **fields)["kind"] == "done"
    (row,) = overlay.drawn.to_dict("records")
    told = [row[name] for name in ("x1", "y1", "x2", "y2")]
    assert told == pytest.approx([10, 20, 30, 45])
    assert row["pts"] == int(media.index.pts[34])
    assert overlay.drawn_count == 1
    stale = fields | {"version": version - 1}
    assert wire.ask("draw", shape="box", points=corners, **stale)["kind"] == "refused"
    assert wire.ask("draw", shape="zone", points=[], **fields)["kind"] == "refused"
    overlay.close()


def test_labels_have_the_colors_of_pictures(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    table = found_in(media, np.tile(SQUARE, (len(media.index), 1)))
    # A model of three classes, of which the last two are found, in this order.
    table["label"] = ["dog", "car"] * (len(table) // 2)
    table.attrs[RUN]["labels"] = ["person", "car", "dog"]
    wire = Wire(tl.Overlay(media, table), monkeypatch)
    wire.hello()
    told, _ = wire.last("overlay")
    assert (told["labels"], told["colors"]) == (["dog", "car"], [2, 1])
    table.loc[table.index[-1], "label"] = "cat"
    wire.widget.show(table)
    told, _ = wire.last("overlay")
    assert (told["labels"], told["colors"]) == (["dog", "car", "cat"], [2, 1, 3])
    wire.widget.close()


def test_an_empty_table_and_a_wrong_one(clips: Clips, studio: tl.Studio) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    table = found_in(media, np.tile(SQUARE, (len(media.index), 1)))
    empty = tl.Overlay(media, table.iloc[:0])
    assert len(empty.selected) == len(empty.drawn) == 0
    assert list(empty.drawn.columns)[:3] == ["frame", "pts", "time_s"]
    with pytest.raises(RecognitionError, match="no column 'x2'"):
        tl.Overlay(media, table.drop(columns="x2"))
    with pytest.raises(RecognitionError, match="which media"):
        tl.Overlay(media, pd.DataFrame(table.to_dict("list")))
    with pytest.raises(RecognitionError, match="not a detection table"):
        tl.Overlay(media, 3)
    with pytest.raises(RecognitionError, match="needs detections"):
        tl.Overlay(media)


def test_the_selected_rows_follow_the_table(clips: Clips, studio: tl.Studio) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    table = found_in(media, np.tile(SQUARE, (len(media.index), 1)))
    overlay = tl.Overlay(media, table)
    overlay.selection = [3, 1, 999]
    assert overlay.selected["frame"].tolist() == [3, 1]
    overlay.show(table.query("frame > 10"))
    assert overlay.selection == []
    overlay.selection = [0]
    assert overlay.selected["frame"].tolist() == [11]
    assert Fraction(overlay.min_score) == Fraction(1, 4)


def test_so_many_shapes_are_drawn(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tl.open(clips["cfr"], studio=studio)
    overlay = tl.Overlay(media, found_in(media, np.tile(SQUARE, (len(media.index), 1))))
    wire = Wire(overlay, monkeypatch)
    wire.hello()
    version = wire.last("playerSource")[0]["version"]
    monkeypatch.setattr("timeline_nb.widgets.overlay._MOST_ZONES", 2)
    fields = {"version": version, "frame": 0, "label": "door"}
    corners = [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]]

    def draw(shape: str) -> dict[str, Any]:
        return wire.ask("draw", shape=shape, points=corners, **fields)

    assert [draw("zone")["kind"] for _ in range(2)] == ["done", "done"]
    assert "2 zones and lines are drawn" in draw("line")["message"]
    assert draw("box")["kind"] == "done"
    assert overlay.drawn_count == 3


def _drawn_on(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> tuple[tl.Overlay, Wire, dict[str, Any]]:
    media = tl.open(clips["cfr"], studio=studio)
    overlay = tl.Overlay(media, found_in(media, np.tile(SQUARE, (len(media.index), 1))))
    wire = Wire(overlay, monkeypatch)
    wire.hello()
    version = wire.last("playerSource")[0]["version"]
    return overlay, wire, {"version": version, "frame": 2}


CORNERS = [[20.0, 40.0], [60.0, 40.0], [60.0, 90.0], [20.0, 90.0]]


def test_a_box_without_a_label_is_visible_and_can_be_named(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay, wire, fields = _drawn_on(clips, studio, monkeypatch)
    done = wire.ask("draw", shape="box", label="", points=CORNERS, **fields)
    told = wire.last("overlay")[0]
    assert told["labels"] == ["square", "object"]
    assert overlay.visible_classes == ["square", "object"]
    row = int(overlay.corrected.query("by == 'hand'")["row"].iloc[0])
    assert done["text"] == str(row)
    change: dict[str, Any] = {
        "row": row,
        "remove": False,
        "label": "door",
        "points": [],
    }
    assert wire.ask("correct", **change, **fields)["kind"] == "done"
    assert "door" in overlay.visible_classes
    wire.widget.close()


def test_a_label_keeps_its_color_while_others_come_and_go(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay, wire, _ = _drawn_on(clips, studio, monkeypatch)
    table = overlay.corrected

    def colors(*labels: str) -> dict[str, int]:
        table["label"] = [labels[n % len(labels)] for n in range(len(table))]
        overlay.show(table.copy())
        told = wire.last("overlay")[0]
        return dict(zip(told["labels"], told["colors"], strict=True))

    first = colors("square", "ball", "bat")
    assert len(set(first.values())) == 3
    without = colors("bat", "square")
    assert without == {name: first[name] for name in ("square", "bat")}
    again = colors("ring", "ball", "bat")
    assert {name: again[name] for name in ("ball", "bat")} == {
        name: first[name] for name in ("ball", "bat")
    }
    assert again["ring"] not in first.values()
    wire.widget.close()


def test_zones_and_lines_are_renamed_and_removed(
    clips: Clips, studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay, wire, fields = _drawn_on(clips, studio, monkeypatch)
    for shape, points in (("zone", CORNERS), ("line", CORNERS[:2]), ("zone", CORNERS)):
        wire.ask("draw", shape=shape, label="", points=points, **fields)
    shapes = wire.last("overlay")[0]["shapes"]
    assert [(s["name"], s["number"]) for s in shapes] == [
        ("zone 1", 1),
        ("zone 3", 3),
        ("line 2", 2),
    ]
    assert wire.ask("changeShape", number=1, label="", remove=True)["kind"] == "done"
    assert [zone.name for zone in overlay.zones] == ["zone 3"]
    assert list(overlay.drawn.index) == [2, 3]
    wire.ask("changeShape", number=3, label="gate", remove=False)
    assert [zone.name for zone in overlay.zones] == ["gate"]
    refused = wire.ask("changeShape", number=1, label="", remove=True)
    assert "there are 2, 3" in refused["message"]
    wire.widget.close()
