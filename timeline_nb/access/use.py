"""Open files under the scope in use; all readers of media and side files do it here.

Who works for a project, a widget or a job sets its scope around the work; what opens
files, ten calls below, does not pass it along. With no scope in use, as when a person
calls a reader in a cell, every ordinary file opens. A `ContextVar` holds it: threads
begin without one, so that those who start them set it again.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import IO, Concatenate, Final, ParamSpec, Protocol, TypeVar, cast

from timeline_nb.access.names import text_fault
from timeline_nb.access.no_links import READ_FLAGS
from timeline_nb.access.ordinary import kind_fault
from timeline_nb.access.scope import Scope
from timeline_nb.errors import AccessError
from timeline_nb.i18n import Message

__all__ = [
    "check_folder",
    "file_status",
    "iterate_under",
    "open_descriptor",
    "open_file",
    "same_file",
    "scope_in_use",
    "under_own_scope",
    "use_scope",
]

P = ParamSpec("P")
T = TypeVar("T")


class _Scoped(Protocol):
    @property
    def scope(self) -> Scope | None: ...


S = TypeVar("S", bound=_Scoped)
# Linux, and systems with the descriptor file system of BSD.
_DESCRIPTORS: Final = ("/proc/self/fd", "/dev/fd")
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


def iterate_under(scope: Scope | None, items: Iterator[T]) -> Generator[T, None, None]:
    """Yield items, each made under a scope; what takes them is not under it.

    A `with` block in a generator would stay in force in the caller between two items.
    """
    try:
        while True:
            with use_scope(scope):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item
    finally:
        if isinstance(items, Generator):
            items.close()


def under_own_scope(
    method: Callable[Concatenate[S, P], T],
) -> Callable[Concatenate[S, P], T]:
    """Run a method under the scope of its object; under the one in use if it has none.

    Args:
        method: Of an object with an attribute `scope`; no generator.
    """

    @wraps(method)
    def run(self: S, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.scope is None:
            return method(self, *args, **kwargs)
        with use_scope(self.scope):
            return method(self, *args, **kwargs)

    return cast("Callable[Concatenate[S, P], T]", run)


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


@contextmanager
def same_file(path: Path | str) -> Iterator[str]:
    """Open a file, and yield a name of what was opened, whatever `path` becomes.

    For libraries that take only names. Where the system has no names of descriptors,
    as on Windows, it is checked after the block that the path is the same file still.

    Raises:
        AccessError: The scope does not allow it, or another file took its place.
        OSError: Of the system, as for a missing file.
    """
    descriptor = open_descriptor(path)
    try:
        place = next((p for p in _DESCRIPTORS if Path(p).is_dir()), None)
        if place is not None:
            yield f"{place}/{descriptor}"
            return
        yield os.fspath(path)
        same = os.path.samestat(os.fstat(descriptor), Path(path).stat())
        _refuse(path, "" if same else Message("changed while it was opened"))
    finally:
        os.close(descriptor)


def file_status(path: Path | str) -> os.stat_result:
    """Return what the system says of a file, if the scope in use allows to read it.

    Raises:
        AccessError: The scope does not allow it.
        OSError: Of the system, as for a missing file.
        ValueError: It is no path.
    """
    scope = _IN_USE.get()
    if scope is not None:
        scope.check_once(path)
    return os.stat(path)  # noqa: PTH116 - of every file of a sequence


def check_folder(path: Path | str) -> None:
    """Check that the names in a folder may be listed under the scope in use.

    Raises:
        AccessError: Neither the folder nor a file in it is allowed.
    """
    scope = _IN_USE.get()
    if scope is not None:
        scope.check_folder(path)


def _refuse(path: Path | str, fault: str) -> None:
    if fault:
        why = Message("it {fault}", fault=fault)
        shown = os.fspath(path)
        said = Message("{path} cannot be opened: {why}", path=shown, why=why)
        raise AccessError(said, why)
