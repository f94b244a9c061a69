"""Comment lines of `.env` files out, and leave all other bytes as they are."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from timeline_nb.core.file_errors import reason_of
from timeline_nb.core.files import replacing
from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.errors import VaultError
from timeline_nb.security.env_files import EnvKey
from timeline_nb.security.env_search import CODING, EnvFile, read_env_file
from timeline_nb.security.env_text import assignments, commented_out
from timeline_nb.security.secret import Secret

__all__ = ["check_writable", "comment_out"]


def check_writable(keys: Iterable[EnvKey]) -> None:
    """Check that the lines of keys can be commented out.

    Args:
        keys: As they were found.

    Raises:
        VaultError: A file has changed since it was read, is not the person's own, or
            has several names.
    """
    for path, digest in {(key.file, key.digest) for key in keys}:
        _unchanged(path, digest)


def comment_out(keys: Iterable[EnvKey]) -> list[Path]:
    """Put `# ` before the lines that set keys.

    Each file is written whole or not at all, with the permissions that it had. Its
    lines keep their ends, and the key stays in the comment until the line is deleted.

    Args:
        keys: As they were found.

    Returns:
        The files that were written.

    Raises:
        VaultError: A file has changed since it was read, is not the person's own, has
            several names, or cannot be written. Files before it are written.
    """
    by_file: dict[Path, list[EnvKey]] = {}
    for key in keys:
        by_file.setdefault(key.file, []).append(key)
    for path, chosen in by_file.items():
        _comment_file(path, {key.name for key in chosen}, chosen[0].digest)
    return list(by_file)


def _comment_file(path: Path, names: set[str], digest: bytes) -> None:
    file = _unchanged(path, digest)
    # An interrupt would show the frames of these steps, with the text in them.
    with interrupts_held():
        text = _without(file, names)
    if text is None:
        raise VaultError(f"{path}: the lines cannot be commented out by themselves")
    fault = ""
    try:
        with replacing(path) as partial, interrupts_held():
            partial.write_bytes(file.mark + text.reveal().encode(*CODING))
            if sys.platform != "win32":
                # A folder may give new files another group.
                with suppress(OSError):
                    os.chown(partial, -1, file.state.st_gid)
            _unchanged(path, digest)
    except (OSError, MemoryError) as error:
        fault = reason_of(error)
    # Outside the block: the frames of the error have the text.
    if fault:
        raise VaultError(f"{path} cannot be written: {fault}")


def _without(file: EnvFile, names: set[str]) -> Secret | None:
    """Return a file's text with the lines of some names commented out.

    None if others would not be left as they are.
    """
    found = assignments(file.text)
    # All of a name: an earlier value would count again.
    chosen = [one for one in found if one.name in names]
    text = Secret(commented_out(file.text, chosen))
    rest = [(one.name, one.value) for one in found if one.name not in names]
    after = [(one.name, one.value) for one in assignments(text.reveal())]
    return text if after == rest else None


def _unchanged(path: Path, digest: bytes) -> EnvFile:
    """Return a file that is as it was, and may be replaced.

    Raises:
        VaultError: It is not, or may not.
    """
    file = read_env_file(path)
    if isinstance(file, str):
        raise VaultError(f"{path} {file}: it was left as it is")
    if file.digest != digest:
        raise VaultError(
            f"{path} has changed since it was searched, and was left as it is: search "
            "again"
        )
    if sys.platform != "win32" and file.state.st_uid != os.geteuid():
        raise VaultError(f"{path} belongs to another user, and was left as it is")
    if file.state.st_nlink > 1:
        raise VaultError(
            f"{path} has {file.state.st_nlink} names (hard links), which would be "
            "parted: comment the line out by hand"
        )
    return file
