"""The detector: frames in, detections out, decoding and inference side by side."""

import ast
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import RecognitionError
from timeline_nb.media.frame import Frame
from timeline_nb.recognition.detections import Detections, Source, empty_detections
from timeline_nb.recognition.layouts import Candidates, read_yolov8
from timeline_nb.recognition.letterbox import Letterbox, letterbox
from timeline_nb.recognition.manifest import default_model, read_model
from timeline_nb.recognition.nms import suppress
from timeline_nb.recognition.providers import open_session

__all__ = ["Detector"]

# Frames a run of the network, where it takes more than one.
_BATCH: Final = 4


class Detector:
    """A YOLO-like network, loaded and checked; threads may share it.

    Args:
        model: An ONNX file in the YOLOv8 layout; the embedded one if None.

    Raises:
        RecognitionError: The file is missing, is no such model, or its labels do not
            match its output.
    """

    def __init__(self, model: Path | None = None) -> None:
        data, self.sha256 = read_model(model)
        self._name = default_model().file if model is None else model.name
        try:
            self._session, self.providers = open_session(data)
        except RuntimeError as error:
            raise RecognitionError(
                f"the model {self._name} cannot be loaded: {error}"
            ) from error
        self._input, self.side, self._batch = self._checked_input()
        self.names = self._checked_names()

    def detect(  # noqa: PLR0913 - one line a choice of the caller
        self,
        frames: Iterable[Frame],
        source: Source,
        *,
        score_threshold: float = 0.25,
        iou_threshold: float = 0.6,
        reporter: Reporter | None = None,
        total: int | None = None,
    ) -> Detections:
        """Find objects in frames of a film.

        The next frames are decoded while the network looks at these; what is held in
        memory does not grow with the film.

        Args:
            frames: In rising order.
            source: The film they are of.
            score_threshold: The least score that counts.
            iou_threshold: Boxes of a class that overlap more are one object.
            reporter: Told of each batch, and asked whether to stop.
            total: How many frames there are, for the progress.

        Raises:
            RecognitionError: A threshold is not 0 to 1, or the network gave NaN.
            MediaError: A frame does not decode.
            JobCancelledError: The job was cancelled.
        """
        for name, value in (("score", score_threshold), ("iou", iou_threshold)):
            if not 0 <= value <= 1:
                raise RecognitionError(f"the {name} threshold {value} is not 0 to 1")
        reporter = reporter or Reporter()
        numbers: list[int] = []
        stamps: list[int] = []
        found: list[tuple[int, Candidates]] = []
        for batch in self._prepared(iter(frames)):
            outputs = self._run([letter for _, letter in batch])
            for (frame, letter), output in zip(batch, outputs, strict=True):
                self._check_finite(output, f"frame {frame.number}")
                kept = _boxes(output, letter, score_threshold, iou_threshold)
                found.append((len(numbers), kept))
                numbers.append(frame.number)
                stamps.append(frame.id.pts)
            reporter.report("detect", len(numbers), total)
        return _joined(source, self.names, numbers, stamps, found)

    def detect_image(
        self,
        rgb: NDArray[np.uint8],
        *,
        score_threshold: float = 0.25,
        iou_threshold: float = 0.6,
    ) -> Candidates:
        """Find objects in one picture `(H, W, 3) uint8 RGB`, best first.

        Raises:
            RecognitionError: The network gave NaN.
        """
        letter = letterbox(rgb, self.side)
        (output,) = self._run([letter])
        self._check_finite(output, "the picture")
        return _boxes(output, letter, score_threshold, iou_threshold)

    def _prepared(
        self, frames: Iterator[Frame]
    ) -> Iterator[list[tuple[Frame, Letterbox]]]:
        """Batches, the next of which is decoded while the caller works on this one."""

        def load() -> list[tuple[Frame, Letterbox]]:
            batch = islice(frames, self._batch)
            return [(frame, letterbox(frame.to_rgb(), self.side)) for frame in batch]

        with ThreadPoolExecutor(1, thread_name_prefix="decode") as pool:
            coming = pool.submit(load)
            while batch := coming.result():
                coming = pool.submit(load)
                yield batch

    def _run(self, letters: list[Letterbox]) -> NDArray[np.float32]:
        stacked = np.stack([letter.pixels for letter in letters])
        (outputs,) = self._session.run(None, {self._input: stacked})
        return np.asarray(outputs, np.float32)

    def _check_finite(self, output: NDArray[np.float32], where: str) -> None:
        if not np.isfinite(output).all():
            raise RecognitionError(
                f"the model {self._name} gave values that are not finite for {where}"
            )

    def _checked_input(self) -> tuple[str, tuple[int, int], int]:
        inputs = self._session.get_inputs()
        shape = inputs[0].shape
        fits = len(inputs) == 1 and len(shape) == 4 and shape[1] == 3
        if not fits or not all(isinstance(size, int) for size in shape[2:]):
            raise RecognitionError(
                f"the model {self._name} takes {shape}, not (batch, 3, height, width)"
            )
        batch = shape[0] if isinstance(shape[0], int) else _BATCH
        return inputs[0].name, (shape[3], shape[2]), batch

    def _checked_names(self) -> tuple[str, ...]:
        """The labels in the file's metadata, one for each row of scores."""
        outputs = self._session.get_outputs()
        shape = outputs[0].shape
        rows = shape[1] if len(outputs) == 1 and len(shape) == 3 else None
        if not isinstance(rows, int) or rows <= 4:
            raise RecognitionError(
                f"the model {self._name} gives {[o.shape for o in outputs]}, not one "
                "output (batch, 4 + classes, anchors) in the YOLOv8 layout"
            )
        names = _read_names(self._session.get_modelmeta().custom_metadata_map)
        if names is None:
            names = tuple(f"class {number}" for number in range(rows - 4))
        if len(names) != rows - 4:
            raise RecognitionError(
                f"the model {self._name} has {len(names)} labels for {rows - 4} classes"
            )
        return names


def _read_names(metadata: dict[str, str]) -> tuple[str, ...] | None:
    """The labels as ultralytics writes them, `{0: 'person', ...}`; None without."""
    try:
        names: Any = ast.literal_eval(metadata.get("names", "None"))
    except (ValueError, SyntaxError):
        return None
    if isinstance(names, dict):
        return tuple(str(names[key]) for key in sorted(names))
    return tuple(map(str, names)) if isinstance(names, (list, tuple)) else None


def _boxes(
    output: NDArray[np.float32],
    letter: Letterbox,
    score_threshold: float,
    iou_threshold: float,
) -> Candidates:
    """What the network found in one picture, in pixels of the picture."""
    raw = read_yolov8(output, score_threshold=score_threshold)
    kept = suppress(raw.boxes, raw.scores, raw.class_ids, iou_threshold=iou_threshold)
    boxes = letter.to_picture(raw.boxes[kept])
    return Candidates(boxes, raw.scores[kept], raw.class_ids[kept])


def _joined(
    source: Source,
    names: tuple[str, ...],
    numbers: list[int],
    stamps: list[int],
    found: list[tuple[int, Candidates]],
) -> Detections:
    if not found:
        return empty_detections(source, names)
    examined = np.array(numbers, np.int64)
    examined_pts = np.array(stamps, np.int64)
    rows = np.repeat([place for place, _ in found], [len(c.scores) for _, c in found])
    return Detections(
        source=source,
        names=names,
        examined_frame=examined,
        examined_pts=examined_pts,
        frame=examined[rows],
        pts=examined_pts[rows],
        xyxy=np.concatenate([c.boxes for _, c in found]),
        score=np.concatenate([c.scores for _, c in found]),
        class_id=np.concatenate([c.class_ids for _, c in found]),
        track_id=np.full(len(rows), -1, np.int64),
    )
