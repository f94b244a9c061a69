"""Named profiles, and the limits of the platforms they are for.

The limits are those that the platforms publish for uploads. They change, and a film
within them may still be refused. Each becomes a warning, none stops a render.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.core.near_names import kind_of, suggestion
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.render.profile import Profile

__all__ = [
    "Platform",
    "profile",
    "profile_names",
    "refusals",
    "resolve_profile",
    "suffix_of",
]


@dataclass(frozen=True)
class Platform:
    """The limits of a platform.

    Args:
        longest_s: Seconds.
        most_bytes: Of the whole file.
        largest: Pixels of the long and of the short side.
        fastest: Frames a second.
        slowest: Frames a second.
        codecs: Of pictures, by FFmpeg's names.
        aspect: Least and greatest width over height; None without limit.
    """

    longest_s: int = 0
    most_bytes: int = 0
    largest: tuple[int, int] = (0, 0)
    fastest: Fraction = Fraction(0)
    slowest: Fraction = Fraction(0)
    codecs: tuple[str, ...] = ()
    aspect: tuple[Fraction, Fraction] | None = None


_GB: Final = 10**9
_UPRIGHT: Final = (Fraction(9, 16), Fraction(9, 16))
_WEB: Final = ("h264", "hevc")
_ANY: Final = ("h264", "hevc", "vp9", "av1", "prores")
_PLATFORMS: Final[dict[str, Platform]] = {
    "youtube": Platform(
        longest_s=43_200,
        most_bytes=256 * _GB,
        largest=(7680, 4320),
        fastest=Fraction(60),
        codecs=_ANY,
    ),
    "vimeo": Platform(
        longest_s=86_400,
        most_bytes=250 * _GB,
        largest=(7680, 4320),
        fastest=Fraction(60),
        codecs=_ANY,
    ),
    "tiktok": Platform(
        longest_s=3600,
        most_bytes=10 * _GB,
        largest=(4096, 2160),
        fastest=Fraction(60),
        slowest=Fraction(23),
        codecs=_WEB,
        aspect=_UPRIGHT,
    ),
    "reels": Platform(
        longest_s=900,
        most_bytes=4 * _GB,
        largest=(1920, 1080),
        fastest=Fraction(60),
        slowest=Fraction(23),
        codecs=_WEB,
        aspect=_UPRIGHT,
    ),
    "shorts": Platform(
        longest_s=180,
        most_bytes=256 * _GB,
        largest=(3840, 2160),
        fastest=Fraction(60),
        codecs=_ANY,
        aspect=(Fraction(9, 16), Fraction(1)),
    ),
    "instagram": Platform(
        longest_s=3600,
        most_bytes=4 * _GB,
        largest=(1920, 1350),
        fastest=Fraction(60),
        slowest=Fraction(23),
        codecs=_WEB,
        aspect=(Fraction(4, 5), Fraction(191, 100)),
    ),
    "x": Platform(
        longest_s=140,
        most_bytes=512_000_000,
        largest=(1920, 1200),
        fastest=Fraction(60),
        codecs=_WEB,
    ),
}
_PROFILES: Final[dict[str, Profile]] = {
    "youtube-1080p": Profile(
        size=(1920, 1080), quality=80, audio_bit_rate_bps=384_000, loudness_lufs=-14
    ),
    "youtube-4k": Profile(
        size=(3840, 2160), quality=80, audio_bit_rate_bps=384_000, loudness_lufs=-14
    ),
    "vimeo": Profile(size=(1920, 1080), quality=85, audio_bit_rate_bps=320_000),
    "tiktok": Profile(size=(1080, 1920), quality=75, loudness_lufs=-14),
    "reels": Profile(
        size=(1080, 1920), quality=75, max_bit_rate_bps=25_000_000, loudness_lufs=-14
    ),
    "shorts": Profile(size=(1080, 1920), quality=80, loudness_lufs=-14),
    "instagram": Profile(
        size=(1080, 1350), quality=75, max_bit_rate_bps=25_000_000, loudness_lufs=-14
    ),
    "x": Profile(
        size=(1280, 720), quality=75, max_bit_rate_bps=25_000_000, loudness_lufs=-14
    ),
    "apple": Profile(video="h265", quality=80, audio_bit_rate_bps=256_000),
    "web": Profile(quality=68, preset="slow", max_bit_rate_bps=8_000_000),
    "master": Profile(video="prores", quality=100, audio="pcm24"),
    "archive": Profile(video="ffv1", audio="flac"),
    "proxy": Profile(video="prores", quality=0, audio="pcm"),
    "reproducible": Profile(reproducible=True),
    "review": Profile(quality=45, preset="veryfast", audio_bit_rate_bps=96_000),
}
# Of films whose codec .mp4 does not take.
_SUFFIXES: Final = {"prores": ".mov", "dnxhr": ".mov", "ffv1": ".mkv"}


def profile_names() -> tuple[str, ...]:
    """Return the names that `profile` knows.

    Example:
        >>> "youtube-1080p" in tl.profile_names()
        True
    """
    return tuple(_PROFILES)


def profile(name: str) -> Profile:
    """Return a profile by its name.

    `master` and `proxy` go into .mov, `archive` into .mkv, all others into .mp4; of
    those for platforms the size is fixed, and the edit must be of its aspect.

    Raises:
        RenderError: There is none of this name.

    Example:
        >>> tl.profile("youtube-1080p").size
        (1920, 1080)
        >>> cut.render("small.mp4", profile="review", end="1s").wait().frames
        25
    """
    found = _PROFILES.get(name)
    if found is None:
        raise RenderError(
            Message(
                "there is no profile {name}{hint}",
                name=repr(name),
                hint=suggestion(name, _PROFILES),
            )
        )
    return replace(found, name=name)


def suffix_of(profile: Profile) -> str:
    """Return the suffix of the films that a profile is for."""
    return _SUFFIXES.get(profile.video, ".mp4")


def resolve_profile(value: Profile | str | None) -> Profile:
    """Return the profile for a profile, the name of one, or None.

    Raises:
        RenderError: There is none of this name, or it is of another type.
    """
    if value is None:
        return Profile()
    if isinstance(value, str):
        return profile(value)
    if not isinstance(value, Profile):
        raise RenderError(
            Message(
                "profile={value} is {kind}: give a profile, as in "
                "tl.Profile(quality=80), or the name of one that tl.profile_names() "
                "lists",
                value=repr(value),
                kind=kind_of(value),
            )
        )
    return value


def refusals(info: MediaInfo, name: str) -> list[str]:
    """Return messages about what the platform of a profile would refuse."""
    platform = _PLATFORMS.get(name.partition("-")[0])
    if platform is None or not info.video:
        return []
    return [
        Message("{name}: {why}", name=name, why=why)
        for why in _refusals(info, platform)
    ]


def _refusals(info: MediaInfo, platform: Platform) -> Iterator[str]:
    video = info.video[0]
    width, height = video.display_size
    size_px, rate = f"{width}x{height}", f"{float(video.rate):g}"
    if platform.longest_s and info.duration > platform.longest_s:
        seconds, longest = f"{float(info.duration):.0f}", platform.longest_s
        yield Message(
            "{seconds} s is longer than {longest} s", seconds=seconds, longest=longest
        )
    if platform.most_bytes and info.size_bytes > platform.most_bytes:
        size, most = (f"{n / 1e6:.0f}" for n in (info.size_bytes, platform.most_bytes))
        yield Message("{size} MB is more than {most} MB", size=size, most=most)
    long, short = platform.largest
    if long and (max(width, height) > long or min(width, height) > short):
        yield Message(
            "{size} is larger than {most}", size=size_px, most=f"{long}x{short}"
        )
    if platform.fastest and video.rate > platform.fastest:
        yield Message(
            "{rate} fps is faster than {most}",
            rate=rate,
            most=f"{float(platform.fastest):g}",
        )
    if platform.slowest and video.rate < platform.slowest:
        yield Message(
            "{rate} fps is slower than {least}",
            rate=rate,
            least=f"{float(platform.slowest):g}",
        )
    if platform.codecs and video.codec not in platform.codecs:
        codecs = ", ".join(platform.codecs)
        yield Message("{codec} is none of {codecs}", codec=video.codec, codecs=codecs)
    if platform.aspect:
        low, high = (float(edge) for edge in platform.aspect)
        # Rounding to a pixel does not change the aspect.
        if not low * 0.99 <= width / height <= high * 1.01:
            yield Message(
                "{size} is no aspect between {low} and {high}",
                size=size_px,
                low=f"{low:.3g}",
                high=f"{high:.3g}",
            )
