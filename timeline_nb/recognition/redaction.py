"""The boxes to hide, and when: more rather than less where nothing was detected."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import (
    RUN,
    check_columns,
    source_of,
    track_numbers,
)
from timeline_nb.recognition.tracking.bytetrack import ByteTrack
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["cover_parameters", "linked", "uncovered_share"]

# How much a box grows per second without a detection, relative to its size.
_GROWTH_PER_SECOND = 1.0
_WAYS: Final = ("pixelate", "blur", "fill")


def cover_parameters(
    table: pd.DataFrame,
    *,
    how: str = "pixelate",
    grow: float = 0.15,
    hold: TimeLike = "0.5s",
    cells: float = 6,
) -> dict[str, Any]:
    """Compute the parameters of a `redaction` effect that hides every row.

    Each box is grown. In a gap of a track the bounding box of both ends is hidden;
    before its first and after its last detection the box is held, growing. Frames
    before the first and after the last examined one are hidden whole.

    Args:
        table: The rows to hide; rows without a track are linked first.
        how: `pixelate`, `blur` or `fill`.
        grow: Added on each side, relative to the size of the box.
        hold: How long a box is held before and after its detections.
        cells: Pixelation cells across a box.

    Raises:
        RecognitionError: The table has no rows, lacks a column, or does not say which
            frames were searched; or `how` or `grow` is not valid.
    """
    check_columns(table, ("pts", "end_pts", "label", "x1", "y1", "x2", "y2"))
    run = table.attrs.get(RUN)
    if not run or run["to_pts"] <= run["from_pts"]:
        raise RecognitionError(
            "this table does not say which frames were searched: make it with "
            "to_dataframe(), and keep its attrs"
        )
    if not len(table):
        raise RecognitionError(
            "the table has no rows: there is nothing to redact. Nothing was detected, "
            "or a filter left no row"
        )
    if how not in _WAYS:
        raise RecognitionError(f"there is no how={how!r}{suggestion(how, _WAYS)}")
    if grow < 0:
        raise RecognitionError(f"grow={grow} is negative: boxes cannot be made smaller")
    source = source_of(table)
    held = int(parse_duration(hold, source.rate) / source.time_base)
    rows = _rows(linked(table), source, grow, held)
    rows.sort()
    return {
        "how": how,
        "fingerprint": source.fingerprint,
        "size": [int(side) for side in source.size],
        "cells": cells,
        "from_pts": int(run["from_pts"]),
        "to_pts": int(run["to_pts"]),
        "boxes": rows,
    }


def linked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a track for each row: rows without one are tracked."""
    if (track_numbers(table) >= 0).all():
        return table
    from timeline_nb.recognition.detections import Detections
    from timeline_nb.recognition.tracking.track import track

    rows = table.sort_values("pts", kind="stable")
    names = tuple(str(name) for name in pd.unique(rows["label"]))
    frames = rows.drop_duplicates("pts")
    looked = frames["frame"].to_numpy(np.int64), frames["pts"].to_numpy(np.int64)
    found = Detections.from_dataframe(rows, names, looked)
    anything = ByteTrack(high=0, low=0, new=0, hits=1)
    tracked = track(replace(found, track_id=found.track_id * 0 - 1), anything)
    own = track_numbers(rows)
    ids = np.where(own >= 0, own, tracked.track_id + max(0, own.max()) + 1)
    return rows.assign(track_id=ids)


def _rows(
    table: pd.DataFrame, source: Source, grow: float, held: int
) -> list[list[int]]:
    """Return first PTS, end PTS, left, top, right, bottom; pixels rounded outward."""
    tracks = track_numbers(table)
    order = np.lexsort((table["pts"].to_numpy(), tracks))
    tracks = tracks[order]
    pts = table["pts"].to_numpy(np.int64)[order]
    ends = table["end_pts"].to_numpy(np.int64)[order]
    boxes = table[["x1", "y1", "x2", "y2"]].to_numpy(np.float64)[order]
    first = np.diff(tracks, prepend=tracks[:1] - 1) != 0
    last = np.append(first[1:], True)
    # Until the next detection of the same track, whatever was examined between.
    until = np.where(last, ends, np.append(pts[1:], 0))
    gap = ~last & (until > ends)
    following = np.concatenate([boxes[1:], boxes[-1:]])
    around = boxes.copy()
    around[:, :2] = np.where(
        last[:, None], boxes[:, :2], np.minimum(boxes[:, :2], following[:, :2])
    )
    around[:, 2:] = np.where(
        last[:, None], boxes[:, 2:], np.maximum(boxes[:, 2:], following[:, 2:])
    )
    # Between examined frames an object moves from one box to the next.
    frame = float(1 / source.rate / source.time_base)
    wide = (~last & (ends - pts > 1.5 * frame))[:, None]
    seconds = float(source.time_base)
    parts = [
        (pts, ends, np.where(wide, around, boxes), np.zeros(len(pts))),
        (ends[gap], until[gap], around[gap], (until - ends)[gap] * seconds),
        (
            pts[first] - held,
            pts[first],
            boxes[first],
            np.full(first.sum(), held * seconds),
        ),
        (
            ends[last],
            ends[last] + held,
            boxes[last],
            np.full(last.sum(), held * seconds),
        ),
    ]
    rows: list[list[int]] = []
    for begins, stops, part, unseen in parts:
        more = grow + _GROWTH_PER_SECOND * unseen / 2
        rows += _grown(begins, stops, part, more, source.size)
    return [row for row in rows if row[1] > row[0]]


def _grown(
    begins: NDArray[np.int64],
    stops: NDArray[np.int64],
    boxes: NDArray[np.float64],
    more: NDArray[np.float64],
    size: tuple[int, int],
) -> list[list[int]]:
    sides = boxes[:, 2:] - boxes[:, :2]
    near = np.floor(boxes[:, :2] - sides * more[:, None])
    far = np.ceil(boxes[:, 2:] + sides * more[:, None])
    near, far = np.clip(near, 0, size), np.clip(far, 0, size)
    table = np.column_stack([begins, stops, near, far]).astype(np.int64)
    return [[int(value) for value in row] for row in table]


def uncovered_share(box: NDArray[Any], covers: NDArray[Any]) -> float:
    """Return the share of a box that no cover hides: 0 where it is wholly hidden.

    Args:
        box: `(4,)` xyxy.
        covers: `(n, 4)` xyxy.
    """
    inner = np.clip(
        np.asarray(covers, np.float64).reshape(-1, 2, 2), box[:2], box[2:]
    ).reshape(-1, 4)
    area = float((box[2] - box[0]) * (box[3] - box[1]))
    if area <= 0:
        return 0.0
    x = np.unique(np.concatenate([inner[:, 0], inner[:, 2], box[[0, 2]]]))
    y = np.unique(np.concatenate([inner[:, 1], inner[:, 3], box[[1, 3]]]))
    left, top = x[:-1, None], y[None, :-1]
    hidden = np.zeros((len(x) - 1, len(y) - 1), bool)
    for x1, y1, x2, y2 in inner:
        hidden |= (x1 <= left) & (left < x2) & (y1 <= top) & (top < y2)
    sizes = np.diff(x)[:, None] * np.diff(y)[None]
    return float(sizes[~hidden].sum() / area)
