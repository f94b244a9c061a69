"""Probe with Pillow: stills, animated WebP and AVIF, and sequences of files."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from PIL import ImageFile

from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media._pillow import damage_context, open_picture, picture_format
from timeline_nb.media._pyav import open_input, video_streams
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.info import MediaInfo, VideoStream
from timeline_nb.media.orientation import Orientation
from timeline_nb.media.pixels import (
    coded_size,
    has_deep_colors,
    image_orientation,
    pixel_format,
)
from timeline_nb.media.safety import check_animation
from timeline_nb.media.sequence import FileSequence

__all__ = ["probe_image", "probe_sequence", "shown_ms"]

# Kinds of which all pictures are one video; the pages of a TIFF are not.
_ANIMATED: Final = {"avif", "gif", "png", "webp"}
# FFmpeg's names of the codecs.
_CODECS: Final = {"avif": "av1", "heif": "hevc", "jpeg": "mjpeg"}
_MILLISECOND: Final = Fraction(1, 1000)
# What a still is said to be shown at; it is shown as long as asked.
_STILL_RATE: Final = Fraction(25)
# Browsers show a picture that is to last so long or less for 100 ms.
_TOO_SHORT_MS, _INSTEAD_MS = 10, 100


@dataclass(frozen=True)
class _Facts:
    """The facts of a picture's header.

    Args:
        size: Coded width and height.
        pix_fmt: FFmpeg's name.
        orientation: EXIF's number of its orientation.
        shown_ms: How long each picture of an animation is shown; empty for a still.
    """

    size: tuple[int, int]
    pix_fmt: str
    orientation: int
    shown_ms: tuple[int, ...] = ()


def probe_image(path: Path) -> MediaInfo | None:
    """Probe a picture; None for other files, and for pictures that FFmpeg reads.

    FFmpeg reads animated GIF and PNG, and what is deeper than Pillow's 8 bits.

    Raises:
        MediaError: There is no such file, or the picture is damaged.
        UnsafeMediaError: It is too large.
    """
    kind = picture_format(path)
    facts = _facts(path, kind) if kind else None
    if facts is None:
        return None
    length = sum(facts.shown_ms) * _MILLISECOND
    video = _stream(kind, facts)
    if facts.shown_ms:
        video = replace(
            video,
            rate=len(facts.shown_ms) / length,
            is_vfr=max(facts.shown_ms) - min(facts.shown_ms) > 1,
            time_base=_MILLISECOND,
            frame_count=len(facts.shown_ms),
            duration=length,
        )
    return replace(
        _media_info(path, fingerprint(path), path.stat().st_size, video),
        kind="video" if facts.shown_ms else "image",
        container=kind,
        duration=length,
        reader="pillow",
    )


def probe_sequence(path: Path | str, sequence: FileSequence) -> MediaInfo:
    """Probe a sequence; only its first file is opened.

    Raises:
        MediaError: A file is missing, or the first is no picture.
        UnsafeMediaError: It is too large.
    """
    digest, count, size_bytes = sequence.status()
    first = sequence.files()[0]
    kind = picture_format(first)
    facts = _facts(first, kind, deep=True) if kind else None
    if facts is None:
        raise MediaError(
            Message("{first}, the first file of a sequence, is no picture", first=first)
        )
    length = count / sequence.rate
    video = replace(
        _stream(kind, facts),
        rate=sequence.rate,
        time_base=1 / sequence.rate,
        frame_count=count,
        duration=length,
    )
    return replace(
        _media_info(path, digest, size_bytes, video),
        kind="video",
        container="sequence",
        duration=length,
        reader="sequence",
    )


def _media_info(
    path: Path | str, fingerprint: str, size_bytes: int, video: VideoStream
) -> MediaInfo:
    """Return a MediaInfo of one video stream that begins at 0."""
    return MediaInfo(
        path=str(path),
        fingerprint=fingerprint,
        size_bytes=size_bytes,
        kind="image",
        container="",
        start_time=Fraction(0),
        duration=Fraction(0),
        bit_rate_bps=None,
        video=(video,),
        audio=(),
        chapters=(),
        tags={},
    )


def shown_ms(image: ImageFile.ImageFile) -> tuple[int, ...]:
    """Return how long each picture of an animation is shown, in milliseconds.

    Every picture is decoded: no format has the durations in its header.
    """
    begins, lengths = [], []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        image.load()
        begins.append(round(image.info.get("timestamp", 0)))
        lengths.append(round(image.info.get("duration", 0)))
    # Lengths are rounded one by one: the steps between the beginnings add up.
    steps = [after - before for before, after in pairwise(begins)]
    durations = [*steps, lengths[-1]] if steps and min(steps) > 0 else lengths
    return tuple(ms if ms > _TOO_SHORT_MS else _INSTEAD_MS for ms in durations)


def _facts(path: Path, kind: str, *, deep: bool = False) -> _Facts | None:
    """Read a header; None where FFmpeg reads the file instead.

    Args:
        path: The file.
        kind: Of `picture_format`.
        deep: Whether a picture of more than 8 bits a color is read here, too.
    """
    if kind in {"avif", "heif"} and not deep and _is_deep_alone(path):
        return None
    with open_picture(path, kind) as image, damage_context(path):
        moves = kind in _ANIMATED and getattr(image, "is_animated", False)
        if kind in {"gif", "png"} and moves and not deep:
            check_animation(path, 2, *image.size)
            return None
        if kind in {"png", "tiff"} and has_deep_colors(image) and not deep:
            return None
        # What libheif reads, it has made upright.
        orientation = image_orientation(image) if kind != "heif" else 1
        size = coded_size(image, orientation) if kind == "tiff" else image.size
        shown: tuple[int, ...] = ()
        if kind in {"avif", "webp"} and moves:
            check_animation(path, getattr(image, "n_frames", 1), *image.size)
            shown = shown_ms(image)
        pix_fmt = pixel_format(image)
        return _Facts(size, pix_fmt, orientation, () if deep else shown)


def _is_deep_alone(path: Path) -> bool:
    """Return whether the file is a single picture of more than 8 bits to FFmpeg.

    A second stream is a tile of a grid, opacity, or an animation.
    """
    try:
        with open_input(path) as container:
            streams = video_streams(container)
            deep = [s for s in streams if _bits(s.codec_context.format) > 8]
            return len(streams) == len(deep) == 1
    except MediaError:
        return False


def _bits(pixels: object) -> int:
    return max((part.bits for part in getattr(pixels, "components", ())), default=0)


def _stream(kind: str, facts: _Facts) -> VideoStream:
    """Return the one stream of a still, in RGB or gray and full range."""
    width, height = facts.size
    return VideoStream(
        index=0,
        codec=_CODECS.get(kind, kind),
        width=width,
        height=height,
        sample_aspect_ratio=Fraction(1),
        orientation=Orientation.of_exif(facts.orientation),
        pix_fmt=facts.pix_fmt,
        color_range="pc",
        color_primaries="bt709",
        color_transfer="iec61966-2-1",
        color_space="" if facts.pix_fmt.startswith("gray") else "gbr",
        rate=_STILL_RATE,
        is_vfr=False,
        time_base=1 / _STILL_RATE,
        start_pts=0,
        frame_count=1,
        duration=None,
    )
