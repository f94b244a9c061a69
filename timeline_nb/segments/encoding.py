"""What pictures are encoded as, down to each option: part of a segment's name."""

import os
from fractions import Fraction
from typing import cast

import av
import msgspec
from av.codec.context import Flags
from av.codec.hwaccel import HWAccel
from av.video.codeccontext import VideoCodecContext

from timeline_nb.compose.sources import OnDamage
from timeline_nb.errors import RenderError
from timeline_nb.media._pyav import reason

__all__ = ["Encoding", "configure", "open_encoder"]

# ITU-T H.273: BT.709 in limited range, as composed; RGB is in full range.
_BT709 = 1
_RGB_MATRIX = 0
_LIMITED, _FULL = 1, 2


class Encoding(msgspec.Struct, frozen=True, kw_only=True):
    """How pictures become packets.

    Args:
        encoder: FFmpeg's name.
        pix_fmt: FFmpeg's name of the pixel format.
        size: Width and height in pixels.
        rate: Frames a second.
        options: Of the encoder.
        piece: Frames a segment, at most; 0 if the film cannot be cut.
        lone: Whether every frame is decoded by itself.
        copies: Whether stretches of sources may be taken over as they are.
        repeats: Whether equal pictures give equal bytes, always.
        on_device: Whether a GPU decodes the sources, where one works.
        on_damage: What stands for frames of sources that do not decode.
    """

    encoder: str
    pix_fmt: str
    size: tuple[int, int]
    rate: Fraction
    options: dict[str, str] = {}
    piece: int = 0
    lone: bool = False
    copies: bool = False
    repeats: bool = True
    on_device: bool = False
    on_damage: OnDamage = "hold"


def open_encoder(encoding: Encoding) -> VideoCodecContext:
    """An encoder that counts time in frames, and keeps its headers apart.

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
    """Set an encoder's dials, and open it.

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
        context.color_primaries = context.color_trc = _BT709
        pixels = av.VideoFormat(
            "rgb24" if encoding.pix_fmt == "pal8" else encoding.pix_fmt
        )
        context.colorspace = _RGB_MATRIX if pixels.is_rgb else _BT709
        full = pixels.is_rgb or encoding.pix_fmt.startswith("yuvj")
        context.color_range = _FULL if full else _LIMITED
        if encoding.piece and not encoding.lone:
            context.gop_size = encoding.piece
        context.flags |= Flags.global_header
        context.options = dict(encoding.options)
        context.open()
    except (av.error.FFmpegError, ValueError) as error:
        raise _closed(encoding, error) from error


def _device(encoding: Encoding) -> HWAccel | None:
    """The device that frames are brought to, for encoders that take none elsewhere."""
    if encoding.pix_fmt != "vaapi":
        return None
    return HWAccel("vaapi", allow_software_fallback=False)


def _closed(encoding: Encoding, error: Exception) -> RenderError:
    why = reason(error)
    return RenderError(f"the encoder {encoding.encoder} does not open: {why}")
