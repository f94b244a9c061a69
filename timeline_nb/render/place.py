"""Where a film may be written: never over a source, nor over a file of others."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from timeline_nb.compose.file_uses import file_uses
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.media.sequence import FileSequence, has_place, numbered
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
        whole = path.resolve() if has_folder and not is_folder else path
    except OSError as error:
        raise RenderError(f"{path} cannot be written: {error.strerror}") from error
    except (ValueError, RuntimeError) as error:
        raise RenderError(f"{path!s} is no path: {error}") from error
    if not has_folder:
        raise RenderError(f"{path}: there is no folder {folder}")
    if is_folder:
        raise RenderError(f"{path} is a folder")
    for source in _sources(timeline):
        if _would_replace(path, whole, source):
            raise RenderError(
                f"{path} is a source of this edit: give the film another name"
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


def _sources(timeline: Timeline) -> Iterator[Path]:
    """Yield every file that an edit uses, each once."""
    for name in dict.fromkeys(use.path for use in file_uses(timeline)):
        sequence = FileSequence.parse(name)
        if sequence is None:
            yield Path(name)
            continue
        with suppress(MediaError):
            yield from sequence.files()


def _would_replace(path: Path, whole: Path, source: Path) -> bool:
    """Return whether writing a film or a sequence to a path replaces a file."""
    if has_place(path.name):
        before, after = re.split(r"%(?:0\d+)?d", path.name, maxsplit=1)
        pattern = rf"{re.escape(before)}\d+{re.escape(after)}"
        if not re.fullmatch(pattern, source.name):
            return False
        return _is_same(path.parent, source.parent)
    # By name, where the source is offline, and as one file under two names.
    with suppress(OSError, ValueError, RuntimeError):
        return source.resolve() == whole or _is_same(path, source)
    return False


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.stat(), other.stat())
    except (OSError, ValueError):
        return False
