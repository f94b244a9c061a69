"""The columns of a detection table, one row per detection.

=========  ========  ==================================================================
frame      int64     The frame's number, from 0 in the order shown.
pts        int64     Its presentation time stamp: with the file, its identity.
end_pts    int64     The PTS of the next examined frame: until then the row holds.
time_s     float64   Media seconds at which the frame is shown.
label      str       The class.
class_id   int64     Its number in the model.
score      float32   0 to 1.
x1, y1     float32   Left and top, in pixels of the upright frame.
x2, y2     float32   Right and bottom.
track_id   Int64     Of tracked objects; missing otherwise.
keypoints  object    Where the model gives them: `[[x, y, score], ...]`.
corners    object    Where boxes are rotated: `[[x, y], ...]`, clockwise.
filled     bool      Where gaps were filled: whether this row was interpolated.
mask       object    Where the model makes masks: COCO run lengths of the frame.
=========  ========  ==================================================================

`df.attrs["timeline_nb"]` holds the media (a `Source` as JSON), and
`df.attrs["timeline_nb_run"]` which frames were searched: pandas keeps both through
`query`, `copy` and Parquet. Most methods of `df.tl` need them for exact times.
`timeline_nb_model` and `timeline_nb_file` say what found the rows, and the file that
they were read from (an `Origin` as JSON each), for the locks of films.
"""

from fractions import Fraction
from typing import Any, Final

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.structs import from_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import Source

__all__ = [
    "BOX_COLUMNS",
    "COLUMNS",
    "EXTRA_COLUMNS",
    "FACTS",
    "FILE",
    "MODEL",
    "RUN",
    "check_columns",
    "end_stamps",
    "exact_seconds",
    "seconds_of",
    "source_of",
    "table_of",
    "take_facts",
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
MODEL: Final = "timeline_nb_model"
FILE: Final = "timeline_nb_file"
BOX_COLUMNS: Final = ("x1", "y1", "x2", "y2")


def end_stamps(pts: NDArray[np.int64], source: Source) -> NDArray[np.int64]:
    """Return until when the rows of each examined frame hold: until the next one.

    Those of the last hold for the median step, and not beyond the media.
    """
    if len(pts) > 1:
        step = int(np.median(np.diff(pts)))
    else:
        step = max(1, round(1 / source.rate / source.time_base))
    if not len(pts):
        return np.zeros(0, np.int64)
    return np.append(pts[1:], min(source.end_pts, int(pts[-1]) + step))


def table_of(found: Any) -> pd.DataFrame:
    """Return the detection table of a detection result, or the table itself.

    Raises:
        RecognitionError: It is neither, or lacks a column.
    """
    table = found if isinstance(found, pd.DataFrame) else None
    if table is None and hasattr(found, "to_dataframe"):
        table = found.to_dataframe()
    if not isinstance(table, pd.DataFrame):
        raise RecognitionError(
            f"{type(found).__name__} is not a detection table: give media.detect(), or "
            "its to_dataframe()"
        )
    check_columns(table, ("pts", "label", "score", *BOX_COLUMNS))
    source_of(table)
    return table


def source_of(table: pd.DataFrame) -> Source:
    """Return the media that a table is of.

    Raises:
        RecognitionError: The table does not say.
    """
    facts = table.attrs.get(FACTS)
    if facts is None:
        raise RecognitionError(
            "this table does not say which media it is of: make it with "
            "to_dataframe(), or, where merge or a file dropped them, set its attrs to "
            "those of such a table"
        )
    try:
        return from_json(facts, Source)
    except (msgspec.MsgspecError, TypeError):
        raise RecognitionError(
            "what this table says of its media cannot be read: take its attrs from a "
            "table that to_dataframe() made"
        ) from None


def take_facts(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Copy the media, run, model and file from another table; return the table."""
    for name in (FACTS, RUN, MODEL, FILE):
        if name in other.attrs:
            table.attrs[name] = other.attrs[name]
    return table


def check_columns(table: pd.DataFrame, names: tuple[str, ...]) -> None:
    """Check that a table has columns.

    Raises:
        RecognitionError: One is missing.
    """
    for name in names:
        if name not in table.columns:
            raise RecognitionError(
                f"the table has no column {name!r}; it needs {', '.join(names)}"
            )


def track_numbers(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return the track id of each row, -1 where there is none."""
    if "track_id" not in table.columns:
        return np.full(len(table), -1, np.int64)
    return np.asarray(table["track_id"].fillna(-1).to_numpy(np.int64))


def seconds_of(pts: NDArray[Any], source: Source) -> NDArray[np.float64]:
    """Return the media seconds of PTS, as floats."""
    return np.asarray(pts * float(source.time_base) - float(source.start_time))


def exact_seconds(pts: Any, source: Source) -> Fraction:
    """Return the exact media seconds of a PTS."""
    return int(pts) * source.time_base - source.start_time
