"""Rows of a table merged to exact ranges of media time."""

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import (
    check_columns,
    source_of,
    take_facts,
    track_numbers,
)
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["appearances", "ranges", "stretches", "timed"]

_FACTS: Final = (
    "first_frame",
    "last_frame",
    "detections",
    "labels",
    "mean_score",
    "max_score",
)


def ranges(
    table: pd.DataFrame,
    *,
    merge_gap: TimeLike = 0,
    pad: TimeLike = 0,
    min_duration: TimeLike = 0,
) -> pd.DataFrame:
    """Return the ranges that the rows cover; see `DetectionAccessor.ranges`."""
    check_columns(table, ("frame", "pts", "end_pts"))
    # `groupby` gives the parts of a table without the column it groups by.
    missing: dict[str, Any] = {"label": "", "score": np.nan}
    table = table.assign(**{n: v for n, v in missing.items() if n not in table.columns})
    source = source_of(table)
    gap, margin = (parse_duration(t, source.rate) for t in (merge_gap, pad))
    rows = table.sort_values("pts", kind="stable")
    # Padding may make neighbors touch.
    groups = stretches(rows, None, _ticks(max(gap, 2 * margin), source))
    found = _summed(rows, groups)
    found["labels"] = _labels_of(rows, groups, len(found))
    found = _long_enough(found, min_duration, source)
    return timed(found, source, margin, like=table, columns=_FACTS)


def appearances(
    table: pd.DataFrame,
    *,
    by: str = "label",
    merge_gap: TimeLike = 0,
    min_duration: TimeLike = 0,
) -> pd.DataFrame:
    """Merge the rows of each label or track; see `DetectionAccessor.appearances`."""
    check_columns(table, ("frame", "pts", "end_pts", "label", "score"))
    source = source_of(table)
    if by == "label":
        codes, values = pd.factorize(table["label"], sort=True)
        keys = codes.astype(np.int64)
        rows = table
    elif by == "track":
        numbers = track_numbers(table)
        rows, keys = table[numbers >= 0], numbers[numbers >= 0]
    else:
        raise RecognitionError(f"by={by!r}: appearances are by 'label' or by 'track'")
    order = np.lexsort((rows["pts"].to_numpy(), keys))
    rows, keys = rows.iloc[order], keys[order]
    gap = _ticks(parse_duration(merge_gap, source.rate), source)
    groups = stretches(rows, keys, gap)
    found = _summed(rows, groups)
    first = _firsts(groups)
    if by == "label":
        found.insert(0, "label", pd.Series(values[keys[first]], dtype="str"))
        head: tuple[str, ...] = ("label",)
    else:
        found.insert(0, "track_id", keys[first])
        found.insert(1, "label", _main_labels(rows, groups, len(found)))
        head = ("track_id", "label")
    found = _long_enough(found, min_duration, source)
    columns = ("first_frame", "last_frame", "frames", "detections")
    result = timed(
        found,
        source,
        Fraction(0),
        like=table,
        columns=(*columns, "mean_score", "max_score"),
        head=head,
    )
    return take_facts(
        result.sort_values("start_s", kind="stable", ignore_index=True), table
    )


def stretches(
    rows: pd.DataFrame, keys: NDArray[np.int64] | None, gap: int
) -> NDArray[np.int64]:
    """Return the group of each row: a gap wider than `gap` ticks begins another.

    Args:
        rows: With `pts` and `end_pts`, in the order of keys and then of PTS.
        keys: Rows of different keys are never in one group.
        gap: In ticks.
    """
    if not len(rows):
        return np.zeros(0, np.int64)
    starts = rows["pts"].to_numpy(np.int64)
    ends = rows["end_pts"].to_numpy(np.int64)
    if keys is None:
        keys = np.zeros(len(rows), np.int64)
    other = np.diff(keys) != 0
    # The running end of each key: keys are shifted so that none overlaps another.
    span = int(ends.max() - starts.min()) + 1
    shift = np.concatenate([[0], np.cumsum(other)]) * span
    reach = np.maximum.accumulate(ends + shift) - shift
    begins = other | (starts[1:] - reach[:-1] > gap)
    return np.concatenate([[0], np.cumsum(begins)]).astype(np.int64)


def timed(  # noqa: PLR0913 - one line a choice
    rows: pd.DataFrame,
    source: Source,
    margin: Fraction,
    *,
    like: pd.DataFrame,
    columns: tuple[str, ...],
    head: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Return rows with `pts` and `end_pts` as ranges of media time.

    Args:
        rows: One per range.
        source: The media.
        margin: Added before and after each, within the media.
        like: The table whose attrs are copied.
        columns: The columns after the times.
        head: The columns before them.
    """
    # In whole numbers of one small unit: one fraction is created per value.
    unit = lcm(
        source.time_base.denominator, source.start_time.denominator, margin.denominator
    )
    tick, zero, more = (
        int(part * unit) for part in (source.time_base, source.start_time, margin)
    )
    first = [int(t) * tick - zero - more for t in rows["pts"]]
    last = [int(t) * tick - zero + more for t in rows["end_pts"]]
    most = source.end_pts * tick - zero
    starts = [Fraction(max(0, n), unit) for n in first]
    ends = [Fraction(min(most, n), unit) for n in last]
    pairs = zip(first, last, strict=True)
    lengths = [Fraction(min(most, b) - max(0, a), unit) for a, b in pairs]
    times = pd.DataFrame(
        {
            "start": pd.Series(starts, dtype=object),
            "end": pd.Series(ends, dtype=object),
            "duration": pd.Series(lengths, dtype=object),
            "start_s": pd.Series([float(t) for t in starts], dtype="float64"),
            "end_s": pd.Series([float(t) for t in ends], dtype="float64"),
        }
    )
    kept = rows.reset_index(drop=True)
    result = pd.concat([kept[list(head)], times, kept[list(columns)]], axis=1)
    return take_facts(result, like)


def _firsts(groups: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where each group begins."""
    return np.flatnonzero(np.diff(groups, prepend=-1))


def _summed(rows: pd.DataFrame, groups: NDArray[np.int64]) -> pd.DataFrame:
    """Aggregate the rows of each group, in whole arrays."""
    first = _firsts(groups)
    pts = rows["pts"].to_numpy(np.int64)
    numbers = rows["frame"].to_numpy(np.int64)
    scores = rows["score"].to_numpy(np.float64)
    counts = np.diff(np.append(first, len(rows)))
    # Rows of a group are sorted by frame: a new frame is a change.
    fresh = np.ones(len(rows), np.int64)
    fresh[1:] = (np.diff(pts) != 0) | (np.diff(groups) != 0)

    def each(by: Callable[..., Any], values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(by(values, first) if len(first) else values[:0])

    return pd.DataFrame(
        {
            "pts": each(np.minimum.reduceat, pts),
            "end_pts": each(np.maximum.reduceat, rows["end_pts"].to_numpy(np.int64)),
            "first_frame": each(np.minimum.reduceat, numbers),
            "last_frame": each(np.maximum.reduceat, numbers),
            "frames": each(np.add.reduceat, fresh),
            "detections": counts,
            "mean_score": each(np.add.reduceat, scores) / counts,
            "max_score": each(np.maximum.reduceat, scores),
        }
    )


def _labels_of(rows: pd.DataFrame, groups: NDArray[np.int64], count: int) -> pd.Series:
    """Return the labels in each group, joined by commas."""
    codes, values = pd.factorize(rows["label"], sort=True)
    pairs = np.unique(groups * max(1, len(values)) + codes)
    named: list[list[str]] = [[] for _ in range(count)]
    for pair in pairs.tolist():
        named[pair // len(values)].append(str(values[pair % len(values)]))
    return pd.Series([", ".join(names) for names in named], dtype="str")


def _main_labels(
    rows: pd.DataFrame, groups: NDArray[np.int64], count: int
) -> pd.Series:
    """Return the most frequent label of each group."""
    codes, values = pd.factorize(rows["label"], sort=True)
    wide = max(1, len(values))
    pairs, times = np.unique(groups * wide + codes, return_counts=True)
    order = np.lexsort((-times, pairs // wide))
    best = pairs[order][_firsts(pairs[order] // wide)] % wide
    return pd.Series(values[best] if count else [], dtype="str")


def _long_enough(
    rows: pd.DataFrame, min_duration: TimeLike, source: Source
) -> pd.DataFrame:
    shortest = parse_duration(min_duration, source.rate) / source.time_base
    return rows[rows["end_pts"] - rows["pts"] >= -(-shortest // 1)]


def _ticks(seconds: Fraction, source: Source) -> int:
    return int(seconds / source.time_base // 1)
