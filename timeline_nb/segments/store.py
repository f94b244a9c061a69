"""The store of segments: files by their keys, bounded in bytes, shared by processes."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from filelock import FileLock, Timeout

from timeline_nb.core.files import sweep
from timeline_nb.segments.file import SegmentFile

__all__ = ["SegmentStore", "StoreStatistics"]

_MAX_BYTES: Final = 20_000_000_000
# What was used so lately may be in the hands of another process that renders.
_IN_USE_S: Final = 600
_SUFFIX: Final = ".seg"


@dataclass(frozen=True)
class StoreStatistics:
    """What a store holds, and how well it served since it was opened.

    Args:
        hits: Segments that were there when they were needed.
        misses: Segments that had to be made.
        files: How many segments lie on disk.
        size_bytes: What they take.
        max_bytes: What they may take.
    """

    hits: int
    misses: int
    files: int
    size_bytes: int
    max_bytes: int

    @property
    def hit_ratio(self) -> float | None:
        """The share that was there, 0 to 1; None before the first was needed."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


class SegmentStore:
    """Segments on disk by what they show; safe for several threads and processes.

    Each appears whole under its key and never changes. When all take too much, those
    that were used longest ago go.

    Args:
        folder: Where they lie.
        max_bytes: What all of them may take.
    """

    def __init__(self, folder: Path, *, max_bytes: int = _MAX_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._lock = Lock()
        self._hits = self._misses = 0

    def path(self, key: str) -> Path:
        """Return where a segment lies, or would."""
        return self.folder / key[:2] / f"{key}{_SUFFIX}"

    def open(self, key: str) -> SegmentFile | None:
        """Return a segment; None if there is none. A damaged one is removed."""
        path = self.path(key)
        try:
            return SegmentFile(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            self.drop(key)
            return None

    def has(self, key: str) -> bool:
        """Return whether a segment is there and whole; its packets are not read."""
        return self.open(key) is not None

    def use(self, keys: Iterable[str]) -> None:
        """Tell that segments are used now: they are the last to go."""
        for key in keys:
            with contextlib.suppress(OSError):
                os.utime(self.path(key))

    def drop(self, key: str) -> None:
        """Remove a segment."""
        with contextlib.suppress(OSError):
            self.path(key).unlink()

    def count(self, *, hits: int, misses: int) -> None:
        """Add to the statistics."""
        with self._lock:
            self._hits += hits
            self._misses += misses

    def trim(self) -> None:
        """Remove what was used longest ago, until the rest takes no more than it may.

        What was used in the last ten minutes stays.
        """
        with contextlib.suppress(Timeout, OSError), self._alone():
            entries = sorted(self._entries())
            size = sum(entry[1] for entry in entries)
            now = time.time()
            for used, length, path in entries:
                if size <= self.max_bytes or now - used < _IN_USE_S:
                    break
                path.unlink(missing_ok=True)
                size -= length
            sweep(self.folder.glob("??/.*"))

    def clear(self) -> int:
        """Remove all segments; how many bytes that freed."""
        freed = sum(length for _, length, _ in self._entries())
        for folder in self.folder.glob("??"):
            shutil.rmtree(folder, ignore_errors=True)
        return freed

    def statistics(self) -> StoreStatistics:
        """Return what the store holds, and how well it served since it was opened."""
        lengths = [length for _, length, _ in self._entries()]
        return StoreStatistics(
            self._hits, self._misses, len(lengths), sum(lengths), self.max_bytes
        )

    def _alone(self) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "trim.lock", timeout=0)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Yield when each was used, its bytes, and its path."""
        for path in self.folder.glob(f"??/*{_SUFFIX}"):
            if path.name.startswith("."):
                continue
            with contextlib.suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path
