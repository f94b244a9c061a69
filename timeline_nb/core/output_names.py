"""Names of files to be written, checked before any work is done."""

import os
import re
import stat
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.names import is_device_name
from timeline_nb.access.ordinary import kind_fault
from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import Message

__all__ = ["name_fault", "output_path"]

# Of one name, on the file systems of Linux, macOS and Windows (there in UTF-16 units).
_MOST_NAME_BYTES: Final = 255
# PATH_MAX of Linux, with the 0 at its end.
_MOST_PATH_BYTES: Final = 4_095
_SHOWN: Final = 60
_NOT_ON_WINDOWS: Final = re.compile(r'[<>:"|?*\x00-\x1f]')


def output_path(
    path: Any, kind: type[TimelineNbError], *, what: str, field: str = "path"
) -> Path:
    """Return the path of a file to be written.

    Args:
        path: Text or a path, as it was given.
        kind: The error that is raised.
        what: What is written, with an example: `the film, such as 'film.mp4'`.
        field: The argument that gives it.

    Raises:
        TimelineNbError: Of that kind: it is no path, names a folder, a device or a
            pipe, or no file can have the name.
    """
    if not isinstance(path, (str, os.PathLike)) or isinstance(os.fspath(path), bytes):
        raise kind(
            f"{field}={_short(path)} is {kind_of(path)}: name the file of {what}"
        )
    text = os.fspath(path)
    if fault := name_fault(text):
        raise kind(
            Message(
                "{field} {fault}: name the file of {what}",
                field=f"{field}={_short(text)}",
                fault=fault,
                what=what,
            )
        )
    try:
        mode = Path(text).stat().st_mode
    except OSError:
        # There is none yet, or its folder is missing or closed, which writing tells.
        return Path(text)
    # A folder is refused by who writes: some complete the name.
    if not stat.S_ISDIR(mode) and (fault := kind_fault(mode)):
        raise kind(
            Message(
                "{field} {fault}: name the file of {what}",
                field=f"{field}={_short(text)}",
                fault=fault,
                what=what,
            )
        )
    return Path(text)


def name_fault(  # noqa: PLR0911 - one return a fault
    path: str, *, windows: bool = os.name == "nt"
) -> str:
    """Return why no file can have a path; empty if one can.

    Args:
        path: The path.
        windows: Whether names that Windows keeps for itself are refused, too.
    """
    if not path.strip():
        return Message("is empty")
    if "\0" in path:
        return Message("holds the character NUL")
    try:
        coded = os.fsencode(path)
    except UnicodeEncodeError:
        return Message("holds half a letter (a lone surrogate)")
    if path.endswith(("/", os.sep)) or Path(path).name in {"", ".."}:
        return Message("names a folder, not a file")
    if len(coded) > _MOST_PATH_BYTES:
        return Message(
            "has {count} bytes, more than {most}",
            count=f"{len(coded):,}",
            most=f"{_MOST_PATH_BYTES:,}",
        )
    for part in Path(path).parts:
        size = len(os.fsencode(part))
        if size > _MOST_NAME_BYTES:
            return Message(
                "has a name of {count} bytes, {name}, and file systems take {most}",
                count=f"{size:,}",
                name=_short(part),
                most=_MOST_NAME_BYTES,
            )
        if windows and (fault := _windows_fault(part)):
            return fault
    return ""


def _windows_fault(part: str) -> str:
    if part != Path(part).anchor:
        if is_device_name(part):
            return Message("has the name of a device, {name}", name=repr(part))
        if _NOT_ON_WINDOWS.search(part) or part.endswith((" ", ".")):
            return Message(
                "has a name that Windows does not take, {name}", name=repr(part)
            )
    return ""


def _short(value: Any) -> str:
    shown = ascii(value) if isinstance(value, str) else repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 4]}...{shown[-1]}"
