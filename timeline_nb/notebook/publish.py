"""`tl.publish`: upload a film on disk, or render a project and upload it."""

from pathlib import Path
from typing import Any

from timeline_nb.core.jobs import Job
from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import PublishError
from timeline_nb.notebook.loading import load
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.publish_job import Thumbnail, start_film
from timeline_nb.publishing.upload import Published
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import TimeLike

__all__ = ["publish", "start_publish"]


def publish(  # noqa: PLR0913 - what is published, where, and with what
    film: Path | str | Media,
    platform: str,
    *,
    title: str | None = None,
    thumbnail: Thumbnail | None = None,
    thumbnail_at: TimeLike | None = None,
    captions: bool | Path | str = False,
    studio: Studio | None = None,
    **said: Any,
) -> Published:
    """Upload a finished film to a platform, and wait with a progress bar.

    An upload that broke off, was cancelled or killed goes on where it stopped when the
    film is published again with the same title and settings.

    Args:
        film: A film; or a `.tlp` project, which is rendered for the platform.
        platform: `"youtube"`, `"vimeo"`, `"telegram"`, `"instagram"` or `"tiktok"`.
        title: The title; the file's or the project's name if not given.
        thumbnail: A picture file, or a picture: `(H, W, 3) uint8 RGB`.
        thumbnail_at: A time of the film that the thumbnail shows instead.
        captions: A subtitle file of a film; of a project, True or a subtitle track's
            name.
        studio: Whose caches and accounts are used; the notebook's own if not given.
        said: As for `Edit.publish`: `description`, `tags`, `privacy`, `category`,
            `made_for_kids`, `publish_at`, `language`, `chat`.

    Returns:
        The address, and what did not succeed beside the film.

    Raises:
        PublishError: The platform does not take the film or what is said of it, or
            refuses it; the error says what to do.
        AccountError: The account is not connected: see `tl.accounts.connect`.
        VaultError: The key is not in the vault: see `tl.vault.ask`.
        MediaError: It is no film.

    Example:
        >>> tl.publish("film.mp4", "youtube", title="Traffic")  # doctest: +SKIP
        <Published youtube 'Traffic', https://youtu.be/..., private, 12.3 MB>
    """
    return finish(
        lambda: start_publish(
            film,
            platform,
            title=title,
            thumbnail=thumbnail,
            thumbnail_at=thumbnail_at,
            captions=captions,
            studio=studio,
            **said,
        )
    )


def start_publish(  # noqa: PLR0913 - what is published, where, and with what
    film: Path | str | Media,
    platform: str,
    *,
    title: str | None = None,
    thumbnail: Thumbnail | None = None,
    thumbnail_at: TimeLike | None = None,
    captions: bool | Path | str = False,
    studio: Studio | None = None,
    **said: Any,
) -> Job[Published]:
    """Start what `publish` does; await, pause or cancel the job.

    What was sent before it is cancelled is kept: the next upload goes on there. The
    arguments and errors are those of `publish`.

    Example:
        >>> job = tl.start_publish("film.mp4", "vimeo")  # doctest: +SKIP
        >>> published = await job  # doctest: +SKIP
    """
    named = film.path if isinstance(film, Media) else film
    if not isinstance(named, (str, Path)):
        raise PublishError(f"{film!r} is {kind_of(film)}: name a film's file")
    if not isinstance(captions, (bool, str, Path, type(None))):
        raise PublishError(
            f"captions={captions!r}: give a subtitle file; of a project, True or the "
            "name of a subtitle track"
        )
    path, own = Path(named), studio or default_studio()
    if path.suffix.lower() == ".tlp":
        if isinstance(captions, Path):
            raise PublishError(
                "captions of a project are its subtitles: give True or a track's name"
            )
        return load(path, studio=own).start_publish(
            platform,
            title=title,
            thumbnail=thumbnail,
            thumbnail_at=thumbnail_at,
            captions=captions,
            **said,
        )
    return start_film(
        path,
        own,
        platform,
        title=title,
        thumbnail=thumbnail,
        thumbnail_at=thumbnail_at,
        captions=captions,
        said=said,
    )
