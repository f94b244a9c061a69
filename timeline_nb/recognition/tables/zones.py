"""Zones and lines on the frame: visits and crossings."""

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tables.columns import (
    check_columns,
    exact_seconds,
    seconds_of,
    source_of,
    take_facts,
    track_numbers,
)
from timeline_nb.recognition.tables.ranges import stretches
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["Anchor", "Line", "Zone", "anchors", "crossings", "inside", "visits"]

Anchor: TypeAlias = Literal["bottom", "center"]
_NEEDED: Final = ("frame", "pts", "end_pts", "label", "x1", "y1", "x2", "y2")


class Zone(msgspec.Struct, frozen=True, kw_only=True, metaclass=ExplainingMeta):
    """A polygon on the frame.

    Args:
        name: Shown in tables.
        points: Its corners in pixels of the upright frame, at least three.

    Raises:
        RecognitionError: It has fewer.

    Example:
        >>> left = tl.Zone(name="left", points=((0, 0), (320, 0), (320, 272), (0, 272)))
        >>> visits = table.tl.visits(left, merge_gap="1s")
        >>> set(visits["zone"]) <= {"left"}
        True
    """

    name: str
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise RecognitionError(f"the zone {self.name!r} needs three corners")


class Line(msgspec.Struct, frozen=True, kw_only=True, metaclass=ExplainingMeta):
    """A line on the frame; its left side is that to the left, looking along it.

    Args:
        name: Shown in tables.
        start: A point in pixels of the upright frame.
        end: Another point.

    Raises:
        RecognitionError: They are the same.

    Example:
        >>> line = tl.Line(name="stop line", start=(0, 200), end=(640, 200))
        >>> tracked = src.detect(every=5, end="2s").track().to_dataframe()
        >>> tracked.tl.crossings(line).columns.tolist()
        ['line', 'track_id', 'label', 'frame', 'time_s', 'to', 'x', 'y']
    """

    name: str
    start: tuple[float, float]
    end: tuple[float, float]

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise RecognitionError(f"the line {self.name!r} has no length")


# In place of none, for the columns of the table.
_NO_ZONE: Final = Zone(name="", points=((-3.0, -3.0), (-2.0, -3.0), (-3.0, -2.0)))
_NO_LINE: Final = Line(name="", start=(-3.0, -3.0), end=(-2.0, -3.0))


def anchors(table: pd.DataFrame, anchor: Anchor = "bottom") -> NDArray[np.float64]:
    """Return the anchor point of each box: `(n, 2)`.

    Args:
        table: A detection table.
        anchor: `bottom`, the middle of the lower edge, where feet and wheels are; or
            `center`.

    Raises:
        RecognitionError: The anchor is neither.
    """
    if anchor not in {"bottom", "center"}:
        raise RecognitionError(f"anchor={anchor!r}: give 'bottom' or 'center'")
    x1, y1, x2, y2 = (table[n].to_numpy(np.float64) for n in ("x1", "y1", "x2", "y2"))
    y = y2 if anchor == "bottom" else (y1 + y2) / 2
    return np.stack([(x1 + x2) / 2, y], axis=1)


def inside(points: NDArray[np.float64], zone: Zone) -> NDArray[np.bool_]:
    """Return whether each point is in a zone (even-odd rule): `(n,) bool`."""
    x, y = points.T
    found = np.zeros(len(points), bool)
    corners = np.array(zone.points, np.float64)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay == by:
            continue
        spans = (ay > y) != (by > y)
        found ^= spans & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return found


def visits(
    table: pd.DataFrame,
    zones: Zone | Iterable[Zone],
    *,
    anchor: Anchor = "bottom",
    merge_gap: TimeLike = 0,
    min_dwell: TimeLike = 0,
) -> pd.DataFrame:
    """Find who was in a zone, from when to when; see `DetectionAccessor.visits`."""
    check_columns(table, _NEEDED)
    source = source_of(table)
    gap = int(parse_duration(merge_gap, source.rate) / source.time_base // 1)
    points = anchors(table, anchor)
    tracks = track_numbers(table)
    codes, labels = pd.factorize(table["label"], sort=True)
    # Without tracks, all detections of a label count as one.
    keys = np.where(tracks >= 0, tracks, -1 - codes)
    ends_of_key = pd.Series(table["end_pts"].to_numpy()).groupby(keys).max()
    several = [zones] if isinstance(zones, Zone) else list(zones)
    parts = []
    for zone in several or [_NO_ZONE]:
        here = np.flatnonzero(inside(points, zone))
        order = here[np.lexsort((table["pts"].to_numpy()[here], keys[here]))]
        rows = table.iloc[order]
        groups = stretches(rows, keys[order], gap)
        first = np.flatnonzero(np.diff(groups, prepend=-1))
        pts, ends = rows["pts"].to_numpy(np.int64), rows["end_pts"].to_numpy(np.int64)
        last = np.append(first[1:], len(rows))[: len(first)]
        reach = np.maximum.reduceat(ends, first) if len(first) else ends[:0]
        whole = ends_of_key.reindex(keys[order][first]).to_numpy(np.int64)
        parts.append(
            pd.DataFrame(
                {
                    "zone": zone.name,
                    "track_id": tracks[order][first],
                    "label": labels[codes[order][first]],
                    "pts": pts[first],
                    "end_pts": reach,
                    "enter_frame": rows["frame"].to_numpy(np.int64)[first],
                    "exit_frame": rows["frame"].to_numpy(np.int64)[last - 1],
                    "frames": last - first,
                    # False if it was last seen inside.
                    "left": reach < whole,
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    found = found if several else found.iloc[:0]
    shortest = parse_duration(min_dwell, source.rate) / source.time_base
    found = found[found["end_pts"] - found["pts"] >= -(-shortest // 1)]
    return take_facts(_timed_visits(found, table), table)


def _timed_visits(found: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    source = source_of(table)
    begins, ends = found["pts"].to_numpy(), found["end_pts"].to_numpy()
    starts = [exact_seconds(t, source) for t in begins]
    stops = [exact_seconds(t, source) for t in ends]
    tracks = pd.array(found["track_id"].to_numpy(np.int64), dtype="Int64")
    tracks[found["track_id"].to_numpy() < 0] = pd.NA
    result = found.assign(
        track_id=tracks,
        label=found["label"].astype("str"),
        start=pd.Series(starts, dtype=object, index=found.index),
        end=pd.Series(stops, dtype=object, index=found.index),
        enter_s=seconds_of(begins, source),
        exit_s=seconds_of(ends, source),
        dwell_s=(ends - begins) * float(source.time_base),
    )
    result = result.sort_values(["enter_s", "zone"], kind="stable", ignore_index=True)
    columns = ["zone", "track_id", "label", "start", "end", "enter_s", "exit_s"]
    columns += ["dwell_s", "enter_frame", "exit_frame", "frames", "left"]
    return result[columns]


def crossings(
    table: pd.DataFrame, lines: Line | Iterable[Line], *, anchor: Anchor = "bottom"
) -> pd.DataFrame:
    """Find which tracks crossed a line; see `DetectionAccessor.crossings`."""
    check_columns(table, _NEEDED)
    source = source_of(table)
    tracks = track_numbers(table)
    rows = table[tracks >= 0]
    if len(table) and not len(rows):
        raise RecognitionError(
            "crossings need tracks: link the detections first, found.track()"
        )
    numbers = tracks[tracks >= 0]
    order = np.lexsort((rows["pts"].to_numpy(), numbers))
    rows, numbers = rows.iloc[order], numbers[order]
    points = anchors(rows, anchor)
    same = np.flatnonzero(np.diff(numbers) == 0)
    several = [lines] if isinstance(lines, Line) else list(lines)
    parts = []
    for line in several or [_NO_LINE]:
        start, end = np.array(line.start, float), np.array(line.end, float)
        along = end - start
        # Positive to the right of the line from start to end, since y points down.
        side = _cross(along, points - start)
        before, after = points[same], points[same + 1]
        changes = (side[same] >= 0) != (side[same + 1] >= 0)
        step = after - before
        reach = _cross(step, start - before), _cross(step, end - before)
        hits = np.flatnonzero(changes & ((reach[0] >= 0) != (reach[1] >= 0)))
        places = same[hits] + 1
        pts = rows["pts"].to_numpy(np.int64)[places]
        parts.append(
            pd.DataFrame(
                {
                    "line": line.name,
                    "track_id": numbers[places],
                    "label": rows["label"].to_numpy()[places],
                    "frame": rows["frame"].to_numpy(np.int64)[places],
                    "time_s": seconds_of(pts, source),
                    "to": np.where(side[places] >= 0, "right", "left"),
                    "x": points[places, 0],
                    "y": points[places, 1],
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    found = found if several else found.iloc[:0]
    found["label"] = found["label"].astype("str")
    found = found.sort_values(["time_s", "track_id"], kind="stable", ignore_index=True)
    return take_facts(found, table)


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
