"""Open a file by its real path so that no link can come between, not even in a race.

A check by name followed by an open by name can be raced: a folder of the path turns
into a link in between. Here the kernel refuses every link while it opens: in one call
where it can (openat2 of Linux 5.6), else folder by folder, each opened from the one
before. Windows has neither; there the system is asked afterwards what was opened.
"""

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["READ_FLAGS", "open_without_links", "openat2_works", "walk"]

# The same number on every architecture of Linux.
_OPENAT2: Final = 437
_AT_FDCWD: Final = -100
# <linux/openat2.h>
_NO_MAGICLINKS, _NO_SYMLINKS = 0x02, 0x04
# O_NONBLOCK: opening a named pipe would wait for its other end.
READ_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)
# O_PATH needs the right to pass through a folder, not to list it; macOS calls that
# O_SEARCH, <sys/fcntl.h>.
_FOLDER: Final = getattr(os, "O_DIRECTORY", 0) | getattr(
    os, "O_PATH", 0x40000000 if sys.platform == "darwin" else 0
)


class _How(ctypes.Structure):
    """`struct open_how` of <linux/openat2.h>."""

    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


def open_without_links(real: str) -> int:
    """Open a file for reading by a path that holds no links.

    Args:
        real: Absolute, without `.`, `..` and links, as `os.path.realpath` returns it.

    Returns:
        A descriptor, which the caller closes; of whatever is there, a folder or a
        pipe, too.

    Raises:
        OSError: Of the system; ELOOP or ENOTDIR where a part of the path is a link.
    """
    if openat2_works():
        try:
            return _openat2(real)
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise
    if os.open in os.supports_dir_fd:
        return walk(real)
    return _opened_and_compared(real)


@cache
def openat2_works() -> bool:
    """Return whether the kernel has openat2, and no container bars it."""
    if sys.platform != "linux":
        return False
    try:
        os.close(_openat2(os.path.sep))
    except (OSError, AttributeError):
        return False
    return True


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _openat2(real: str) -> int:
    how = _How(READ_FLAGS, 0, _NO_SYMLINKS | _NO_MAGICLINKS)
    found: int = _libc().syscall(
        ctypes.c_long(_OPENAT2),
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(os.fsencode(real)),
        ctypes.byref(how),
        ctypes.c_size_t(ctypes.sizeof(how)),
    )
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), real)
    return found


def walk(real: str) -> int:
    """Do the same folder by folder, each opened from the one before without links."""
    whole = Path(real)
    *folders, last = whole.parts[1:] or (os.path.curdir,)
    here = os.open(whole.anchor, _FOLDER | os.O_CLOEXEC)
    try:
        for folder in folders:
            flags = _FOLDER | os.O_NOFOLLOW | os.O_CLOEXEC
            there = os.open(folder, flags, dir_fd=here)
            os.close(here)
            here = there
        return os.open(last, READ_FLAGS | os.O_NOFOLLOW, dir_fd=here)
    finally:
        os.close(here)


def _opened_and_compared(real: str) -> int:
    """Open by name, and refuse another file than the one of that name."""
    found = os.open(real, READ_FLAGS)
    opened = _final_path(found)
    if os.path.normcase(opened) != os.path.normcase(real):
        os.close(found)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), real)
    return found


def _final_path(descriptor: int) -> str:
    """Return the path of what is open, as Windows has it."""
    import msvcrt

    # Other systems' stubs lack what is of Windows.
    kernel: Any = vars(ctypes)["WinDLL"]("kernel32", use_last_error=True)
    text = ctypes.create_unicode_buffer(32_768)
    handle = ctypes.c_void_p(vars(msvcrt)["get_osfhandle"](descriptor))
    if not kernel.GetFinalPathNameByHandleW(handle, text, len(text), 0):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return without_prefix(text.value)


def without_prefix(path: str) -> str:
    r"""Return a path of Windows without `\\?\`, which `os.path.realpath` leaves out."""
    if path.startswith("\\\\?\\UNC\\"):
        return "\\\\" + path[8:]
    return path.removeprefix("\\\\?\\")
