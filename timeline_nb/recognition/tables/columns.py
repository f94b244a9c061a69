"""The columns of a detection table, one row a detection.

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
keypoints  object    Where the model gives them: `[[x, y, score], ...]`.
corners    object    Where boxes have an angle: `[[x, y], ...]`, clockwise.
filled     bool      Where gaps were filled: whether this row was put into one.
mask       object    Where the model makes masks: COCO run lengths of the frame.
=========  ========  ==================================================================

`df.attrs["timeline_nb"]` holds the film (a `Source` as JSON), and
`df.attrs["timeline_nb_run"]` what was looked at: pandas keeps both through `query`,
`copy` and Parquet. The accessor `df.tl` needs the film to reckon exactly.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.structs import from_json, to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detections import Source

if TYPE_CHECKING:
    from timeline_nb.recognition.detections import Detections

__all__ = [
    "COLUMNS",
    "EXTRA_COLUMNS",
    "FACTS",
    "RUN",
    "check_columns",
    "exact_seconds",
    "from_dataframe",
    "seconds_of",
    "source_of",
    "table_of",
    "take_facts",
    "to_dataframe",
    "track_numbers",
]

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
EXTRA_COLUMNS: Final = ("keypoints", "corners", "filled", "mask")
FACTS: Final = "timeline_nb"
RUN: Final = "timeline_nb_run"
_BOX: Final = ("x1", "y1", "x2", "y2")


def to_dataframe(found: "Detections") -> pd.DataFrame:
    """One row a detection, in the order of frames; see the module for the columns."""
    source = found.source
    following = _ends(found.examined_pts, source)
    place = np.searchsorted(found.examined_pts, found.pts)
    tracks = pd.array(found.track_id, dtype="Int64")
    tracks[found.track_id < 0] = pd.NA
    names = pd.Series(list(found.names), dtype="str")
    table = pd.DataFrame(
        {
            "frame": found.frame,
            "pts": found.pts,
            "end_pts": following[place],
            "time_s": seconds_of(found.pts, source),
            "label": names.take(found.class_id).reset_index(drop=True),
            "class_id": found.class_id,
            "score": found.score,
            **dict(zip(_BOX, found.xyxy.T, strict=True)),
            "track_id": tracks,
        },
        columns=list(COLUMNS),
    )
    for name, part in (
        ("keypoints", found.keypoints),
        ("corners", found.corners),
        ("filled", found.filled),
        ("mask", found.masks),
    ):
        if part is not None:
            kind = bool if name == "filled" else object
            table[name] = pd.Series([row.tolist() for row in part], dtype=kind)
    table.attrs[FACTS] = to_json(source).decode()
    table.attrs[RUN] = {
        "frames": len(found.examined_pts),
        "seconds": float((following - found.examined_pts).sum() * source.time_base),
        "from_pts": int(found.examined_pts[0]) if len(following) else 0,
        "labels": list(found.names),
        "to_pts": int(following[-1]) if len(following) else 0,
    }
    return table


def _ends(pts: NDArray[np.int64], source: Source) -> NDArray[np.int64]:
    """Till when what is seen in each frame holds: the next one that was looked at.

    The last holds for as long as they are apart, and not beyond the film.
    """
    if len(pts) > 1:
        step = int(np.median(np.diff(pts)))
    else:
        step = max(1, round(1 / source.rate / source.time_base))
    if not len(pts):
        return np.zeros(0, np.int64)
    return np.append(pts[1:], min(source.end_pts, int(pts[-1]) + step))


def from_dataframe(
    table: pd.DataFrame,
    names: tuple[str, ...],
    examined: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> "Detections":
    """Detections of a table's rows, in the order of frames.

    Args:
        table: With the columns of `to_dataframe`.
        names: The labels by class id; all of the table's must be among them.
        examined: The numbers and the PTS of the frames that were looked at.

    Raises:
        RecognitionError: A column is missing, or a label is none of the names.
    """
    from timeline_nb.recognition.detections import Detections

    check_columns(table, ("frame", "pts", "label", "score", *_BOX))
    numbers = {name: number for number, name in enumerate(names)}
    unknown = set(table["label"].unique()) - set(names)
    if unknown:
        raise RecognitionError(f"the label {min(unknown)!r} is none of the model's")
    rows = table.sort_values("pts", kind="stable")
    return Detections(
        source=source_of(table),
        names=names,
        examined_frame=examined[0],
        examined_pts=examined[1],
        frame=rows["frame"].to_numpy(np.int64),
        pts=rows["pts"].to_numpy(np.int64),
        xyxy=rows[list(_BOX)].to_numpy(np.float32),
        score=rows["score"].to_numpy(np.float32),
        class_id=np.asarray(rows["label"].map(numbers), np.int64),
        track_id=track_numbers(rows),
    )


def table_of(found: Any) -> pd.DataFrame:
    """A detection table of what was found: a table already, or what makes one.

    Raises:
        RecognitionError: It is neither, or lacks a column.
    """
    table = found if isinstance(found, pd.DataFrame) else None
    if table is None and hasattr(found, "to_dataframe"):
        table = found.to_dataframe()
    if not isinstance(table, pd.DataFrame):
        raise RecognitionError(
            f"{type(found).__name__} is no detection table: give media.detect(), or "
            "its to_dataframe()"
        )
    check_columns(table, ("pts", "label", "score", *_BOX))
    source_of(table)
    return table


def source_of(table: pd.DataFrame) -> Source:
    """The film that a table is of.

    Raises:
        RecognitionError: The table does not say.
    """
    facts = table.attrs.get(FACTS)
    if facts is None:
        raise RecognitionError(
            "this table does not say which film it is of: make it with "
            "to_dataframe(), and keep its attrs"
        )
    return from_json(facts, Source)


def take_facts(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The table, now saying of which film and run the other is."""
    for name in (FACTS, RUN):
        if name in other.attrs:
            table.attrs[name] = other.attrs[name]
    return table


def check_columns(table: pd.DataFrame, names: tuple[str, ...]) -> None:
    """Insist on columns.

    Raises:
        RecognitionError: One is missing.
    """
    for name in names:
        if name not in table.columns:
            raise RecognitionError(
                f"the table has no column {name!r}; it needs {', '.join(names)}"
            )


def track_numbers(table: pd.DataFrame) -> NDArray[np.int64]:
    """The track of each row, -1 where there is none."""
    if "track_id" not in table.columns:
        return np.full(len(table), -1, np.int64)
    return np.asarray(table["track_id"].fillna(-1).to_numpy(np.int64))


def seconds_of(pts: NDArray[Any], source: Source) -> NDArray[np.float64]:
    """Media seconds of time stamps, to read."""
    return np.asarray(pts * float(source.time_base) - float(source.start_time))


def exact_seconds(pts: Any, source: Source) -> Fraction:
    """Media seconds of a time stamp, to cut at."""
    return int(pts) * source.time_base - source.start_time
