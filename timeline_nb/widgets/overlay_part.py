"""What an overlay needs: the boxes of a film's frames, and what is drawn on them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.compose.placement import Placement
from timeline_nb.core.structs import from_json
from timeline_nb.errors import RecognitionError
from timeline_nb.preview.player_source import PlayerSource, ShownFrame
from timeline_nb.recognition.corrections import Correction
from timeline_nb.recognition.detections import Source
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import Boxes, OverlayView, ShapeView
from timeline_nb.widgets.channel import Handler, Part, Post

__all__ = ["DRAWN_COLUMNS", "AnnotationSink", "OverlayPart"]

DRAWN_COLUMNS: Final = (
    "frame",
    "pts",
    "time_s",
    "shape",
    "label",
    "x1",
    "y1",
    "x2",
    "y2",
    "points",
)


@dataclass(frozen=True, eq=False)
class _Layer:
    """A detection table in columns, its rows in the order of PTS."""

    source: Source
    pts: NDArray[np.int64]
    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    tracks: NDArray[np.int64]
    rows: NDArray[np.int64]

    def at(self, pts: int) -> slice:
        """The rows of a frame."""
        first, last = np.searchsorted(self.pts, [pts, pts + 1])
        return slice(int(first), int(last))


class AnnotationSink:
    """Keeps what a person draws and corrects; this one keeps nothing."""

    def drew(self, row: dict[str, Any]) -> None:
        """Keep a shape, its columns as in `DRAWN_COLUMNS`."""

    def corrected(self, correction: Correction) -> None:
        """Keep what was said of a row."""

    def shapes(self) -> list[ShapeView]:
        """The zones and lines that are shown all the time."""
        return []


class OverlayPart(Part):
    """Gives the boxes of each frame of a film, in the film's pixels.

    A row belongs to the frame with its PTS, and to no other.

    Args:
        post: Sends an answer to the browser.
        film: The film of a version, or None if it is stale.
        tables: Gives the detection tables; rows are counted through all of them.
        hand: Told what a person draws and corrects.
    """

    def __init__(
        self,
        post: Post,
        film: Callable[[int], PlayerSource | None],
        tables: Callable[[], list[pd.DataFrame]],
        hand: "AnnotationSink",
    ) -> None:
        super().__init__(post)
        self._film = film
        self._tables = tables
        self._hand = hand
        self._lock = RLock()
        self.labels: list[str] = []
        self._layers: dict[str, list[_Layer]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take up the tables as they are now."""
        tables = self._tables()
        with self._lock:
            named = [str(v) for table in tables for v in table["label"].unique()]
            self.labels = list(dict.fromkeys(named))
            self._layers = {}
            first = 0
            counts = np.zeros(len(self.labels), np.int64)
            for table in tables:
                layer = self._layer(table, first)
                counts += np.bincount(layer.labels, minlength=len(self.labels))
                self._layers.setdefault(layer.source.fingerprint, []).append(layer)
                first += len(table)
            self._view = OverlayView(
                labels=self.labels,
                counts=[int(count) for count in counts],
                has_tracks=any(
                    bool((layer.tracks >= 0).any())
                    for layers in self._layers.values()
                    for layer in layers
                ),
                shapes=self._hand.shapes(),
            )
        self._post(self._view)

    def _layer(self, table: pd.DataFrame, first: int) -> _Layer:
        order = np.argsort(table["pts"].to_numpy(np.int64), kind="stable")
        numbers = {label: number for number, label in enumerate(self.labels)}
        tracks = np.full(len(table), -1, np.int64)
        if "track_id" in table:
            tracks = table["track_id"].fillna(-1).to_numpy(np.int64)
        labels = table["label"].map(lambda label: numbers[str(label)])
        return _Layer(
            source=from_json(table.attrs["timeline_nb"], Source),
            pts=table["pts"].to_numpy(np.int64)[order],
            boxes=table[["x1", "y1", "x2", "y2"]].to_numpy(np.float32)[order],
            scores=table["score"].to_numpy(np.float32)[order],
            labels=labels.to_numpy(np.int64)[order],
            tracks=tracks[order],
            # What was corrected tells its rows itself.
            rows=(
                table["row"].to_numpy(np.int64)
                if "row" in table.columns
                else np.arange(len(table)) + first
            )[order],
        )

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Boxes, and what is drawn."""
        return {
            ask.AskBoxes: self._boxes,
            ask.Draw: self._draw,
            ask.Correct: self._correct,
        }

    def greet(self, view: str) -> None:
        """Tell a new view what labels there are."""
        self.refresh()
        self._post(replace(self._view, view=view))

    def _boxes(self, request: ask.AskBoxes) -> None:
        film = self._film(request.version)
        if film is None:
            return
        values, rows = [], []
        with self._lock:
            last = min(request.last, len(film))
            for number in range(max(0, request.first), last):
                for shown in film.source_frames(number):
                    for layer in self._layers.get(shown.fingerprint, ()):
                        found = layer.at(shown.pts)
                        values.append(_placed(layer, found, shown, film))
                        values[-1][:, 0] = number - request.first
                        rows.append(layer.rows[found])
        told = Boxes(
            view=request.view,
            version=request.version,
            first=request.first,
            last=request.last,
        )
        both = [
            np.concatenate([np.zeros((0, 8)), *values]).astype(np.float32).tobytes(),
            np.concatenate([np.zeros(0), *rows]).astype(np.int32).tobytes(),
        ]
        self._post(told, both)

    def _draw(self, request: ask.Draw) -> None:
        film = self._film_of(request)
        if not request.points:
            raise RecognitionError(f"nothing can be drawn on frame {request.frame}")
        shown = film.source_frames(request.frame)
        points = _on_source(request.points, shown, film)
        left, top = points.min(axis=0)
        right, bottom = points.max(axis=0)
        values = (
            request.frame,
            shown[-1].pts if shown else -1,
            float(film.time_of(request.frame)),
            request.shape,
            request.label,
            left,
            top,
            right,
            bottom,
            [(float(x), float(y)) for x, y in points],
        )
        self._hand.drew(dict(zip(DRAWN_COLUMNS, values, strict=True)))

    def _correct(self, request: ask.Correct) -> None:
        film = self._film_of(request)
        box = None
        if request.points:
            points = _on_source(request.points, film.source_frames(request.frame), film)
            near, far = points.min(axis=0), points.max(axis=0)
            box = (float(near[0]), float(near[1]), float(far[0]), float(far[1]))
        self._hand.corrected(
            Correction(
                row=request.row,
                op="remove" if request.remove else "change",
                label=request.label,
                box=box,
            )
        )

    def _film_of(self, request: ask.Draw | ask.Correct) -> PlayerSource:
        film = self._film(request.version)
        if film is None:
            raise RecognitionError("the film has changed: draw on it again")
        if not 0 <= request.frame < len(film):
            raise RecognitionError(f"nothing can be drawn on frame {request.frame}")
        return film


def _on_source(
    points: list[tuple[float, float]], shown: list[ShownFrame], film: PlayerSource
) -> NDArray[np.float64]:
    """Points on a frame of the film, in pixels of the topmost source there."""
    places = np.array(points, np.float64)
    return _from_canvas(places, shown[-1], film.size) if shown else places


def _placed(
    layer: _Layer, found: slice, shown: ShownFrame, film: PlayerSource
) -> NDArray[np.float64]:
    """A frame's rows as `Boxes` tells them: `(n, 8)`, in pixels of the film."""
    boxes = layer.boxes[found].astype(np.float64)
    out = np.zeros((len(boxes), 8))
    if shown.placement is None:
        out[:, 1:5] = boxes
    else:
        corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
        spots = _to_canvas(corners.reshape(-1, 2), shown, shown.placement)
        spots = np.clip(spots, 0, film.size).reshape(-1, 4, 2)
        out[:, 1:3], out[:, 3:5] = spots.min(axis=1), spots.max(axis=1)
    out[:, 5] = layer.scores[found]
    out[:, 6] = layer.labels[found]
    out[:, 7] = layer.tracks[found]
    return out


def _to_canvas(
    points: NDArray[np.float64], shown: ShownFrame, spot: Placement
) -> NDArray[np.float64]:
    """Source pixels to pixels of the film: cropped, scaled, turned, and moved."""
    left, top, wide, high = spot.crop
    origin, size = np.array(shown.area[:2]), np.array(shown.area[2:])
    share = ((points - origin) / size - [left, top]) / [wide, high]
    offset = (share - 0.5) * [spot.width, spot.height]
    return np.asarray(offset @ _turn(spot.rotation_deg).T + spot.middle)


def _from_canvas(
    points: NDArray[np.float64], shown: ShownFrame, film: tuple[int, int]
) -> NDArray[np.float64]:
    """Pixels of the film to source pixels, within the source."""
    spot = shown.placement
    if spot is None:
        return np.asarray(np.clip(points, 0, film))
    left, top, wide, high = spot.crop
    offset = (points - spot.middle) @ _turn(-spot.rotation_deg).T
    share = offset / [spot.width, spot.height] + 0.5
    origin, size = np.array(shown.area[:2]), np.array(shown.area[2:])
    inside = np.clip(share * [wide, high] + [left, top], 0, 1) * size
    return np.asarray(inside + origin)


def _turn(degrees: float) -> NDArray[np.float64]:
    """The matrix of a clockwise turn on a canvas whose y points down."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])
