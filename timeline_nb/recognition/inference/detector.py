"""The detector: frames in, detections out, decoding and inference side by side."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.place import use_place
from timeline_nb.core.telemetry.stages import staged
from timeline_nb.core.worker_threads import WorkerThreads, wait_for
from timeline_nb.errors import JobCancelledError, RecognitionError, TimelineNbError
from timeline_nb.media.frame import Frame
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.lanes import timed_lanes
from timeline_nb.recognition.inference.masks import encode_mask, masks_of
from timeline_nb.recognition.inference.nms import suppress
from timeline_nb.recognition.inference.objects import (
    Area,
    Objects,
    detections_of,
    merged,
)
from timeline_nb.recognition.inference.prepare import (
    InputImage,
    Window,
    fill_input,
    picture_of,
    window_on,
)
from timeline_nb.recognition.inference.providers import PREFERENCE
from timeline_nb.recognition.inference.runs import RunGroup
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.inference.session import Network
from timeline_nb.recognition.inference.windows import areas_of
from timeline_nb.recognition.layouts.candidates import Candidates, no_candidates
from timeline_nb.recognition.layouts.readers import READERS
from timeline_nb.recognition.models.registry import LoadedModel
from timeline_nb.recognition.source import Source

__all__ = ["Detector"]

# Frames per part of the result.
_CHUNK_FRAMES: Final = 128
# How long a run or a frame in hand may take when nobody wants it any more.
_GRACE_S: Final = 0.8


class _Place(NamedTuple):
    """A part of a frame in a batch."""

    picture: InputImage
    frame: Frame | None
    window: Window
    is_last: bool


@dataclass
class _Batch:
    """Parts of frames that the network processes at once."""

    places: list[_Place] = field(default_factory=list)
    pixels: NDArray[np.float32] | None = None
    small: list[NDArray[np.uint8]] = field(default_factory=list)


class Detector:
    """A model, loaded and checked; threads may share it.

    Args:
        model: As a `ModelRegistry` loads it.
        batch: Frames per run; what suits the provider if not given.
        providers: Of onnxruntime, in order of preference.

    Raises:
        RecognitionError: No provider runs the model.
    """

    def __init__(
        self,
        model: LoadedModel,
        *,
        batch: int | None = None,
        providers: tuple[str, ...] = PREFERENCE,
    ) -> None:
        self.name = model.name
        self.sha256 = model.sha256
        self.unsure = ""
        self.layout = model.layout
        self.names = model.layout.labels
        self._read = READERS[model.layout.name]
        self._network = Network(model, batch=batch, providers=providers)
        self.providers = self._network.provider_states
        self.provider = self._network.provider
        # A network on the CPU uses all cores: decode on one thread.
        self.decoding_threads = 1 if self._network.runs_at_once > 1 else 0

    def detect(
        self,
        frames: Iterable[Frame],
        source: Source,
        search: Search | None = None,
        *,
        reporter: Reporter | None = None,
        total: int | None = None,
    ) -> Detections:
        """Find objects in frames; see `chunks`."""
        chunks = self.chunks(frames, source, search, reporter=reporter, total=total)
        return Detections.joined([self._empty(source), *chunks])

    def chunks(
        self,
        frames: Iterable[Frame],
        source: Source,
        search: Search | None = None,
        *,
        reporter: Reporter | None = None,
        total: int | None = None,
    ) -> Iterator[Detections]:
        """Find objects in frames, and yield them some frames at a time.

        The next frames are decoded while the network runs; memory does not grow with
        the number of frames. Objects found before an error are yielded before it is
        raised.

        Args:
            frames: In rising order.
            source: The media they are of.
            search: Thresholds, region and tiles.
            reporter: Receives the progress, and may stop the work.
            total: How many frames there are, for the progress.

        Raises:
            RecognitionError: The network failed, or returned an unknown class.
            MediaError: A frame does not decode.
            JobCancelledError: The job was cancelled.
        """
        search, reporter = search or Search(), reporter or Reporter()
        done = 0
        rows: list[tuple[Frame, Objects]] = []
        try:
            check = partial(reporter.check, wait=False)
            for frame, objects in self._searched(frames, search, check):
                assert frame is not None  # noqa: S101 - frames went in
                rows.append((frame, objects))
                done += 1
                reporter.report("detect", done, total)
                if len(rows) == _CHUNK_FRAMES:
                    yield self._arrays(source, rows)
                    rows = []
        except TimelineNbError:
            if rows:
                yield self._arrays(source, rows)
            raise
        if rows:
            yield self._arrays(source, rows)

    def detect_image(
        self, rgb: NDArray[np.uint8], search: Search | None = None
    ) -> Objects:
        """Find objects in one image `(H, W, 3) uint8 RGB`, best first.

        Raises:
            RecognitionError: The network failed, or returned an unknown class.
        """
        ((_, objects),) = self._searched([rgb], search or Search())
        return objects

    def _searched(
        self,
        frames: Iterable[Frame | NDArray[np.uint8]],
        search: Search,
        check: Callable[[], object] = lambda: None,
    ) -> Iterator[tuple[Frame | None, Objects]]:
        """Yield the objects of each frame, in order; what `check` raises stops it."""
        parts: list[tuple[Area, Objects]] = []
        batches = self._batches(frames, search)
        for place, objects in self._found(batches, search, check):
            parts.append((place.window.area, objects))
            if place.is_last:
                yield place.frame, merged(parts, search)
                parts = []

    def _found(
        self, batches: Iterator[_Batch], search: Search, check: Callable[[], object]
    ) -> Iterator[tuple[_Place, Objects]]:
        """Yield the objects of each part; batches are prepared and run in parallel."""
        most = self._network.runs_at_once
        waiting: deque[Future[list[tuple[_Place, Objects]]]] = deque()
        preparer, runners = WorkerThreads(1, "prepare"), WorkerThreads(most, "network")
        runs = RunGroup()
        with timed_lanes(batches, most) as (timed, running):
            try:
                coming = preparer.submit(next, timed, None)
                problem: TimelineNbError | None = None
                while (batch := _or_problem(coming, check)) is not None:
                    if isinstance(batch, TimelineNbError):
                        problem = batch
                        break
                    coming = preparer.submit(next, timed, None)
                    with use_place(running):
                        waiting.append(runners.submit(self._ran, batch, search, runs))
                    if len(waiting) > most:
                        yield from wait_for(waiting.popleft(), check)
                while waiting:
                    yield from wait_for(waiting.popleft(), check)
                if problem is not None:
                    raise problem
            finally:
                runs.end()
                preparer.end(_GRACE_S)
                runners.end(_GRACE_S)

    def _ran(
        self, batch: _Batch, search: Search, runs: RunGroup
    ) -> list[tuple[_Place, Objects]]:
        outputs = self._outputs(batch, runs)
        try:
            return [
                (place, self._objects(place, output, search))
                for place, output in zip(batch.places, outputs, strict=True)
            ]
        except (
            LookupError,
            ValueError,
            TypeError,
            ArithmeticError,
            cv2.error,
        ) as error:
            shapes = ", ".join(str(output.shape) for output in outputs[0])
            raise RecognitionError(
                f"the model {self.name} gave {shapes}, which is not the layout "
                f"{self.layout.name}: name another with layout="
            ) from error

    def _batches(
        self, frames: Iterable[Frame | NDArray[np.uint8]], search: Search
    ) -> Iterator[_Batch]:
        batch = _Batch()
        try:
            for place in self._places(frames, search):
                if self._is_full(batch, place):
                    yield batch
                    batch = _Batch()
                self._put(batch, place)
        except TimelineNbError:
            # Frames decoded before the error are searched all the same.
            if batch.places:
                yield batch
            raise
        if batch.places:
            yield batch

    def _is_full(self, batch: _Batch, place: _Place) -> bool:
        """Return whether a part waits for the next batch; a GPU takes equal sizes."""
        if len(batch.places) == self._network.batch:
            return True
        if not batch.places or self._network.device is None:
            return False
        return batch.places[0].window.inner != place.window.inner

    @staged("prepare")
    def _put(self, batch: _Batch, place: _Place) -> None:
        window = place.window
        if self._network.device:
            batch.small.append(place.picture.small(window.area, window.inner[2:]))
        else:
            if batch.pixels is None:
                batch.pixels = self._network.new_batch()
            room = batch.pixels[len(batch.places)]
            fill_input(room, place.picture, window, self.layout.pixels)
        # The pixels are in the batch: drop the planes.
        batch.places.append(place._replace(picture=InputImage(place.picture.size)))

    def _places(
        self, frames: Iterable[Frame | NDArray[np.uint8]], search: Search
    ) -> Iterator[_Place]:
        for frame in frames:
            picture = picture_of(frame)
            areas = areas_of(picture.size, search.region, search.tiles, search.overlap)
            known = None if isinstance(frame, np.ndarray) else frame
            for number, area in enumerate(areas, 1):
                window = window_on(area, self.layout.side, self.layout.pixels.fit)
                yield _Place(picture, known, window, number == len(areas))

    @staged("infer")
    def _outputs(
        self, batch: _Batch, runs: RunGroup
    ) -> list[list[NDArray[np.float32]]]:
        if batch.pixels is None:
            inner = [place.window.inner for place in batch.places]
            return self._network.run_on_device(batch.small, inner, runs)
        return self._network.run(batch.pixels[: len(batch.places)], runs)

    @staged("read")
    def _objects(
        self, place: _Place, outputs: list[NDArray[np.float32]], search: Search
    ) -> Objects:
        """Return the objects of one part of a frame, in pixels of the frame."""
        found = self._read(outputs, self.layout, search.score)
        if self.layout.has_repeats:
            found = found.take(suppress(found, iou_threshold=search.iou))
        else:
            found = found.take(np.argsort(-found.scores, kind="stable"))
        if len(found.class_ids) and found.class_ids.max() >= len(self.names):
            raise RecognitionError(
                f"the model {self.name} gave the class {found.class_ids.max()}, "
                f"but has {len(self.names)} labels: give labels="
            )
        window, size = place.window, place.picture.size
        left, top, wide, high = window.area
        limit = (left, top, left + wide, top + high)
        mapped = window.to_picture(found, limit)
        masks: list[NDArray[np.uint32]] = []
        if mapped.coefficients is not None and len(mapped.scores):
            parts = masks_of(
                mapped.coefficients, outputs[1], mapped.boxes, window, self.layout.side
            )
            masks = [encode_mask(mask, corner, size) for corner, mask in parts]
        return Objects(mapped._replace(coefficients=None), masks)

    def _empty(self, source: Source) -> Detections:
        return self._arrays(source, [])

    def _arrays(self, source: Source, rows: list[tuple[Frame, Objects]]) -> Detections:
        """Return the objects of frames as arrays."""
        count = self.layout.points
        like = Candidates(
            *no_candidates()[:3],
            keypoints=np.zeros((0, count, 3), np.float32) if count else None,
            corners=np.zeros((0, 4, 2), np.float32) if self.layout.rotated else None,
        )
        return detections_of(
            source, self.names, rows, like=like, has_masks=bool(self.layout.masks)
        )


def _or_problem(
    coming: Future[_Batch | None], check: Callable[[], object]
) -> _Batch | TimelineNbError | None:
    """Return a batch or its error, which is raised after the batches before."""
    try:
        return wait_for(coming, check)
    except JobCancelledError:
        raise
    except TimelineNbError as error:
        return error
