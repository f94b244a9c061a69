"""Open files under the scope in use; all readers of media and side files do it here.

Who works for a project, a widget or a job sets its scope around the work; what opens
files, ten calls below, does not pass it along. With no scope in use, as when a person
calls a reader in a cell, every ordinary file opens. A `ContextVar` holds it: threads
begin without one, so that those who start them set it again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Final

from timeline_nb.access.names import text_fault
from timeline_nb.access.no_links import READ_FLAGS
from timeline_nb.access.ordinary import kind_fault
from timeline_nb.access.scope import Scope
from timeline_nb.errors import AccessError

__all__ = ["open_descriptor", "open_file", "scope_in_use", "use_scope"]

_IN_USE: Final[ContextVar[Scope | None]] = ContextVar("scope in use", default=None)


@contextmanager
def use_scope(scope: Scope | None) -> Iterator[None]:
    """Read in the block only what a scope allows; None allows everything.

    Example:
        >>> with use_scope(Scope(["/home/ada/films"])):
        ...     scope_in_use().contains("/etc/passwd")
        False
    """
    token = _IN_USE.set(scope)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def scope_in_use() -> Scope | None:
    """Return the scope of the work that is being done; None where all may be read."""
    return _IN_USE.get()


def open_descriptor(path: Path | str) -> int:
    """Open an ordinary file for reading under the scope in use.

    Returns:
        A descriptor, which the caller closes.

    Raises:
        AccessError: The scope does not allow it, or it is no ordinary file.
        OSError: Of the system, as for a missing file.
    """
    scope = _IN_USE.get()
    if scope is not None:
        return scope.open(path)
    _refuse(path, text_fault(os.fspath(path), windows=False))
    # Some devices act when they are opened.
    _refuse(path, kind_fault(Path(path).stat().st_mode))
    found = os.open(path, READ_FLAGS)
    try:
        _refuse(path, kind_fault(os.fstat(found).st_mode))
    except BaseException:
        os.close(found)
        raise
    return found


def open_file(path: Path | str) -> IO[bytes]:
    """Open an ordinary file for reading bytes under the scope in use.

    Raises:
        AccessError: The scope does not allow it, or it is no ordinary file.
        OSError: Of the system, as for a missing file.
    """
    return os.fdopen(open_descriptor(path), "rb")


def _refuse(path: Path | str, fault: str) -> None:
    if fault:
        why = f"it {fault}"
        raise AccessError(f"{os.fspath(path)} cannot be opened: {why}", why)
