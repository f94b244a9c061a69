"""Lookup tables in `.cube` files (Adobe Cube LUT Specification 1.0)."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self, cast

import av
import cv2
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_lock
from timeline_nb.effects.picture import Bytes, u8
from timeline_nb.errors import CompositionError

__all__ = ["Cube"]

_MAX_SIZE: Final = 129


class Cube:
    """A color lookup table.

    3D tables run in libavfilter's `lut3d`, which interpolates tetrahedra in SIMD.

    Args:
        path: The `.cube` file.

    Raises:
        CompositionError: The file is not a table; the line is named.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size, self.is_1d, self.values = _read(path)
        self._lock = new_lock("a table of colors")
        self._graphs: dict[tuple[int, int, int], tuple[Graph, Any, Any]] = {}
        if self.is_1d:
            steps = np.linspace(0, 1, self.size)
            parts = [
                np.interp(np.linspace(0, 1, 256), steps, self.values[:, c])
                for c in range(3)
            ]
            table = np.clip(np.stack(parts, axis=-1) * 255 + 0.5, 0, 255)
            self._table = u8(table)[None]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the table of a file, which is read again only after a change."""
        return cast("Self", _opened(str(path), path.stat().st_mtime_ns))

    def run(self, rgb: Bytes) -> Bytes:
        """Look up the colors of `(H, W, 3) uint8`; returns the same shape and type."""
        if self.is_1d:
            return u8(cv2.LUT(rgb, self._table))
        height, width = rgb.shape[:2]
        with self._lock:
            _, buffer, sink = self._graph(width, height)
            picture = av.VideoFrame.from_ndarray(rgb, "rgb24")
            picture.pts, picture.time_base = 0, Fraction(1, 25)
            buffer.push(picture)
            return u8(sink.pull().to_ndarray())

    def _graph(self, width: int, height: int) -> tuple[Graph, Any, Any]:
        # A graph's threads are not in a forked process.
        key = width, height, forks_seen()
        if key not in self._graphs:
            graph = Graph()
            buffer = graph.add(
                "buffer",
                f"video_size={width}x{height}:pix_fmt=rgb24:pixel_aspect=1/1:"
                "time_base=1/25:colorspace=gbr:range=pc",
            )
            option = str(self.path.resolve())
            for letter in ("\\", "'", ":"):
                option = option.replace(letter, f"\\{letter}")
            table = graph.add("lut3d", f"file={option}")
            sink = graph.add("buffersink")
            buffer.link_to(table)
            table.link_to(sink)
            graph.configure()
            self._graphs[key] = (graph, buffer, sink)
        return self._graphs[key]


@lru_cache(maxsize=16)
def _opened(path: str, _changed: int) -> Cube:
    return Cube(Path(path))


def _read(path: Path) -> tuple[int, bool, NDArray[np.float64]]:
    size, is_1d = 0, False
    rows: list[list[float]] = []
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CompositionError(f"the table {path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        words = line.split("#")[0].split()
        if not words or words[0] in {"TITLE", "DOMAIN_MIN", "DOMAIN_MAX"}:
            continue
        try:
            if words[0] in {"LUT_3D_SIZE", "LUT_1D_SIZE"}:
                size, is_1d = int(words[1]), words[0] == "LUT_1D_SIZE"
            elif words[0].startswith("LUT_"):
                continue
            else:
                rows.append(_row(words))
        except (ValueError, IndexError) as error:
            raise CompositionError(
                f"the table {path}, line {number}: {line!r} is not a row of numbers"
            ) from error
    wanted = size if is_1d else size**3
    limit = 65_536 if is_1d else _MAX_SIZE
    if not 2 <= size <= limit or len(rows) != wanted:
        raise CompositionError(
            f"the table {path} has {len(rows)} rows: it needs {wanted} for a size of "
            f"{size}, and sizes are from 2 to {limit}"
        )
    return size, is_1d, np.array(rows)


def _row(words: Iterable[str]) -> list[float]:
    row = [float(word) for word in words]
    if len(row) != 3 or not np.isfinite(row).all():
        raise ValueError(row)
    return row
