"""Detections made before, kept on disk by what they were made of."""

import logging
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

from timeline_nb.media.index import READING
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.source import Source

__all__ = ["DetectionCache", "DetectionStore"]

_log = logging.getLogger(__name__)
_VERSION: Final = 2
# So many pieces are read as fast as one; more are put together.
_MANY_PIECES: Final = 8


class DetectionCache:
    """What is known of one film by one model and one search, frame by frame.

    Args:
        folder: Holds a file a piece; safe for several kernels, since files appear
            whole and a frame that two have looked at counts once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, source: Source) -> Detections | None:
        """All that is known, told of the film where it lies now; or None."""
        pieces = [Detections.load(path) for path in sorted(self._folder.glob("*.npz"))]
        whole = [piece for piece in pieces if piece is not None]
        if not whole:
            return None
        return replace(Detections.joined(whole), source=source)

    def add(self, piece: Detections) -> None:
        """Keep what was found in some more frames, where the folder can be written."""
        digest = blake2b(piece.examined_pts.tobytes(), digest_size=12).hexdigest()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            piece.save(self._folder / f"{digest}.npz")
        except OSError as error:
            _log.warning("detections cannot be kept in %s: %s", self._folder, error)

    def tidy(self, source: Source) -> None:
        """Put many pieces together into one."""
        paths = sorted(self._folder.glob("*.npz"))
        whole = self.load(source) if len(paths) > _MANY_PIECES else None
        if whole is None:
            return
        self.add(whole)
        digest = blake2b(whole.examined_pts.tobytes(), digest_size=12).hexdigest()
        for path in paths:
            if path.stem != digest:
                path.unlink(missing_ok=True)


class DetectionStore:
    """A folder of detections.

    Args:
        folder: Made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def cache(
        self, *, fingerprint: str, model_sha256: str, search: Search
    ) -> DetectionCache:
        """Where the results of one search with one model in one film are kept."""
        facts = f"{_VERSION} {READING} {fingerprint} {model_sha256} ".encode()
        return DetectionCache(
            self._folder / blake2b(facts + search.key, digest_size=20).hexdigest()
        )
