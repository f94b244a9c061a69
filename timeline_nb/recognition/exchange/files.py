"""Detection tables on disk: CSV and Parquet, with the media they are of."""

import json
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import pandas as pd
from pyarrow.parquet import ParquetFile

from timeline_nb.core.csv_cells import table_as_text, table_from_text
from timeline_nb.core.file_errors import file_errors, reason_of
from timeline_nb.core.file_limits import (
    MAX_TABLE_BYTES,
    MAX_TABLE_ROWS,
    open_limited,
    read_limited,
)
from timeline_nb.core.origins import Origin
from timeline_nb.core.output_names import output_path
from timeline_nb.core.structs import to_json
from timeline_nb.core.written_files import written_files
from timeline_nb.errors import RecognitionError
from timeline_nb.media.content_hash import content_hash
from timeline_nb.recognition.exchange.cvat import read_cvat
from timeline_nb.recognition.exchange.rows import completed
from timeline_nb.recognition.source import IndexedMedia, Source
from timeline_nb.recognition.tables.columns import (
    FACTS,
    FILE,
    MODEL,
    RUN,
    check_columns,
    source_of,
    table_of,
    take_facts,
)

__all__ = ["BESIDE", "read_detections", "table_path", "write_detections", "write_table"]

# CSV has no place for the media: a file beside it has.
BESIDE: Final = ".film.json"


def table_path(path: Path | str, *, overwrite: bool = False) -> Path:
    """Return the path of a table to be written.

    Args:
        path: The file.
        overwrite: Whether a file that was not written here may be replaced.

    Raises:
        RecognitionError: No file can have the name, it ends neither in .csv nor in
            .parquet, or another program's file is there.
    """
    target = output_path(path, RecognitionError, what="the table, such as 'boxes.csv'")
    if target.suffix.lower() not in {".csv", ".parquet"}:
        raise RecognitionError(f"{path}: name the table .csv or .parquet")
    written_files().check(target, RecognitionError, overwrite=overwrite)
    return target


def write_detections(table: Any, path: Path | str, *, overwrite: bool = False) -> Path:
    """Write a detection table to a CSV or Parquet file, all of it or nothing.

    Beside a CSV file a second one keeps which media it is of; `read_detections` reads
    both.

    Args:
        table: A detection table, or what `media.detect()` gives.
        path: The file, which ends in `.csv` or `.parquet`.
        overwrite: Replace a file that was not written here.

    Raises:
        RecognitionError: The name ends neither in .csv nor in .parquet, another
            program's file is there, or the file cannot be written.

    Example:
        >>> tl.write_detections(table, "boxes.parquet", overwrite=True)
        PosixPath('boxes.parquet')
    """
    return write_table(table_of(table), path, overwrite=overwrite)


def write_table(
    table: pd.DataFrame, path: Path | str, *, overwrite: bool = False
) -> Path:
    """Write a table of a file's time to a CSV or Parquet file; as `write_detections`.

    Raises:
        RecognitionError: As `write_detections`.
    """
    path = table_path(path, overwrite=overwrite)
    own, kind = written_files(), RecognitionError
    suffix = path.suffix.lower()
    with file_errors(path, RecognitionError):
        with own.replacing(path, kind, overwrite=overwrite) as partial:
            if suffix == ".csv":
                table_as_text(table).to_csv(partial, index=False)
            else:
                # Where it was read from is no fact of what it holds.
                bare = table.copy(deep=False)
                bare.attrs.pop(FILE, None)
                bare.to_parquet(partial, index=False)
        if suffix == ".csv" and FACTS in table.attrs:
            facts = {
                name: table.attrs[name]
                for name in (FACTS, RUN, MODEL)
                if name in table.attrs
            }
            beside = path.with_name(path.name + BESIDE)
            own.write(beside, json.dumps(facts).encode(), kind, overwrite=overwrite)
    return path


def _check_rows(path: Path, count: int) -> None:
    if count > MAX_TABLE_ROWS.value:
        raise RecognitionError(f"{path}: rows are {MAX_TABLE_ROWS.excess}")


def _facts_in(beside: Path) -> dict[str, Any]:
    """Return which media a table is of, from the file beside it.

    Raises:
        RecognitionError: It holds something else.
    """
    data = read_limited(beside, MAX_TABLE_BYTES, RecognitionError)
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise RecognitionError(
            f"{beside} cannot be read: it does not say which media the table beside "
            "it is of; delete it, and give source=tl.open(...)"
        ) from None


def read_detections(
    path: Path | str, source: Source | IndexedMedia | None = None
) -> pd.DataFrame:
    """Read a detection table from a file, with the media that it is of.

    Annotations of CVAT become one, too: attributes are columns `attribute_NAME`, boxes
    that are outside are left out, and other shapes are the boxes around them.

    Args:
        path: A `.csv` or `.parquet` file; or a `.xml` or `.zip` that CVAT exports for
            video or images, for which `source` is needed.
        source: The media, where the file does not say: what `tl.open` gives, or the
            `source` of another table. Rows with frame numbers and no PTS are given
            theirs.

    Raises:
        RecognitionError: The file cannot be read, or nothing says which media it is of.

    Example:
        >>> tl.write_detections(table, "boxes.csv", overwrite=True)
        PosixPath('boxes.csv')
        >>> again = tl.read_detections("boxes.csv", src)
        >>> again.shape == table.shape
        True
    """
    path = Path(path)
    if isinstance(source, (str, Path)):
        raise RecognitionError(
            f"source={str(source)!r} is a name: give the media itself, tl.open(...)"
        )
    if path.suffix.lower() in {".xml", ".zip"}:
        if source is None:
            raise RecognitionError(
                f"{path} does not say which media it is of: give source=tl.open(...)"
            )
        return _noted(read_cvat(path, source), path)
    with open_limited(path, MAX_TABLE_BYTES, RecognitionError) as file:
        try:
            table = _table_in(path, file)
        except OSError as error:
            why = reason_of(error)
            raise RecognitionError(f"{path} cannot be read: {why}") from error
        except (ValueError, TypeError, OverflowError):
            # What the reader says quotes the rows, and this may be any file.
            kind = "Parquet" if path.suffix.lower() == ".parquet" else "CSV"
            raise RecognitionError(
                f"{path} cannot be read: it is no {kind} table of detections"
            ) from None
    if source is None and FACTS not in table.attrs:
        raise RecognitionError(
            f"{path} does not say which media it is of: give source=tl.open(...)"
        )
    check_columns(table, ("label", "score", "x1", "y1", "x2", "y2"))
    if "pts" not in table.columns:
        check_columns(table, ("frame",))
    known = completed(table, source_of(table) if source is None else source)
    if source is not None:
        table.attrs[FACTS] = known.attrs[FACTS]
    return _noted(take_facts(known, table), path)


def _noted(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the table with the file that it was read from, for the locks of films."""
    origin = Origin(
        what="detections",
        name=path.name,
        path=str(path.absolute()),
        sha256=content_hash(path).digest,
    )
    table.attrs[FILE] = to_json(origin).decode()
    return table


def _table_in(path: Path, file: IO[bytes]) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        _check_rows(path, ParquetFile(file).metadata.num_rows)
        file.seek(0)
        return pd.read_parquet(file)
    kinds = {"track_id": "Int64", "label": "str"}
    table = pd.read_csv(file, dtype=kinds, nrows=MAX_TABLE_ROWS.value + 1)
    _check_rows(path, len(table))
    beside = path.with_name(path.name + BESIDE)
    if beside.is_file():
        # It was written here, where text that looks like a formula is quoted.
        table = table_from_text(table)
        table.attrs.update(_facts_in(beside))
    return table
