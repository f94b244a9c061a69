"""The arrays of detections, and their `.npz` file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import msgspec
import numpy as np

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import replacing
from timeline_nb.core.structs import from_json, to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import Source

__all__ = ["ARRAYS", "POINTS", "read_arrays", "write_arrays"]

ARRAYS: Final[dict[str, type]] = {
    "examined_frame": np.int64,
    "examined_pts": np.int64,
    "frame": np.int64,
    "pts": np.int64,
    "xyxy": np.float32,
    "score": np.float32,
    "class_id": np.int64,
    "track_id": np.int64,
}
# Those that are None where the model does not give them.
POINTS: Final = ("keypoints", "corners", "filled")


def write_arrays(path: Path, fields: Mapping[str, Any]) -> None:
    """Write the fields of detections to an `.npz` file, all of it or nothing.

    Args:
        path: The file.
        fields: `source`, `names`, the arrays, and `masks`.

    Raises:
        RecognitionError: The file cannot be written.
    """
    parts = {name: fields[name] for name in (*ARRAYS, *POINTS)}
    masks = fields["masks"]
    if masks is not None:
        parts["mask_runs"] = np.concatenate([np.zeros(0, np.uint32), *masks])
        parts["mask_lengths"] = np.array([len(mask) for mask in masks], int)
    kept = {name: part for name, part in parts.items() if part is not None}
    with (
        file_errors(path, RecognitionError),
        replacing(path) as partial,
        partial.open("wb") as file,
    ):
        np.savez_compressed(
            file,
            source=np.frombuffer(to_json(fields["source"]), np.uint8),
            names=np.frombuffer(to_json(fields["names"]), np.uint8),
            **kept,
        )


def read_arrays(path: Path) -> dict[str, Any] | None:
    """Return the fields of detections in a file; None if it is none, or broken."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            fields: dict[str, Any] = {
                name: kept[name].astype(kind) for name, kind in ARRAYS.items()
            }
            fields |= {name: kept[name] for name in POINTS if name in kept}
            if "mask_runs" in kept:
                ends = np.cumsum(kept["mask_lengths"])[:-1]
                fields["masks"] = tuple(np.split(kept["mask_runs"], ends))
                if not len(kept["mask_lengths"]):
                    fields["masks"] = ()
            fields["source"] = from_json(kept["source"].tobytes(), Source)
            fields["names"] = from_json(kept["names"].tobytes(), tuple[str, ...])
            return fields
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        BadZipFile,
        msgspec.MsgspecError,
    ):
        return None
