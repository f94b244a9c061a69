"""Resolve the argument of a widget into an edit session or a media file."""

from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import AccessError, MediaError, ServerError, TimelineError
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import files_at
from timeline_nb.studio import Studio, default_studio

__all__ = ["HasSession", "address_for_view", "session_of", "studio_of", "widget_source"]


class HasSession(Protocol):
    """An object with an edit session, such as `tl.Edit`."""

    @property
    def session(self) -> EditSession:
        """The session, which holds the timeline and its history."""


def session_of(given: EditSession | HasSession) -> EditSession:
    """Return the session of an edit, or the given session.

    Raises:
        TimelineError: The argument is neither.
    """
    session = getattr(given, "session", given)
    if not isinstance(session, EditSession):
        raise TimelineError(
            f"{type(given).__name__} is no edit: give one, as tl.Edit(...)"
        )
    return session


def studio_of(given: Any, studio: Studio | None = None) -> Studio:
    """Return the given studio, else that of what is shown, else the notebook's."""
    own = getattr(given, "studio", None)
    return studio or (own if isinstance(own, Studio) else default_studio())


def address_for_view(path: Path | str, studio: Studio) -> str:
    """Return the address of a file for a view; empty if it has none."""
    if studio.addresses is None:
        return ""
    try:
        return studio.addresses.of(path, studio.scope)
    except (AccessError, ServerError):
        return ""


def widget_source(given: Any, studio: Studio) -> EditSession | MediaInfo:
    """Return the session of an edit, or the facts of a media file or path.

    Raises:
        MediaError: The argument is neither, or there is no such file.
    """
    session = getattr(given, "session", given)
    if isinstance(session, EditSession):
        return session
    info = given if isinstance(given, MediaInfo) else getattr(given, "info", None)
    if isinstance(info, MediaInfo):
        return info
    if isinstance(given, (str, Path)):
        # A person names it in a cell; the requests of views come another way.
        with suppress(AccessError, MediaError):
            for file in files_at(given):
                studio.scope.allow(file)
        return studio.library.probe(given)
    raise MediaError(
        f"{type(given).__name__} cannot be shown: give an edit, tl.open(...), or a path"
    )
