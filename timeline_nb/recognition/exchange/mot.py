"""MOT Challenge text: frame, track, left, top, width, height, score, -1, -1, -1."""

from pathlib import Path

import numpy as np
import pandas as pd

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import MAX_TABLE_BYTES, read_limited
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import written_files
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.exchange.rows import table_from_rows
from timeline_nb.recognition.source import IndexedMedia, Source
from timeline_nb.recognition.tables.columns import check_columns, track_numbers

__all__ = ["read_mot", "write_mot"]

_COLUMNS = 7


def write_mot(
    table: pd.DataFrame, path: Path | str, *, overwrite: bool = False
) -> None:
    """Write a table as MOT text; frames count from 1, rows without a track have -1.

    Labels are not written: the format has none. `overwrite` replaces a file that was
    not written here.
    """
    target = output_path(path, RecognitionError, what="the table, such as 'boxes.txt'")
    check_columns(table, ("frame", "score", "x1", "y1", "x2", "y2"))
    x1, y1, x2, y2 = (table[n].to_numpy(np.float64) for n in ("x1", "y1", "x2", "y2"))
    columns = zip(
        table["frame"] + 1,
        track_numbers(table),
        x1,
        y1,
        x2 - x1,
        y2 - y1,
        table["score"],
        strict=True,
    )
    lines = [
        f"{frame},{track},{x:.2f},{y:.2f},{w:.2f},{h:.2f},{score:.4f},-1,-1,-1\n"
        for frame, track, x, y, w, h, score in columns
    ]
    with file_errors(path, RecognitionError):
        written_files().write(
            target, "".join(lines).encode(), RecognitionError, overwrite=overwrite
        )


def read_mot(
    path: Path | str, source: Source | IndexedMedia, *, label: str = "object"
) -> pd.DataFrame:
    """Read MOT text as a detection table.

    Args:
        path: A `gt.txt`, `det.txt`, or a tracker's result.
        source: The media: what `tl.open` gives, or the `source` of a table.
        label: The label of all boxes.

    Raises:
        RecognitionError: The file cannot be read, or a line does not hold numbers.
    """
    rows = []
    data = read_limited(path, MAX_TABLE_BYTES, RecognitionError)
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RecognitionError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = [float(part) for part in line.replace(" ", ",").split(",") if part]
            frame, track, x, y, wide, high, score = values[:_COLUMNS]
        except ValueError:
            # The line is not shown, here or as a cause: the file may be any file.
            raise RecognitionError(
                f"{path}, line {number}: this is not frame, track, left, top, width, "
                "height, score"
            ) from None
        rows.append(
            {
                "frame": int(frame) - 1,
                "label": label,
                "score": score,
                "x1": x,
                "y1": y,
                "x2": x + wide,
                "y2": y + high,
                "track_id": int(track) if track >= 0 else None,
            }
        )
    return table_from_rows(rows, source)
