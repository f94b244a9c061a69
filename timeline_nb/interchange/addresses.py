"""Addresses of media in files of other programs."""

import re
from contextlib import suppress
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["path_of_address"]

_DRIVE: Final = re.compile(r"/?([A-Za-z]:[\\/].*)", re.DOTALL)


def path_of_address(told: str) -> str:
    """Return the path of an address or of a path of any system, with `/` between.

    Example:
        >>> path_of_address("file://localhost/C%3A/films/a%20b.mov")
        'C:/films/a b.mov'
    """
    path = told
    if "://" in told:
        with suppress(ValueError):
            parts = urlsplit(told)
            if parts.scheme.lower() != "file":
                return told.replace("://", "_")
            host = parts.netloc.lower()
            path = unquote(parts.path, errors="surrogateescape")
            if host not in {"", "localhost"}:
                path = f"//{parts.netloc}{path}"
    drive = _DRIVE.fullmatch(path)
    if drive or (path.startswith("\\\\") and "/" not in path):
        return (drive[1] if drive else path).replace("\\", "/")
    return path
