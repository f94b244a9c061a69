"""Folders of this machine, which a visitor of a page has no need to know."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from timeline_nb.widgets.browser_comm import frame_with_text, with_text

__all__ = ["HiddenFolders"]

_SEPARATOR: Final = "/" if os.sep == "/" else r"[\\/]"
# What stands before a path, and is no part of it: `/tmp` is not in `/private/tmp`.
_BEFORE: Final = r"(?:(?<![\w.~\\/-])|(?<=://))"
# A file below, or the end of the folder's name: `/srv/x` is not in `/srv/x2`.
_AFTER: Final = (
    rf"""(?:(?P<below>{_SEPARATOR}+(?=[^\s"',;:)\]]))|{_SEPARATOR}*(?![\w-]|\.\w))"""
)


class HiddenFolders:
    """Takes the folders of files out of texts that name them.

    Args:
        folders: The folders; the working and the person's own folder are among them.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        every = {*folders, Path.cwd(), Path.home(), Path(tempfile.gettempdir())}
        every |= set(_resolved(every))
        # A disk's root stands before every path.
        named = {one for one in every if one.is_absolute() and one.name}
        home = Path.home()
        self._shown = {
            way: "~" if one == home else one.name for one in named for way in _ways(one)
        }
        # The inner ones first.
        longest = sorted(self._shown, key=len, reverse=True)
        names = "|".join(map(re.escape, longest))
        self._named = re.compile(f"{_BEFORE}(?P<name>{names}){_AFTER}")

    def without(self, text: str) -> str:
        """Return a text in which files stand by their names below the folders."""
        return self._named.sub(self._instead, text)

    def _instead(self, found: "re.Match[str]") -> str:
        return "" if found["below"] else self._shown[found["name"]]

    def value_without(self, value: Any) -> Any:
        """Return a value of JSON in whose texts files stand so."""
        return with_text(value, self.without)

    def frame_without(self, frame: bytes) -> bytes:
        """Return a frame to a page, in whose message files stand so."""
        return frame_with_text(frame, self.without)


def _resolved(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield folders as they are without links, where they can be followed."""
    for one in folders:
        with suppress(OSError, RuntimeError):
            yield one.resolve()


def _ways(folder: Path) -> set[str]:
    """Return the ways in which texts name a folder: messages, code and addresses."""
    name, plain = str(folder), folder.as_posix()
    return {name, plain, repr(name)[1:-1], json.dumps(name)[1:-1], quote(plain)}
