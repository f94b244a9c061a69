"""Resolve what a render makes: the container, the codecs, and every option."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av

# Missing from the stubs of PyAV 18.
from av.video.format import names as pix_fmt_names  # type: ignore[attr-defined]

from timeline_nb.compose.missing_effects import refuse_missing_effects
from timeline_nb.compose.mix import has_sound
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.probe_result import listed
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.hardware import device_that_works, try_devices
from timeline_nb.render.containers import Container, container_of
from timeline_nb.render.encoders import Encoder, EncoderChoice, candidates, choose
from timeline_nb.render.film_range import at_film_rate, find_span, refuse_empty
from timeline_nb.render.place import check_place
from timeline_nb.render.profile import Profile
from timeline_nb.segments.encoding import Encoding, FilmColor
from timeline_nb.timeline.model import Timeline

__all__ = ["SoundEncoding", "Target", "check_target", "resolve_target"]

# Seconds of a chunk: short enough that a change costs little, long enough that its
# keyframe does not. Streaming servers cut there, too.
_CHUNK_S: Final = 2
_SOUND_ENCODERS: Final[Mapping[str, tuple[str, str]]] = {
    "aac": ("aac", "fltp"),
    "opus": ("libopus", "flt"),
    "mp3": ("libmp3lame", "fltp"),
    "flac": ("flac", "s32"),
    "alac": ("alac", "s32p"),
    "pcm": ("pcm_s16le", "s16"),
    "pcm24": ("pcm_s24le", "s32"),
}
_LOSSLESS: Final = {"flac", "alac", "pcm", "pcm24"}
# What Opus takes (RFC 6716), and MP3 (ISO/IEC 11172-3 and 13818-3).
_OPUS_HZ: Final = 48_000
_MP3_HZ: Final = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


# Codecs whose HDR players support.
_HDR: Final = {"h265", "av1"}
_HDR_BITS: Final = 10
_COLORS: Final[Mapping[str, FilmColor]] = {"sdr": "sdr", "hdr10": "pq", "hlg": "hlg"}


@dataclass(frozen=True)
class SoundEncoding:
    """How sound is encoded.

    Args:
        codec: The profile's name.
        encoder: FFmpeg's name.
        sample_format: FFmpeg's name.
        layout: FFmpeg's name.
        sample_rate_hz: Of the film.
        bit_rate_bps: 0 for lossless codecs.
    """

    codec: str
    encoder: str
    sample_format: str
    layout: str
    sample_rate_hz: int
    bit_rate_bps: int


@dataclass(frozen=True)
class Target:
    """What a render makes.

    Args:
        path: Of the film.
        container: Of the file.
        profile: The profile it is resolved from.
        video: How pictures are encoded; None where there are none.
        choice: The encoder, and those passed over.
        sound: How sound is encoded; None where there is none.
        span: The frames of the timeline that the film has, at the film's rate.
        overwrite: Whether a file that was not written here is replaced.
    """

    path: Path
    container: Container
    profile: Profile
    video: Encoding | None
    choice: EncoderChoice | None
    sound: SoundEncoding | None
    span: range
    overwrite: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Messages about the encoder and the devices chosen."""
        if self.choice is None or self.video is None:
            return ()
        notes = list(self.choice.notes)
        if self.video.on_device:
            notes.append(_where_decoded())
        if not self.video.repeats:
            notes.append(
                Message(
                    "{encoder} does not promise equal bytes with hardware: renders "
                    "look alike, and may differ in their bytes",
                    encoder=self.video.encoder,
                )
            )
        return tuple(notes)


def _where_decoded() -> Message:
    if device := device_that_works():
        return Message("sources are decoded on {device}", device=device)
    tried = listed(try_devices())
    return Message("sources are decoded in software: {tried}", tried=tried)


def check_target(
    timeline: Timeline,
    path: Path,
    profile: Profile,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
) -> range:
    """Check what a render is asked for, without trying an encoder or opening a file.

    Args:
        timeline: What is to be rendered.
        path: Where the film goes; its suffix selects the container.
        profile: What it is encoded as.
        start: Timeline seconds at which the film begins; the timeline's start if None.
        end: Timeline seconds at which it ends; the timeline's end if None.

    Returns:
        The frames of the timeline that the film has, at the film's rate.

    Raises:
        RenderError: The film cannot be written there, a codec does not fit its
            container, an encoder, a pixel format or a size does not fit the profile,
            or the timeline has nothing between start and end.
        CompositionError: The plugin of an effect is not installed.
    """
    container = container_of(path)
    check_place(path, timeline)
    if container.video:
        codec = _video_codec(container, path, profile)
        known = candidates(codec, profile.hardware, profile.encoder)
        if profile.reproducible:
            _refuse_hardware(known)
        _check_aspect(timeline, profile)
        _check_pix_fmt(profile)
    audio = _audio_codec(container, path, profile)
    heard = audio and has_sound(timeline)
    if not container.video and not heard:
        raise RenderError(
            Message(
                "{path} has sound alone, and {name} has none",
                path=path,
                name=repr(timeline.name),
            )
        )
    if heard:
        _sound(audio, timeline, profile)
    timeline, _ = at_film_rate(timeline, path, profile)
    span = find_span(timeline, start, end)
    refuse_missing_effects(timeline, span)
    refuse_empty(timeline, span)
    return span


def resolve_target(
    timeline: Timeline,
    path: Path,
    profile: Profile,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
) -> Target:
    """Resolve what a render makes, by the film's name and its profile.

    Args:
        timeline: What is rendered, at the film's rate.
        path: As for `check_target`, like all that follow.
        profile: Likewise.
        start: Likewise.
        end: Likewise.

    Raises:
        RenderError: The film cannot be written there, a codec does not fit its
            container, or no encoder works here.
    """
    container = container_of(path)
    check_place(path, timeline)
    choice = _choice_of(container, path, profile) if container.video else None
    audio = _audio_codec(container, path, profile)
    if not container.video and not (audio and has_sound(timeline)):
        raise RenderError(
            Message(
                "{path} has sound alone, and {name} has none",
                path=path,
                name=repr(timeline.name),
            )
        )
    heard = audio and has_sound(timeline)
    return Target(
        path=path,
        container=container,
        profile=profile,
        video=_encoding(choice, timeline, profile) if choice else None,
        choice=choice,
        sound=_sound(audio, timeline, profile) if heard else None,
        span=find_span(timeline, start, end),
    )


def _video_codec(container: Container, path: Path, profile: Profile) -> str:
    codec = container.video[0] if profile.video == "auto" else profile.video
    if codec not in container.video:
        raise RenderError(
            Message(
                "{suffix} does not take {codec}; it takes {video}",
                suffix=path.suffix,
                codec=codec,
                video=", ".join(container.video),
            )
        )
    if profile.crf is not None and codec != "h264":
        raise RenderError(
            Message(
                "crf is x264's: set the quality of {codec} by 'quality'", codec=codec
            )
        )
    if profile.smart and codec != "h264":
        raise RenderError(
            Message("smart takes over H.264 alone, not {codec}", codec=codec)
        )
    if profile.color != "sdr" and codec not in _HDR:
        raise RenderError(
            Message(
                "{codec} carries no HDR here: give the profile video='h265' or 'av1', "
                "or color='sdr'",
                codec=codec,
            )
        )
    return codec


def _choice_of(container: Container, path: Path, profile: Profile) -> EncoderChoice:
    codec = _video_codec(container, path, profile)
    if profile.reproducible:
        _refuse_hardware(candidates(codec, profile.hardware, profile.encoder))
    choice = choose(codec, profile.hardware, profile.encoder)
    if profile.smart and choice.encoder.name != "libx264":
        raise RenderError(
            Message("smart encodes with libx264: leave hardware at never")
        )
    if profile.max_bit_rate_bps and not choice.encoder.capped:
        raise RenderError(
            Message(
                "{name} cannot be capped: leave max_bit_rate_bps out, or choose h264 "
                "or h265",
                name=choice.encoder.name,
            )
        )
    return choice


def _refuse_hardware(encoders: Iterable[Encoder]) -> None:
    """Refuse an encoder that a GPU runs, which a reproducible profile has named."""
    for encoder in encoders:
        if encoder.is_hardware:
            raise RenderError(
                Message(
                    "a reproducible profile takes no encoder={name}: it runs on a "
                    "GPU, and gives other bytes on another one; leave it out",
                    name=repr(encoder.name),
                )
            )


def _audio_codec(container: Container, path: Path, profile: Profile) -> str:
    if profile.audio == "none" or not container.audio:
        return ""
    if profile.audio == "auto":
        return container.audio[0]
    if profile.audio not in container.audio:
        raise RenderError(
            Message(
                "{suffix} does not take {audio}; it takes {known}",
                suffix=path.suffix,
                audio=profile.audio,
                known=", ".join(container.audio),
            )
        )
    return profile.audio


def _encoding(choice: EncoderChoice, timeline: Timeline, profile: Profile) -> Encoding:
    encoder = choice.encoder
    _check_aspect(timeline, profile)
    return Encoding(
        encoder=encoder.name,
        pix_fmt=_pix_fmt(choice, profile),
        color=_COLORS[profile.color],
        size=profile.size or timeline.size,
        rate=timeline.rate,
        options=encoder.encoder_options(profile),
        chunk=max(1, round(_CHUNK_S * timeline.rate)) if encoder.cuts else 0,
        intra_only=encoder.intra_only,
        copies=profile.smart,
        # Hardware decoders may differ in rounding.
        repeats=profile.hardware == "never" and not encoder.is_hardware,
        on_device=profile.hardware != "never",
        on_damage=profile.on_damage,
    )


def _check_aspect(timeline: Timeline, profile: Profile) -> None:
    size = profile.size or timeline.size
    # Width over height may be off by rounding to even numbers, not by more.
    if abs(size[0] * timeline.size[1] - size[1] * timeline.size[0]) > 2 * sum(size):
        wide, high = timeline.size
        raise RenderError(
            Message(
                "the profile {name} is {size}, the edit "
                "{other}, of another aspect: give the edit the "
                "size of the film",
                name=repr(profile.name),
                size=f"{size[0]}x{size[1]}",
                other=f"{wide}x{high}",
            )
        )


def _check_pix_fmt(profile: Profile) -> None:
    if profile.pix_fmt and profile.pix_fmt not in pix_fmt_names:
        hint = suggestion(profile.pix_fmt, sorted(pix_fmt_names))
        raise RenderError(
            Message(
                "pix_fmt={pix_fmt} is not known{hint}",
                pix_fmt=repr(profile.pix_fmt),
                hint=hint,
            )
        )


def _pix_fmt(choice: EncoderChoice, profile: Profile) -> str:
    """Return the pixel format, of ten bits for HDR.

    Raises:
        RenderError: The profile's has fewer bits than HDR needs.
    """
    if profile.color == "sdr":
        return profile.pix_fmt or choice.encoder.pix_fmt
    # Hardware encoders take ten bits in two planes.
    usual = "p010le" if choice.encoder.is_hardware else "yuv420p10le"
    wanted = profile.pix_fmt or usual
    if max(part.bits for part in av.VideoFormat(wanted).components) < _HDR_BITS:
        raise RenderError(
            Message(
                "HDR has ten bits, and pix_fmt {wanted} has fewer", wanted=repr(wanted)
            )
        )
    return wanted


def _sound(codec: str, timeline: Timeline, profile: Profile) -> SoundEncoding:
    encoder, sample_format = _SOUND_ENCODERS[codec]
    rate = timeline.sample_rate_hz
    if codec == "opus":
        rate = _OPUS_HZ
    elif codec == "mp3" and rate not in _MP3_HZ:
        rate = 48_000
    bits = 0 if codec in _LOSSLESS else profile.audio_bit_rate_bps
    layout = profile.channels
    if codec == "mp3" and layout != "mono":
        # MP3 has at most two channels (ISO/IEC 11172-3).
        layout = "stereo"
    if codec == "alac" and layout == "7.1":
        raise RenderError(Message("alac takes no 7.1: choose flac, pcm or aac, or 5.1"))
    return SoundEncoding(codec, encoder, sample_format, layout, rate, bits)
