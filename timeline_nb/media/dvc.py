"""Pointer files of DVC: which data `film.mp4.dvc` stands for, and where it lies.

A pointer is YAML of a fixed small form (https://dvc.org/doc/user-guide/project-structure,
`.dvc` files). That form is read line by line; the data is beside the pointer, or in the
cache by its MD5.
"""

import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message

__all__ = ["SUFFIX", "Pointer", "is_pointer", "read_pointer"]

SUFFIX: Final = ".dvc"
_MOST_BYTES: Final = 64_000
_MOST_UP: Final = 64
_MD5_DIGITS: Final = 32
_CONFIGS: Final = ("config", "config.local")


@dataclass(frozen=True)
class Pointer:
    """The data that a pointer file stands for.

    Args:
        pointer: The pointer file.
        path: Of the data, where `dvc checkout` puts it.
        md5: Of its content.
    """

    pointer: Path
    path: Path
    md5: str

    def places(self) -> Iterator[Path]:
        """Yield where the data may lie: at its place, and in caches by its MD5."""
        yield self.path
        folder = self.pointer.absolute().parent
        for parent in (folder, *folder.parents)[:_MOST_UP]:
            root = parent / ".dvc"
            if root.is_dir():
                for cache in _caches(root):
                    yield cache / "files" / "md5" / self.md5[:2] / self.md5[2:]
                    # Of versions before 3.
                    yield cache / self.md5[:2] / self.md5[2:]
                return


def is_pointer(path: Path) -> bool:
    """Return whether a name is that of a pointer file, as `film.mp4.dvc`."""
    return path.suffix.lower() == SUFFIX and path.name.lower() != SUFFIX


def read_pointer(path: Path) -> Pointer:
    """Read a pointer file, which is not trusted.

    Raises:
        MediaError: There is no such file, it is no pointer, or it stands for a folder
            or for several files.
    """
    with file_errors(path, MediaError, verb="read"), open_file(path) as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise _no_pointer(
            path, Message("it has more than {most} bytes", most=f"{_MOST_BYTES:,}")
        )
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise _no_pointer(path, Message("it is not UTF-8 text")) from None
    wdir, outs = _parsed(lines)
    if len(outs) != 1:
        many = Message(
            "it stands for {count} files: open the data itself", count=len(outs)
        )
        none = Message("it names no data in `outs`")
        raise _no_pointer(path, many if outs else none)
    md5, name = outs[0].get("md5", ""), outs[0].get("path", "")
    if md5.endswith(".dir"):
        raise MediaError(
            Message("{path} stands for a folder: name a file in it", path=path)
        )
    if not name or "\0" in wdir + name or not _is_md5(md5):
        raise _no_pointer(path, Message("its data has no path, or no MD5"))
    return Pointer(path, path.parent / wdir / name, md5)


def _is_md5(text: str) -> bool:
    return len(text) == _MD5_DIGITS and not set(text) - set("0123456789abcdef")


def _no_pointer(path: Path, why: str) -> MediaError:
    return MediaError(
        Message("{path} is no pointer of DVC to a file: {why}", path=path, why=why)
    )


def _parsed(lines: list[str]) -> tuple[str, list[dict[str, str]]]:
    """Return the working folder of a pointer, and the fields of its `outs`."""
    wdir, is_out = "", False
    outs: list[dict[str, str]] = []
    for line in lines:
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        is_top = not line.startswith((" ", "-"))
        if is_top:
            key, _, value = bare.partition(":")
            is_out = key == "outs"
            if key == "wdir":
                wdir = _value(value)
            continue
        if not is_out:
            continue
        if bare.startswith("- "):
            outs.append({})
            bare = bare[2:].strip()
        key, colon, value = bare.partition(":")
        if colon and outs:
            outs[-1].setdefault(key.strip(), _value(value))
    return wdir, outs


def _value(text: str) -> str:
    """Return a scalar; empty of a form that DVC does not write."""
    text = text.strip()
    if text[:1] == "'":
        inner, end, _ = text[1:].replace("''", "\0").partition("'")
        return inner.replace("\0", "'") if end else ""
    if text[:1] == '"':
        inner, end, _ = text[1:].partition('"')
        return inner if end and "\\" not in inner else ""
    return text.partition(" #")[0].strip()


def _caches(root: Path) -> Iterator[Path]:
    """Yield the cache folders of a repository: those that it configures, its own."""
    for name in _CONFIGS:
        parser = configparser.RawConfigParser(strict=False, interpolation=None)
        try:
            with open_file(root / name) as file:
                parser.read_string(file.read(_MOST_BYTES).decode("utf-8", "replace"))
            folder = parser.get("cache", "dir", fallback="")
        except (OSError, configparser.Error):
            continue
        if folder and "\0" not in folder:
            yield root / folder
    yield root / "cache"
