"""Tracks as a table, and boxes interpolated in their gaps."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.tables.columns import (
    check_columns,
    source_of,
    take_facts,
    track_numbers,
)
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["fill_gaps", "history"]


def history(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per track: label, times, first and last place, path and speed.

    Args:
        table: A detection table with tracks.

    Returns:
        `track_id`, `label` (the most frequent), `first_frame`, `last_frame`,
        `start_s`, `end_s`, number of `frames`, `mean_score`, the first and last box
        centers `from_x`, `from_y`, `to_x`, `to_y`, the path length `path_px`, and
        `speed_px_s`.
    """
    check_columns(table, ("frame", "pts", "end_pts", "label", "score", "x1", "y2"))
    tracks = track_numbers(table)
    rows = table[tracks >= 0]
    rows = rows.iloc[np.lexsort((rows["pts"], rows["track_id"].to_numpy(np.int64)))]
    ids = rows["track_id"].to_numpy(np.int64)
    x = (rows["x1"].to_numpy(np.float64) + rows["x2"].to_numpy(np.float64)) / 2
    y = (rows["y1"].to_numpy(np.float64) + rows["y2"].to_numpy(np.float64)) / 2
    way = np.hypot(np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1]))
    way[np.diff(ids, prepend=-1) != 0] = 0
    tick = float(source_of(table).time_base)
    ends = rows["time_s"] + (rows["end_pts"] - rows["pts"]) * tick
    grouped = rows.assign(x=x, y=y, way=way, end_s=ends, track_id=ids)
    summary = grouped.groupby("track_id").agg(
        label=("label", lambda names: names.mode().iloc[0]),
        first_frame=("frame", "first"),
        last_frame=("frame", "last"),
        start_s=("time_s", "first"),
        end_s=("end_s", "last"),
        frames=("frame", "size"),
        mean_score=("score", "mean"),
        from_x=("x", "first"),
        from_y=("y", "first"),
        to_x=("x", "last"),
        to_y=("y", "last"),
        path_px=("way", "sum"),
    )
    lasts = grouped.groupby("track_id")["time_s"].last() - summary["start_s"]
    summary["speed_px_s"] = (summary["path_px"] / lasts.where(lasts > 0)).fillna(0.0)
    return take_facts(summary.reset_index(), table)


def fill_gaps(found: Detections, longest: TimeLike = "1s") -> Detections:
    """Interpolate boxes in the examined frames in which a track was missed.

    Args:
        found: Tracked detections.
        longest: Longer gaps are left.

    Returns:
        The detections with more rows, marked by `filled`; their scores are
        interpolated too. Masks are dropped, since they cannot be.
    """
    source = found.source
    most = int(parse_duration(longest, source.rate) / source.time_base // 1)
    order = np.lexsort((found.pts, found.track_id))
    order = order[found.track_id[order] >= 0]
    place = np.searchsorted(found.examined_pts, found.pts[order])
    same = np.diff(found.track_id[order]) == 0
    missed = np.diff(place) - 1
    near = np.diff(found.pts[order]) <= most
    gaps = np.flatnonzero(same & (missed > 0) & near)
    counts = missed[gaps]
    left, right = np.repeat(order[gaps], counts), np.repeat(order[gaps + 1], counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    new = np.repeat(place[gaps], counts) + within
    share = (found.examined_pts[new] - found.pts[left]) / np.maximum(
        found.pts[right] - found.pts[left], 1
    )

    def between(values: NDArray[Any]) -> NDArray[Any]:
        part = share.reshape(-1, *[1] * (values.ndim - 1))
        mixed = values[left] + (values[right] - values[left]) * part
        return np.concatenate([values, mixed.astype(values.dtype)])

    def of_left(values: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([values, values[left]])

    filled = np.concatenate([np.zeros(len(found), bool), np.ones(len(new), bool)])
    whole = replace(
        found,
        frame=np.concatenate([found.frame, found.examined_frame[new]]),
        pts=np.concatenate([found.pts, found.examined_pts[new]]),
        xyxy=between(found.xyxy),
        score=between(found.score),
        class_id=of_left(found.class_id),
        track_id=of_left(found.track_id),
        keypoints=None if found.keypoints is None else between(found.keypoints),
        corners=None if found.corners is None else between(found.corners),
        filled=filled,
        masks=None,
    )
    return whole.select(np.argsort(whole.pts, kind="stable"))
