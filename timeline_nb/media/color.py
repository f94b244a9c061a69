"""The colors of pictures: one rule for all that is shown or rendered.

A picture has a matrix, a range, primaries and a transfer (ITU-T H.273). What is assumed
of a file comes first, then the tags of the picture. What is untagged follows
from its format, and from its size, as players have it:

- RGB and palettes have no matrix; they are in full range, and sRGB.
- Gray is in full range, unless it is tagged otherwise.
- JPEG (`yuvj...`) is BT.601 in full range, and other stills are BT.601 (JFIF, and
  RFC 9649).
- Else, 720 lines or 1280 columns and more are BT.709, and less is BT.601; in limited
  range.
- Primaries and transfer are those of the matrix.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import Colorspace

from timeline_nb.core.assumption import Assumption
from timeline_nb.media.info import MediaInfo, VideoStream

__all__ = [
    "MATRICES",
    "PRIMARIES",
    "RANGES",
    "TRANSFERS",
    "Colors",
    "colors_of",
    "colorspace_of",
    "name_of",
    "stream_colors",
    "tag_stream_colors",
    "tagged_colors",
]

# Numbers of ITU-T H.273.
_RGB: Final = 0
_BT709: Final = 1
_UNSPECIFIED: Final = 2
_BT470BG: Final = 5
_BT601: Final = 6
_BT2020: Final = 9
_SRGB: Final = 13
_BT2020_10: Final = 14
PQ: Final = 16
HLG: Final = 18
# FFmpeg's numbers of the ranges.
LIMITED: Final = 1
FULL: Final = 2
_HD_LINES: Final = 720
_HD_COLUMNS: Final = 1280

# FFmpeg's names.
PRIMARIES: Final = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    11: "smpte431",
    12: "smpte432",
}
TRANSFERS: Final = {
    1: "bt709",
    4: "gamma22",
    5: "gamma28",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    18: "arib-std-b67",
}
MATRICES: Final = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
RANGES: Final = {1: "tv", 2: "pc"}
# Primaries and transfer of pictures that are tagged with a matrix alone.
_LIKE: Final = {
    _RGB: (_BT709, _SRGB),
    4: (4, 4),
    _BT470BG: (_BT470BG, _BT601),
    _BT601: (_BT601, _BT601),
    7: (7, 7),
    _BT2020: (_BT2020, _BT2020_10),
    10: (_BT2020, _BT2020_10),
}
_COLORSPACES: Final = {
    _BT709: Colorspace.ITU709,
    4: Colorspace.FCC,
    7: Colorspace.SMPTE240M,
    _BT2020: Colorspace.BT2020,
    10: Colorspace.BT2020,
}


@dataclass(frozen=True, slots=True)
class Colors:
    """Color tags, by the numbers of ITU-T H.273.

    Args:
        matrix: Between RGB, and luma and chroma.
        range: FFmpeg's number: 1 is limited, 2 is full.
        primaries: The chromaticities of red, green and blue.
        transfer: The transfer function.
    """

    matrix: int
    range: int
    primaries: int
    transfer: int

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer is PQ or HLG (ITU-R BT.2100)."""
        return self.transfer in {PQ, HLG}

    @property
    def is_wide(self) -> bool:
        """Whether a screen of BT.709 cannot show it before it is mapped."""
        return self.is_hdr or self.primaries == _BT2020


_ASSUMED: Final = {
    "bt601": (_BT601, _BT601, _BT601),
    "bt709": (_BT709, _BT709, _BT709),
    "bt2020": (_BT2020, _BT2020, _BT2020_10),
    "pq": (_BT2020, _BT2020, PQ),
    "hlg": (_BT2020, _BT2020, HLG),
}


def tagged_colors(picture: av.VideoFrame | VideoCodecContext) -> Colors:
    """Return the color tags of a picture, or of a decoder."""
    return Colors(
        int(picture.colorspace),
        int(picture.color_range),
        int(picture.color_primaries),
        int(picture.color_trc),
    )


def name_of(names: Mapping[int, str], *numbers: int) -> str:
    """Return FFmpeg's name of the first number that is known, or empty."""
    return next((names[number] for number in numbers if number in names), "")


def tag_stream_colors(picture: av.VideoFrame, info: MediaInfo) -> None:
    """Tag a decoded picture with its colors, by the rule."""
    tags = tagged_colors(picture)
    size = (picture.width, picture.height)
    still = info.kind == "image"
    fuller = _filled(tags, info.video[0])
    colors = colors_of(fuller, picture.format.name, size, info.assumed, still=still)
    if colors == tags:
        return
    picture.colorspace, picture.color_range = colors.matrix, colors.range
    picture.color_primaries, picture.color_trc = colors.primaries, colors.transfer


def stream_colors(info: MediaInfo) -> Colors:
    """Return the colors of a file's first video stream, untagged ones by the rule."""
    video = info.video[0]
    tags = _filled(Colors(_UNSPECIFIED, 0, _UNSPECIFIED, _UNSPECIFIED), video)
    size, still = (video.width, video.height), info.kind == "image"
    return colors_of(tags, video.pix_fmt, size, info.assumed, still=still)


def _filled(tags: Colors, video: VideoStream) -> Colors:
    """Return the tags of a picture, completed by those of its file."""
    names = (video.color_space, video.color_range)
    return _joined(tags, (*names, video.color_primaries, video.color_transfer))


@lru_cache(maxsize=256)
def _joined(tags: Colors, names: tuple[str, str, str, str]) -> Colors:
    matrix, full, primaries, transfer = (
        next((number for number, known in table.items() if known == name), _UNSPECIFIED)
        for table, name in zip(
            (MATRICES, RANGES, PRIMARIES, TRANSFERS), names, strict=True
        )
    )
    return Colors(
        _specified(tags.matrix) or matrix,
        tags.range or (full if names[1] else 0),
        _specified(tags.primaries) or primaries,
        _specified(tags.transfer) or transfer,
    )


@lru_cache(maxsize=256)
def colors_of(
    tags: Colors,
    pix_fmt: str,
    size: tuple[int, int],
    assumed: Assumption,
    *,
    still: bool = False,
) -> Colors:
    """Return a picture's colors, by the rule.

    Args:
        tags: Of the picture.
        pix_fmt: FFmpeg's name of the pixel format.
        size: Coded width and height.
        assumed: What is assumed of the file.
        still: Whether the file is a still.
    """
    if _is_rgb(pix_fmt):
        matrix, full = _RGB, True
    else:
        gray = pix_fmt.startswith(("gray", "ya8", "ya16", "mono"))
        matrix = _specified(tags.matrix) or _by_size(size, still=still)
        full = pix_fmt.startswith("yuvj") or gray
        if tags.range and not pix_fmt.startswith("yuvj"):
            full = tags.range == FULL
    primaries, transfer = _specified(tags.primaries), _specified(tags.transfer)
    if assumed.color:
        own, primaries, transfer = _ASSUMED[assumed.color]
        matrix = matrix if matrix == _RGB else own
    if assumed.range and matrix != _RGB:
        full = assumed.range == "pc"
    return Colors(
        matrix,
        FULL if full else LIMITED,
        primaries or _LIKE.get(matrix, (_BT709, _BT709))[0],
        transfer or _LIKE.get(matrix, (_BT709, _BT709))[1],
    )


def _specified(number: int) -> int:
    """Return the number, or 0 where it is unspecified; 3 is reserved."""
    return 0 if number in {_RGB, _UNSPECIFIED, 3} else number


def _by_size(size: tuple[int, int], *, still: bool) -> int:
    is_hd = size[0] >= _HD_COLUMNS or size[1] >= _HD_LINES
    return _BT709 if is_hd and not still else _BT601


@lru_cache(maxsize=64)
def _is_rgb(pix_fmt: str) -> bool:
    return bool(av.VideoFormat(pix_fmt).is_rgb) or pix_fmt == "pal8"


def colorspace_of(matrix: int) -> Colorspace:
    """Return swscale's name of a matrix."""
    return _COLORSPACES.get(matrix, Colorspace.ITU601)
