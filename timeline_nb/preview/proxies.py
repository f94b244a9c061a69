"""Proxies: every frame of a media file as a small JPEG, made in the background.

Decoding one frame of a long group of pictures costs the whole group up to it. A
group is decoded once, in the background, and all its frames are kept small; after that
any of them is read from disk in under a millisecond.
"""

import logging
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

import numpy as np
from cachetools import LRUCache

from timeline_nb.access.media_types import PROXIES_SUFFIX
from timeline_nb.core.app_dirs import warn_unwritable
from timeline_nb.core.files import write_atomic
from timeline_nb.core.locks import new_condition
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.errors import MediaError
from timeline_nb.media.deinterlace import Deinterlacer
from timeline_nb.media.file_state import state_of
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.jpeg import JpegEncoder

__all__ = ["ProxyFile", "ProxyStore", "proxy_size"]

_log = logging.getLogger(__name__)

# The short and the long side of a proxy, at most.
_SHORT_PX: Final = 360
_LONG_PX: Final = 640
# Frames a file, unless a group of pictures is longer or shorter.
_FEWEST: Final = 24
_MOST: Final = 250
# So many frames around the one requested last are made without a request.
_REACH: Final = 9_000
# Requests that wait: the latest, of what was scrubbed over.
_MOST_WANTED: Final = 1_000
_MAX_BYTES: Final = 2_000_000_000
_MAGIC: Final = b"tlnbjpg2"
# How long no more are made after the folder could not be written.
_UNWRITABLE_S: Final = 60.0
# How long the thread waits while someone decodes a frame in the foreground.
_YIELD_S: Final = 0.05


def proxy_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return width and height of a film's proxy, both even, for its display size."""
    short, long = min(size), max(size)
    factor = min(1.0, _SHORT_PX / short, _LONG_PX / long)
    width, height = (max(2, round(side * factor / 2) * 2) for side in size)
    return width, height


@dataclass(frozen=True)
class ProxyFile:
    """A file with the proxies of some frames that follow each other.

    Args:
        path: The file.
        first: The number of the first frame.
        offsets: Where each JPEG begins, in bytes, and where the last one ends.
    """

    path: Path
    first: int
    offsets: list[int]


class ProxyStore:
    """A folder of proxies, and the thread that makes them; thread-safe.

    Args:
        folder: Of the proxies, by the files' fingerprints, in the cache folder.
        library: Opens media files.
        max_bytes: The limit, above which the oldest are removed.
        made: Called with a file's info, and how many of its proxies were made.
    """

    def __init__(
        self,
        folder: Path,
        library: MediaLibrary,
        *,
        max_bytes: int = _MAX_BYTES,
        made: Callable[[MediaInfo, int], object] = lambda *_: None,
    ) -> None:
        self._folder = folder
        self._library = library
        self._max_bytes = max_bytes
        self._made = made
        self._state = new_condition("a proxy store")
        self._wanted: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._failed: set[tuple[str, int]] = set()
        self._maker: Thread | None = None
        self._in_front = 0
        self._closed = False
        self._resting_until = 0.0
        self._bounds: LRUCache[str, list[int]] = LRUCache(64)
        self._offsets: LRUCache[Path, list[int]] = LRUCache(4096)

    def frame(self, info: MediaInfo, number: int) -> bytes | None:
        """Return the JPEG of a frame; None if it was not made yet."""
        found = self.file_of(info, number)
        count_look("proxies", hit=found is not None)
        if found is None:
            return None
        place, offsets = number - found.first, found.offsets
        try:
            with found.path.open("rb") as file:
                file.seek(offsets[place])
                return file.read(offsets[place + 1] - offsets[place])
        except (OSError, IndexError):
            with self._state:
                self._offsets.pop(found.path, None)
            return None

    def file_of(self, info: MediaInfo, number: int) -> ProxyFile | None:
        """Return the file with the proxy of a frame; None if it was not made yet."""
        index = self._library.index(info)
        first = self._first_of(info, index, number)
        path = self._path(info, first)
        offsets = self._offsets_of(path)
        return None if offsets is None else ProxyFile(path, first, offsets)

    def request(self, info: MediaInfo, number: int) -> None:
        """Request the proxies near a frame, the nearest first; returns at once."""
        if time.monotonic() < self._resting_until:
            return
        index = self._library.index(info)
        bounds = self._bounds_of(info, index)
        first = self._first_of(info, index, number)
        near = [b for b in bounds[:-1] if abs(b - number) <= _REACH]
        near.sort(key=lambda bound: (abs(bound - first), bound < first))
        missing = [
            (info.path, bound) for bound in near if not self._is_made(info, bound)
        ]
        with self._state:
            for key in reversed(missing):
                if key not in self._failed:
                    self._wanted[key] = None
                    self._wanted.move_to_end(key, last=False)
            while len(self._wanted) > _MOST_WANTED:
                self._wanted.popitem()
            if self._wanted and self._maker is None and not self._closed:
                self._maker = Thread(
                    target=self._make_all, name="timeline_nb proxies", daemon=True
                )
                self._maker.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Pause the making of proxies during the block."""
        with self._state:
            self._in_front += 1
        try:
            yield
        finally:
            with self._state:
                self._in_front -= 1
                self._state.notify_all()

    def wait(self, timeout_s: float = 60.0) -> bool:
        """Block until nothing is left to make; False if that takes longer."""
        with self._state:
            return self._state.wait_for(lambda: self._maker is None, timeout_s)

    def rest(self) -> None:
        """Drop the requests that were not begun."""
        with self._state:
            self._wanted.clear()

    def close(self) -> None:
        """Stop making proxies; existing ones are kept."""
        with self._state:
            self._closed = True
            self._wanted.clear()
            self._state.notify_all()
            maker = self._maker
        if maker is not None:
            maker.join(10)

    def _bounds_of(self, info: MediaInfo, index: FrameIndex) -> list[int]:
        with self._state:
            bounds = self._bounds.get(info.fingerprint)
        if bounds is None:
            bounds = _bounds(index)
            with self._state:
                self._bounds[info.fingerprint] = bounds
        return bounds

    def _first_of(self, info: MediaInfo, index: FrameIndex, number: int) -> int:
        bounds = self._bounds_of(info, index)
        return bounds[int(np.searchsorted(bounds, number, side="right")) - 1]

    def _path(self, info: MediaInfo, first: int) -> Path:
        return self._folder / info.fingerprint / f"{first}{PROXIES_SUFFIX}"

    def _is_made(self, info: MediaInfo, first: int) -> bool:
        return self._offsets_of(self._path(info, first)) is not None

    def _offsets_of(self, path: Path) -> list[int] | None:
        """Return where each JPEG of a file begins, and the end of the last."""
        with self._state:
            offsets = self._offsets.get(path)
        if offsets is None:
            offsets = _read_offsets(path)
            if offsets is not None:
                with self._state:
                    self._offsets[path] = offsets
        return offsets

    def _make_all(self) -> None:
        """Make the requested proxies until none is left, on one thread at a time."""
        while True:
            with self._state:
                if not self._wanted or self._closed:
                    self._maker = None
                    self._state.notify_all()
                    return
                key, _ = self._wanted.popitem(last=False)
            try:
                self._make(*key)
            except (MediaError, OSError, MemoryError) as error:
                _log.warning("no proxies of %s from frame %d: %s", *key, error)
                with self._state:
                    self._failed.add(key)

    def _make(self, path: str, first: int) -> None:
        before = state_of(path)
        info = self._library.probe(path)
        if not info.video:
            return
        bounds = self._bounds_of(info, self._library.index(info))
        target = self._path(info, first)
        # What was asked for may be of what the file held before.
        if first not in bounds[:-1] or self._offsets_of(target) is not None:
            return
        last = bounds[bounds.index(first) + 1]
        encoder = JpegEncoder(proxy_size(info.video[0].display_size))
        pictures = []
        with self._library.video(path) as decoder:
            whole = Deinterlacer(decoder)
            for number in range(first, last):
                self._yield()
                if self._closed:
                    return
                pictures.append(encoder.encode_upright(whole.frame(number)))
        if state_of(path) != before:
            # These may be frames of another file.
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(target, _packed(pictures))
            self._shrink()
            self._made(info, len(pictures))
        except OSError as error:
            warn_unwritable(self._folder.parent, error)
            with self._state:
                self._wanted.clear()
                self._resting_until = time.monotonic() + _UNWRITABLE_S

    def _yield(self) -> None:
        with self._state:
            while self._in_front and not self._closed:
                self._state.wait(_YIELD_S)

    def _shrink(self) -> None:
        """Remove the files read or made longest ago, down to the limit."""
        files = [(p.stat(), p) for p in self._folder.glob(f"*/*{PROXIES_SUFFIX}")]
        total = sum(status.st_size for status, _ in files)
        for status, path in sorted(files, key=lambda pair: pair[0].st_mtime):
            if total <= self._max_bytes:
                return
            path.unlink(missing_ok=True)
            with self._state:
                self._offsets.pop(path, None)
            total -= status.st_size


def _bounds(index: FrameIndex) -> list[int]:
    """Return the first frame of each file, and the number of frames in all.

    Files begin at keyframes; short groups share one, long ones are cut.
    """
    keys = [0, *np.flatnonzero(index.keyframe).tolist(), len(index)]
    bounds = [0]
    for key in keys[1:]:
        while key - bounds[-1] > _MOST:
            bounds.append(bounds[-1] + _MOST)
        if key - bounds[-1] >= _FEWEST:
            bounds.append(key)
    if bounds[-1] != len(index):
        bounds.append(len(index))
    return bounds


def _packed(pictures: list[bytes]) -> bytes:
    """Return magic, count, sizes as little-endian uint32, and the JPEGs."""
    sizes = [len(picture) for picture in pictures]
    head = struct.pack(f"<8s{len(sizes) + 1}I", _MAGIC, len(sizes), *sizes)
    return head + b"".join(pictures)


def _read_offsets(path: Path) -> list[int] | None:
    """Return the offsets of the JPEGs; None if the file is missing or damaged."""
    try:
        with path.open("rb") as file:
            magic, count = struct.unpack("<8sI", file.read(12))
            if magic != _MAGIC or not 0 < count <= _MOST + _FEWEST:
                return None
            sizes = struct.unpack(f"<{count}I", file.read(4 * count))
            length = file.seek(0, 2)
    except (OSError, struct.error):
        return None
    offsets = np.cumsum([12 + 4 * count, *sizes]).tolist()
    return offsets if offsets[-1] == length else None
