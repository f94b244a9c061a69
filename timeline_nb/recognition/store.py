"""Detections made before, kept on disk by what they were made of."""

import logging
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
from msgspec.structs import replace as with_fields
from numpy.typing import NDArray

from timeline_nb.recognition.detections import Detections

__all__ = ["DetectionStore"]

_log = logging.getLogger(__name__)


class DetectionStore:
    """A folder of detections; safe for several kernels, since files appear whole.

    Args:
        folder: Made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(
        *,
        fingerprint: str,
        model_sha256: str,
        pts: NDArray[np.int64],
        score_threshold: float,
        iou_threshold: float,
    ) -> str:
        """The name of what is found: film, model, frames and thresholds."""
        facts = f"1 {fingerprint} {model_sha256} {score_threshold!r} {iou_threshold!r} "
        digest = blake2b(facts.encode(), digest_size=20)
        digest.update(np.ascontiguousarray(pts, np.int64).tobytes())
        return digest.hexdigest()

    def load(self, key: str, *, path: str) -> Detections | None:
        """What was kept under a key, told of the film where it lies now; or None."""
        found = Detections.load(self._folder / f"{key}.npz")
        if found is None:
            return None
        return replace(found, source=with_fields(found.source, path=path))

    def save(self, key: str, found: Detections) -> None:
        """Keep detections under a key, where the folder can be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            found.save(self._folder / f"{key}.npz")
        except OSError as error:
            _log.warning("detections cannot be kept in %s: %s", self._folder, error)
