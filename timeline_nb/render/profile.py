"""What a film is encoded as."""

from typing import Final, Literal, TypeAlias

import msgspec

from timeline_nb.errors import RenderError

__all__ = ["Channels", "Preset", "Profile"]

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
Channels: TypeAlias = Literal["mono", "stereo", "5.1"]
Subtitling: TypeAlias = Literal["burn", "soft", "none"]
# x264's scale: 0 is lossless, 51 the worst (x264 --fullhelp, rate control).
_MAX_CRF: Final = 51


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """H.264 and AAC in MP4, ready to stream.

    Args:
        preset: x264's: how much work goes into making the file small.
        crf: x264's constant quality, 0 (lossless) to 51; 18 is hard to tell from the
            source.
        audio_bit_rate_bps: Of the AAC sound.
        channels: `mono` is the mean of both; `5.1` has them at the front, and silence
            elsewhere.
        subtitles: Whether they are drawn into the picture (`burn`), lie beside it as
            text that a player shows (`soft`), or are left out (`none`).

    Raises:
        RenderError: A value is out of its range.
    """

    preset: Preset = "medium"
    crf: float = 20
    audio_bit_rate_bps: int = 192_000
    channels: Channels = "stereo"
    subtitles: Subtitling = "burn"

    def __post_init__(self) -> None:
        if not 0 <= self.crf <= _MAX_CRF:
            raise RenderError(f"crf {self.crf} is not between 0 and {_MAX_CRF}")
        if not 8_000 <= self.audio_bit_rate_bps <= 512_000:
            raise RenderError(
                f"audio_bit_rate_bps {self.audio_bit_rate_bps} is not 8,000 to 512,000"
            )
