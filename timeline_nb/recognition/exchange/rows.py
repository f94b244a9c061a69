"""Rows of other formats as a table with all columns."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.structs import to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import IndexedMedia, Source
from timeline_nb.recognition.tables.columns import (
    COLUMNS,
    FACTS,
    check_columns,
    seconds_of,
)

__all__ = ["completed", "facts_of", "table_from_rows"]

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


def table_from_rows(
    rows: list[dict[str, Any]], media: Source | IndexedMedia
) -> pd.DataFrame:
    """Make a table of rows with a frame, a label, a box, and perhaps a track."""
    needed = ("frame", "label", "score", "x1", "y1", "x2", "y2", "track_id")
    table = pd.DataFrame(rows, columns=None if rows else list(needed))
    return completed(table, media)


def completed(table: pd.DataFrame, media: Source | IndexedMedia) -> pd.DataFrame:
    """Complete a table with all columns, in their types and order.

    Missing PTS are computed from frame numbers: by the media's index, or by its rate if
    that is constant.

    Raises:
        RecognitionError: A value is not a number, a box has a negative size, the media
            has no such frame, or its rate is variable and no index is given.
    """
    found = table.copy()
    source = facts_of(media)
    try:
        if "pts" not in found.columns or "end_pts" not in found.columns:
            begins, ends = _stamps(found["frame"].to_numpy("int64"), media)
            own = found["pts"].to_numpy("int64") if "pts" in found.columns else begins
            found["pts"] = own
            if "end_pts" not in found.columns:
                found["end_pts"] = own + (ends - begins)
        found["time_s"] = seconds_of(found["pts"].to_numpy(np.int64), source)
        if "class_id" not in found.columns:
            found["class_id"] = pd.factorize(found["label"], sort=True)[0]
        if "track_id" not in found.columns:
            found["track_id"] = pd.NA
    except (ValueError, TypeError, KeyError, OverflowError):
        # The values are not shown, here or as a cause: the table may be of any file.
        raise RecognitionError(
            f"the table of {source.path} cannot be read: its frames or PTS are not "
            "whole numbers"
        ) from None
    check_columns(found, tuple(_KINDS))
    for name, kind in _KINDS.items():
        found[name] = _converted(found[name], kind, source)
    if ((found["x2"] < found["x1"]) | (found["y2"] < found["y1"])).any():
        raise RecognitionError("a box has a negative size: x2 < x1 or y2 < y1")
    rest = [name for name in found.columns if name not in COLUMNS]
    result = found[[*COLUMNS, *rest]].sort_values("pts", kind="stable")
    result = result.reset_index(drop=True)
    result.attrs[FACTS] = to_json(source).decode()
    return result


def _converted(values: "pd.Series[Any]", kind: str, source: Source) -> Any:
    """Return a column in its type.

    Raises:
        RecognitionError: It holds what is not of that type.
    """
    try:
        if kind == "Int64":
            values = pd.to_numeric(values, errors="raise")
        converted: Any = values
        return converted.astype(kind)
    except (ValueError, TypeError, OverflowError):
        raise RecognitionError(
            f"the table of {source.path} cannot be read: its column {values.name!r} "
            f"holds what is no {'text' if kind == 'str' else 'number'}"
        ) from None


def facts_of(media: Source | IndexedMedia) -> Source:
    """Return the media as tables name it."""
    return media if isinstance(media, Source) else media.source


def _stamps(
    numbers: NDArray[np.int64], media: Source | IndexedMedia
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when frames begin and end, in PTS ticks."""
    if isinstance(media, Source):
        if media.is_vfr:
            raise RecognitionError(
                f"{media.path} has a variable frame rate: numbers alone do not say "
                "when frames are shown; give source=tl.open(...)"
            )
        step = 1 / media.rate / media.time_base
        zero = media.start_time / media.time_base
        edges = [round(zero + n * step) for n in (*numbers.tolist(), 0, 1)]
        begins = np.array(edges[:-2], np.int64)
        return begins, begins + (edges[-1] - edges[-2])
    pts = np.append(media.index.pts, media.index.end_pts)
    last = len(pts) - 2
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() <= last:
        wrong = numbers[(numbers < 0) | (numbers > last)][0]
        raise RecognitionError(
            f"the table has frame {wrong}, and {media.source.path} has frames 0 to "
            f"{last}: is it of other media, or does it count from 1?"
        )
    return pts[numbers], pts[numbers + 1]
