"""Writing a table to the format that a file's name asks for."""

from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.core.files import replacing
from timeline_nb.errors import RecognitionError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_table"]


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write all of the table or nothing.

    Raises:
        RecognitionError: The name ends neither in .csv nor in .parquet, or the
            file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".parquet"}:
        raise RecognitionError(f"{path}: name the table .csv or .parquet")
    try:
        with replacing(path) as partial:
            if suffix == ".csv":
                table.to_csv(partial, index=False)
            else:
                table.to_parquet(partial, index=False)
    except OSError as error:
        raise RecognitionError(f"{path} cannot be written: {error.strerror}") from error
