"""Files and folders that a person names in a cell, which are allowed from then on."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any

from timeline_nb.access.scope import Scope
from timeline_nb.commands.session import EditSession
from timeline_nb.core.event_types import SettingsChanged
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import AccessError, MediaError
from timeline_nb.media.sequence import files_at
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timeline.model import Effect

__all__ = ["allow", "allow_effects", "allow_folder", "allow_media", "allow_values"]


def allow(*paths: PathLike[str] | str, studio: Studio | None = None) -> Scope:
    """Allow projects, widgets and plugins to read files and folders.

    Without a call of this, a path that no person typed, as in a project from somebody
    else, is read only below the working folder or `Settings(roots=...)`.

    Args:
        paths: Folders, with all below them except hidden files, or single files.
        studio: Whose scope it is; the notebook's own if not given.

    Returns:
        All that is allowed now.

    Raises:
        AccessError: There is no such file or folder, or it is a whole disk, which only
            `Settings(roots=["/"])` allows.

    Example:
        >>> tl.allow("/mnt/footage")  # doctest: +SKIP
        >>> scope = tl.allow("bikes.mp4")
        >>> scope.contains("bikes.mp4")
        True
    """
    owner = studio or default_studio()
    scope = owner.scope
    named = [_named(path) for path in paths]
    for path in named:
        with file_errors(path, AccessError, verb="allowed"):
            path.stat()
    for path in named:
        scope.allow(path)
    owner.events.post("settings_changed", lambda: SettingsChanged(setting="allowed"))
    return scope


def _named(path: Any) -> Path:
    if not isinstance(path, (str, PathLike)) or not isinstance(os.fspath(path), str):
        raise AccessError(
            f"tl.allow({path!r}): {kind_of(path)} is no path: give the path of "
            "a folder or file as text"
        )
    if not os.fspath(path):
        raise AccessError("tl.allow(''): an empty path names nothing: give a folder")
    try:
        named = Path(path).expanduser()
        is_disk = named.resolve() == Path(named.resolve().anchor)
    except (OSError, RuntimeError, ValueError):
        return Path(path)
    if is_disk:
        raise AccessError(
            f"tl.allow({os.fspath(path)!r}) would allow the whole disk: name the "
            f"folder of your media, or open a studio of "
            f"Settings(roots=[{os.fspath(path)!r}])"
        )
    return named


def allow_media(studio: Studio, path: Path | str) -> None:
    """Allow a media file that a person named, or the files of a sequence.

    What no file can be called is left to who opens it.
    """
    with suppress(AccessError, MediaError, ValueError):
        for file in files_at(path):
            studio.scope.allow(file)


def allow_folder(studio: Studio, folder: Path | str) -> Path:
    """Allow a folder that a person named, with all below it, and return its path.

    What no folder can be called is left to who opens it.
    """
    with suppress(AccessError):
        studio.scope.allow(folder)
    return Path(folder)


def allow_values(studio: Studio, values: Mapping[str, Any]) -> None:
    """Allow the files among parameters that a person typed: tables, fonts, masks."""
    for path in _files_among(values):
        studio.scope.allow(path)


def allow_effects(
    studio: Studio, session: EditSession, effects: Iterable[Effect | str]
) -> None:
    """Allow the files of effects that a person gave.

    Those that the edit has already are left out: it may be somebody else's, and
    `cut.effects.replace(clip, [*cut.effects.of(clip), more])` names none of them.
    """
    given = (e.parameters for e in effects if isinstance(e, Effect))
    files = {file for values in given for file in _files_among(values)}
    if not files:
        return
    known = set(_texts_in(to_builtins(session.timeline)))
    for path in files - known:
        studio.scope.allow(path)


def _files_among(values: Mapping[str, Any]) -> Iterator[str]:
    # A title may show any words, such as those of a path.
    for text in _texts_in({n: v for n, v in values.items() if n != "text"}):
        with suppress(OSError, ValueError):
            if Path(text).is_file():
                yield text


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, (str, Path)):
        yield str(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts_in(part)
