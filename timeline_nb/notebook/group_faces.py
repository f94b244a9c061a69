"""Faces of a media file grouped by person."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import RecognitionError
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.notebook.progress import finish
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.faces import FaceEmbedder, aligned, groups_of
from timeline_nb.recognition.models.spec import Pixels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["group_faces"]

_PIXELS = Pixels(order="bgr", std=(1.0, 1.0, 1.0))


def group_faces(
    detections: Detections,
    media: MediaFile,
    model: Path,
    *,
    threshold: float,
    pixels: Pixels | None,
) -> "pd.DataFrame":
    """Return the table of face detections with a `person` per row.

    See `DetectionResult.people`. Faces of one track are one person: their vectors are
    averaged first.
    """
    name = f"the model {model}"
    with file_errors(name, RecognitionError, verb="read"), open_file(model) as file:
        data = file.read()
    embedder = FaceEmbedder(
        data, model.name, media.studio.model_trials, pixels or _PIXELS
    )
    name = f"compare faces of {media.name}"

    def work(reporter: Reporter) -> list[np.ndarray]:
        return _vectors(detections, media, embedder, reporter)

    vectors = finish(lambda: media.studio.start(name, work))
    table = detections.to_dataframe()
    if not len(table):
        return table.assign(person=np.zeros(0, np.int64))
    whole = np.stack(vectors)
    tracks = detections.track_id
    # A face without a track stands for itself.
    keys = np.where(tracks >= 0, tracks, -1 - np.arange(len(tracks)))
    _, which = np.unique(keys, return_inverse=True)
    sums = np.zeros((which.max() + 1, whole.shape[1]), np.float32)
    np.add.at(sums, which, whole)
    means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return table.assign(person=groups_of(means, threshold=threshold)[which])


def _vectors(
    detections: Detections, media: MediaFile, embedder: FaceEmbedder, reporter: Reporter
) -> list[np.ndarray]:
    """Return the vector of each face, in the order of the table."""
    vectors: list[np.ndarray] = []
    frames = np.unique(detections.frame)
    with media.decoder() as decoder:
        for frame in decoder.frames(int(number) for number in frames):
            rgb = frame.to_rgb()
            for row in np.flatnonzero(detections.pts == frame.id.pts):
                points = detections.keypoints
                spots = None if points is None else points[row]
                face = aligned(rgb, detections.xyxy[row], spots)
                vectors.append(embedder.embed(face))
            reporter.report("compare", len(vectors), len(detections), unit="face")
    return vectors
