"""Detectors that were loaded, kept by what they were loaded with."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.metrics import count_look

if TYPE_CHECKING:
    from timeline_nb.recognition.inference.detector import Detector
    from timeline_nb.recognition.models.registry import ModelRegistry
    from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["DetectorCache"]


# Films of each shape have a network of their own, of 10 MB and more.
_MOST: Final = 8


class DetectorCache:
    """Loads each detector once, and keeps those used last; thread-safe."""

    def __init__(self) -> None:
        self._detectors: LRUCache[Any, Detector] = LRUCache(_MOST)
        self._lock = new_lock("detectors of a studio")

    def load(
        self,
        registry: "ModelRegistry",
        model: str | Path | None,
        spec: "ModelSpec | None",
        *,
        batch: int | None,
        shape: tuple[int, int] | None,
    ) -> "Detector":
        """Return the detector of a model.

        Args:
            registry: Knows the models by name.
            model: A model's name, an ONNX file, or None for the embedded model.
            spec: Facts about the model that its file does not state.
            batch: Frames per run; chosen for the machine if not given.
            shape: Width and height of all frames, if the network's input may be reduced
                by the padding that they do not need.

        Raises:
            RecognitionError: The model cannot be used.
        """
        from timeline_nb.recognition.inference.detector import Detector
        from timeline_nb.recognition.models.tighten import tightened

        key = model, spec, batch, shape
        with self._lock:
            known = self._detectors.get(key)
        count_look("detectors", hit=known is not None)
        if known is not None:
            return known
        # Without the lock: a file that takes a minute must not keep others waiting.
        loaded = registry.load(model, spec)
        loaded = tightened(loaded, shape) if shape else loaded
        made = Detector(loaded, batch=batch)
        with self._lock:
            return self._detectors.setdefault(key, made)

    @property
    def kept(self) -> int:
        """How many detectors are kept."""
        with self._lock:
            return len(self._detectors)

    def clear(self) -> None:
        """Drop all detectors."""
        with self._lock:
            self._detectors.clear()
