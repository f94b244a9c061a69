"""`cut.publish`: render an edit for a platform, and upload it."""

from pathlib import Path
from typing import Any

from timeline_nb.commands.session import EditSession
from timeline_nb.core.jobs import Job
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.publish_job import EditFilm, Thumbnail, start_edit
from timeline_nb.publishing.upload import Published
from timeline_nb.render.profile import Profile
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike

__all__ = ["PublishVerbs"]


class PublishVerbs:
    """The methods of an edit that publish it."""

    session: EditSession
    studio: Studio

    def publish(  # noqa: PLR0913 - what is published, where, and with what
        self,
        platform: str,
        *,
        title: str | None = None,
        film: Path | str | None = None,
        profile: Profile | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        thumbnail: Thumbnail | None = None,
        thumbnail_at: TimeLike | None = None,
        captions: bool | str = False,
        workers: int | None = None,
        **said: Any,
    ) -> Published:
        """Render the edit for a platform, upload it, and wait with a progress bar.

        All limits are checked first. An upload that broke off, was cancelled or killed
        goes on where it stopped when it is published again: unchanged edits give
        equal films.

        Args:
            platform: `"youtube"`, `"vimeo"`, `"telegram"`, `"instagram"` or
                `"tiktok"`.
            title: The title; the edit's name if not given.
            film: Where the film is kept; in no place if not given.
            profile: Encoder settings; those for the platform if not given.
            start: The time of the film's first frame; the start if not given.
            end: The time at which the film ends; the end if not given.
            thumbnail: A picture file, or a picture as `cut.frame()` gives it.
            thumbnail_at: A time of the edit that the thumbnail shows instead.
            captions: Upload the subtitles as captions, not drawn into the picture; or
                the name of the subtitle track to take.
            workers: How many segments are encoded at once.
            said: As far as the platform takes it: `description`, `tags`, `privacy`
                (`"private"`, `"unlisted"`, `"public"`; TikTok has `"draft"`, too),
                `category`, `made_for_kids`, `publish_at` (a time with its offset from
                UTC), `language`, and Telegram's `chat`.

        Returns:
            The address, and what did not succeed beside the film.

        Raises:
            PublishError: The platform does not take the film or what is said of it, or
                refuses it; the error says what to do.
            AccountError: The account is not connected: see `tl.accounts.connect`.
            VaultError: The key is not in the vault: see `tl.vault.ask`.
            RenderError: The edit cannot be rendered.

        Example:
            >>> cut.publish(  # doctest: +SKIP
            ...     "youtube", title="Traffic", privacy="unlisted", thumbnail_at="3s"
            ... )
            <Published youtube 'Traffic', https://youtu.be/..., unlisted, 12.3 MB>
        """
        return finish(
            lambda: self.start_publish(
                platform,
                title=title,
                film=film,
                profile=profile,
                start=start,
                end=end,
                thumbnail=thumbnail,
                thumbnail_at=thumbnail_at,
                captions=captions,
                workers=workers,
                **said,
            )
        )

    def start_publish(  # noqa: PLR0913 - what is published, where, and with what
        self,
        platform: str,
        *,
        title: str | None = None,
        film: Path | str | None = None,
        profile: Profile | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        thumbnail: Thumbnail | None = None,
        thumbnail_at: TimeLike | None = None,
        captions: bool | str = False,
        workers: int | None = None,
        **said: Any,
    ) -> Job[Published]:
        """Start what `publish` does; await, pause or cancel the job.

        What was sent before it is cancelled is kept: the next upload goes on there.
        The arguments and errors are those of `publish`.

        Example:
            >>> job = cut.start_publish("youtube", title="Traffic")  # doctest: +SKIP
            >>> await job  # doctest: +SKIP
        """
        return start_edit(
            self.session.timeline,
            self.studio,
            platform,
            EditFilm(path=film, profile=profile, span=(start, end), workers=workers),
            title=title,
            thumbnail=thumbnail,
            thumbnail_at=thumbnail_at,
            captions=captions,
            said=said,
        )
