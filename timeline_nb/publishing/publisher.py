"""Publishing: check, render, upload."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.run_async import run_async
from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.media.library import MediaLibrary
from timeline_nb.publishing.answers import Dropped, RefusedRequest, SessionLost
from timeline_nb.publishing.caller import Authorize, Caller, check_base
from timeline_nb.publishing.film_checks import check_film
from timeline_nb.publishing.film_file import FilmFile
from timeline_nb.publishing.instagram import Instagram
from timeline_nb.publishing.journal import UploadJournal
from timeline_nb.publishing.limits import UploadLimits, limits_of
from timeline_nb.publishing.patience import Patience
from timeline_nb.publishing.settings import PublishSettings
from timeline_nb.publishing.telegram import LOCAL_BYTES, Telegram
from timeline_nb.publishing.thumbnail import frame_of, thumbnail_jpeg
from timeline_nb.publishing.tiktok import TikTok
from timeline_nb.publishing.upload import Published, Upload, Uploader
from timeline_nb.publishing.vimeo import Vimeo
from timeline_nb.publishing.youtube import YouTube
from timeline_nb.security.web import open_client

__all__ = ["Extras", "Publisher"]

_UPLOADERS: Final[Mapping[str, type[Uploader]]] = {
    "youtube": YouTube,
    "vimeo": Vimeo,
    "telegram": Telegram,
    "instagram": Instagram,
    "tiktok": TikTok,
}


@dataclass(frozen=True, kw_only=True)
class Extras:
    """What goes with a film.

    Args:
        thumbnail: A picture, `(H, W, 3) uint8 RGB`, or None.
        thumbnail_at: Seconds of the film that the thumbnail shows, or None.
        captions: The text of a SubRip file; empty without captions.
    """

    thumbnail: NDArray[np.uint8] | None = None
    thumbnail_at: Fraction | None = None
    captions: str = ""


class Publisher:
    """Uploads films to platforms.

    Args:
        folder: Keeps what is known of unfinished uploads.
        library: Opens films.
        authorize: Returns what gives tokens for the account of a name.
        bases: Addresses of platforms' interfaces by their names, in place of their own:
            those of a Bot API server, or of servers for tests. If not given, those of
            the variables of the environment `TIMELINE_NB_TELEGRAM_ADDRESS` and so on.
        patience: How often requests are sent again, and how long servers may take.
        part_bytes: Of the parts that films are sent in; the platforms' own if 0.

    Raises:
        PublishError: An address is neither https nor on this machine.
    """

    def __init__(  # noqa: PLR0913 - all that uploads depend on
        self,
        folder: Path,
        library: MediaLibrary,
        authorize: Callable[[str], Authorize],
        *,
        bases: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        part_bytes: int = 0,
    ) -> None:
        self.journal = UploadJournal(folder)
        self._library, self._authorize = library, authorize
        self._bases = {
            limits_of(name).platform: check_base(base)
            for name, base in (_bases() if bases is None else bases).items()
        }
        self._patience, self._part_bytes = patience or Patience(), part_bytes

    def most_bytes(self, limits: UploadLimits) -> int:
        """Return how large a film the platform takes.

        A Bot API server of one's own takes more than Telegram's.
        """
        is_own = limits.platform == "telegram" and "telegram" in self._bases
        return LOCAL_BYTES if is_own else limits.most_bytes

    def check_account(self, platform: str) -> None:
        """Check that there is an account to upload with, before a film is rendered.

        Raises:
            AccountError: It is not connected.
            VaultError: Its key is not in the vault.
        """
        self._authorize(limits_of(platform).account)(None)

    def publish(
        self,
        film: Path,
        settings: PublishSettings,
        extras: Extras,
        reporter: Reporter,
    ) -> Published:
        """Upload a film that is on disk; one that was begun goes on where it stopped.

        Args:
            film: The film.
            settings: What is said of it.
            extras: What goes with it.
            reporter: Reports bytes; pauses and cancels. What was sent is kept.

        Raises:
            PublishError: The film is not for the platform, which is not reached or
                refuses it, or the film changes meanwhile.
            AccountError: The account is not connected.
            MediaError: It is no film.
            JobCancelledError: The job was cancelled.
        """
        limits = limits_of(settings.platform)
        with FilmFile(film) as file:
            info = self._library.probe(film)
            check_film(limits, info, self.most_bytes(limits))
            upload_extras = self._prepared(film, limits, extras)
            digest = file.digest(reporter)
            with self.journal.entry(digest, settings, reporter.check) as entry:
                upload = Upload(
                    file,
                    info,
                    settings,
                    entry,
                    *upload_extras,
                    part_bytes=self._part_bytes,
                )
                made = self._run(limits, upload, reporter)
                # What is missing is sent by the next call, and the film is not.
                if upload.is_complete:
                    entry.forget()
        return made

    def _prepared(
        self, film: Path, limits: UploadLimits, extras: Extras
    ) -> tuple[bytes | None, Fraction | None, str]:
        """Return the thumbnail as a JPEG or as a time, and the captions."""
        picture, at = extras.thumbnail, extras.thumbnail_at
        if at is not None and limits.thumbnail_bytes:
            picture, at = frame_of(self._library, film, at), None
        jpeg = None if picture is None else thumbnail_jpeg(picture, limits)
        return jpeg, at, extras.captions

    def _run(
        self, limits: UploadLimits, upload: Upload, reporter: Reporter
    ) -> Published:
        """Upload, and turn what the platform refuses into a person's words."""
        kind = _UPLOADERS[limits.platform]
        base = self._bases.get(limits.platform, kind.base)
        authorize = self._authorize(limits.account)

        async def work() -> Published:
            async with open_client(timeout_s=self._patience.silence_s) as client:
                caller = Caller(
                    client,
                    limits.title,
                    authorize,
                    reporter=reporter,
                    patience=self._patience,
                )
                return await kind(caller, base, upload).run()

        fault = ""
        try:
            return run_async(work, lambda: reporter.check(wait=False))
        except RefusedRequest as refusal:
            why = kind.explain(refusal.answer)
            fault = Message("refused this: {why}", why=why)
        except SessionLost:
            fault = Message("lost the upload: publish again")
        except Dropped as drop:
            fault = Message("did not answer ({drop}): publish again", drop=drop)
        # Not in the blocks above: their errors hold answers with addresses.
        raise PublishError(Message("{title} {fault}", title=limits.title, fault=fault))


def _bases() -> dict[str, str]:
    """Return the addresses that the environment gives."""
    names = {name: f"TIMELINE_NB_{name.upper()}_ADDRESS" for name in _UPLOADERS}
    return {
        name: os.environ[variable]
        for name, variable in names.items()
        if os.environ.get(variable)
    }
