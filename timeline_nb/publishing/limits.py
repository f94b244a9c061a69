"""What each platform takes, by its own documentation.

These limits are checked before anything is rendered or sent. Platforms change them, and
set others for single accounts: what a platform refuses itself is an error, too.
"""

from fractions import Fraction
from typing import Final

import msgspec

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message

__all__ = ["PLATFORMS", "UploadLimits", "limits_of"]

_GB: Final = 1_000_000_000


class UploadLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a platform.

    Args:
        platform: Its name in calls.
        title: Its name for people.
        account: The name of the account or of the key that uploads use.
        fields: The settings it takes, beside the title.
        privacies: What `privacy` may be, the default first; empty where the place
            of the post decides.
        most_bytes: Of the film.
        longest_s: Seconds.
        shortest_s: Seconds.
        largest_px: Of the long side; 0 without limit.
        smallest_px: Of the short side; 0 without limit.
        slowest: Frames a second; 0 without limit.
        fastest: Frames a second; 0 without limit.
        aspect: Least and greatest width over height; None without limit.
        containers: Suffixes of files.
        title_letters: 0 where titles have no limit of their own.
        description_bytes: Of the description in UTF-8; 0 without limit.
        text_letters: Of title, description and tags, where they are one text.
        tags_letters: Of all tags, with the separators that the platform adds.
        tags: How many; 0 without limit.
        thumbnail_bytes: 0 where no picture is taken as the thumbnail.
        thumbnail_px: The longest side of a thumbnail; 0 without limit.
        thumbnail_at: Whether a time of the film can be its thumbnail.
        captions_bytes: 0 where no caption files are taken.
        source: Where the platform documents this.
    """

    platform: str
    title: str
    account: str
    fields: frozenset[str]
    privacies: tuple[str, ...] = ()
    most_bytes: int
    longest_s: int
    shortest_s: int = 0
    largest_px: int = 0
    smallest_px: int = 0
    slowest: Fraction = Fraction(0)
    fastest: Fraction = Fraction(0)
    aspect: tuple[Fraction, Fraction] | None = None
    containers: tuple[str, ...] = (".mp4", ".mov")
    title_letters: int = 0
    description_bytes: int = 0
    text_letters: int = 0
    tags_letters: int = 0
    tags: int = 0
    thumbnail_bytes: int = 0
    thumbnail_px: int = 0
    thumbnail_at: bool = True
    captions_bytes: int = 0
    source: str


_YOUTUBE: Final = UploadLimits(
    platform="youtube",
    title="YouTube",
    account="youtube",
    fields=frozenset(
        [
            "description",
            "tags",
            "privacy",
            "category",
            "made_for_kids",
            "publish_at",
            "language",
        ]
    ),
    privacies=("private", "unlisted", "public"),
    # 15 minutes until the channel is verified, which YouTube alone knows.
    most_bytes=256 * _GB,
    longest_s=43_200,
    containers=(".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".m4v"),
    title_letters=100,
    description_bytes=5_000,
    tags_letters=500,
    # 50 MB in the newer pages of the reference, 2 MB in the older: the smaller is safe.
    thumbnail_bytes=2_000_000,
    captions_bytes=100_000_000,
    source="https://developers.google.com/youtube/v3/docs/videos, "
    "https://support.google.com/youtube/answer/71673",
)
_VIMEO: Final = UploadLimits(
    platform="vimeo",
    title="Vimeo",
    account="vimeo",
    fields=frozenset(["description", "tags", "privacy", "language"]),
    privacies=("private", "unlisted", "public"),
    most_bytes=250 * _GB,
    longest_s=86_400,
    containers=(".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".m4v"),
    title_letters=128,
    description_bytes=5_000,
    tags=20,
    thumbnail_bytes=10_000_000,
    captions_bytes=10_000_000,
    source="https://developer.vimeo.com/api/upload/videos, "
    "https://help.vimeo.com/hc/en-us/articles/12426043233169",
)
_TELEGRAM: Final = UploadLimits(
    platform="telegram",
    title="Telegram",
    account="telegram",
    fields=frozenset(["description", "tags", "chat"]),
    # Bots send 50 MB; through a Bot API server of one's own, 2000 MB.
    most_bytes=50_000_000,
    longest_s=86_400,
    containers=(".mp4",),
    text_letters=1024,
    thumbnail_bytes=200_000,
    thumbnail_px=320,
    source="https://core.telegram.org/bots/api#sendvideo",
)
_INSTAGRAM: Final = UploadLimits(
    platform="instagram",
    title="Instagram",
    account="instagram",
    fields=frozenset(["description", "tags", "privacy"]),
    privacies=("public",),
    most_bytes=300_000_000,
    longest_s=900,
    shortest_s=3,
    largest_px=3600,
    slowest=Fraction(23),
    fastest=Fraction(60),
    aspect=(Fraction(1, 100), Fraction(10)),
    text_letters=2200,
    tags=30,
    source="https://developers.facebook.com/docs/instagram-platform/"
    "instagram-graph-api/reference/ig-user/media",
)
_TIKTOK: Final = UploadLimits(
    platform="tiktok",
    title="TikTok",
    account="tiktok",
    fields=frozenset(["description", "tags", "privacy"]),
    privacies=("draft", "private", "friends", "followers", "public"),
    most_bytes=4 * _GB,
    longest_s=600,
    shortest_s=3,
    largest_px=4096,
    smallest_px=360,
    slowest=Fraction(23),
    fastest=Fraction(60),
    containers=(".mp4", ".mov", ".webm"),
    text_letters=2200,
    source="https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide",
)
PLATFORMS: Final = {
    one.platform: one for one in (_YOUTUBE, _VIMEO, _TELEGRAM, _INSTAGRAM, _TIKTOK)
}


def limits_of(platform: str) -> UploadLimits:
    """Return the limits of a platform by its name.

    Raises:
        PublishError: There is none of this name.
    """
    # A list, as a person may give it, has no hash.
    found = PLATFORMS.get(str(platform))
    if found is None:
        hint = suggestion(str(platform), PLATFORMS)
        raise PublishError(
            Message(
                "there is no platform {platform}{hint}",
                platform=repr(platform),
                hint=hint,
            )
        )
    return found
