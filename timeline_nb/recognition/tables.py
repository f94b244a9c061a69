"""Detections as a table, and tables as stretches of film.

Columns of a detection table, one row a detection:

=========  ========  ==================================================================
frame      int64     The frame's number, from 0 in the order shown.
pts        int64     Its presentation time stamp: with the file, its identity.
end_pts    int64     The PTS of the next frame looked at: till then the row holds.
time_s     float64   Media seconds at which the frame is shown.
label      str       The class.
class_id   int64     Its number in the model.
score      float32   0 to 1.
x1, y1     float32   Left and top, in pixels of the upright frame.
x2, y2     float32   Right and bottom.
track_id   Int64     Of tracked objects; missing otherwise.
=========  ========  ==================================================================

`df.attrs["timeline_nb"]` holds the film (a `Source` as JSON): pandas keeps it through
`query`, `copy` and Parquet. The accessor `df.tl` needs it to reckon exactly.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.structs import from_json, to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detections import Source
from timeline_nb.timebase import TimeLike, parse_duration

if TYPE_CHECKING:
    from timeline_nb.recognition.detections import Detections

__all__ = ["COLUMNS", "DetectionAccessor", "to_dataframe"]

COLUMNS: Final = (
    "frame",
    "pts",
    "end_pts",
    "time_s",
    "label",
    "class_id",
    "score",
    "x1",
    "y1",
    "x2",
    "y2",
    "track_id",
)
_FACTS: Final = "timeline_nb"


def to_dataframe(found: "Detections") -> pd.DataFrame:
    """One row a detection, in the order of frames; see the module for the columns."""
    source = found.source
    seconds = found.pts * float(source.time_base) - float(source.start_time)
    following = np.append(found.examined_pts[1:], source.end_pts)
    place = np.searchsorted(found.examined_pts, found.pts)
    boxes = dict(zip(("x1", "y1", "x2", "y2"), found.xyxy.T, strict=True))
    tracks = pd.array(found.track_id, dtype="Int64")
    tracks[found.track_id < 0] = pd.NA
    table = pd.DataFrame(
        {
            "frame": found.frame,
            "pts": found.pts,
            "end_pts": following[place],
            "time_s": seconds,
            "label": pd.Series([found.names[i] for i in found.class_id], dtype="str"),
            "class_id": found.class_id,
            "score": found.score,
            **boxes,
            "track_id": tracks,
        },
        columns=list(COLUMNS),
    )
    table.attrs[_FACTS] = to_json(source).decode()
    return table


@pd.api.extensions.register_dataframe_accessor("tl")
class DetectionAccessor:
    """`df.tl`: what a table of detections means on the film's clock.

    Args:
        table: As `to_dataframe` gives it; rows may be missing.

    Raises:
        RecognitionError: The table does not say which film it is of.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table
        facts = table.attrs.get(_FACTS)
        if facts is None:
            raise RecognitionError(
                "this table does not say which film it is of: make it with "
                "to_dataframe(), and keep its attrs"
            )
        self.source = from_json(facts, Source)

    def ranges(
        self,
        merge_gap: TimeLike = 0,
        pad: TimeLike = 0,
        min_duration: TimeLike = 0,
    ) -> pd.DataFrame:
        """The stretches of film that the rows cover.

        A row covers the time from its frame to the next frame that was looked at.

        Args:
            merge_gap: Stretches at most so far apart are one.
            pad: Added before and after each, within the film.
            min_duration: Shorter stretches are left out, measured before padding.

        Returns:
            One row a stretch: `start`, `end` and `duration` as exact fractions of a
            second of media time, `start_s` and `end_s` to read, `first_frame` and
            `last_frame` with detections, their number `detections`, `labels`,
            `mean_score` and `max_score`.

        Raises:
            TimeError: A duration cannot be read, or is negative.
            RecognitionError: A column is missing.
        """
        rate, tick = self.source.rate, self.source.time_base
        gap, margin = parse_duration(merge_gap, rate), parse_duration(pad, rate)
        shortest = parse_duration(min_duration, rate)
        self._check_columns()
        table = self._table.sort_values("pts", kind="stable")
        starts = table["pts"].to_numpy(np.int64)
        ends = table["end_pts"].to_numpy(np.int64)
        # Padding may make neighbours touch.
        groups = _merged(starts, ends, _floor(max(gap, 2 * margin) / tick))
        rows = self._summaries(table, groups)
        rows = rows[rows["end_pts"] - rows["pts"] >= _ceil(shortest / tick)]
        return self._timed(rows, margin)

    def _check_columns(self) -> None:
        for name in ("frame", "pts", "end_pts", "label", "score"):
            if name not in self._table.columns:
                raise RecognitionError(f"the table has no column {name!r}")

    def _summaries(
        self, table: pd.DataFrame, groups: NDArray[np.int64]
    ) -> pd.DataFrame:
        by_group = table.groupby(groups, sort=True)
        rows = by_group.agg(
            pts=("pts", "min"),
            end_pts=("end_pts", "max"),
            first_frame=("frame", "min"),
            last_frame=("frame", "max"),
            detections=("frame", "size"),
            mean_score=("score", "mean"),
            max_score=("score", "max"),
        )
        pairs = pd.DataFrame({"group": groups, "label": table["label"].to_numpy()})
        unique = pairs.drop_duplicates().sort_values(["group", "label"])
        rows["labels"] = unique.groupby("group")["label"].agg(", ".join)
        return rows

    def _timed(self, rows: pd.DataFrame, margin: Fraction) -> pd.DataFrame:
        source = self.source
        end_of_film = source.end_pts * source.time_base - source.start_time

        def seconds(ticks: Any) -> Fraction:
            return int(ticks) * source.time_base - source.start_time

        starts = [max(Fraction(0), seconds(t) - margin) for t in rows["pts"]]
        ends = [min(end_of_film, seconds(t) + margin) for t in rows["end_pts"]]
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        result = pd.DataFrame(
            {
                "start": pd.Series(starts, dtype=object),
                "end": pd.Series(ends, dtype=object),
                "duration": pd.Series(lengths, dtype=object),
                "start_s": pd.Series([float(t) for t in starts], dtype="float64"),
                "end_s": pd.Series([float(t) for t in ends], dtype="float64"),
            }
        )
        kept = rows.drop(columns=["pts", "end_pts"]).reset_index(drop=True)
        order = ["first_frame", "last_frame", "detections"]
        order += ["labels", "mean_score", "max_score"]
        result = pd.concat([result, kept[order]], axis=1)
        result.attrs[_FACTS] = self._table.attrs[_FACTS]
        return result


def _merged(
    starts: NDArray[np.int64], ends: NDArray[np.int64], gap: int
) -> NDArray[np.int64]:
    """The group of each interval, which begin in order; a wider hole begins anew."""
    if not len(starts):
        return np.zeros(0, np.int64)
    reach = np.maximum.accumulate(ends)
    breaks = starts[1:] - reach[:-1] > gap
    return np.concatenate([[0], np.cumsum(breaks)]).astype(np.int64)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _ceil(value: Fraction) -> int:
    return -_floor(-value)
