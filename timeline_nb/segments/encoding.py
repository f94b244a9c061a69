"""How pictures are encoded, with every option: part of a segment's key."""

import os
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Final, Literal, TypeAlias, cast

import av
import cv2
import msgspec
from av.codec.context import Flags
from av.codec.hwaccel import HWAccel
from av.video.codeccontext import VideoCodecContext

from timeline_nb.compose.sources import OnDamage
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import reason
from timeline_nb.media.color import FULL, LIMITED, Colors
from timeline_nb.media.convert import SDR

__all__ = ["CANVAS_COLORS", "Encoding", "FilmColor", "configure", "open_encoder"]

FilmColor: TypeAlias = Literal["sdr", "pq", "hlg"]
# What is composed (ITU-R BT.709, BT.2100).
CANVAS_COLORS: Final[dict[FilmColor, Colors]] = {
    "sdr": SDR,
    "pq": Colors(9, LIMITED, 9, 16),
    "hlg": Colors(9, LIMITED, 9, 18),
}

# OpenCV's number of the feature (opencv2/core/cvdef.h), which its module does not name.
_CPU_AVX_512F: Final = 13


class Encoding(msgspec.Struct, frozen=True, kw_only=True):
    """How pictures become packets.

    Args:
        encoder: FFmpeg's name.
        pix_fmt: FFmpeg's name of the pixel format.
        color: `sdr` is BT.709; `pq` and `hlg` are the HDR of BT.2100, of ten bits.
        size: Width and height in pixels.
        rate: Frames a second.
        options: Of the encoder.
        chunk: Most frames of a segment; 0 if the film cannot be cut.
        intra_only: Whether every frame is a keyframe.
        copies: Whether stretches of sources may be copied.
        repeats: Whether equal pictures always give equal bytes.
        on_device: Whether a GPU decodes the sources, where one works.
        on_damage: What replaces frames of sources that do not decode.
    """

    encoder: str
    pix_fmt: str
    color: FilmColor = "sdr"
    size: tuple[int, int]
    rate: Fraction
    options: dict[str, str] = {}
    chunk: int = 0
    intra_only: bool = False
    copies: bool = False
    repeats: bool = True
    on_device: bool = False
    on_damage: OnDamage = "hold"

    @property
    def canvas(self) -> Colors:
        """The colors in which pictures are composed."""
        return CANVAS_COLORS[self.color]

    @property
    def colors(self) -> Colors:
        """The colors in which they are encoded; RGB is in full range."""
        pixels = av.VideoFormat("rgb24" if self.pix_fmt == "pal8" else self.pix_fmt)
        made = self.canvas
        if pixels.is_rgb:
            return replace(made, matrix=0, range=FULL)
        return replace(made, range=FULL) if self.pix_fmt.startswith("yuvj") else made


def open_encoder(encoding: Encoding) -> VideoCodecContext:
    """Open an encoder that counts time in frames, with global headers.

    Raises:
        RenderError: It does not open.
    """
    try:
        made = av.CodecContext.create(encoding.encoder, "w", _device(encoding))
    except (av.error.FFmpegError, ValueError, NotImplementedError) as error:
        raise _closed(encoding, error) from error
    context = cast("VideoCodecContext", made)
    configure(context, encoding)
    return context


def configure(context: VideoCodecContext, encoding: Encoding) -> None:
    """Set an encoder's options, and open it.

    Raises:
        RenderError: It does not open.
    """
    # SVT-AV1 prints its settings unless its environment says otherwise.
    os.environ.setdefault("SVT_LOG", "-1")
    try:
        context.width, context.height = encoding.size
        context.pix_fmt = encoding.pix_fmt
        context.framerate = encoding.rate
        context.time_base = 1 / encoding.rate
        colors = encoding.colors
        context.color_primaries = colors.primaries
        context.color_trc = colors.transfer
        context.colorspace, context.color_range = colors.matrix, colors.range
        if encoding.chunk and not encoding.intra_only:
            context.gop_size = encoding.chunk
        context.flags |= Flags.global_header
        context.options = _repeatable(encoding)
        context.open()
    except (av.error.FFmpegError, ValueError) as error:
        raise _closed(encoding, error) from error


def _repeatable(encoding: Encoding) -> dict[str, str]:
    """Return the options with which equal pictures give equal bytes everywhere.

    x264 chooses some algorithms by the processor, so that without SSSE3 the bytes
    differ; `cpu-independent` has one for all, at no measurable cost. Its functions for
    AVX-512 read memory that was never set: at widths whose half is no multiple of 64,
    as 320 or 1080, two films of the same frames differ. Those for AVX2 do not.
    """
    options = dict(encoding.options)
    if encoding.encoder == "libx264":
        steady = ["cpu-independent=1", *(["asm=avx2"] if _has_avx512() else [])]
        own = options.get("x264-params", "")
        options["x264-params"] = ":".join(filter(None, [own, *steady]))
    return options


@cache
def _has_avx512() -> bool:
    return bool(cv2.checkHardwareSupport(_CPU_AVX_512F))


def _device(encoding: Encoding) -> HWAccel | None:
    """Return the device of an encoder's frames; None for frames in memory."""
    if encoding.pix_fmt != "vaapi":
        return None
    return HWAccel("vaapi", allow_software_fallback=False)


def _closed(encoding: Encoding, error: Exception) -> RenderError:
    why = reason(error)
    return RenderError(
        Message(
            "the encoder {encoder} does not open: {why}",
            encoder=encoding.encoder,
            why=why,
        )
    )
