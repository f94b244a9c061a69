"""The file or folder of a path that a person typed into a view."""

from pathlib import Path

from timeline_nb.access.scope import Scope
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import is_there

__all__ = ["typed_path"]


def typed_path(text: str, scope: Scope) -> Path:
    """Return the file, sequence or folder that a person typed into a view.

    Raises:
        MediaError: There is none, or it lies outside what may be read.
    """
    shown = text.strip()
    try:
        path = Path(shown).expanduser()
        # Before it is looked for: a view learns nothing of what lies elsewhere.
        is_allowed = not shown or scope.contains(path)
        refused = "" if is_allowed else scope.reason(path)
        is_found = is_allowed and bool(shown) and (path.is_dir() or is_there(path))
    except (OSError, ValueError, RuntimeError) as error:
        # The home of an unknown person.
        reason = getattr(error, "strerror", None) or error
        raise MediaError(
            Message(
                "{shown} is no path: {reason}", shown=f"{shown!r:.200}", reason=reason
            )
        ) from error
    if refused:
        raise MediaError(refused)
    if not is_found:
        raise MediaError(
            Message(
                "there is no file or folder {path}: check the path",
                path=f"{shown!r:.200}",
            )
        )
    return path
