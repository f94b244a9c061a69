"""What was detected in a media file: a table, and frames with the boxes drawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.origins import Origin
from timeline_nb.core.structs import to_json
from timeline_nb.notebook.drawing import contact_sheet, html_image, html_rows
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.recognition.annotate import annotate
from timeline_nb.recognition.detections import Detections
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    import pandas as pd

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
        model: What found them; None where that is not known.

    Example:
        >>> result = src.detect(every=5, end="2s")
        >>> result
        <DetectionResult ... detections of ... classes in 10 frames of 'bikes.mp4'>
        >>> result.detections.examined_frame[:3]
        array([ 0,  5, 10])
        >>> result.studio is src.studio
        True
    """

    def __init__(
        self, detections: Detections, media: MediaFile, model: Origin | None = None
    ) -> None:
        self.detections = detections
        self.media = media
        self.model = model

    @property
    def studio(self) -> Studio:
        """The studio whose caches and decoders are used: that of the media."""
        return self.media.studio

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a table with one row per detection, which has the accessor `df.tl`.

        Returns:
            Columns `frame`, `pts`, `end_pts`, `time_s` (media seconds), `label`,
            `class_id`, `score`, `x1`, `y1`, `x2`, `y2` (pixels of the upright frame)
            and `track_id`; where the model gives them also `keypoints`, `corners` and
            `mask`.

        Example:
            >>> result = src.detect(every=5, end="2s")
            >>> table = result.to_dataframe()
            >>> list(table.columns[:7])
            ['frame', 'pts', 'end_pts', 'time_s', 'label', 'class_id', 'score']
            >>> table["frame"].is_monotonic_increasing
            True
        """
        from timeline_nb.recognition.tables.columns import MODEL

        table = self.detections.to_dataframe()
        if self.model is not None:
            table.attrs[MODEL] = to_json(self.model).decode()
        return table

    def track(
        self, method: "Method" = "bytetrack", *, fill: TimeLike | None = None
    ) -> "DetectionResult":
        """Link the detections of each object from frame to frame by a track id.

        Args:
            method: `bytetrack`, `ocsort`, or one of them with settings of your own
                (`tl.ByteTrack(high=0.5)`).
            fill: Interpolate boxes in gaps of at most this length.

        Returns:
            A new result; this one stays as it is.

        Raises:
            RecognitionError: There is no such tracker.

        Example:
            >>> tracked = src.detect(every=5, end="2s").track(fill="0.5s")
            >>> "track_id" in tracked.to_dataframe()
            True
        """
        from timeline_nb.recognition.tracking.paths import fill_gaps
        from timeline_nb.recognition.tracking.track import track

        tracked = track(self.detections, method)
        if fill is not None:
            tracked = fill_gaps(tracked, fill)
        return DetectionResult(tracked, self.media, self.model)

    def to_supervision(self, frame: int | None = None) -> Any:
        """Return the `supervision.Detections` of one frame, or of all of them.

        Raises:
            RecognitionError: The package is not installed.

        Example:
            >>> result = src.detect(every=5, end="2s")
            >>> boxes = result.to_supervision(frame=0)  # doctest: +SKIP
            >>> boxes.xyxy.shape  # doctest: +SKIP
            (9, 4)
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
        """Group faces by person: the table with a column `person`, 0 the most frequent.

        Args:
            model: An ONNX face embedding model (SFace, ArcFace ...).
            threshold: The least cosine similarity of faces of one person, -1 to 1.
            pixels: How a face becomes the network's input; BGR 0 to 255 if not given.

        Raises:
            RecognitionError: The model cannot be used.
            MediaError: A frame does not decode.

        Example:
            >>> faces = src.detect(model="yunet")  # doctest: +SKIP
            >>> people = faces.people("sface.onnx")  # doctest: +SKIP
            >>> people.groupby("person")["time_s"].agg(["min", "max"])  # doctest: +SKIP
        """
        from timeline_nb.notebook.group_faces import group_faces

        return group_faces(
            self.detections, self.media, Path(model), threshold=threshold, pixels=pixels
        )

    def frame(
        self,
        at: TimeLike | None = None,
        *,
        number: SupportsIndex | None = None,
        pts: SupportsIndex | None = None,
        score: float = 0.0,
    ) -> NDArray[np.uint8]:
        """Decode a frame and draw its boxes: `(H, W, 3) uint8 RGB`.

        Args:
            at: The frame shown at this media time.
            number: Or the frame of this number.
            pts: Or the frame of this presentation time stamp.
            score: The least score that is drawn.

        Raises:
            MediaError: There is no such frame, or it does not decode.
            TimeError: The time lies outside the file, or more than one is named.

        Example:
            >>> result = src.detect(every=5, end="2s")
            >>> result.frame("1s", score=0.4).shape
            (272, 640, 3)
        """
        frame = self.media.read_frame(at, number=number, pts=pts)
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
        numbers = self._fullest_frames()
        if not numbers:
            return html_rows([(repr(self), "")])
        pictures = [
            self._small(self.frame(number=n, score=_SHOWN_SCORE)) for n in numbers
        ]
        captions = [
            f"frame {n}, {float(self.media.index.time_of(n)):.2f} s" for n in numbers
        ]
        sheet = contact_sheet(pictures, captions, columns=2)
        return html_image(sheet, repr(self)) + html_rows(counts)

    def _fullest_frames(self) -> list[int]:
        """Return the frames with the most boxes, one from each quarter of the media."""
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
