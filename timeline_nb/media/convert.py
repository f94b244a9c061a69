"""Convert pictures between formats, sizes and colors, to within a level."""

import atexit
import contextlib
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias, cast

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.reformatter import Interpolation, VideoReformatter
from cachetools import LRUCache
from numpy.typing import NDArray

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.forks import forks_seen, keep_in_forks
from timeline_nb.core.locks import new_lock
from timeline_nb.core.partials import temporary_folder
from timeline_nb.errors import MediaError
from timeline_nb.media.color import (
    FULL,
    LIMITED,
    MATRICES,
    Colors,
    colorspace_of,
    tagged_colors,
)
from timeline_nb.media.transfer_functions import table

__all__ = [
    "EXACT",
    "SDR",
    "Meaning",
    "converted",
    "mapping",
    "meaning_of",
    "tag_colors",
]

# Primaries and transfer, by ITU-T H.273, where they decide what is seen: BT.709's stand
# for all that a screen of SDR shows as it is.
Meaning: TypeAlias = tuple[int, int]
Filters: TypeAlias = tuple[tuple[str, str | None], ...]

SDR: Final = Colors(matrix=1, range=LIMITED, primaries=1, transfer=1)
# swscale's defaults are up to 3 levels off; with these it is within 0.51, where RGB
# is made, at some 15 times the cost (31 ms at 1080p instead of 2).
EXACT: Final = (
    Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
)
# Steps a side. Of 33, 49 and 65 the means of the faults are 0.4, 0.2 and 0.1 levels,
# and a graph takes 12, 41 and 102 ms to read them.
_STEPS: Final = 49
_KEPT_GRAPHS: Final = 8
# Graphs are not thread-safe: each thread keeps its own.
_graphs = threading.local()
_cubes_lock = new_lock("tables of color meanings")


class Rescaler:
    """Keeps swscale's tables from one picture to the next; not thread-safe."""

    def __init__(self) -> None:
        self.inner = VideoReformatter()


# Freed, swscale waits for its threads; Python finds it by its holder only.
keep_in_forks(Rescaler)


def meaning_of(colors: Colors) -> Meaning:
    """Return primaries and transfer, where they decide what is seen."""
    wide = {9: 9, 11: 12, 12: 12}.get(colors.primaries, 1)
    return wide, colors.transfer if colors.is_hdr else 1


def mapping(source: Meaning, target: Meaning, *, alpha: bool) -> Filters:
    """Return the filters that convert one meaning to another; none for equal ones.

    What comes out is RGB of 16 bits.
    """
    if source == target:
        return ()
    escaped = str(_cube(source, target))
    for letter in ("\\", "'", ":"):
        escaped = escaped.replace(letter, f"\\{letter}")
    deep = "gbrap16le" if alpha else "gbrp16le"
    flags = "flags=bilinear+accurate_rnd+full_chroma_int"
    return ("scale", flags), ("format", deep), ("lut3d", f"file={escaped}")


def _cube(source: Meaning, target: Meaning) -> Path:
    """Write a table to a file, which lut3d requires; it is removed with the process.

    One thread at a time: `lru_cache` would let two write the same file, or make two
    folders, of which the one that is not kept is removed.

    Raises:
        MediaError: The folder of temporary files cannot be written.
    """
    with _cubes_lock, file_errors(tempfile.gettempdir(), MediaError):
        return _written_cube(source, target)


@lru_cache(maxsize=16)
def _written_cube(source: Meaning, target: Meaning) -> Path:
    rows = table(source, target, _STEPS).transpose(2, 1, 0, 3).reshape(-1, 3)
    lines = [f"{red:.6f} {green:.6f} {blue:.6f}" for red, green, blue in rows.tolist()]
    path = Path(_folder(), f"{source}-{target}.cube".replace(" ", ""))
    path.write_text("\n".join([f"LUT_3D_SIZE {_STEPS}", *lines, ""]))
    return path


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return this process's own folder, removed at its end or, killed, by the next."""
    removal = contextlib.ExitStack()
    folder = removal.enter_context(temporary_folder())
    atexit.register(removal.close)
    return folder


def converted(  # noqa: PLR0913 - what goes in, what comes out, and how
    picture: av.VideoFrame,
    pix_fmt: str,
    *,
    size: tuple[int, int] | None = None,
    to: Colors = SDR,
    interpolation: Interpolation = EXACT,
    rescaler: "Rescaler | None" = None,
) -> av.VideoFrame:
    """Convert a picture to another format, size and colors.

    Args:
        picture: With its color tags.
        pix_fmt: FFmpeg's name of the format; RGB is in full range.
        size: Width and height; its own if not given.
        to: The colors of the result.
        interpolation: How it is scaled, where its light stays as it is.
        rescaler: Keeps its tables from one picture to the next.
    """
    width, height = size or (picture.width, picture.height)
    source, target = meaning_of(tagged_colors(picture)), meaning_of(to)
    is_rgb = av.VideoFormat(pix_fmt).is_rgb
    if source != target:
        picture = _mapped(picture, (width, height), source, target)
    made = (rescaler or Rescaler()).inner.reformat(
        picture,
        width=width,
        height=height,
        format=pix_fmt,
        src_colorspace=colorspace_of(int(picture.colorspace)),
        dst_colorspace=None if is_rgb else colorspace_of(to.matrix),
        src_color_range=int(picture.color_range),
        dst_color_range=FULL if is_rgb else to.range,
        interpolation=interpolation,
    )
    if made is not picture and picture.time_base is not None:
        made.pts, made.time_base = picture.pts, picture.time_base
    tag_colors(made, Colors(0, FULL, to.primaries, to.transfer) if is_rgb else to)
    return made


def rgb_picture(rgb: NDArray[np.uint8]) -> av.VideoFrame:
    """Return `(H, W, 3) uint8` RGB as a picture tagged with full range."""
    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), "rgb24")
    tag_colors(picture, Colors(0, FULL, SDR.primaries, SDR.transfer))
    return picture


def tag_colors(picture: av.VideoFrame, colors: Colors) -> None:
    """Set the color tags of a picture."""
    picture.colorspace, picture.color_range = colors.matrix, colors.range
    picture.color_primaries, picture.color_trc = colors.primaries, colors.transfer


def _mapped(
    picture: av.VideoFrame, size: tuple[int, int], source: Meaning, target: Meaning
) -> av.VideoFrame:
    """Return the picture in RGB of 16 bits, of a size and of another meaning."""
    _, buffer, sink = _graph_for(picture, size, source, target)
    buffer.push(picture)
    made = cast("av.VideoFrame", sink.pull())
    made.colorspace, made.color_range = 0, FULL
    return made


def _graph_for(
    picture: av.VideoFrame, size: tuple[int, int], source: Meaning, target: Meaning
) -> tuple[Graph, FilterContext, FilterContext]:
    kept: LRUCache[object, tuple[Graph, FilterContext, FilterContext]] | None
    kept = getattr(_graphs, "kept", None)
    if kept is None:
        kept = _graphs.kept = LRUCache(_KEPT_GRAPHS)
    own = tagged_colors(picture)
    form = picture.format.name
    key = (forks_seen(), form, picture.width, picture.height, size, own, target)
    with contextlib.suppress(KeyError):
        return kept[key]
    graph = Graph()
    first = last = graph.add("buffer", buffer_args(picture))
    alpha = any(component.is_alpha for component in picture.format.components)
    steps: Filters = (
        ("scale", f"{size[0]}:{size[1]}:flags=bilinear"),
        *mapping(source, target, alpha=alpha),
        ("buffersink", None),
    )
    for name, args in steps:
        node = graph.add(name, args)
        last.link_to(node)
        last = node
    graph.configure()
    kept[key] = (graph, first, last)
    return kept[key]


def buffer_args(picture: av.VideoFrame, time_base: str = "1/25") -> str:
    """Return the arguments of a graph's source for pictures like this."""
    space, full = "gbr", True
    if not picture.format.is_rgb:
        space = MATRICES.get(int(picture.colorspace), "bt709")
        full = int(picture.color_range) == FULL
    return (
        f"video_size={picture.width}x{picture.height}:pix_fmt={picture.format.name}:"
        f"pixel_aspect=1/1:time_base={time_base}:colorspace={space}:"
        f"range={'pc' if full else 'tv'}"
    )
