"""The folder where files go that a person names no folder for."""

from contextlib import suppress
from pathlib import Path

from timeline_nb.access.scope import Scope

__all__ = ["home_folder"]


def home_folder(project: Path | None, scope: Scope) -> Path | None:
    """Return the folder of an edit's project, of its notebook, or the first root.

    Args:
        project: The project's folder; None if the edit was never saved.
        scope: What may be read and written.

    Returns:
        The first of these that is there and in the scope; None if none is.
    """
    beside = [project] if project is not None else []
    for folder in (*beside, *_working_folder(), *scope.roots):
        if scope.contains(folder) and folder.is_dir():
            return folder
    return None


def _working_folder() -> list[Path]:
    # It may have been removed while the kernel runs.
    with suppress(OSError):
        return [Path.cwd()]
    return []
