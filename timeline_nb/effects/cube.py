"""Lookup tables in `.cube` files (Adobe Cube LUT Specification 1.0)."""

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, Self, cast

import av
import cv2
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from timeline_nb.access.use import file_status
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import MAX_CUBE_BYTES, read_limited
from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_lock
from timeline_nb.core.partials import temporary_folder
from timeline_nb.effects.picture import Bytes, u8
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message

__all__ = ["Cube"]

_MAX_SIZE: Final = 129
# Comments and keywords before the first row; and letters of one.
_MOST_HEADER_LINES: Final = 10_000
_MOST_LETTERS: Final = 1_000
_MOST_DIGITS: Final = 10


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
        """Return the table of a file, which is read again only after a change.

        Raises:
            CompositionError: The file cannot be read, or is not a table.
        """
        with file_errors(f"the table {path}", CompositionError, verb="read"):
            changed = file_status(path).st_mtime_ns
        return cast("Self", _opened(str(path), changed))

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
            table = self._looked_up(graph)
            sink = graph.add("buffersink")
            buffer.link_to(table)
            table.link_to(sink)
            graph.configure()
            self._graphs[key] = (graph, buffer, sink)
        return self._graphs[key]

    def _looked_up(self, graph: Graph) -> Any:
        """Add the table to a graph, from a copy: FFmpeg takes only a name with `.cube`.

        So it reads no file but the one that may be read.
        """
        with (
            file_errors(f"the table {self.path}", CompositionError, verb="read"),
            temporary_folder() as folder,
        ):
            copy = folder / "table.cube"
            copy.write_text(_text_of(self.path), encoding="utf-8")
            option = str(copy)
            for letter in ("\\", "'", ":"):
                option = option.replace(letter, f"\\{letter}")
            try:
                return graph.add("lut3d", f"file={option}")
            except (av.error.FFmpegError, UnicodeError) as error:
                raise CompositionError(
                    Message(
                        "the table {path} is not one that FFmpeg reads", path=self.path
                    )
                ) from error


@lru_cache(maxsize=16)
def _opened(path: str, _changed: int) -> Cube:
    return Cube(Path(path))


def _read(path: Path) -> tuple[int, bool, NDArray[np.float64]]:
    """Return the size, whether the table is 1D, and its rows: `(n, 3)`."""
    lines = io.StringIO(_text_of(path))
    size, is_1d, first = _header(path, lines)
    limit = 65_536 if is_1d else _MAX_SIZE
    if not 2 <= size <= limit:
        named = Message("a size of {size}", size=size)
        if size >= 10**9:
            named = Message("a size beyond all numbers")
        raise CompositionError(
            Message(
                "the table {path} has {named}: sizes are from 2 to {limit}",
                path=path,
                named=named,
                limit=limit,
            )
        )
    wanted = size if is_1d else size**3
    try:
        rows = np.loadtxt(
            chain([first], filter(_has_words, lines)),
            ndmin=2,
            encoding=None,
            max_rows=wanted + 1,
        )
    except ValueError:
        rows = np.zeros((0, 3))
    if len(rows) == wanted and rows.shape[1] == 3 and np.isfinite(rows).all():
        return size, is_1d, rows
    if len(rows) <= wanted:
        _refuse_broken_row(path, lines)
    count = "more" if len(rows) > wanted else f"{len(rows)}"
    raise CompositionError(
        Message(
            "the table {path} has {count} rows: it needs {wanted} for a size of {size}",
            path=path,
            count=count,
            wanted=wanted,
            size=size,
        )
    )


def _has_words(line: str) -> bool:
    # NumPy warns of rows that it does not count.
    return not line.isspace() and not line.lstrip().startswith("#")


def _refuse_broken_row(path: Path, lines: io.StringIO) -> None:
    """Name the first line that is no row of numbers.

    Raises:
        CompositionError: There is one.
    """
    lines.seek(0)
    has_rows = False
    for number, line in enumerate(lines, 1):
        words = line[:_MOST_LETTERS].split("#")[0].split()
        if not words or (not has_rows and not _is_number(words[0])):
            continue
        has_rows = True
        if not _is_row(words):
            raise _not_a_row(path, number)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _not_a_row(path: Path, number: int) -> CompositionError:
    # The line is not shown: a project may name any file as its table.
    return CompositionError(
        Message(
            "the table {path}, line {number}: this is not a row of three numbers",
            path=path,
            number=number,
        )
    )


def _text_of(path: Path) -> str:
    data = read_limited(path, MAX_CUBE_BYTES, CompositionError, what="the table")
    return data.decode("utf-8", errors="replace")


def _header(path: Path, lines: Iterator[str]) -> tuple[int, bool, str]:
    """Return the size, whether the table is 1D, and its first row of numbers."""
    size, is_1d = 0, False
    for number, line in enumerate(islice(lines, _MOST_HEADER_LINES), 1):
        words = line[:_MOST_LETTERS].split("#")[0].split()
        if not words or words[0] in {"TITLE", "DOMAIN_MIN", "DOMAIN_MAX"}:
            continue
        if words[0] in {"LUT_3D_SIZE", "LUT_1D_SIZE"}:
            if len(words) != 2 or not words[1].isdecimal():
                raise CompositionError(
                    Message(
                        "the table {path}, line {number}: a size is one whole number",
                        path=path,
                        number=number,
                    )
                )
            size, is_1d = _whole(words[1]), words[0] == "LUT_1D_SIZE"
        elif not words[0].startswith("LUT_"):
            if not _is_row(words):
                raise _not_a_row(path, number)
            return size, is_1d, " ".join(words)
    raise CompositionError(Message("the table {path} has no row of numbers", path=path))


def _whole(digits: str) -> int:
    # Python refuses to convert thousands of digits.
    return int(digits) if len(digits) < _MOST_DIGITS else 10**_MOST_DIGITS


def _is_row(words: list[str]) -> bool:
    """Return whether words are three finite numbers."""
    if len(words) != 3:
        return False
    try:
        return bool(np.isfinite([float(word) for word in words]).all())
    except ValueError:
        return False
