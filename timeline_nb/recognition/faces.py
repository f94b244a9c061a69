"""Faces grouped by person, by the vectors of an embedding model."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.inference.providers import open_session
from timeline_nb.recognition.inference.runs import NetworkRun
from timeline_nb.recognition.inference.trial import ModelTrials
from timeline_nb.recognition.models.spec import Pixels

__all__ = ["FaceEmbedder", "aligned", "groups_of"]

# Eyes, nose and corners of the mouth in the 112 x 112 faces that ArcFace was trained on
# (InsightFace, arcface_dst).
_POINTS: Final = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ],
    np.float32,
)
_SIDE: Final = 112


class FaceEmbedder:
    """An ONNX face embedding network: vectors of one person's faces are similar.

    Args:
        data: The file.
        name: Used in error messages.
        trials: Tries the file in a child process before it runs in this one.
        pixels: How a face becomes its input.

    Raises:
        RecognitionError: The file is not such a network, or exceeds a limit.
    """

    def __init__(
        self,
        data: bytes,
        name: str,
        trials: ModelTrials,
        pixels: Pixels | None = None,
    ) -> None:
        card = trials.tried(data, name, (_SIDE, _SIDE)).card
        (shape,) = list(card.inputs.values())[:1]
        if len(shape) != 4 or shape[1] != 3 or len(card.outputs) < 1:
            raise RecognitionError(
                f"the model {name} takes {shape}, not (batch, 3, height, width): it is "
                "not a face embedding network"
            )
        self._pixels = pixels or Pixels(std=(1.0, 1.0, 1.0))
        self._side = (shape[3] or _SIDE, shape[2] or _SIDE)
        self._name, self._limits = name, trials.limits
        try:
            self._session, _ = open_session(
                data, side=self._side, operators=card.operators
            )
        except RuntimeError as error:
            raise RecognitionError(
                f"the model {name} cannot be loaded: {error}"
            ) from error
        self._input = next(iter(card.inputs))

    def embed(self, face: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Compute the unit vector of a face `(H, W, 3) uint8 RGB`.

        Raises:
            RecognitionError: The network fails, takes too long, or returns no vector.
        """
        small = cv2.resize(face, self._side, interpolation=cv2.INTER_LINEAR)
        order = [0, 1, 2] if self._pixels.order == "rgb" else [2, 1, 0]
        values = (small[..., order] - np.array(self._pixels.mean)) / self._pixels.std
        given = np.ascontiguousarray(values.transpose(2, 0, 1)[None], np.float32)
        vector = self._first_output({self._input: given})
        length = float(np.linalg.norm(vector))
        if np.size(vector) < 2 or not np.isfinite(length) or length == 0:
            raise RecognitionError(f"the model {self._name} gave no vector of a face")
        return np.asarray(np.ravel(vector) / length, np.float32)

    def _first_output(self, given: dict[str, Any]) -> NDArray[np.float32]:
        run = NetworkRun(self._name, self._limits)
        try:
            (vector, *_) = self._session.run(None, given, run.options)
            return np.asarray(vector, np.float32)
        except Exception as error:  # onnxruntime raises classes of its own
            reason = str(error).partition("\n")[0][:300]
            failed = RecognitionError(f"the model {self._name} failed: {reason}")
            raise (run.exceeded or failed) from error
        finally:
            run.close()


def aligned(
    rgb: NDArray[np.uint8], box: NDArray[Any], points: NDArray[Any] | None
) -> NDArray[np.uint8]:
    """Crop a face, rotated upright and centered: `(112, 112, 3) uint8`.

    Args:
        rgb: The frame.
        box: `(4,)` xyxy of the face.
        points: `(5, 2)` or `(5, 3)`: eyes, nose, corners of the mouth; the box alone
            if None.
    """
    if points is not None and len(points) == len(_POINTS):
        spots = np.asarray(points, np.float32)[:, :2]
        # Detectors list the eyes from either side: sort them by x.
        if spots[0, 0] > spots[1, 0]:
            spots = spots[[1, 0, 2, 4, 3]]
        spots = np.ascontiguousarray(spots)
        matrix, _ = cv2.estimateAffinePartial2D(spots, _POINTS, method=cv2.LMEDS)
        if matrix is not None:
            turned = cv2.warpAffine(rgb, matrix, (_SIDE, _SIDE))
            return np.asarray(turned, np.uint8)
    x1, y1 = np.maximum(np.floor(box[:2]), 0).astype(int)
    x2, y2 = np.ceil(box[2:]).astype(int)
    part = rgb[y1 : max(y2, y1 + 1), x1 : max(x2, x1 + 1)]
    return np.asarray(cv2.resize(part, (_SIDE, _SIDE)), np.uint8)


def groups_of(
    vectors: NDArray[np.float32], *, threshold: float = 0.5
) -> NDArray[np.int64]:
    """Return a group number per vector; group 0 is the largest.

    Average linkage clustering by cosine distance.

    Args:
        vectors: `(n, d)` of length 1.
        threshold: The least mean cosine similarity within a group, -1 to 1.
    """
    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(vectors, "average", metric="cosine")
    labels = fcluster(tree, 1 - threshold, "distance") - 1
    counts = np.bincount(labels)
    rank = np.empty(len(counts), np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    return rank[labels]
