"""Write a timeline as the text of a project file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from timeline_nb.compose.file_uses import with_paths
from timeline_nb.core.bounded_json import dump
from timeline_nb.core.structs import to_canonical
from timeline_nb.errors import ProjectError
from timeline_nb.project.upgrade import CURRENT_VERSION, FORMAT
from timeline_nb.timeline.model import Timeline

__all__ = ["project_text"]


def project_text(
    timeline: Timeline,
    path: Path,
    folder: Path,
    editor: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a project file's text, with the paths that it has in a folder.

    Args:
        timeline: The edit.
        path: The file, for messages.
        folder: Files in it or below get relative paths, others absolute ones.
        editor: What is kept for the editor, by field.

    Raises:
        ProjectError: A value has no JSON form.
    """
    content = to_canonical(with_paths(timeline, lambda own: _portable(own, folder)))
    try:
        whole = {"format": FORMAT, "version": CURRENT_VERSION, "timeline": content}
        text = dump(whole | ({"editor": dict(editor)} if editor else {}))
    except (TypeError, ValueError) as error:
        raise ProjectError(f"{path} cannot be written: {error}") from error
    return text.encode()


def _portable(path: str, folder: Path) -> str:
    whole = Path(path).resolve()
    return (
        whole.relative_to(folder).as_posix() if folder in whole.parents else str(whole)
    )
