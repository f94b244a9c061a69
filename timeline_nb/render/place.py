"""Where a film may be written: never over a source, nor over a file of others."""

from pathlib import Path

from timeline_nb.compose.source_places import is_source
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import has_place, numbered
from timeline_nb.timeline.model import Timeline

__all__ = ["check_free", "check_place"]


def check_place(path: Path, timeline: Timeline) -> None:
    """Check that a film can be written to a path, and is no source of its edit.

    Raises:
        RenderError: There is no such folder, the path is a folder, or a file that the
            edit uses.
    """
    folder = path.parent
    try:
        has_folder, is_folder = folder.is_dir(), path.is_dir()
        is_used = has_folder and not is_folder and is_source(path, timeline)
    except OSError as error:
        raise RenderError(
            Message("{path} cannot be written: {why}", path=path, why=error.strerror)
        ) from error
    except (ValueError, RuntimeError) as error:
        raise RenderError(
            Message("{path} is no path: {why}", path=path, why=error)
        ) from error
    if not has_folder:
        raise RenderError(
            Message("{path}: there is no folder {folder}", path=path, folder=folder)
        )
    if is_folder:
        raise RenderError(Message("{path} is a folder", path=path))
    if is_used:
        raise RenderError(
            Message(
                "{path} is a source of this edit: give the film another name", path=path
            )
        )


def check_free(
    path: Path, frames: range, written: WrittenFiles, *, overwrite: bool
) -> None:
    """Check that a film, or each picture of a sequence, is new or was written here.

    Args:
        path: The film, or the pattern of the pictures.
        frames: The numbers of the film's frames.
        written: The files written here.
        overwrite: Whether others may be replaced.

    Raises:
        RenderError: Another program's file is there.
    """
    names = None
    if has_place(path.name):
        names = (numbered(path.name, number) for number in range(len(frames)))
    written.check(path, RenderError, overwrite=overwrite, names=names)
