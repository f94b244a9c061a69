"""Counts and statistics of a detection table."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tables.columns import (
    RUN,
    check_columns,
    source_of,
    take_facts,
)
from timeline_nb.recognition.tables.ranges import ranges
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = [
    "co_occurrence",
    "counts",
    "frames",
    "heat_map",
    "moments",
    "statistics",
    "summary",
]

_SEEN: Final = ("pts", "end_pts", "label", "score", "frame")


def frames(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per frame with detections, one column of counts per label."""
    check_columns(table, _SEEN)
    keys = ["frame", "pts", "end_pts", "time_s"]
    by_frame = table.pivot_table(
        index=keys, columns="label", aggfunc="size", fill_value=0, observed=True
    )
    result = by_frame.reset_index()
    result.columns.name = None
    return take_facts(result, table)


def counts(
    table: pd.DataFrame, every: TimeLike = 1, *, by: str = "label"
) -> pd.DataFrame:
    """Count detections per time interval; see `DetectionAccessor.counts`."""
    check_columns(table, _SEEN)
    source = source_of(table)
    step = parse_duration(every, source.rate)
    if step <= 0:
        raise RecognitionError(f"every={every!r}: an interval must be longer than 0")
    seconds = table["time_s"].to_numpy(np.float64)
    # A frame at an edge belongs to the interval that begins there, rounding or not.
    bins = np.floor(seconds / float(step) + 1e-9).astype(np.int64)
    placed = table.assign(bin=bins)
    grouped = placed.groupby(["bin", by], observed=True)
    result = grouped.agg(detections=("pts", "size"), frames=("pts", "nunique"))
    at_once = placed.groupby(["bin", by, "pts"], observed=True).size()
    result["most_at_once"] = at_once.groupby(level=[0, 1]).max()
    result = result.reset_index()
    result.insert(0, "start_s", result["bin"] * float(step))
    result.insert(1, "end_s", (result["bin"] + 1) * float(step))
    return take_facts(result.drop(columns="bin"), table)


def statistics(table: pd.DataFrame) -> pd.DataFrame:
    """Aggregate detections, frames, seconds and scores per class."""
    check_columns(table, _SEEN)
    source = source_of(table)
    grouped = table.groupby("label")
    result = grouped.agg(
        detections=("pts", "size"),
        frames=("pts", "nunique"),
        mean_score=("score", "mean"),
        min_score=("score", "min"),
        max_score=("score", "max"),
        first_s=("time_s", "min"),
        last_s=("time_s", "max"),
    )
    once = table.drop_duplicates(["label", "pts"])
    lengths = (once["end_pts"] - once["pts"]) * float(source.time_base)
    result["seconds"] = lengths.groupby(once["label"]).sum()
    result["mean_at_once"] = result["detections"] / result["frames"]
    result = result.sort_values("detections", ascending=False).reset_index()
    return take_facts(result, table)


def summary(table: pd.DataFrame) -> pd.Series:
    """Summarize the run."""
    check_columns(table, _SEEN)
    run = table.attrs.get(RUN, {})
    with_detections = table["pts"].nunique()
    examined = run.get("frames", with_detections)
    result = {
        "frames": examined,
        "frames_with_detections": with_detections,
        "share_with_detections": with_detections / examined if examined else 0.0,
        "detections": len(table),
        "classes": table["label"].nunique(),
        "tracks": table["track_id"].nunique() if "track_id" in table else 0,
        "mean_score": float(table["score"].mean()) if len(table) else float("nan"),
        "seconds": run.get("seconds", float("nan")),
    }
    return pd.Series(result, name="summary", dtype=object)


def co_occurrence(table: pd.DataFrame) -> pd.DataFrame:
    """Count the frames in which each pair of labels is seen."""
    check_columns(table, _SEEN)
    places, values = pd.factorize(table["pts"])
    codes, labels = pd.factorize(table["label"], sort=True)
    seen = np.zeros((len(values), len(labels)), np.float32)
    seen[places, codes] = 1
    pairs = (seen.T @ seen).astype(np.int64)
    names = pd.Index(labels, name="label", dtype="str")
    return pd.DataFrame(pairs, index=names, columns=names.rename("with"))


def heat_map(table: pd.DataFrame, *, columns: int = 64) -> NDArray[np.float64]:
    """Compute the seconds that boxes cover each cell of the frame.

    Args:
        table: A detection table; boxes with NaN are left out.
        columns: Cells across; rows follow so that cells are square.

    Returns:
        `(rows, columns) float64` seconds.
    """
    check_columns(table, ("pts", "end_pts", "x1", "y1", "x2", "y2"))
    source = source_of(table)
    width, height = source.size
    rows = max(1, round(columns * height / width))
    scale = np.array([columns / width, rows / height] * 2)
    boxes = table[["x1", "y1", "x2", "y2"]].to_numpy(np.float64) * scale
    known = np.isfinite(boxes).all(axis=1)
    boxes, table = boxes[known], table[known]
    first = np.clip(np.floor(boxes[:, :2]), 0, [columns, rows]).astype(np.intp)
    last = np.clip(np.ceil(boxes[:, 2:]), 0, [columns, rows]).astype(np.intp)
    held = (table["end_pts"] - table["pts"]).to_numpy(np.float64)
    # Each box adds at its corners; cumulative sums fill it (a summed-area table).
    edges = np.zeros((rows + 1, columns + 1))
    for y, x, sign in (
        (first[:, 1], first[:, 0], 1),
        (first[:, 1], last[:, 0], -1),
        (last[:, 1], first[:, 0], -1),
        (last[:, 1], last[:, 0], 1),
    ):
        np.add.at(edges, (y, x), sign * held)
    filled = edges.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    return np.asarray(filled * float(source.time_base))


def moments(
    table: pd.DataFrame,
    rules: dict[str, str],
    *,
    merge_gap: TimeLike = 0,
    min_duration: TimeLike = 0,
) -> pd.DataFrame:
    """Find ranges in which rules hold; see `DetectionAccessor.moments`."""
    by_frame = frames(table)
    # Labels that the model knows and no frame shows count 0.
    for label in table.attrs.get(RUN, {}).get("labels", ()):
        if label not in by_frame.columns:
            by_frame[label] = 0
    labels = [c for c in by_frame.columns if c not in _NO_LABELS]
    parts = []
    for name, rule in rules.items():
        try:
            holds = np.asarray(by_frame.eval(rule), bool)
        except Exception as error:
            raise RecognitionError(
                f"the rule {name!r} ({rule}) cannot be read: {error}; the labels are "
                f"{', '.join(labels)}; put those with spaces in backticks"
            ) from error
        kept = by_frame[holds]
        rows = kept.assign(label=name, score=kept[labels].sum(axis=1).astype(float))
        found = ranges(
            take_facts(rows, table), merge_gap=merge_gap, min_duration=min_duration
        )
        found.insert(0, "moment", name)
        ends = zip(found["first_frame"], found["last_frame"], strict=True)
        peaks = [rows[rows["frame"].between(*pair)] for pair in ends]
        found["peak_frame"] = [int(p["frame"].iloc[p["score"].argmax()]) for p in peaks]
        parts.append(
            found.rename(columns={"detections": "frames", "max_score": "peak"})
        )
    result = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return take_facts(result.drop(columns=["labels", "mean_score"]), table)


_NO_LABELS: Final = {"frame", "pts", "end_pts", "time_s"}
