"""One upload: the film, what is said of it, and what goes with it; and its result."""

import html
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import msgspec

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.media.info import MediaInfo
from timeline_nb.publishing.answers import PlatformAnswer
from timeline_nb.publishing.caller import Caller
from timeline_nb.publishing.film_file import FilmFile
from timeline_nb.publishing.journal import UploadEntry
from timeline_nb.publishing.settings import PublishSettings

__all__ = ["Published", "Upload", "Uploader"]


class Published(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    metaclass=ExplainingMeta,
):
    """A film that was published.

    Args:
        platform: Where.
        title: Its title.
        url: The address where it is seen; empty where the platform names none yet.
        id: What the platform calls it.
        privacy: Who sees it; empty where the place of the post decides.
        size_bytes: Of the film.
        warnings: What did not succeed beside the film, or is left to a person.

    Example:
        >>> published = tl.Published(
        ...     platform="youtube",
        ...     title="Traffic",
        ...     url="https://youtu.be/a1b2c3",
        ...     id="a1b2c3",
        ...     privacy="unlisted",
        ...     size_bytes=12_300_000,
        ... )
        >>> published
        <Published youtube 'Traffic', https://youtu.be/a1b2c3, unlisted, 12.3 MB>
    """

    platform: str
    title: str
    url: str
    id: str
    privacy: str
    size_bytes: int
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        parts = [repr(self.title), self.url or f"id {self.id}"]
        parts += [self.privacy] if self.privacy else []
        parts.append(f"{self.size_bytes / 1e6:.1f} MB")
        head = f"<Published {self.platform} {', '.join(parts)}>"
        return "\n".join([head, *(f"  warning: {text}" for text in self.warnings)])

    def _repr_html_(self) -> str:
        shown = html.escape(self.url)
        is_link = self.url.startswith("https://")
        link = f'<a href="{shown}" rel="noopener">{shown}</a>' if is_link else shown
        where = link or f"id {html.escape(self.id)}"
        rows = [
            f"<b>{html.escape(self.title)}</b>",
            f"{self.platform} {html.escape(self.privacy)} {where}",
            *(f"warning: {html.escape(text)}" for text in self.warnings),
        ]
        return "<br>".join(rows)


@dataclass
class Upload:
    """What is uploaded.

    Args:
        film: The film.
        info: Of the film, probed.
        settings: What is said of it.
        entry: Of the journal.
        thumbnail: A JPEG, or None.
        thumbnail_at: Seconds of the film that its thumbnail shows, or None.
        captions: The text of a SubRip file; empty without captions.
        part_bytes: Of a part; the platform's own if 0.
        warnings: What a person is to know; added to by the uploader.
        is_complete: Whether all that goes with the film was sent, too.
    """

    film: FilmFile
    info: MediaInfo
    settings: PublishSettings
    entry: UploadEntry
    thumbnail: bytes | None = None
    thumbnail_at: Fraction | None = None
    captions: str = ""
    part_bytes: int = 0
    warnings: list[str] = field(default_factory=list)
    is_complete: bool = True

    def published(self, url: str, name: str) -> Published:
        """Return the result."""
        settings = self.settings
        return Published(
            platform=settings.platform,
            title=settings.title,
            url=url,
            id=name,
            privacy=settings.privacy,
            size_bytes=self.film.size_bytes,
            warnings=tuple(self.warnings),
        )


class Uploader(Protocol):
    """Makes one upload to a platform, whose interface has the address `base`."""

    base: str

    def __init__(self, caller: Caller, base: str, upload: Upload) -> None: ...

    async def run(self) -> Published:
        """Upload the film and what goes with it.

        Raises:
            RefusedRequest: The platform refuses it; `explain` says why.
            PublishError: It cannot be uploaded.
        """
        ...

    @staticmethod
    def explain(answer: PlatformAnswer) -> str:
        """Return why the platform refused, and what to do."""
        ...
