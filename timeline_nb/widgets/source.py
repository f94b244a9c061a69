"""Turn what a widget is given to show into an edit or a probed media file."""

from pathlib import Path
from typing import Any, Protocol

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import MediaError, TimelineError
from timeline_nb.media.info import MediaInfo
from timeline_nb.studio import Studio, default_studio

__all__ = ["HasSession", "session_of", "studio_of", "widget_source"]


class HasSession(Protocol):
    """What has an edit session, as `tl.Edit` does."""

    @property
    def session(self) -> EditSession:
        """Holds the timeline and its history."""


def session_of(given: EditSession | HasSession) -> EditSession:
    """Return the session of an edit, or the session that is given.

    Raises:
        TimelineError: It is neither.
    """
    session = getattr(given, "session", given)
    if not isinstance(session, EditSession):
        raise TimelineError(
            f"{type(given).__name__} is no edit: give one, as tl.Edit(...)"
        )
    return session


def studio_of(given: Any, studio: Studio | None = None) -> Studio:
    """Return the studio asked for, that of what is shown, or the notebook's own."""
    own = getattr(given, "studio", None)
    return studio or (own if isinstance(own, Studio) else default_studio())


def widget_source(given: Any, studio: Studio) -> EditSession | MediaInfo:
    """Return an edit, or the probe of a file that is given by path or holds its own.

    Raises:
        MediaError: It is neither, or there is no such file.
    """
    session = getattr(given, "session", given)
    if isinstance(session, EditSession):
        return session
    info = given if isinstance(given, MediaInfo) else getattr(given, "info", None)
    if isinstance(info, MediaInfo):
        return info
    if isinstance(given, (str, Path)):
        return studio.library.probe(given)
    raise MediaError(
        f"{type(given).__name__} cannot be shown: give an edit, tl.open(...), or a path"
    )
