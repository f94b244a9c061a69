"""Find `.env` files beside a notebook and above it, and read them within limits."""

import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final

from timeline_nb.core.file_errors import file_errors, reason_of
from timeline_nb.errors import VaultError
from timeline_nb.security.git_index import repository_of

__all__ = [
    "CODING",
    "ENV_BYTES",
    "EnvFile",
    "env_files",
    "read_env_file",
    "searched_folders",
]

# Real ones have some hundred bytes.
ENV_BYTES: Final = 256 * 1024
# Bytes that are not UTF-8 are kept (PEP 383).
CODING: Final = ("utf-8", "surrogateescape")
# A plain hash in a traceback would let short passwords of the file be guessed.
_DIGEST_KEY: Final = secrets.token_bytes(32)
_MOST_ABOVE: Final = 3
_MOST_ENTRIES: Final = 20_000
_MOST_FILES: Final = 50
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class EnvFile:
    """A `.env` file that was read.

    Args:
        path: Where it lies.
        state: What the system says of it.
        mark: Its byte order mark, or nothing.
        text: The rest, in which bytes that are not UTF-8 are kept (PEP 383).
    """

    path: Path
    state: os.stat_result = field(repr=False)
    mark: bytes
    text: str = field(repr=False)

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.mark + self.text.encode(*CODING)

    @property
    def digest(self) -> bytes:
        """A hash by which this process sees that it has changed."""
        return blake2b(self.data, key=_DIGEST_KEY, digest_size=32).digest()


def searched_folders(folder: Path) -> list[Path]:
    """Return a folder and those above it, nearest first.

    The last is the root of a repository, the person's home, or the third above.

    Args:
        folder: Where to begin.
    """
    found, root = [], repository_of(folder)
    try:
        home = Path.home().resolve()
    except (OSError, RuntimeError):
        home = None
    for place in islice((folder, *folder.parents), _MOST_ABOVE + 1):
        # Above a repository, the folders of others begin.
        found.append(place)
        if place in {root, home}:
            break
    return found


def env_files(folder: Path) -> Iterator[Path]:
    """Yield the `.env*` files of a folder and of those above it, nearest first.

    Args:
        folder: Where to begin.

    Raises:
        VaultError: There is no such folder, or it cannot be listed.
    """
    with file_errors(folder, VaultError, verb="searched"):
        start = folder.expanduser().resolve(strict=True)
        os.scandir(start).close()
    for place in searched_folders(start):
        try:
            with os.scandir(place) as entries:
                names = sorted(
                    entry.name
                    for entry in islice(entries, _MOST_ENTRIES)
                    if entry.name.startswith(".env")
                    and not entry.is_dir(follow_symlinks=False)
                )
        except OSError:
            continue  # a folder above may be closed
        yield from (place / name for name in names[:_MOST_FILES])


def read_env_file(path: Path) -> EnvFile | str:
    """Return a file that was read, or why it was not.

    Args:
        path: An ordinary file, not a link, of at most 256 kB.
    """
    read = _read(path)
    if isinstance(read, str):
        return read
    state, data = read
    if len(data) > ENV_BYTES:
        return f"has more than {ENV_BYTES // 1024} kB"
    if data.startswith(_UTF_16_MARKS) or b"\0" in data:
        return "is UTF-16 or no text: save it as UTF-8"
    mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
    text = data.removeprefix(mark).decode(*CODING)
    return EnvFile(path, state, mark, text)


def _read(path: Path) -> tuple[os.stat_result, bytes] | str:
    """Return the state and the bytes of an ordinary file, or why there are none."""
    # Without O_NONBLOCK, a pipe would wait for somebody to write.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return "is a link: search the folder of the file that it points to"
        if stat.S_ISREG(mode):
            descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
            with os.fdopen(descriptor, "rb") as file:
                state = os.fstat(file.fileno())
                if stat.S_ISREG(state.st_mode):
                    return state, file.read(ENV_BYTES + 1)
    except OSError as error:
        return f"cannot be read: {reason_of(error)}"
    return "is no ordinary file"
