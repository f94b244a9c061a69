"""Rows of other formats as a table with every column."""

from typing import Any

import numpy as np
import pandas as pd

from timeline_nb.core.structs import to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detections import Source
from timeline_nb.recognition.tables.columns import COLUMNS, FACTS, seconds_of

__all__ = ["completed", "table_from_rows"]

_KINDS: dict[str, Any] = {
    "frame": "int64",
    "pts": "int64",
    "end_pts": "int64",
    "time_s": "float64",
    "label": "str",
    "class_id": "int64",
    "score": "float32",
    "x1": "float32",
    "y1": "float32",
    "x2": "float32",
    "y2": "float32",
    "track_id": "Int64",
}


def table_from_rows(rows: list[dict[str, Any]], source: Source) -> pd.DataFrame:
    """A table of rows that tell a frame, a label, a box, and perhaps a track."""
    needed = ("frame", "label", "score", "x1", "y1", "x2", "y2", "track_id")
    table = pd.DataFrame(rows, columns=None if rows else list(needed))
    return completed(table, source)


def completed(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    """A table with the columns that others follow from, in their types and order.

    PTS follow from frames by the film's rate where they are not told, which is right
    for films whose rate is constant.

    Raises:
        RecognitionError: A value is no number, or a box is turned inside out.
    """
    found = table.copy()
    tick = 1 / source.rate / source.time_base
    zero = int(source.start_time / source.time_base)
    try:
        if "pts" not in found.columns:
            numbers = found["frame"].astype("int64")
            found["pts"] = [round(number * tick) + zero for number in numbers]
        if "end_pts" not in found.columns:
            found["end_pts"] = found["pts"].astype("int64") + round(tick)
        found["time_s"] = seconds_of(found["pts"].to_numpy(np.int64), source)
        if "class_id" not in found.columns:
            found["class_id"] = pd.factorize(found["label"], sort=True)[0]
        if "track_id" not in found.columns:
            found["track_id"] = pd.NA
        for name, kind in _KINDS.items():
            values = found[name]
            if kind == "Int64":
                values = pd.to_numeric(values, errors="raise")
            found[name] = values.astype(kind)
    except (ValueError, TypeError, KeyError) as error:
        raise RecognitionError(
            f"the table of {source.path} cannot be read: {error}"
        ) from error
    if ((found["x2"] < found["x1"]) | (found["y2"] < found["y1"])).any():
        raise RecognitionError("a box of the table ends before it begins")
    rest = [name for name in found.columns if name not in COLUMNS]
    result = found[[*COLUMNS, *rest]].sort_values("pts", kind="stable")
    result = result.reset_index(drop=True)
    result.attrs[FACTS] = to_json(source).decode()
    return result
