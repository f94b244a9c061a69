"""Detection of objects in the pictures of a media file."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.core.executors import check_executor
from timeline_nb.core.jobs import Job
from timeline_nb.errors import RecognitionError
from timeline_nb.notebook.analyzed import AnalyzedMedia
from timeline_nb.notebook.progress import finish
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    from timeline_nb.notebook.detection_result import DetectionResult
    from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["DetectedMedia"]


class DetectedMedia(AnalyzedMedia):
    """Media whose pictures are searched for objects."""

    def detect(  # noqa: PLR0913 - each is one word about what is detected
        self,
        *,
        every: int = 1,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        model: Path | str | None = None,
        spec: "ModelSpec | None" = None,
        score: float = 0.25,
        iou: float = 0.6,
        region: tuple[int, int, int, int] | None = None,
        tiles: tuple[int, int] = (1, 1),
        overlap: float = 0.2,
        tight: bool = True,
        batch: int | None = None,
        executor: Executor | None = None,
    ) -> "DetectionResult":
        """Detect objects in the pictures, with a progress bar.

        What was found is kept on disk: a second run costs nothing, and a longer part
        of the file only what is new.

        Args:
            every: Only each `every`-th frame.
            start: The first media time; the file's start if not given.
            end: The media time up to which; the file's end if not given.
            model: Of `tl.models`, a file, or `PLUGIN/detector`; embedded if not given.
            spec: A `ModelSpec`, for a file that does not say what it is.
            score: The least score that counts, 0 to 1.
            iou: Boxes of a class that overlap more than this are one object.
            region: Left, top, right and bottom of the part searched, in pixels.
            tiles: Columns and rows of tiles searched beside the whole frame, for small
                objects.
            overlap: The share of a tile that its neighbor covers too.
            tight: Leave out the gray that pads wide frames to a square, where the
                model's file can be made smaller for them.
            batch: Frames per run of the network; what suits the machine if not given.
            executor: Where frames are searched: a process pool that spawns its workers
                (see `Edit.render`), or a cluster's.

        Raises:
            RecognitionError: The model or the executor cannot be used, a value is out
                of its range, or a worker dies.
            MediaError: The file has no pictures, or a frame does not decode.
            TimeError: There are no such frames.

        Example:
            >>> result = src.detect(every=5, end="2s")
            >>> result.to_dataframe().columns[:4].tolist()
            ['frame', 'pts', 'end_pts', 'time_s']
        """
        return finish(
            lambda: self.start_detection(
                every=every,
                start=start,
                end=end,
                model=model,
                spec=spec,
                score=score,
                iou=iou,
                region=region,
                tiles=tiles,
                overlap=overlap,
                tight=tight,
                batch=batch,
                executor=executor,
            )
        )

    def start_detection(  # noqa: PLR0913 - as `detect`
        self,
        *,
        every: int = 1,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        model: Path | str | None = None,
        spec: "ModelSpec | None" = None,
        score: float = 0.25,
        iou: float = 0.6,
        region: tuple[int, int, int, int] | None = None,
        tiles: tuple[int, int] = (1, 1),
        overlap: float = 0.2,
        tight: bool = True,
        batch: int | None = None,
        executor: Executor | None = None,
    ) -> "Job[DetectionResult]":
        """Start `detect` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = src.start_detection(every=5, end="2s")
            >>> result = job.wait()
            >>> len(result.detections.examined_frame)
            10
        """
        from timeline_nb.notebook.detect import detect
        from timeline_nb.notebook.detect_frames import DetectionRequest

        check_executor(executor, RecognitionError)
        request = DetectionRequest(
            every=every,
            start=start,
            end=end,
            model=model,
            spec=spec,
            score=score,
            iou=iou,
            region=region,
            tiles=tiles,
            overlap=overlap,
            tight=tight,
            batch=batch,
            executor=executor,
        )
        request.numbers(self)
        return self.studio.start(
            f"detect {self.name}", lambda reporter: detect(self, request, reporter)
        )
