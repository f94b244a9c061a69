"""Send boxes of frames to overlay views, and keep the shapes drawn on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.compose.placement import Placement
from timeline_nb.core.locks import new_lock
from timeline_nb.core.structs import from_json
from timeline_nb.errors import RecognitionError
from timeline_nb.i18n import Message
from timeline_nb.preview.player_source import PlayerSource, ShownFrame
from timeline_nb.recognition.corrections import Correction
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import RUN
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import Boxes, Done, OverlayView, ShapeView
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.columns import BOX_DTYPE

__all__ = ["DRAWN_COLUMNS", "AnnotationSink", "OverlayPart"]

# Frames of one answer: views request 64 at a time.
_MOST_FRAMES: Final = 256
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
    """A detection table as arrays, its rows in the order of PTS."""

    source: Source
    pts: NDArray[np.int64]
    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    tracks: NDArray[np.int64]
    rows: NDArray[np.int64]

    def at(self, pts: int) -> slice:
        """Return the rows of a frame."""
        first, last = np.searchsorted(self.pts, [pts, pts + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True, eq=False)
class _Layers:
    """All tables, by the fingerprint of the media they are about."""

    by_source: dict[str, list[_Layer]]
    view: OverlayView


class AnnotationSink:
    """Keeps what a person draws and corrects; this one keeps nothing."""

    def add_shape(self, row: dict[str, Any]) -> int:  # noqa: ARG002 - kept nowhere
        """Keep a shape, its columns as in `DRAWN_COLUMNS`.

        Returns:
            The row of a box, by which it is corrected; the number of a zone or line.
        """
        return 0

    def add_correction(self, correction: Correction) -> None:
        """Keep a correction of a row."""

    def change_shape(self, number: int, *, label: str, remove: bool) -> None:
        """Change the label of a drawn zone or line, or remove it."""

    def shapes(self) -> list[ShapeView]:
        """Return the zones and lines that are shown on every frame."""
        return []


class OverlayPart(Part):
    """Sends the boxes of each frame that a player shows, in its pixels.

    A row belongs to the frame with its PTS, and to no other. What the tables hold is
    one immutable value, replaced as a whole; no call is made under the lock.

    Args:
        post: Sends an answer to the browser.
        source_at: Returns the player's source of a version, None if that is old.
        tables: Returns the detection tables; rows are numbered through all of them.
        annotations: Keeps what a person draws and corrects.
    """

    def __init__(
        self,
        post: SendAnswer,
        source_at: Callable[[int], PlayerSource | None],
        tables: Callable[[], list[pd.DataFrame]],
        annotations: AnnotationSink,
    ) -> None:
        super().__init__(post)
        self._source_at = source_at
        self._tables = tables
        self._annotations = annotations
        self._lock = new_lock("boxes of an overlay")
        # A label keeps its place and its color while others come and go.
        self._colors: dict[str, int] = {}
        self._layers = _layers_of([], [], {})
        # If two threads refresh at once, the tables of the later call are kept.
        self._last_refresh = 0
        self._shown_refresh = 0
        self.refresh()

    @property
    def labels(self) -> list[str]:
        """The labels of the tables, in the order of their numbers."""
        return self._layers.view.labels

    def refresh(self) -> None:
        """Read the tables as they are now, and send all views what changed."""
        with self._lock:
            self._last_refresh += 1
            number = self._last_refresh
        with self._lock:
            known = dict(self._colors)
        layers = _layers_of(self._tables(), self._annotations.shapes(), known)
        view = layers.view
        with self._lock:
            if number < self._shown_refresh:
                return
            self._shown_refresh = number
            self._layers = layers
            self._colors = known | dict(zip(view.labels, view.colors, strict=True))
        self._send_view("")

    def _send_view(self, view: str) -> None:
        """Send the labels and shapes there are now."""

        def send() -> None:
            self._post(replace(self._layers.view, view=view))

        self._turns.run(("overlay", view), send)

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of boxes, shapes and corrections."""
        return {
            ask.BoxesRequest: self._send_boxes,
            ask.DrawRequest: self._draw,
            ask.CorrectRequest: self._correct,
            ask.ChangeShapeRequest: self._change_shape,
        }

    def on_view_opened(self, view: str) -> None:
        """Send a new view the labels and shapes there are."""
        self.refresh()
        self._send_view(view)

    def _send_boxes(self, request: ask.BoxesRequest) -> None:
        source, layers = self._source_at(request.version), self._layers
        if source is None:
            return
        boxes = [np.zeros(0, BOX_DTYPE)]
        first, last = max(0, request.first), min(request.last, len(source))
        last = min(last, first + _MOST_FRAMES)
        # Without detections no frame has boxes, however many frames there are.
        for number in range(first, last if layers.by_source else first):
            for shown in source.source_frames(number):
                for layer in layers.by_source.get(shown.fingerprint, ()):
                    boxes.append(_boxes_of(layer, shown, source))
                    boxes[-1]["frame"] = number - first
        answer = Boxes(
            view=request.view,
            version=request.version,
            first=first,
            last=last,
        )
        self._post(answer, [np.concatenate(boxes).tobytes()])

    def _draw(self, request: ask.DrawRequest) -> Done:
        source = self._source_of(request)
        if not request.points:
            raise RecognitionError(
                Message(
                    "nothing can be drawn on frame {frame}: there are no points",
                    frame=request.frame,
                )
            )
        shown = source.source_frames(request.frame)
        points = _on_source(request.points, shown, source)
        left, top = points.min(axis=0)
        right, bottom = points.max(axis=0)
        values = (
            request.frame,
            shown[-1].pts if shown else -1,
            float(source.time_of(request.frame)),
            request.shape,
            request.label,
            left,
            top,
            right,
            bottom,
            [(float(x), float(y)) for x, y in points],
        )
        row = dict(zip(DRAWN_COLUMNS, values, strict=True))
        return Done(text=str(self._annotations.add_shape(row)))

    def _correct(self, request: ask.CorrectRequest) -> None:
        source = self._source_of(request)
        box = None
        if request.points:
            points = _on_source(
                request.points, source.source_frames(request.frame), source
            )
            near, far = points.min(axis=0), points.max(axis=0)
            box = (float(near[0]), float(near[1]), float(far[0]), float(far[1]))
        self._annotations.add_correction(
            Correction(
                row=request.row,
                op="remove" if request.remove else "change",
                label=request.label,
                box=box,
            )
        )

    def _change_shape(self, request: ask.ChangeShapeRequest) -> None:
        self._annotations.change_shape(
            request.number, label=request.label, remove=request.remove
        )

    def _source_of(self, request: ask.DrawRequest | ask.CorrectRequest) -> PlayerSource:
        source = self._source_at(request.version)
        if source is None:
            raise RecognitionError(
                Message("what the player shows has changed since: draw it again")
            )
        if not 0 <= request.frame < len(source):
            raise RecognitionError(
                Message(
                    "nothing can be drawn on frame {frame}: there are frames "
                    "0 to {count}",
                    frame=request.frame,
                    count=len(source) - 1,
                )
            )
        return source


def _layers_of(
    tables: list[pd.DataFrame], shapes: list[ShapeView], known: dict[str, int]
) -> _Layers:
    """Read tables; labels that are known keep their order and their colors."""
    named = dict.fromkeys(str(v) for table in tables for v in table["label"].unique())
    labels = [label for label in known if label in named]
    labels += [label for label in named if label not in known]
    numbers = {label: number for number, label in enumerate(labels)}
    by_source: dict[str, list[_Layer]] = {}
    counts = np.zeros(len(numbers), np.int64)
    has_tracks = False
    first = 0
    for table in tables:
        layer = _layer_of(table, first, numbers)
        counts += np.bincount(layer.labels, minlength=len(numbers))
        has_tracks = has_tracks or bool((layer.tracks >= 0).any())
        by_source.setdefault(layer.source.fingerprint, []).append(layer)
        first += len(table)
    view = OverlayView(
        labels=labels,
        colors=_colors_of(labels, tables, known),
        counts=[int(count) for count in counts],
        has_tracks=has_tracks,
        shapes=shapes,
    )
    return _Layers(by_source, view)


def _colors_of(
    labels: list[str], tables: list[pd.DataFrame], known: dict[str, int]
) -> list[int]:
    """Number the labels' colors by their classes, as in pictures of detections.

    Labels that are not the model's, such as a person's, come after its classes.
    """
    classes: dict[str, int] = {}
    for table in tables:
        for number, name in enumerate(table.attrs.get(RUN, {}).get("labels", ())):
            classes.setdefault(str(name), number)
    numbers = {**classes, **known}
    following = 1 + max(numbers.values(), default=-1)
    for label in labels:
        if label not in numbers:
            numbers[label] = following
            following += 1
    return [numbers[label] for label in labels]


def _layer_of(table: pd.DataFrame, first: int, numbers: dict[str, int]) -> _Layer:
    order = np.argsort(table["pts"].to_numpy(np.int64), kind="stable")
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
        # A corrected table numbers its rows itself.
        rows=(
            table["row"].to_numpy(np.int64)
            if "row" in table.columns
            else np.arange(len(table)) + first
        )[order],
    )


def _on_source(
    points: list[tuple[float, float]], shown: list[ShownFrame], source: PlayerSource
) -> NDArray[np.float64]:
    """Map points on a shown frame to pixels of the topmost media there."""
    places = np.array(points, np.float64)
    return _from_canvas(places, shown[-1], source.size) if shown else places


def _boxes_of(
    layer: _Layer, shown: ShownFrame, source: PlayerSource
) -> NDArray[np.void]:
    """Return a frame's boxes as `BOX_DTYPE`, in pixels of what the player shows."""
    rows = layer.at(shown.pts)
    corners = layer.boxes[rows].astype(np.float64)
    if shown.placement is not None:
        spots = corners[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
        spots = _to_canvas(spots, shown, shown.placement)
        spots = np.clip(spots, 0, source.size)
        x, y = spots.reshape(-1, 4, 2).transpose(2, 0, 1)
        corners = np.stack([x.min(1), y.min(1), x.max(1), y.max(1)], axis=1)
    boxes = np.zeros(len(corners), BOX_DTYPE)
    for column, values in zip(("x1", "y1", "x2", "y2"), corners.T, strict=True):
        boxes[column] = values
    boxes["score"] = layer.scores[rows]
    boxes["label"] = layer.labels[rows]
    boxes["track"] = layer.tracks[rows]
    boxes["row"] = layer.rows[rows]
    return boxes


def _to_canvas(
    points: NDArray[np.float64], shown: ShownFrame, spot: Placement
) -> NDArray[np.float64]:
    """Map media pixels to canvas pixels: cropped, scaled, rotated, and moved."""
    origin, size = np.array(shown.area[:2]), np.array(shown.area[2:])
    matrix = spot.matrix
    return np.asarray((points - origin) / size @ matrix[:, :2].T + matrix[:, 2])


def _from_canvas(
    points: NDArray[np.float64], shown: ShownFrame, canvas: tuple[int, int]
) -> NDArray[np.float64]:
    """Map canvas pixels to media pixels, clipped to the media."""
    spot = shown.placement
    if spot is None:
        return np.asarray(np.clip(points, 0, canvas))
    matrix = spot.matrix
    share = (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    origin, size = np.array(shown.area[:2]), np.array(shown.area[2:])
    return np.asarray(np.clip(share, 0, 1) * size + origin)
