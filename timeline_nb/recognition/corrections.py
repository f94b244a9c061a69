"""Manual corrections: a layer over the detections, which stay as they are."""

from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import pandas as pd

from timeline_nb.core.call_errors import explain_calls
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import MAX_TABLE_BYTES, read_limited
from timeline_nb.core.output_names import output_path
from timeline_nb.core.structs import fault_of, from_json, to_json
from timeline_nb.core.written_files import written_files
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.tables.columns import source_of, take_facts

__all__ = ["Correction", "Corrections"]

_BOX = ("x1", "y1", "x2", "y2")


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One manual correction of one row.

    Args:
        row: Its place in the detection table; of an added box, a number after all.
        op: Change the label or box, remove the row, or add a missed object.
        label: The new label; empty to keep it.
        box: The new box, in pixels of the upright frame; None to keep it.
        frame: The frame number of an added box.
        pts: Its PTS.
        end_pts: The PTS until which it holds.
    """

    row: int
    op: Literal["change", "remove", "add"]
    label: str = ""
    box: tuple[float, float, float, float] | None = None
    frame: int = -1
    pts: int = -1
    end_pts: int = -1


@explain_calls
class Corrections:
    """The corrections of one detection table, in the order they were made.

    Args:
        made: The first ones.

    Example:
        >>> overlay = tl.Overlay(result)
        >>> len(overlay.corrections)
        0
        >>> overlay.corrections.save("corrections.json", overwrite=True)
    """

    def __init__(self, made: tuple[Correction, ...] = ()) -> None:
        self.made = list(made)

    def __len__(self) -> int:
        return len(self.made)

    def add(self, correction: Correction) -> None:
        """Add a correction.

        Example:
            >>> from timeline_nb.recognition.corrections import Correction
            >>> overlay = tl.Overlay(result)
            >>> overlay.corrections.add(Correction(row=0, op="change", label="van"))
            >>> overlay.corrected["label"].iloc[0]
            'van'
        """
        self.made.append(correction)

    def undo(self) -> None:
        """Remove the last correction.

        Raises:
            RecognitionError: There is none.

        Example:
            >>> from timeline_nb.recognition.corrections import Correction
            >>> overlay = tl.Overlay(result)
            >>> overlay.corrections.add(Correction(row=0, op="change", label="van"))
            >>> overlay.corrections.undo()
            >>> len(overlay.corrections)
            0
        """
        if not self.made:
            raise RecognitionError("nothing was corrected: there is nothing to undo")
        self.made.pop()

    def applied(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the corrected table, with columns `row` and `by` (`detector`, `hand`).

        The table itself stays as it is. Corrected rows have the score 1.

        Args:
            table: The detections, unchanged.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.corrections.applied(table)["by"].unique().tolist()
            ['detector']
        """
        result = table.reset_index(drop=True).copy()
        result["row"] = np.arange(len(result))
        result["by"] = "detector"
        for one in self.made:
            if one.op == "add":
                result = _with_row(result, one)
                continue
            here = result["row"] == one.row
            if one.op == "remove":
                result = result[~here]
                continue
            if one.label:
                result.loc[here, "label"] = one.label
                result.loc[here, "class_id"] = _class_of(result, one.label)
            if one.box is not None:
                result.loc[here, list(_BOX)] = np.array(one.box, np.float32)
            result.loc[here, "by"] = "hand"
            result.loc[here, "score"] = np.float32(1)
        result = result.sort_values("pts", kind="stable", ignore_index=True)
        return take_facts(result, table)

    def save(self, path: Path | str, *, overwrite: bool = False) -> None:
        """Write the layer to a JSON file, all of it or nothing.

        Args:
            path: The file.
            overwrite: Replace a file that was not written here.

        Raises:
            RecognitionError: Another program's file is there, or the file cannot be
                written.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.corrections.save("corrections.json", overwrite=True)
        """
        target = output_path(
            path, RecognitionError, what="the layer, such as 'layer.json'"
        )
        with file_errors(path, RecognitionError):
            data = to_json(self.made)
            written_files().write(target, data, RecognitionError, overwrite=overwrite)

    @staticmethod
    def load(path: Path | str) -> "Corrections":
        """Read a layer written by `save`.

        Raises:
            RecognitionError: The file cannot be read.

        Example:
            >>> from timeline_nb.recognition.corrections import Corrections
            >>> overlay = tl.Overlay(result)
            >>> overlay.corrections.save("corrections.json", overwrite=True)
            >>> len(Corrections.load("corrections.json"))
            0
        """
        data = read_limited(path, MAX_TABLE_BYTES, RecognitionError)
        try:
            made = from_json(data, tuple[Correction, ...])
        except msgspec.MsgspecError as error:
            why = fault_of(error)
            raise RecognitionError(f"{path} cannot be read: {why}") from None
        return Corrections(made)

    def __repr__(self) -> str:
        return f"<Corrections {len(self)}>"


def _class_of(table: pd.DataFrame, label: str) -> int:
    """Return the class id of a label: that of other rows, or the next free one."""
    known = table.loc[(table["label"] == label) & (table["by"] == "detector")]
    if len(known):
        return int(known["class_id"].iloc[0])
    return int(table["class_id"].max()) + 1 if len(table) else 0


def _with_row(table: pd.DataFrame, one: Correction) -> pd.DataFrame:
    source = source_of(table)
    assert one.box is not None  # noqa: S101 - an added box has one
    time_s = one.pts * float(source.time_base) - float(source.start_time)
    fields = {
        "frame": one.frame,
        "pts": one.pts,
        "end_pts": one.end_pts,
        "time_s": time_s,
        "label": one.label or "object",
        "class_id": _class_of(table, one.label or "object"),
        "score": np.float32(1),
        **dict(zip(_BOX, np.array(one.box, np.float32), strict=True)),
        "track_id": pd.NA,
        "row": one.row,
        "by": "hand",
    }
    added = pd.DataFrame([fields]).astype({n: table[n].dtype for n in fields})
    return take_facts(pd.concat([table, added], ignore_index=True), table)
