"""Decoded pictures to bytes and back: planes as they are, and how they are tagged.

A picture that is read has rows of the same length as the one that was written, with
what lies beyond their ends: swscale rounds by one level more or less where they are
padded in another way.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import av
import av.logging
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from cachetools import LRUCache

from timeline_nb.core.file_limits import MAX_PICTURE_PIXELS
from timeline_nb.core.forks import forks_seen
from timeline_nb.media._pyav import is_top_first
from timeline_nb.media.apart.messages import PictureMade

__all__ = ["PictureReader", "WrittenPicture", "padded_bytes"]

_PROGRESSIVE, _TOP_FIRST, _BOTTOM_FIRST = range(3)
_FIELD_MODES: Final = {_TOP_FIRST: "tff", _BOTTOM_FIRST: "bff"}
# FFmpeg's names of where chroma lies (ITU-T H.273, 8.7).
_CHROMA_PLACES: Final = frozenset(
    {"left", "center", "topleft", "top", "bottomleft", "bottom"}
)
_SHOWN_PLACE: Final = re.compile(r" cl:([a-z]+) ")
# FFmpeg's longest name of a pixel format has 14 letters.
_MOST_LETTERS: Final = 24
_MOST_TAG: Final = 255
# Rows are padded to what the processor's registers hold, of up to four planes.
_MOST_PADDING_PX: Final = 1024
# AVX-512's 64 bytes, of chroma at half the width.
_USUAL_PADDING_PX: Final = 128
# Of fields with an odd count of chroma rows, swscale reads one row too many.
_SPARE_ROWS: Final = 4
_KEPT_GRAPHS: Final = 4
# A graph with its ends, which do not keep it.
_Ends: TypeAlias = tuple[Graph, FilterContext, FilterContext]


class WrittenPicture:
    """A picture to be written to memory.

    Args:
        picture: As decoded.
    """

    def __init__(self, picture: av.VideoFrame) -> None:
        if any(plane.line_size < 0 for plane in picture.planes):
            # Its rows go from the bottom up.
            picture = _run(picture, _graph(_source(picture), (("copy", ""),)))
        self.picture = picture
        lines = tuple(plane.line_size for plane in picture.planes)
        self.row_px, self._sizes = _layout(
            picture.format.name, picture.width, picture.height, lines
        )

    @property
    def size_bytes(self) -> int:
        """How much memory it takes."""
        return sum(size for _, size in self._sizes)

    @property
    def fields(self) -> int:
        """0 for a progressive picture, 1 if its top field is first, else 2."""
        if not self.picture.interlaced_frame:
            return _PROGRESSIVE
        return _TOP_FIRST if is_top_first(self.picture) else _BOTTOM_FIRST

    @property
    def chroma_place(self) -> str:
        """Where chroma lies, by FFmpeg's name; empty if it is not said.

        swscale asks for it, and PyAV does not: a filter prints it.
        """
        size = f"{min(16, self.picture.width)}:{min(16, self.picture.height)}:0:0"
        steps = (("crop", size), ("showinfo", "checksum=0"))
        level = av.logging.get_level()
        av.logging.set_level(av.logging.INFO)
        try:
            with av.logging.Capture() as printed:
                _run(self.picture, _graph(_source(self.picture), steps))
        finally:
            av.logging.set_level(level)
        found = _SHOWN_PLACE.search("".join(text for _, _, text in printed))
        place = found[1] if found else ""
        return place if place in _CHROMA_PLACES else ""

    def write(self, place: memoryview | bytearray) -> None:
        """Write its planes, one after another."""
        into = np.frombuffer(place, np.uint8)
        begin = 0
        for plane, (line, size) in zip(self.picture.planes, self._sizes, strict=True):
            source = np.frombuffer(memoryview(plane), np.uint8)
            target = into[begin : begin + size]
            if line in {0, plane.line_size}:
                # Whole rows, or the colors of a palette.
                shared = min(size, len(source))
                target[:shared] = source[:shared]
            else:
                rows = size // line
                wide = source[: rows * plane.line_size].reshape(rows, plane.line_size)
                width = min(line, plane.line_size)
                target.reshape(rows, line)[:, :width] = wide[:, :width]
            begin += size


@lru_cache(maxsize=64)
def _layout(
    pix_fmt: str, width: int, height: int, lines: tuple[int, ...]
) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Return how many pixels a row holds, and the bytes of rows and of planes.

    Args:
        pix_fmt: FFmpeg's name of the format.
        width: Of the picture.
        height: The same.
        lines: The bytes of its rows, by planes.
    """
    like = av.VideoFrame(_MOST_PADDING_PX, 1, pix_fmt).planes[0].line_size
    padded = max(width, lines[0] * _MOST_PADDING_PX // like)
    if padded <= width + _MOST_PADDING_PX:
        sizes = _sizes(pix_fmt, padded, height)
        rows = zip(sizes, lines, strict=True)
        if all(line in {0, known} for (line, _), known in rows):
            return padded, sizes
    return width, _sizes(pix_fmt, width, height)


@lru_cache(maxsize=64)
def _sizes(pix_fmt: str, width: int, height: int) -> tuple[tuple[int, int], ...]:
    blank = av.VideoFrame(width, height, pix_fmt)
    return tuple((plane.line_size, plane.buffer_size) for plane in blank.planes)


def padded_bytes(width: int, height: int, pix_fmt: str) -> int:
    """Return the bytes of a picture whose rows are padded as decoders do.

    Pictures that turn out to be larger are no fault. 1 of a format that is not known.
    """
    padded = -(-width // _USUAL_PADDING_PX) * _USUAL_PADDING_PX
    try:
        return sum(size for _, size in _sizes(pix_fmt, padded, height))
    except ValueError:
        return 1


class PictureReader:
    """Reads pictures that were written to memory; not thread-safe."""

    def __init__(self) -> None:
        self._graphs: LRUCache[object, _Ends] = LRUCache(_KEPT_GRAPHS)

    def read(self, made: PictureMade, data: memoryview) -> av.VideoFrame:
        """Return a picture, which is a copy of what is in memory.

        Args:
            made: What it is.
            data: Its planes.

        Raises:
            ValueError: What is said of it cannot be.
        """
        pixels = made.row_px * made.height
        sane = (
            min(made.width, made.height) > 0
            and made.width <= made.row_px <= made.width + _MOST_PADDING_PX
            and pixels <= MAX_PICTURE_PIXELS.value + made.height * _MOST_PADDING_PX
            and len(made.pix_fmt) <= _MOST_LETTERS
            and made.chroma_place in {"", *_CHROMA_PLACES}
            and all(0 <= tag <= _MOST_TAG for tag in made.colors)
        )
        if not sane:
            raise ValueError(f"a picture of {made.width} x {made.height}")
        sizes = _sizes(made.pix_fmt, made.row_px, made.height)
        rows = made.height + (_SPARE_ROWS if made.fields else 0)
        picture = av.VideoFrame(made.row_px, rows, made.pix_fmt)
        source = np.frombuffer(data, np.uint8)
        begin = 0
        for plane, (_, size) in zip(picture.planes, sizes, strict=True):
            target = np.frombuffer(memoryview(plane), np.uint8)
            target[:size] = source[begin : begin + size]
            begin += size
        picture = self._finished(picture, made)
        picture.colorspace, picture.color_range = made.colors[:2]
        picture.color_primaries, picture.color_trc = made.colors[2:]
        return picture

    def _finished(self, picture: av.VideoFrame, made: PictureMade) -> av.VideoFrame:
        """Return the picture without what pads its rows, and with its parameters.

        PyAV has no other way to say either; nothing is copied.
        """
        steps = []
        if (picture.width, picture.height) != (made.width, made.height):
            steps.append(("crop", f"{made.width}:{made.height}:0:0:exact=1"))
        if made.fields in _FIELD_MODES:
            steps.append(("setfield", _FIELD_MODES[made.fields]))
        if made.chroma_place:
            steps.append(("setparams", f"chroma_location={made.chroma_place}"))
        if not steps:
            return picture
        key = (forks_seen(), _source(picture), *steps)
        ends = self._graphs.get(key)
        if ends is None:
            ends = self._graphs[key] = _graph(_source(picture), steps)
        return _run(picture, ends)


def _source(picture: av.VideoFrame) -> str:
    return (
        f"video_size={picture.width}x{picture.height}:pix_fmt={picture.format.name}:"
        "pixel_aspect=1/1:time_base=1/25"
    )


def _graph(source: str, steps: Sequence[tuple[str, str]]) -> _Ends:
    graph = Graph()
    first = last = graph.add("buffer", source)
    for name, args in (*steps, ("buffersink", "")):
        node = graph.add(name, args or None)
        last.link_to(node)
        last = node
    graph.configure()
    return graph, first, last


def _run(picture: av.VideoFrame, ends: _Ends) -> av.VideoFrame:
    _, first, last = ends
    first.push(picture)
    made = last.pull()
    assert isinstance(made, av.VideoFrame)  # noqa: S101 - of a graph of pictures
    return made
