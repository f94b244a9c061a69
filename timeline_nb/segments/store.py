"""The store of segments: files by key, limited in bytes, shared by processes."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from timeline_nb.core.locks import new_lock
from timeline_nb.core.partials import sweep
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.segments.file import SegmentFile

__all__ = ["SegmentStore", "StoreStatistics"]

_MAX_BYTES: Final = 20_000_000_000
# What was used in these seconds may be in use by another process.
_IN_USE_S: Final = 600
# Counting files that takes longer is repeated after a hundred times as long.
_QUICK_S: Final = 0.005
_SHARE: Final = 100
_SUFFIX: Final = ".seg"


@dataclass(frozen=True)
class StoreStatistics:
    """What a store holds, and its hits since it was opened.

    Args:
        hits: Segments found when they were needed.
        misses: Segments that had to be encoded.
        files: Segments on disk.
        size_bytes: Of all of them.
        max_bytes: The limit.
    """

    hits: int
    misses: int
    files: int
    size_bytes: int
    max_bytes: int

    @property
    def hit_ratio(self) -> float | None:
        """The ratio of hits, 0 to 1; None before the first request."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


class SegmentStore:
    """Segments on disk by key; safe for several threads and processes.

    Each appears whole under its key and never changes. Above the limit, those
    used longest ago are removed.

    Args:
        folder: Of the files.
        max_bytes: What all of them may take.
    """

    def __init__(self, folder: Path, *, max_bytes: int = _MAX_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._lock = new_lock("counts of the segment cache")
        self._hits = self._misses = 0
        self._held, self._held_until = (0, 0), 0.0

    def path(self, key: str) -> Path:
        """Return the path of a segment, existing or not."""
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
        """Mark segments as used now: they are removed last."""
        for key in keys:
            with contextlib.suppress(OSError):
                os.utime(self.path(key))

    def drop(self, key: str) -> None:
        """Remove a segment."""
        with contextlib.suppress(OSError):
            self.path(key).unlink()

    def drop_damaged(self, keys: Iterable[str]) -> bool:
        """Remove those that are gone or damaged, and return whether there are any."""
        found = False
        for key in keys:
            file = self.open(key)
            if file is None or not file.is_sound():
                self.drop(key)
                found = True
        return found

    def count(self, *, hits: int, misses: int) -> None:
        """Add to the statistics."""
        with self._lock:
            self._hits += hits
            self._misses += misses
        count_look("segments", hit=True, times=hits)
        count_look("segments", hit=False, times=misses)

    def trim(self) -> None:
        """Remove what was used longest ago, down to the limit.

        What was used in the last ten minutes is kept.
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
            for folder in self._folders():
                sweep(folder)

    def clear(self) -> int:
        """Remove all segments; return how many bytes that freed."""
        freed = sum(length for _, length, _ in self._entries())
        for folder in self._folders():
            shutil.rmtree(folder, ignore_errors=True)
        return freed

    def statistics(self) -> StoreStatistics:
        """Return what the store holds, and how well it served since it was opened."""
        lengths = [length for _, length, _ in self._entries()]
        return StoreStatistics(
            self._hits, self._misses, len(lengths), sum(lengths), self.max_bytes
        )

    def held(self) -> tuple[int, int]:
        """Return how many segments there are, and their bytes.

        Metrics ask every few seconds, and a full store has tens of thousands of files:
        where counting takes long, this is what was counted a while ago.
        """
        began = time.monotonic()
        if began >= self._held_until:
            lengths = [length for _, length, _ in self._entries()]
            self._held = len(lengths), sum(lengths)
            ended = time.monotonic()
            took = ended - began
            self._held_until = ended + (_SHARE * took if took > _QUICK_S else 0)
        return self._held

    def _alone(self) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "trim.lock", timeout=0)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Yield time of use, bytes and path of each segment."""
        for folder in self._folders():
            paths: list[Path] = []
            with contextlib.suppress(OSError):
                paths += folder.glob(f"[!.]*{_SUFFIX}")
            for path in paths:
                with contextlib.suppress(OSError):
                    status = path.stat()
                    yield status.st_mtime, status.st_size, path

    def _folders(self) -> list[Path]:
        """Return the folders of the segments; none if there is no store yet."""
        with contextlib.suppress(OSError):
            return list(self.folder.glob("??"))
        return []
