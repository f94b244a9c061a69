"""What a film is encoded as."""

from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec
from msgspec.structs import force_setattr

from timeline_nb.compose.sources import OnDamage
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import RenderError, TimeError
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
# What fields of words may be.
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
# x264's scale: 0 is lossless, 51 the worst (x264 --fullhelp, rate control).
_MAX_CRF: Final = 51
# What a field must lie between; None is always allowed.
_RANGES: Final[dict[str, tuple[float, float]]] = {
    "quality": (0, 100),
    "crf": (0, _MAX_CRF),
    "audio_bit_rate_bps": (8_000, 512_000),
    "max_bit_rate_bps": (50_000, 1_000_000_000),
    "bit_rate_bps": (50_000, 1_000_000_000),
    "target_bytes": (10_000, 1 << 50),
    "loudness_lufs": (-70, 0),
}


class _ProfileMeta(msgspec.StructMeta):
    """Refuses misspelt fields with the nearest name."""

    def __call__(self, **fields: Any) -> Any:
        known = self.__struct_fields__
        for name in fields:
            if name not in known:
                told = suggestion(name, known)
                raise RenderError(f"a profile has no field {name!r}{told}")
        return super().__call__(**fields)


class Profile(msgspec.Struct, frozen=True, kw_only=True, metaclass=_ProfileMeta):
    """How a film is encoded; its container is told by its name.

    Args:
        name: What messages call it.
        video: The codec of the pictures; the container's usual one if `auto`.
        audio: The codec of the sound, likewise.
        quality: 0 to 100, alike for all codecs: 75 is hard to tell from the source.
        crf: x264's constant quality instead, 0 (lossless) to 51, for H.264 alone.
        preset: x264's words for how much work goes into making the film small; other
            encoders have theirs that are nearest.
        hardware: Whether encoders of a GPU are used: `never`, where one works
            (`auto`), or as a condition (`only`).
        encoder: FFmpeg's name of the one encoder to be used; chosen if empty.
        pix_fmt: FFmpeg's name of the pixel format; the codec's usual one if empty.
        color: `sdr` is BT.709, to which HDR is mapped; `hdr10` (PQ) and `hlg` are HDR
            of BT.2020 in ten bits (ITU-R BT.2100), for H.265 and AV1: HDR sources keep
            their light, and the white of others is shown at 203 cd/m2.
        size: Width and height, of the timeline's aspect; the timeline's if not given.
        rate: Frames a second of the film; the timeline's if not given. Frame `n` shows
            what the timeline has at `n / rate` seconds, exactly: sources are asked for
            the frame at that time, so that a source of a higher rate than the timeline
            gives the film frames that the timeline's own rate leaves out.
        max_bit_rate_bps: What the pictures may take at any time (capped quality).
        bit_rate_bps: What the pictures take on average: two passes, the first to
            measure.
        target_bytes: What the whole file may take: two passes, likewise.
        audio_bit_rate_bps: Of sound that is not kept whole.
        channels: `mono` is the mean of both sides of `stereo`; in `5.1` and `7.1` each
            channel of a source of as many stays in its place, and mono and stereo are
            heard at the front.
        loudness_lufs: What the mix is brought to (EBU R 128); as it is if not given.
        peak_db: What no peak may reach then.
        subtitles: Whether they are drawn into the picture (`burn`), lie beside it as
            text that a player shows (`soft`), or are left out (`none`).
        smart: Whether stretches of H.264 sources that need no change are taken over
            as they are, without loss and almost without work.
        chapters: Whether markers become chapters.
        on_damage: What stands for frames of sources that do not decode: the last good
            one (`hold`), `black`, or none: the render fails (`error`).
        tags: Written into the file: `title`, `artist`, `comment` ...

    Raises:
        RenderError: A value is out of its range, or contradicts another.
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

    def __post_init__(self) -> None:
        self._check_fields()
        if self.rate is not None:
            try:
                force_setattr(self, "rate", parse_rate(self.rate))
            except TimeError as error:
                raise RenderError(f"rate={self.rate!r}: {error}") from error
        if self.bit_rate_bps and self.target_bytes:
            raise RenderError("bit_rate_bps and target_bytes contradict: give one")
        if self.smart and self.color != "sdr":
            raise RenderError(f"smart copies SDR alone: leave color={self.color!r} out")
        if self.smart and (self.bit_rate_bps or self.target_bytes):
            raise RenderError(
                "smart copies packets as they are: it cannot meet bit_rate_bps or "
                "target_bytes"
            )

    def _check_fields(self) -> None:
        """Check each field by itself."""
        for field, words in _WORDS.items():
            value: Any = getattr(self, field)
            if value not in get_args(words):
                told = suggestion(value, get_args(words))
                raise RenderError(f"{field}={value!r} is not known{told}")
        for field, (low, high) in _RANGES.items():
            value = getattr(self, field)
            if value is None:
                continue
            if not isinstance(value, int | float):
                raise RenderError(f"{field}={value!r} is not a number")
            if not low <= value <= high:
                told = f"{low:,} to {high:,}" if high > 1000 else f"{low} and {high}"
                between = "" if high > 1000 else "between "
                raise RenderError(f"{field} {value} is not {between}{told}")
        if self.size is not None:
            _check_size(self.size)


def _check_size(size: Any) -> None:
    try:
        width, height = size
        is_even = all(side >= 2 and side % 2 == 0 for side in (width, height))
    except (TypeError, ValueError):
        is_even = False
    if not is_even:
        raise RenderError(
            f"size {size!r} is not of two even numbers: give width and height, as in "
            "(1280, 720)"
        )
