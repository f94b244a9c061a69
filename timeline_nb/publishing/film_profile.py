"""The profile that a film is rendered with for a platform."""

from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.limits import UploadLimits
from timeline_nb.render.platforms import profile
from timeline_nb.render.profile import Profile

__all__ = ["profile_for"]

_NAMES: Final = {
    "youtube": "youtube-1080p",
    "vimeo": "vimeo",
    "instagram": "reels",
    "tiktok": "tiktok",
}
_BIG: Final = {"youtube": "youtube-4k"}
# Of Telegram's player: more is not seen on a telephone.
_TELEGRAM: Final = Profile(
    name="telegram",
    quality=70,
    audio_bit_rate_bps=128_000,
    max_bit_rate_bps=8_000_000,
    loudness_lufs=-14,
)
# Less is not worth looking at.
_LEAST_BPS: Final = 200_000
# What containers and bursts take of a file.
_SLACK: Final = Fraction(9, 10)


def profile_for(
    limits: UploadLimits, size: tuple[int, int], duration: Fraction, most_bytes: int
) -> Profile:
    """Return the platform's profile, fitted to an edit.

    The film has the profile's size where the edit has its aspect and is larger;
    otherwise the edit's own: pictures are not enlarged, and no bars are added.

    Args:
        limits: Of the platform.
        size: The edit's width and height.
        duration: Seconds of the film.
        most_bytes: What the platform takes.

    Raises:
        PublishError: So long a film does not fit into what the platform takes.
    """
    name = _NAMES.get(limits.platform)
    found = _TELEGRAM if name is None else profile(name)
    big = _BIG.get(limits.platform)
    if big is not None and found.size is not None and max(size) > max(found.size):
        found = profile(big)
    if found.size is not None and not _fits(found.size, size):
        found = replace(found, size=None)
    # A film that platforms of this size take whole has no use for a lower rate.
    if most_bytes < 1_000_000_000:
        found = _within(limits, found, duration, most_bytes)
    return found


def _fits(film: tuple[int, int], edit: tuple[int, int]) -> bool:
    is_same_aspect = film[0] * edit[1] == film[1] * edit[0]
    return is_same_aspect and edit[0] >= film[0]


def _within(
    limits: UploadLimits, found: Profile, duration: Fraction, most_bytes: int
) -> Profile:
    """Limit the bit rate, so that the file is small enough."""
    whole_bps = int(most_bytes * 8 * _SLACK / max(duration, Fraction(1)))
    room_bps = whole_bps - found.audio_bit_rate_bps
    if room_bps < _LEAST_BPS:
        raise PublishError(
            Message(
                "{duration} minutes do not fit into the {most_bytes} MB that "
                "{title} takes: publish a part with start= and end=",
                duration=f"{float(duration) / 60:.0f}",
                most_bytes=f"{most_bytes / 1000000.0:.0f}",
                title=limits.title,
            )
        )
    own = found.max_bit_rate_bps or room_bps
    return replace(found, max_bit_rate_bps=min(own, room_bps))
