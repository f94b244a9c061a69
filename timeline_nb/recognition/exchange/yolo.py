"""YOLO text: a file per frame, a line per object: class, relative center and size."""

import re
from pathlib import Path

import pandas as pd

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import MAX_TABLE_BYTES, read_limited
from timeline_nb.core.files import write_all
from timeline_nb.core.written_files import written_files
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.exchange.rows import facts_of, table_from_rows
from timeline_nb.recognition.source import IndexedMedia, Source
from timeline_nb.recognition.tables.columns import check_columns, source_of

__all__ = ["read_yolo", "write_yolo"]

_NAMES = "classes.txt"
_NUMBER = re.compile(r"(\d+)$")


def write_yolo(
    table: pd.DataFrame, folder: Path | str, *, overwrite: bool = False
) -> None:
    """Write a table as YOLO text: `frame_000012.txt` and so on, and `classes.txt`.

    Each line is class, center x, center y, width, height, score, and the track if it
    has one.

    Args:
        table: The detections.
        folder: Made if there is none.
        overwrite: Replace files that were not written here.

    Raises:
        RecognitionError: Another program's file is there, or a file cannot be written.
    """
    check_columns(table, ("frame", "label", "score", "x1", "y1", "x2", "y2"))
    width, height = source_of(table).size
    labels = sorted(table["label"].unique())
    numbers = {label: number for number, label in enumerate(labels)}
    folder = Path(folder)
    files = [(_NAMES, "".join(f"{name}\n" for name in labels).encode())]
    for frame, rows in table.groupby("frame"):
        lines = []
        for row in rows.to_dict("records"):
            x, y = (row["x1"] + row["x2"]) / 2 / width, (row["y1"] + row["y2"]) / 2
            wide, high = (row["x2"] - row["x1"]) / width, row["y2"] - row["y1"]
            line = f"{numbers[row['label']]} {x:.6f} {y / height:.6f} {wide:.6f} "
            line += f"{high / height:.6f} {row['score']:.4f}"
            if not pd.isna(row.get("track_id", pd.NA)):
                line += f" {int(row['track_id'])}"
            lines.append(f"{line}\n")
        files.append((f"frame_{int(str(frame)):06d}.txt", "".join(lines).encode()))
    with file_errors(folder, RecognitionError):
        folder.mkdir(parents=True, exist_ok=True)
        written, place = written_files(), folder / _NAMES
        names = [name for name, _ in files]
        written.check(place, RecognitionError, overwrite=overwrite, names=names)
        write_all(folder, files)
        written.note(place, ((name, folder / name) for name in names))


def read_yolo(folder: Path | str, source: Source | IndexedMedia) -> pd.DataFrame:
    """Read YOLO text as a detection table.

    Args:
        folder: Files whose names end in the frame's number, and `classes.txt`.
        source: The media: what `tl.open` gives, or the `source` of a table.

    Raises:
        RecognitionError: A file cannot be read, or a line is not as above.
    """
    folder = Path(folder)
    names_file = folder / _NAMES
    names = _lines(names_file)
    width, height = facts_of(source).size
    rows = []
    for path in sorted(folder.glob("*.txt")):
        number = _NUMBER.search(path.stem)
        if path.name == _NAMES or number is None:
            continue
        for place, line in enumerate(_lines(path), 1):
            try:
                values = [float(part) for part in line.split()]
                x, y, wide, high = values[1:5]
                label = names[int(values[0])]
            except (ValueError, IndexError):
                # The line is not shown, here or as a cause: the file may be any file.
                raise RecognitionError(
                    f"{path}, line {place}: this is not class, middle, size"
                ) from None
            rows.append(
                {
                    "frame": int(number[1]),
                    "label": label,
                    "score": values[5] if len(values) > 5 else 1.0,
                    "x1": (x - wide / 2) * width,
                    "y1": (y - high / 2) * height,
                    "x2": (x + wide / 2) * width,
                    "y2": (y + high / 2) * height,
                    "track_id": int(values[6]) if len(values) > 6 else None,
                }
            )
    return table_from_rows(rows, source)


def _lines(path: Path) -> list[str]:
    data = read_limited(path, MAX_TABLE_BYTES, RecognitionError)
    try:
        return data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RecognitionError(f"{path} cannot be read: {error}") from error
