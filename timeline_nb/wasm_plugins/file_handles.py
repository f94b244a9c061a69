"""Files that a plugin reads and writes, by numbers: it never opens one itself."""

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_descriptor
from timeline_nb.core.file_errors import reason_of
from timeline_nb.core.partials import partial_file
from timeline_nb.errors import AccessError, PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.levels import Limits
from timeline_nb.wasm_plugins.network import DeniedError
from timeline_nb.wasm_plugins.permissions import Permission

__all__ = ["FileHandles"]

# What one request reads or writes; 4/3 of it as base64 are within a message.
PART_BYTES: Final = 512 << 10
_WRITE_FLAGS: Final = os.O_RDWR | getattr(os, "O_BINARY", 0)


@dataclass
class _Open:
    """An open file.

    Args:
        descriptor: Of the file; for one that is written, of its unfinished part.
        name: Its name, without its folder.
        target: Where it is to be; None if it is read, or was lent.
        partial: The unfinished file.
        is_writable: Whether the plugin may write to it.
        closing: Closes it.

    Attributes:
        state: Its size in bytes and when it was changed, as it was opened.
    """

    descriptor: int
    name: str
    target: Path | None = None
    partial: Path | None = None
    is_writable: bool = False
    closing: ExitStack = field(default_factory=ExitStack)
    state: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.state = _state_of(self.descriptor)


class FileHandles:
    """The files that are open in one call of a plugin; a context manager.

    What was written and not closed by the plugin is discarded at the end.

    Args:
        granted: What the plugin may do.
        limits: How many files, and how many bytes written.
    """

    def __init__(self, granted: Iterable[Permission], limits: Limits) -> None:
        granted = tuple(granted)
        self._read = Scope(one.target for one in granted if one.kind == "read")
        self._write = Scope(one.target for one in granted if one.kind == "write")
        self._limits = limits
        self._open: dict[int, _Open] = {}
        self._next = 1
        self._written_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for number in list(self._open):
            self._forget(number)

    def take(self, path: Path | str) -> int:
        """Open a file that a person named, under the scope in use.

        Raises:
            PluginError: It cannot be opened.
        """
        return self._kept(path, lambda: open_descriptor(path))

    def open(self, path: str) -> int:
        """Open a file that the plugin names, below the folders that it may read.

        Raises:
            DeniedError: It lies elsewhere, or is no ordinary file.
            PluginError: It cannot be opened.
        """
        if not self._read.roots:
            raise DeniedError(
                Message("no folder may be read: read:{path} would allow one", path=path)
            )
        return self._kept(path, lambda: self._read.open(path))

    def create(self, path: str) -> int:
        """Begin a file below the folders that the plugin may write to.

        Raises:
            DeniedError: It lies elsewhere.
            PluginError: There is such a file, or it cannot be created.
        """
        if not self._write.roots:
            raise DeniedError(
                Message(
                    "no folder may be written to: write:{path} would allow one",
                    path=path,
                )
            )
        try:
            self._write.check_output(path)
        except AccessError as error:
            raise DeniedError(str(error)) from error
        self._check_count()
        target, closing = Path(path), ExitStack()
        try:
            if os.path.lexists(target):
                raise PluginError(
                    Message("{name} exists, and is not replaced", name=target.name)
                )
            partial = closing.enter_context(partial_file(target))
            descriptor = os.open(partial, _WRITE_FLAGS)
        except OSError as error:
            closing.close()
            raise PluginError(
                Message(
                    "{name} cannot be created: {why}",
                    name=target.name,
                    why=reason_of(error),
                )
            ) from error
        closing.callback(os.close, descriptor)
        one = _Open(descriptor, target.name, target, partial, True, closing)
        return self._numbered(one)

    def lend(self, path: Path, name: str) -> int:
        """Open an unfinished file of the host, to be written to.

        Args:
            path: The file.
            name: How the plugin knows it.

        Raises:
            PluginError: It cannot be opened.
        """
        self._check_count()
        try:
            descriptor = os.open(path, _WRITE_FLAGS)
        except OSError as error:
            raise PluginError(
                Message(
                    "{name} cannot be written: {why}",
                    name=name,
                    why=reason_of(error),
                )
            ) from error
        one = _Open(descriptor, name, is_writable=True)
        one.closing.callback(os.close, descriptor)
        return self._numbered(one)

    def size(self, number: int) -> int:
        """Return how many bytes a file has."""
        return os.fstat(self._of(number).descriptor).st_size

    def facts(self, number: int) -> dict[str, Any]:
        """Return what a plugin is sent of a file."""
        one = self._of(number)
        size, modified_ns = one.state
        return {
            "handle": number,
            "name": one.name,
            "size": size,
            "modified_ns": modified_ns,
        }

    def check(self, number: int) -> None:
        """Check that a file that is read is as it was when it was opened.

        Raises:
            PluginError: It changed.
        """
        one = self._of(number)
        if not one.is_writable and _state_of(one.descriptor) != one.state:
            raise PluginError(
                Message("{name} was changed while it was sent", name=one.name)
            )

    def read(self, number: int, offset: int, length: int) -> bytes:
        """Return bytes of a file; fewer at its end.

        Raises:
            PluginError: There is no such file, or it cannot be read.
        """
        one = self._of(number)
        try:
            # Not `pread`, which Windows has not: one thread at a time is here.
            os.lseek(one.descriptor, offset, os.SEEK_SET)
            return os.read(one.descriptor, min(length, PART_BYTES))
        except (OSError, OverflowError, ValueError) as error:
            raise PluginError(
                Message("{name} cannot be read: {error}", name=one.name, error=error)
            ) from error

    def write(self, number: int, offset: int, data: bytes) -> None:
        """Write bytes to a file that was created, or lent for that.

        Raises:
            PluginError: It was not, or a limit is reached.
        """
        one = self._of(number)
        if not one.is_writable:
            raise DeniedError(Message("{name} was opened for reading", name=one.name))
        self._written_bytes += len(data)
        most = self._limits.written_bytes
        # A gap costs no bytes on disk, but whoever copies the file pays for it.
        if self._written_bytes > most or offset + len(data) > most:
            raise PluginError(
                Message("a call writes at most {most} MiB to files", most=most >> 20)
            )
        try:
            os.lseek(one.descriptor, offset, os.SEEK_SET)
            os.write(one.descriptor, data)
        except (OSError, OverflowError, ValueError) as error:
            raise PluginError(
                Message("{name} cannot be written: {error}", name=one.name, error=error)
            ) from error

    def close(self, number: int) -> None:
        """Close a file; one that was written gets its name now.

        Raises:
            PluginError: A file of that name appeared meanwhile.
        """
        one = self._of(number)
        try:
            if one.target is not None and one.partial is not None:
                os.fsync(one.descriptor)
                # Unlike a rename, a link never replaces a file.
                os.link(one.partial, one.target)
        except OSError as error:
            raise PluginError(
                Message(
                    "{name} cannot be written: {why}",
                    name=one.name,
                    why=reason_of(error),
                )
            ) from error
        finally:
            self._forget(number)

    def _kept(self, path: Path | str, opened: Callable[[], int]) -> int:
        self._check_count()
        try:
            descriptor = opened()
        except AccessError as error:
            raise DeniedError(str(error)) from error
        except OSError as error:
            raise PluginError(
                Message(
                    "{name} cannot be opened: {why}",
                    name=Path(path).name,
                    why=reason_of(error),
                )
            ) from error
        one = _Open(descriptor, Path(path).name)
        one.closing.callback(os.close, descriptor)
        return self._numbered(one)

    def _check_count(self) -> None:
        if len(self._open) >= self._limits.files:
            raise DeniedError(
                Message(
                    "at most {files} files are open at once", files=self._limits.files
                )
            )

    def _numbered(self, one: _Open) -> int:
        number, self._next = self._next, self._next + 1
        self._open[number] = one
        return number

    def _of(self, number: int) -> _Open:
        if number not in self._open:
            raise PluginError(Message("there is no open file {number}", number=number))
        return self._open[number]

    def _forget(self, number: int) -> None:
        with suppress(OSError):
            self._open.pop(number).closing.close()


def _state_of(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_size, found.st_mtime_ns
