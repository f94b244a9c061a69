"""Profiles: how a film is encoded."""

from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec
from msgspec.structs import force_setattr

from timeline_nb.compose.sources import OnDamage
from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import RenderError, TimeError
from timeline_nb.i18n import Message
from timeline_nb.timebase import parse_rate

__all__ = [
    "AudioCodec",
    "Channels",
    "Color",
    "Hardware",
    "Preset",
    "Profile",
    "VideoCodec",
]

Preset: TypeAlias = Literal[
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
]
VideoCodec: TypeAlias = Literal[
    "auto",
    "h264",
    "h265",
    "av1",
    "vp9",
    "prores",
    "dnxhr",
    "ffv1",
    "mjpeg",
    "gif",
    "webp",
    "png",
]
AudioCodec: TypeAlias = Literal[
    "auto", "aac", "opus", "mp3", "flac", "alac", "pcm", "pcm24", "none"
]
Hardware: TypeAlias = Literal["never", "auto", "only"]
Channels: TypeAlias = Literal["mono", "stereo", "5.1", "7.1"]
Color: TypeAlias = Literal["sdr", "hdr10", "hlg"]
Subtitling: TypeAlias = Literal["burn", "soft", "none"]
# The words that fields take.
_WORDS: Final[dict[str, Any]] = {
    "video": VideoCodec,
    "audio": AudioCodec,
    "preset": Preset,
    "hardware": Hardware,
    "channels": Channels,
    "color": Color,
    "subtitles": Subtitling,
    "on_damage": OnDamage,
}
# Tags of the time at which a file was made.
_DATES: Final = {
    "creation_time",
    "date",
    "encoded_date",
    "modification_time",
    "tagged_date",
}
# x264's scale: 0 is lossless, 51 the worst (x264 --fullhelp, rate control).
_MAX_CRF: Final = 51
# Least and greatest values of fields; None is always allowed.
_RANGES: Final[dict[str, tuple[float, float]]] = {
    "quality": (0, 100),
    "crf": (0, _MAX_CRF),
    "audio_bit_rate_bps": (8_000, 512_000),
    "max_bit_rate_bps": (50_000, 1_000_000_000),
    "bit_rate_bps": (50_000, 1_000_000_000),
    "target_bytes": (10_000, 1 << 50),
    "loudness_lufs": (-70, 0),
}


class _ProfileMeta(ExplainingMeta):
    """Refuses misspelt fields with the nearest name."""

    def __call__(self, *args: Any, **fields: Any) -> Any:
        known = self.__struct_fields__
        for name in fields:
            if name not in known:
                hint = suggestion(name, known)
                raise RenderError(
                    Message(
                        "a profile has no field {name}{hint}",
                        name=repr(name),
                        hint=hint,
                    )
                )
        return super().__call__(*args, **fields)


class Profile(msgspec.Struct, frozen=True, kw_only=True, metaclass=_ProfileMeta):
    """How a film is encoded; its container follows from its suffix.

    Args:
        name: Of the profile, in messages.
        video: The video codec; the container's default if `auto`.
        audio: The audio codec, likewise; `none` leaves the sound out.
        quality: 0 to 100, the same scale for all codecs; 75 is nearly transparent.
        crf: Instead of quality: x264's constant rate factor, 0 (lossless) to 51.
        preset: x264's presets of speed against size; other
            encoders use their nearest one.
        hardware: Whether hardware encoders are used: `never`, where one works
            (`auto`), or exclusively (`only`).
        encoder: FFmpeg's name of the encoder; chosen if empty.
        pix_fmt: FFmpeg's name of the pixel format; the encoder's default if empty.
        color: `sdr` is BT.709, to which HDR is mapped; `hdr10` (PQ) and `hlg` are HDR
            of BT.2020 in ten bits (ITU-R BT.2100), for H.265 and AV1: HDR sources keep
            their luminance, and the white of SDR sources is shown at 203 cd/m2.
        size: Width and height, of the timeline's aspect; the timeline's if not given.
        rate: Frames a second; the timeline's if not given. Frame `n` of the film shows
            what the timeline shows at exactly `n / rate` seconds: sources are read at
            that time, so that a source of a higher rate than the timeline's gives the
            film frames that the timeline's own rate leaves out.
        max_bit_rate_bps: The maximum video bit rate (capped quality).
        bit_rate_bps: The average video bit rate, in two passes, the first to
            measure.
        target_bytes: The size of the file, in two passes.
        audio_bit_rate_bps: Of lossy audio codecs.
        channels: `mono` is the mean of both sides of `stereo`; in `5.1` and `7.1` each
            channel of a source of as many stays in its place, and mono and stereo are
            heard at the front.
        loudness_lufs: The mix is normalized to it (EBU R 128); unchanged if None.
        peak_db: The true peak that is not exceeded then.
        subtitles: Whether they are drawn into the picture (`burn`), muxed as
            timed text (`soft`), or left out (`none`).
        smart: Whether unchanged stretches of H.264 sources are copied
            packet by packet, without loss.
        chapters: Whether markers become chapters.
        on_damage: What replaces frames of sources that do not decode: the last good
            one (`hold`), `black`, or none: the render fails (`error`).
        tags: Metadata of the file: `title`, `artist`, `comment` ...
        reproducible: Whether all that may differ from run to run is refused: hardware,
            dates, and encoders that a chosen name brings in.

    Raises:
        RenderError: A value is out of its range, or contradicts another.

    Example:
        >>> small = tl.Profile(video="h264", quality=50, size=(160, 90))
        >>> film = cut.render("small.mp4", profile=small, end="1s").wait()
        >>> film.info.video[0].display_size
        (160, 90)
    """

    name: str = ""
    video: VideoCodec = "auto"
    audio: AudioCodec = "auto"
    quality: float = 75
    crf: float | None = None
    preset: Preset = "medium"
    hardware: Hardware = "never"
    encoder: str = ""
    pix_fmt: str = ""
    color: Color = "sdr"
    size: tuple[int, int] | None = None
    rate: Fraction | None = None
    max_bit_rate_bps: int | None = None
    bit_rate_bps: int | None = None
    target_bytes: int | None = None
    audio_bit_rate_bps: int = 192_000
    channels: Channels = "stereo"
    loudness_lufs: float | None = None
    peak_db: float = -1.0
    subtitles: Subtitling = "burn"
    smart: bool = False
    chapters: bool = True
    on_damage: OnDamage = "hold"
    tags: dict[str, str] = {}
    reproducible: bool = False

    def __post_init__(self) -> None:
        self._check_fields()
        if self.rate is not None:
            try:
                force_setattr(self, "rate", parse_rate(self.rate))
            except TimeError as error:
                raise RenderError(
                    Message("rate={rate}: {error}", rate=repr(self.rate), error=error)
                ) from error
        if self.reproducible:
            self._refuse_what_varies()
        if self.bit_rate_bps and self.target_bytes:
            raise RenderError(
                Message("bit_rate_bps and target_bytes contradict: give one")
            )
        if self.smart and self.color != "sdr":
            raise RenderError(
                Message(
                    "smart copies SDR alone: leave color={color} out",
                    color=repr(self.color),
                )
            )
        if self.smart and (self.bit_rate_bps or self.target_bytes):
            raise RenderError(
                Message(
                    "smart copies packets as they are: it cannot meet bit_rate_bps or "
                    "target_bytes"
                )
            )

    def _refuse_what_varies(self) -> None:
        if self.hardware != "never":
            raise RenderError(
                Message(
                    "a reproducible profile takes no hardware={hardware}: GPUs and "
                    "their drivers give other bytes; leave it at never",
                    hardware=repr(self.hardware),
                )
            )
        for tag in self.tags:
            if tag.lower() in _DATES:
                raise RenderError(
                    Message(
                        "a reproducible profile takes no tag {tag}: a film made again "
                        "would have another date",
                        tag=repr(tag),
                    )
                )

    def _check_fields(self) -> None:
        """Check each field by itself."""
        for field, words in _WORDS.items():
            value: Any = getattr(self, field)
            if value not in get_args(words):
                hint = suggestion(value, get_args(words))
                raise RenderError(
                    Message(
                        "{field}={value} is not known{hint}",
                        field=field,
                        value=repr(value),
                        hint=hint,
                    )
                )
        for field, (low, high) in _RANGES.items():
            value = getattr(self, field)
            if value is None:
                continue
            if not isinstance(value, int | float):
                raise RenderError(
                    Message(
                        "{field}={value} is not a number",
                        field=field,
                        value=repr(value),
                    )
                )
            if not low <= value <= high:
                raise RenderError(_out_of_range(field, value, low, high))
        if self.size is not None:
            _check_size(self.size)


def _out_of_range(field: str, value: object, low: float, high: float) -> Message:
    if high > 1000:
        return Message(
            "{field} {value} is not {low} to {high}",
            field=field,
            value=value,
            low=f"{low:,}",
            high=f"{high:,}",
        )
    return Message(
        "{field} {value} is not between {low} and {high}",
        field=field,
        value=value,
        low=low,
        high=high,
    )


def _check_size(size: Any) -> None:
    try:
        width, height = size
        is_even = all(side >= 2 and side % 2 == 0 for side in (width, height))
    except (TypeError, ValueError):
        is_even = False
    if not is_even:
        raise RenderError(
            Message(
                "size {size} is not of two even numbers: give width and height, as in "
                "(1280, 720)",
                size=repr(size),
            )
        )
