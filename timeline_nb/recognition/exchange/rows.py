"""Rows of other formats as a table with every column."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.structs import to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import IndexedMedia, Source
from timeline_nb.recognition.tables.columns import COLUMNS, FACTS, seconds_of

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
    rows: list[dict[str, Any]], film: Source | IndexedMedia
) -> pd.DataFrame:
    """A table of rows that tell a frame, a label, a box, and perhaps a track."""
    needed = ("frame", "label", "score", "x1", "y1", "x2", "y2", "track_id")
    table = pd.DataFrame(rows, columns=None if rows else list(needed))
    return completed(table, film)


def completed(table: pd.DataFrame, film: Source | IndexedMedia) -> pd.DataFrame:
    """A table with the columns that others follow from, in their types and order.

    Where PTS are not told they follow from the numbers of the frames: by the film's
    index, or by its rate where frames last equally.

    Raises:
        RecognitionError: A value is no number, a box is turned inside out, the film
            has no such frame, or frames last unequally and no index tells when.
    """
    found = table.copy()
    source = facts_of(film)
    try:
        if "pts" not in found.columns or "end_pts" not in found.columns:
            begins, ends = _stamps(found["frame"].to_numpy("int64"), film)
            told = found["pts"].to_numpy("int64") if "pts" in found.columns else begins
            found["pts"] = told
            if "end_pts" not in found.columns:
                found["end_pts"] = told + (ends - begins)
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


def facts_of(film: Source | IndexedMedia) -> Source:
    """What tables tell of a film."""
    return film if isinstance(film, Source) else film.source


def _stamps(
    numbers: NDArray[np.int64], film: Source | IndexedMedia
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When frames begin and end, in ticks of the film's PTS."""
    if isinstance(film, Source):
        if film.is_vfr:
            raise RecognitionError(
                f"{film.path}: frames last unequally, so that their numbers do not "
                "tell when they are shown: give source=tl.open(...), which knows"
            )
        step = 1 / film.rate / film.time_base
        zero = film.start_time / film.time_base
        edges = [round(zero + n * step) for n in (*numbers.tolist(), 0, 1)]
        begins = np.array(edges[:-2], np.int64)
        return begins, begins + (edges[-1] - edges[-2])
    pts = np.append(film.index.pts, film.index.end_pts)
    last = len(pts) - 2
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() <= last:
        wrong = numbers[(numbers < 0) | (numbers > last)][0]
        raise RecognitionError(
            f"the table tells of frame {wrong}, and {film.source.path} has frames 0 "
            f"to {last}: is it another film's, or does it count from 1?"
        )
    return pts[numbers], pts[numbers + 1]
