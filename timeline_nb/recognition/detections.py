"""Detections: a struct of arrays, each row keyed by the PTS of its frame."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.output_names import output_path
from timeline_nb.core.structs import to_json
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.detection_arrays import (
    ARRAYS,
    POINTS,
    read_arrays,
    write_arrays,
)
from timeline_nb.recognition.source import Source

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Detections", "empty_detections"]

_EXAMINED: Final = ("examined_frame", "examined_pts")


@dataclass(frozen=True, eq=False)
class Detections:
    """What a model found in the frames of one media.

    Args:
        source: The media.
        names: Labels by class id.
        examined_frame: `(m,) int64`, the numbers of the frames that were searched,
            rising.
        examined_pts: `(m,) int64`, their PTS.
        frame: `(n,) int64`, the frame of each detection.
        pts: `(n,) int64`, its PTS.
        xyxy: `(n, 4) float32`, left, top, right, bottom in pixels of the upright
            frame.
        score: `(n,) float32`, 0 to 1.
        class_id: `(n,) int64`.
        track_id: `(n,) int64`, -1 where there is none.
        keypoints: `(n, k, 3) float32`: x, y and score of each point; None without.
        corners: `(n, 4, 2) float32`, of rotated boxes; None without.
        filled: `(n,) bool`: boxes interpolated in the gaps of tracks; None without.
        masks: `n` COCO run lengths, as `decode_mask` reads them; None without.

    Raises:
        ValueError: An array has another shape.

    Example:
        >>> found = src.detect(every=5, end="2s").detections
        >>> len(found.examined_frame), found.xyxy.shape[1], found.xyxy.dtype
        (10, 4, dtype('float32'))
        >>> found.names[:3]
        ('person', 'bicycle', 'car')
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
    keypoints: NDArray[np.float32] | None = None
    corners: NDArray[np.float32] | None = None
    filled: NDArray[np.bool_] | None = None
    masks: tuple[NDArray[np.uint32], ...] | None = None

    def __post_init__(self) -> None:
        count = len(self.frame)
        for name in ("pts", "score", "class_id", "track_id"):
            if getattr(self, name).shape != (count,):
                raise ValueError(f"{name} has not the {count} rows of frame")
        if self.xyxy.shape != (count, 4):
            raise ValueError(f"xyxy has the shape {self.xyxy.shape}, not ({count}, 4)")
        for name in (*POINTS, "masks"):
            part = getattr(self, name)
            if part is not None and len(part) != count:
                raise ValueError(f"{name} has {len(part)} rows, not {count}")
        if self.examined_frame.shape != self.examined_pts.shape:
            raise ValueError("examined_frame and examined_pts differ in length")
        if count and not 0 <= self.class_id.min() <= self.class_id.max() < len(
            self.names
        ):
            raise ValueError(f"a class_id is none of the {len(self.names)} names")

    def __len__(self) -> int:
        return len(self.frame)

    def select(self, rows: NDArray[Any]) -> Self:
        """Return the chosen detections; all frames stay examined.

        Args:
            rows: `(n,) bool`, or indices.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> cars = found.select(found.class_id == found.names.index("car"))
            >>> len(cars.examined_frame)
            10
        """
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        chosen: dict[str, Any] = {
            name: None if (part := getattr(self, name)) is None else part[places]
            for name in (*ARRAYS, *POINTS)
            if name not in _EXAMINED
        }
        if self.masks is not None:
            chosen["masks"] = tuple(self.masks[place] for place in places)
        return replace(self, **chosen)

    def of_frames(self, pts: NDArray[np.int64]) -> Self:
        """Return the detections of frames by PTS; no other frame counts as examined.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> first = found.of_frames(found.examined_pts[:4])
            >>> first.examined_frame
            array([ 0,  5, 10, 15])
        """
        looked = np.isin(self.examined_pts, pts)
        kept = replace(
            self,
            examined_frame=self.examined_frame[looked],
            examined_pts=self.examined_pts[looked],
        )
        return kept.select(np.isin(self.pts, pts))

    def above(self, score: float) -> Self:
        """Return the detections with at least this score.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> len(found.above(0.9)) < len(found)
            True
        """
        return self.select(self.score >= score)

    def of_frame(self, pts: int) -> Self:
        """Return the detections of the frame with this PTS.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> pts = int(found.examined_pts[3])
            >>> set(found.of_frame(pts).pts.tolist()) <= {pts}
            True
        """
        return self.select(self.pts == pts)

    def by_label(self) -> list[tuple[str, int, float]]:
        """Return label, number of boxes and best score per class, most boxes first.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> label, boxes, best = found.above(0.4).by_label()[0]
            >>> label
            'person'
        """
        rows = []
        for class_id in np.unique(self.class_id):
            scores = self.score[self.class_id == class_id]
            rows.append((self.names[class_id], len(scores), float(scores.max())))
        return sorted(rows, key=lambda row: -row[1])

    @staticmethod
    def joined(parts: "Sequence[Detections]") -> "Detections":
        """Join detections of one media and model, sorted by PTS.

        A frame that is in several parts is taken from the first.

        Raises:
            ValueError: There are no parts, or they are of different models.

        Example:
            >>> one = src.detect(every=5, end="1s").detections
            >>> two = src.detect(every=5, start="1s", end="2s").detections
            >>> len(tl.Detections.joined([one, two]).examined_frame)
            10
        """
        first = parts[0]
        if any(part.names != first.names for part in parts):
            raise ValueError("detections of different models cannot be joined")
        looked = np.concatenate([part.examined_pts for part in parts])
        if len(np.unique(looked)) == len(looked):
            return _concatenated(parts)
        seen = np.zeros(0, np.int64)
        fresh = []
        for part in parts:
            new = part.examined_pts[~np.isin(part.examined_pts, seen)]
            seen = np.concatenate([seen, new])
            is_new = len(new) == len(part.examined_pts)
            fresh.append(part if is_new else part.of_frames(new))
        return _concatenated(fresh)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per detection, in the order of frames.

        The columns are described in `recognition.tables.columns`.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> found.to_dataframe().columns[:5].tolist()
            ['frame', 'pts', 'end_pts', 'time_s', 'label']
        """
        import pandas as pd

        from timeline_nb.recognition.tables import columns

        source = self.source
        following = columns.end_stamps(self.examined_pts, source)
        place = np.searchsorted(self.examined_pts, self.pts)
        tracks = pd.array(self.track_id, dtype="Int64")
        tracks[self.track_id < 0] = pd.NA
        names = pd.Series(list(self.names), dtype="str")
        table = pd.DataFrame(
            {
                "frame": self.frame,
                "pts": self.pts,
                "end_pts": following[place],
                "time_s": columns.seconds_of(self.pts, source),
                "label": names.take(self.class_id).reset_index(drop=True),
                "class_id": self.class_id,
                "score": self.score,
                **dict(zip(columns.BOX_COLUMNS, self.xyxy.T, strict=True)),
                "track_id": tracks,
            },
            columns=list(columns.COLUMNS),
        )
        for name, part in (
            ("keypoints", self.keypoints),
            ("corners", self.corners),
            ("filled", self.filled),
            ("mask", self.masks),
        ):
            if part is not None:
                kind = bool if name == "filled" else object
                table[name] = pd.Series([row.tolist() for row in part], dtype=kind)
        table.attrs[columns.FACTS] = to_json(source).decode()
        table.attrs[columns.RUN] = {
            "frames": len(self.examined_pts),
            "seconds": float((following - self.examined_pts).sum() * source.time_base),
            "from_pts": int(self.examined_pts[0]) if len(following) else 0,
            "labels": list(self.names),
            "to_pts": int(following[-1]) if len(following) else 0,
        }
        return table

    @staticmethod
    def from_dataframe(
        table: "pd.DataFrame",
        names: tuple[str, ...],
        examined: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> "Detections":
        """Make detections of a table's rows, in the order of frames.

        Args:
            table: With the columns of `to_dataframe`.
            names: Labels by class id; all of the table's must be among them.
            examined: The numbers and the PTS of the frames that were searched.

        Raises:
            RecognitionError: A column is missing, or a label is none of the names.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> sure = found.to_dataframe().query("score > 0.4")
            >>> examined = found.examined_frame, found.examined_pts
            >>> again = tl.Detections.from_dataframe(sure, found.names, examined)
            >>> len(again) == len(sure)
            True
        """
        from timeline_nb.recognition.tables import columns

        columns.check_columns(
            table, ("frame", "pts", "label", "score", *columns.BOX_COLUMNS)
        )
        numbers = {name: number for number, name in enumerate(names)}
        unknown = set(table["label"].unique()) - set(names)
        if unknown:
            raise RecognitionError(f"the label {min(unknown)!r} is none of the model's")
        rows = table.sort_values("pts", kind="stable")
        return Detections(
            source=columns.source_of(table),
            names=names,
            examined_frame=examined[0],
            examined_pts=examined[1],
            frame=rows["frame"].to_numpy(np.int64),
            pts=rows["pts"].to_numpy(np.int64),
            xyxy=rows[list(columns.BOX_COLUMNS)].to_numpy(np.float32),
            score=rows["score"].to_numpy(np.float32),
            class_id=np.asarray(rows["label"].map(numbers), np.int64),
            track_id=columns.track_numbers(rows),
        )

    def save(self, path: Path | str) -> None:
        """Write the arrays to an `.npz` file, all of it or nothing.

        Raises:
            RecognitionError: The file cannot be written.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> found.save("boxes.npz")
            >>> again = tl.Detections.load("boxes.npz")
            >>> len(again) == len(found)
            True
        """
        output_path(path, RecognitionError, what="the arrays, such as 'boxes.npz'")
        write_arrays(Path(path), vars(self))

    @classmethod
    def load(cls, path: Path | str) -> "Detections | None":
        """Read arrays written by `save`; None if there are none, or they are broken.

        Example:
            >>> found = src.detect(every=5, end="2s").detections
            >>> found.save("boxes.npz")
            >>> tl.Detections.load("boxes.npz").names == found.names
            True
            >>> tl.Detections.load("nothing.npz") is None
            True
        """
        fields = read_arrays(Path(path))
        try:
            return None if fields is None else cls(**fields)
        except ValueError:
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


def _concatenated(parts: Sequence[Detections]) -> Detections:
    """Join parts of different frames, sorted by PTS."""
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in ARRAYS
    }
    for name in POINTS:
        points = [getattr(part, name) for part in parts]
        if points[0] is not None:
            arrays[name] = np.concatenate(points)
    if parts[0].masks is not None:
        arrays["masks"] = tuple(mask for part in parts for mask in part.masks or ())
    looked = np.argsort(arrays["examined_pts"], kind="stable")
    for name in _EXAMINED:
        arrays[name] = arrays[name][looked]
    whole = Detections(source=parts[0].source, names=parts[0].names, **arrays)
    return whole.select(np.argsort(whole.pts, kind="stable"))


def empty_detections(source: Source, names: tuple[str, ...]) -> Detections:
    """Return no detections in no frames, with every array in its type."""
    arrays: dict[str, Any] = {name: np.zeros(0, kind) for name, kind in ARRAYS.items()}
    arrays["xyxy"] = np.zeros((0, 4), np.float32)
    return Detections(source=source, names=names, **arrays)
