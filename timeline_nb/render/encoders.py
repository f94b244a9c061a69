"""Encoders by codec, their options, and which of them work here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, get_args

import av
import numpy as np

from timeline_nb.core.near_names import suggestion
from timeline_nb.core.probe_result import ProbeResult, listed
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import reason
from timeline_nb.render.profile import Hardware, Preset, Profile
from timeline_nb.render.quality import crf_of
from timeline_nb.segments.convert import Converter
from timeline_nb.segments.encoding import Encoding, open_encoder

__all__ = [
    "ENCODERS",
    "Encoder",
    "EncoderChoice",
    "candidates",
    "choose",
    "tried_now",
    "try_encoders",
]

# A size that all of them take.
_TRIED_SIZE: Final = (1280, 720)
_PRESETS: Final = get_args(Preset)
_OptionsOf = Callable[[Profile], dict[str, str]]


@dataclass(frozen=True)
class Encoder:
    """An encoder of FFmpeg.

    Args:
        name: FFmpeg's.
        codec: The codec it encodes.
        pix_fmt: Its default pixel format.
        encoder_options: Its options for a profile.
        is_hardware: Whether a GPU does the work.
        intra_only: Whether every frame is a keyframe.
        cuts: Whether a film can be encoded in chunks.
        capped: Whether it can keep below a bit rate.
    """

    name: str
    codec: str
    pix_fmt: str
    encoder_options: _OptionsOf
    is_hardware: bool = False
    intra_only: bool = False
    cuts: bool = True
    capped: bool = False


@dataclass(frozen=True)
class EncoderChoice:
    """The encoder chosen.

    Args:
        encoder: The chosen one.
        passed_over: Those preferred to it that do not work here, with why.
    """

    encoder: Encoder
    passed_over: tuple[ProbeResult, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Messages about the choice."""
        return tuple(
            Message(
                "{encoder} encodes: {name} {verdict}",
                encoder=self.encoder.name,
                name=result.name,
                verdict=result.verdict,
            )
            for result in self.passed_over
        )


def _pace(profile: Profile, slowest: int, fastest: int) -> str:
    """Return an encoder's number for a preset's word."""
    share = _PRESETS.index(profile.preset) / (len(_PRESETS) - 1)
    return str(round(fastest + (slowest - fastest) * share))


def _capped(profile: Profile) -> dict[str, str]:
    most = profile.max_bit_rate_bps
    # A buffer of a second, as streaming players expect.
    return {"maxrate": str(most), "bufsize": str(most)} if most else {}


def _x264(profile: Profile) -> dict[str, str]:
    crf = crf_of("libx264", profile.quality) if profile.crf is None else profile.crf
    # One thread for each chunk: chunks run in parallel, and bytes do not depend on
    # the number of cores.
    options = {"preset": profile.preset, "crf": f"{crf:g}", "threads": "1"}
    return options | _capped(profile)


def _x265(profile: Profile) -> dict[str, str]:
    # Its information of itself names the processor's features, in the film's header.
    alone = "log-level=none:pools=none:frame-threads=1:open-gop=0:info=0"
    crf = crf_of("libx265", profile.quality)
    options = {"preset": profile.preset, "crf": f"{crf:g}", "x265-params": alone}
    return options | _capped(profile)


def _svt(profile: Profile) -> dict[str, str]:
    crf = round(crf_of("libsvtav1", profile.quality))
    pace = _pace(profile, 3, 12)
    return {"preset": pace, "crf": str(crf), "svtav1-params": "lp=1"}


def _vp9(profile: Profile) -> dict[str, str]:
    crf = round(crf_of("libvpx-vp9", profile.quality))
    pace = _pace(profile, 0, 8)
    options = {"crf": str(crf), "b": "0", "deadline": "good", "cpu-used": pace}
    return options | {"threads": "1", "row-mt": "0"}


def _prores(profile: Profile) -> dict[str, str]:
    kinds = ("proxy", "lt", "standard", "hq")
    kind = kinds[min(3, int(profile.quality // 25))]
    return {"profile": kind, "vendor": "apl0", "threads": "1"}


def _dnxhr(profile: Profile) -> dict[str, str]:
    kinds = ("dnxhr_lb", "dnxhr_sq", "dnxhr_hq")
    return {"profile": kinds[min(2, int(profile.quality // 34))], "threads": "1"}


def _ffv1(_: Profile) -> dict[str, str]:
    return {"level": "3", "g": "1", "slices": "4", "slicecrc": "1", "threads": "1"}


def _mjpeg(profile: Profile) -> dict[str, str]:
    scale = f"{crf_of('mjpeg', profile.quality):.0f}"
    return {"qmin": scale, "qmax": scale, "threads": "1"}


def _webp(profile: Profile) -> dict[str, str]:
    return {"quality": f"{crf_of('libwebp_anim', profile.quality):.0f}", "loop": "0"}


def _gif(_: Profile) -> dict[str, str]:
    return {}


def _png(_: Profile) -> dict[str, str]:
    return {"compression_level": "6", "pred": "mixed", "threads": "1"}


def _nvenc(profile: Profile) -> dict[str, str]:
    quality = f"{crf_of('nvenc', profile.quality):.0f}"
    options = {"preset": f"p{_pace(profile, 7, 1)}", "rc": "vbr", "cq": quality}
    return (
        options | {"b": "0", "no-scenecut": "1", "forced-idr": "1"} | _capped(profile)
    )


def _qsv(profile: Profile) -> dict[str, str]:
    crf = crf_of("qsv", profile.quality)
    return {"global_quality": f"{crf:.0f}", "preset": "medium"} | _capped(profile)


def _amf(profile: Profile) -> dict[str, str]:
    crf = f"{crf_of('amf', profile.quality):.0f}"
    return {"rc": "cqp", "qp_i": crf, "qp_p": crf, "qp_b": crf}


def _vaapi(profile: Profile) -> dict[str, str]:
    return {"rc_mode": "CQP", "qp": f"{crf_of('vaapi', profile.quality):.0f}"}


def _videotoolbox(profile: Profile) -> dict[str, str]:
    quality = f"{crf_of('videotoolbox', profile.quality):.0f}"
    return {"q": quality, "allow_sw": "0", "realtime": "0"}


def _of_gpu(codec: str, prefix: str) -> tuple[Encoder, ...]:
    """Return the hardware encoders by vendor, the most widespread first."""
    return tuple(
        Encoder(
            f"{prefix}_{kind}",
            codec,
            pix_fmt,
            encoder_options,
            is_hardware=True,
            capped=True,
        )
        for kind, pix_fmt, encoder_options in (
            ("nvenc", "yuv420p", _nvenc),
            ("qsv", "nv12", _qsv),
            ("videotoolbox", "yuv420p", _videotoolbox),
            ("amf", "yuv420p", _amf),
            ("vaapi", "vaapi", _vaapi),
        )
    )


# By codec, in order of preference.
ENCODERS: Final[Mapping[str, tuple[Encoder, ...]]] = {
    "h264": (
        *_of_gpu("h264", "h264"),
        Encoder("libx264", "h264", "yuv420p", _x264, capped=True),
    ),
    "h265": (
        *_of_gpu("h265", "hevc"),
        Encoder("libx265", "h265", "yuv420p", _x265, capped=True),
    ),
    "av1": (
        *_of_gpu("av1", "av1"),
        Encoder("libsvtav1", "av1", "yuv420p", _svt),
    ),
    "vp9": (Encoder("libvpx-vp9", "vp9", "yuv420p", _vp9),),
    "prores": (
        Encoder("prores_ks", "prores", "yuv422p10le", _prores, intra_only=True),
    ),
    "dnxhr": (Encoder("dnxhd", "dnxhr", "yuv422p", _dnxhr, intra_only=True),),
    "ffv1": (Encoder("ffv1", "ffv1", "yuv420p", _ffv1, intra_only=True),),
    "mjpeg": (Encoder("mjpeg", "mjpeg", "yuvj420p", _mjpeg, intra_only=True),),
    "png": (Encoder("png", "png", "rgb24", _png, intra_only=True),),
    "gif": (Encoder("gif", "gif", "pal8", _gif, cuts=False),),
    "webp": (Encoder("libwebp_anim", "webp", "yuv420p", _webp, cuts=False),),
}


def choose(codec: str, hardware: Hardware = "never", name: str = "") -> EncoderChoice:
    """Return the first encoder of a codec that works here.

    Args:
        codec: The codec to encode.
        hardware: Whether hardware encoders are tried.
        name: The encoder to use; any if empty.

    Raises:
        RenderError: None works; each is named with why.
    """
    failed: list[ProbeResult] = []
    for encoder in candidates(codec, hardware, name):
        result = try_encoder(encoder)
        if result.works:
            return EncoderChoice(encoder, tuple(failed))
        failed.append(result)
    raise RenderError(
        Message(
            "no encoder of {codec} works here: {reasons}",
            codec=codec,
            reasons=listed(failed) or Message("there is none on a GPU"),
        )
    )


def candidates(codec: str, hardware: Hardware, name: str) -> list[Encoder]:
    """Return the encoders that `choose` tries, in order; none is tried here.

    Raises:
        RenderError: `name` is no encoder of the codec.
    """
    known = ENCODERS[codec]
    if not name:
        return [encoder for encoder in known if _allowed(encoder, hardware)]
    found = [encoder for encoder in known if encoder.name == name]
    if not found:
        hint = suggestion(name, [encoder.name for encoder in known])
        raise RenderError(
            Message(
                "encoder={name} is no encoder of {codec}{hint}",
                name=repr(name),
                codec=codec,
                hint=hint,
            )
        )
    return found


def _allowed(encoder: Encoder, hardware: Hardware) -> bool:
    if hardware == "auto":
        return True
    return encoder.is_hardware is (hardware == "only")


def try_encoders() -> tuple[ProbeResult, ...]:
    """Try all known encoders: encode a frame with each."""
    return tuple(try_encoder(e) for encoders in ENCODERS.values() for e in encoders)


# What works on a machine does not change while a process runs.
@lru_cache(maxsize=64)
def try_encoder(encoder: Encoder) -> ProbeResult:
    """Try an encoder, once in a process."""
    return tried_now(encoder)


def tried_now(encoder: Encoder) -> ProbeResult:
    """Try an encoder: encode a frame; a failing hardware encoder costs 3 ms."""
    name = encoder.name
    try:
        av.Codec(name, "w")
    except av.codec.codec.UnknownCodecError:
        verdict = Message("is not in this build of FFmpeg")
        return ProbeResult(name, works=False, verdict=verdict)
    encoding = Encoding(
        encoder=name,
        pix_fmt=encoder.pix_fmt,
        size=_TRIED_SIZE,
        rate=Fraction(25),
        options=encoder.encoder_options(Profile()),
    )
    width, height = _TRIED_SIZE
    gray = np.full((height, width, 3), 128, np.uint8)
    try:
        context = open_encoder(encoding)
        frame = av.VideoFrame.from_ndarray(gray, "rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = 0, 1 / encoding.rate
        frame = Converter(encoding).convert(frame)
        packets = [*context.encode(frame), *context.encode()]
    except (av.error.FFmpegError, ValueError) as error:
        verdict = Message("fails: {why}", why=reason(error))
        return ProbeResult(name, works=False, verdict=verdict)
    except RenderError as error:
        why = str(error).rpartition(": ")[2]
        return ProbeResult(name, works=False, verdict=Message("fails: {why}", why=why))
    if not packets:
        return ProbeResult(name, works=False, verdict=Message("gives nothing"))
    return ProbeResult(name, works=True, verdict=Message("works"))
