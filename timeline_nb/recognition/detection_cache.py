"""A cache of detections on disk, keyed by media, model and settings."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.media.index import READING
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.source import Source

__all__ = ["DetectionCache", "DetectionStore"]

_VERSION: Final = 2
# So many files are read as fast as one; more are merged.
_MANY_FILES: Final = 8


class DetectionCache:
    """The cached detections of one media, model and search, frame by frame.

    Args:
        folder: Holds a file per part. Several kernels may share it, since files appear
            whole and a frame that two have searched counts once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, source: Source) -> Detections | None:
        """Return all cached detections, with `source` as their media; None if none."""
        parts = [Detections.load(path) for path in sorted(self._folder.glob("*.npz"))]
        whole = [part for part in parts if part is not None]
        if not whole:
            return None
        return replace(Detections.joined(whole), source=source)

    def add(self, part: Detections) -> None:
        """Write the detections of more frames, if the folder can be written."""
        with cached_if_possible(self._folder.parents[1]):
            self._write(part)

    def has(self, part: Detections) -> bool:
        """Return whether a part that was added was written."""
        return self._path(part).is_file()

    def tidy(self, source: Source) -> None:
        """Merge many files into one."""
        paths = sorted(self._folder.glob("*.npz"))
        whole = self.load(source) if len(paths) > _MANY_FILES else None
        if whole is None:
            return
        with cached_if_possible(self._folder.parents[1]):
            merged = self._write(whole)
            for path in paths:
                if path != merged:
                    path.unlink(missing_ok=True)

    def _write(self, part: Detections) -> Path:
        """Write detections, and return the path of their file."""
        path = self._path(part)
        self._folder.mkdir(parents=True, exist_ok=True)
        part.save(path)
        return path

    def _path(self, part: Detections) -> Path:
        digest = blake2b(part.examined_pts.tobytes(), digest_size=12).hexdigest()
        return self._folder / f"{digest}.npz"


class DetectionStore:
    """A folder of detections.

    Args:
        folder: In the cache folder; created by the first write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def cache(
        self, *, fingerprint: str, model_sha256: str, search: Search
    ) -> DetectionCache:
        """Return the cache of one media, model and search."""
        facts = f"{_VERSION} {READING} {fingerprint} {model_sha256} ".encode()
        return DetectionCache(
            self._folder / blake2b(facts + search.key, digest_size=20).hexdigest()
        )
