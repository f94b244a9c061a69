"""What was found in a media file: a table, and pictures that prove it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.notebook.drawing import contact_sheet, html_image, html_rows
from timeline_nb.recognition.annotate import annotate
from timeline_nb.recognition.detections import Detections
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.notebook.media import Media
    from timeline_nb.recognition.models.spec import Pixels
    from timeline_nb.recognition.tracking.track import Method

__all__ = ["DetectionResult"]

_SHOWN_FRAMES = 4
_SHOWN_LABELS = 8
_SHOWN_HEIGHT_PX = 180
# What a person sees first; the table holds the rest.
_SHOWN_SCORE = 0.4


class DetectionResult:
    """The detections of one media file.

    Args:
        detections: The arrays.
        media: The file they were found in.
        studio: Whose decoders to use.
    """

    def __init__(self, detections: Detections, media: "Media", studio: Studio) -> None:
        self.detections = detections
        self.media = media
        self.studio = studio

    def to_dataframe(self) -> "pd.DataFrame":
        """One row a detection; the columns are told in `recognition.tables`."""
        return self.detections.to_dataframe()

    def track(
        self, method: "Method" = "bytetrack", *, fill: TimeLike | None = None
    ) -> "DetectionResult":
        """The same with a track id for each detection: who is who from frame to frame.

        Args:
            method: `bytetrack`, `ocsort`, or one of them with settings of your own
                (`tl.ByteTrack(high=0.5)`).
            fill: Put boxes into gaps of at most this length.

        Raises:
            RecognitionError: There is no such tracker.
        """
        from timeline_nb.recognition.tracking.paths import fill_gaps
        from timeline_nb.recognition.tracking.track import track

        tracked = track(self.detections, method)
        if fill is not None:
            tracked = fill_gaps(tracked, fill)
        self.studio.found[tracked.source.fingerprint] = tracked
        return DetectionResult(tracked, self.media, self.studio)

    def to_supervision(self, frame: int | None = None) -> Any:
        """A `supervision.Detections` of one frame, or of all of them.

        Raises:
            RecognitionError: The package is not installed.
        """
        from timeline_nb.recognition.exchange.peers import to_supervision

        return to_supervision(self.detections, frame)

    def people(
        self,
        model: Path | str,
        *,
        threshold: float = 0.5,
        pixels: "Pixels | None" = None,
    ) -> "pd.DataFrame":
        """The table with a `person` for each face: 0 for who is seen most, and so on.

        Args:
            model: An ONNX file that turns a face into a vector (SFace, ArcFace ...).
            threshold: The least likeness of faces of one person, -1 to 1.
            pixels: How a face becomes the network's input; BGR 0 to 255 if not given.

        Raises:
            RecognitionError: The model cannot be used.
            MediaError: A frame does not decode.
        """
        from timeline_nb.notebook.group_faces import people

        return people(self, Path(model), threshold=threshold, pixels=pixels)

    def frame(self, number: int, *, score: float = 0.0) -> NDArray[np.uint8]:
        """Frame `number` with its boxes drawn: `(H, W, 3) uint8 RGB`.

        Args:
            number: A frame that was looked at.
            score: The least score that is drawn.

        Raises:
            MediaError: There is no such frame, or it does not decode.
        """
        assumed = self.media.info.assumed
        with self.studio.library.video(self.media.path, assumed=assumed) as decoder:
            frame = decoder.frame(number)
        here = self.detections.of_frame(frame.id.pts).above(score)
        return annotate(frame.to_rgb(), here)

    def __len__(self) -> int:
        return len(self.detections)

    def __repr__(self) -> str:
        frames = len(self.detections.examined_frame)
        return (
            f"<DetectionResult {len(self)} detections of {self._classes()} classes "
            f"in {frames} frames of {self.media.name!r}>"
        )

    def _classes(self) -> int:
        return len(np.unique(self.detections.class_id))

    def _repr_html_(self) -> str:
        counts = [
            (name, f"{count} boxes, best {best:.2f}")
            for name, count, best in self.detections.by_label()[:_SHOWN_LABELS]
        ]
        numbers = self._telling_frames()
        if not numbers:
            return html_rows([(repr(self), "")])
        pictures = [self._small(self.frame(n, score=_SHOWN_SCORE)) for n in numbers]
        captions = [
            f"frame {n}, {float(self.media.index.time_of(n)):.2f} s" for n in numbers
        ]
        sheet = contact_sheet(pictures, captions, columns=2)
        return html_image(sheet, repr(self)) + html_rows(counts)

    def _telling_frames(self) -> list[int]:
        """The frames with the most to see, one from each quarter of the film."""
        sure = self.detections.above(_SHOWN_SCORE)
        if not len(sure):
            return []
        frames, counts = np.unique(sure.frame, return_counts=True)
        parts = np.array_split(np.arange(len(frames)), min(_SHOWN_FRAMES, len(frames)))
        return [int(frames[part[np.argmax(counts[part])]]) for part in parts]

    def _small(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        from PIL import Image

        width = round(rgb.shape[1] * _SHOWN_HEIGHT_PX / rgb.shape[0])
        return np.asarray(Image.fromarray(rgb).resize((width, _SHOWN_HEIGHT_PX)))
