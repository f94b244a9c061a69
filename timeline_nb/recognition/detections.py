"""Detections: a struct of arrays, each row keyed by the identity of its frame."""

from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.files import replacing
from timeline_nb.core.structs import from_json, to_json

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Detections", "Source", "empty_detections"]

_ARRAYS: Final = {
    "examined_frame": np.int64,
    "examined_pts": np.int64,
    "frame": np.int64,
    "pts": np.int64,
    "xyxy": np.float32,
    "score": np.float32,
    "class_id": np.int64,
    "track_id": np.int64,
}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The film that frames were taken from.

    Args:
        path: Where it lies.
        fingerprint: Its content.
        stream: The number of the video stream.
        time_base: Seconds a PTS tick.
        start_time: Seconds on the PTS clock at media time 0.
        rate: Average frames a second.
        size: Width and height of an upright frame in square pixels.
        end_pts: When the last frame is over.
    """

    path: str
    fingerprint: str
    stream: int
    time_base: Fraction
    start_time: Fraction
    rate: Fraction
    size: tuple[int, int]
    end_pts: int


@dataclass(frozen=True, eq=False)
class Detections:
    """What was found in the frames of a film.

    Args:
        source: The film.
        names: Labels by class id.
        examined_frame: `(m,) int64`, the numbers of the frames looked at, rising.
        examined_pts: `(m,) int64`, their PTS.
        frame: `(n,) int64`, the frame of each detection.
        pts: `(n,) int64`, its PTS.
        xyxy: `(n, 4) float32`, left, top, right, bottom in pixels of the upright
            frame.
        score: `(n,) float32`, 0 to 1.
        class_id: `(n,) int64`.
        track_id: `(n,) int64`, -1 where there is none.

    Raises:
        ValueError: An array has another shape.
    """

    source: Source
    names: tuple[str, ...]
    examined_frame: NDArray[np.int64]
    examined_pts: NDArray[np.int64]
    frame: NDArray[np.int64]
    pts: NDArray[np.int64]
    xyxy: NDArray[np.float32]
    score: NDArray[np.float32]
    class_id: NDArray[np.int64]
    track_id: NDArray[np.int64]

    def __post_init__(self) -> None:
        count = len(self.frame)
        for name in ("pts", "score", "class_id", "track_id"):
            if getattr(self, name).shape != (count,):
                raise ValueError(f"{name} has not the {count} rows of frame")
        if self.xyxy.shape != (count, 4):
            raise ValueError(f"xyxy has the shape {self.xyxy.shape}, not ({count}, 4)")
        if self.examined_frame.shape != self.examined_pts.shape:
            raise ValueError("examined_frame and examined_pts differ in length")
        if count and not 0 <= self.class_id.min() <= self.class_id.max() < len(
            self.names
        ):
            raise ValueError(f"a class_id is none of the {len(self.names)} names")

    def __len__(self) -> int:
        return len(self.frame)

    def select(self, rows: NDArray[Any]) -> Self:
        """The detections that a mask or indices choose; all frames stay examined."""
        chosen = {
            name: getattr(self, name)[rows]
            for name in _ARRAYS
            if not name.startswith("examined")
        }
        return replace(self, **chosen)

    def above(self, score: float) -> Self:
        """The detections with at least this score."""
        return self.select(self.score >= score)

    def of_frame(self, pts: int) -> Self:
        """The detections of the frame with this PTS."""
        return self.select(self.pts == pts)

    def by_label(self) -> list[tuple[str, int, float]]:
        """Label, number of boxes and best score of each class found, most first."""
        rows = []
        for class_id in np.unique(self.class_id):
            scores = self.score[self.class_id == class_id]
            rows.append((self.names[class_id], len(scores), float(scores.max())))
        return sorted(rows, key=lambda row: -row[1])

    def to_dataframe(self) -> "pd.DataFrame":
        """One row a detection; the columns are told in `recognition.tables`."""
        from timeline_nb.recognition.tables import to_dataframe

        return to_dataframe(self)

    def save(self, path: Path) -> None:
        """Write the arrays to an `.npz` file, all of it or nothing."""
        with replacing(path) as partial, partial.open("wb") as file:
            np.savez_compressed(
                file,
                source=np.frombuffer(to_json(self.source), np.uint8),
                names=np.frombuffer(to_json(self.names), np.uint8),
                **{name: getattr(self, name) for name in _ARRAYS},
            )

    @classmethod
    def load(cls, path: Path) -> "Detections | None":
        """Read arrays written by `save`; None if there are none, or they are broken."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                arrays = {
                    name: kept[name].astype(kind) for name, kind in _ARRAYS.items()
                }
                return cls(
                    source=from_json(kept["source"].tobytes(), Source),
                    names=from_json(kept["names"].tobytes(), tuple[str, ...]),
                    **arrays,
                )
        except (
            OSError,
            ValueError,
            KeyError,
            EOFError,
            BadZipFile,
            msgspec.MsgspecError,
        ):
            return None

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{escape(label)}</td><td>{count}</td><td>{best:.2f}</td></tr>"
            for label, count, best in self.by_label()
        )
        head = "<tr><th>label</th><th>boxes</th><th>best score</th></tr>"
        return f"<p>{escape(repr(self))}</p><table>{head}{cells}</table>"

    def __repr__(self) -> str:
        return (
            f"<Detections {len(self)} in {len(self.examined_frame)} frames of "
            f"{Path(self.source.path).name!r}>"
        )


def empty_detections(source: Source, names: tuple[str, ...]) -> Detections:
    """No detections in no frames, with every array in its type."""
    arrays = {name: np.zeros(0, kind) for name, kind in _ARRAYS.items()}
    arrays["xyxy"] = np.zeros((0, 4), np.float32)
    return Detections(source=source, names=names, **arrays)
