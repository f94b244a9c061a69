"""The types of files that are served to a browser, by their suffixes.

Only what a player plays or shows: a browser would run a page, or a drawing with a
script in it, on the server's own origin.
"""

import os
from typing import Final

__all__ = ["MEDIA_TYPES", "PROXIES_SUFFIX", "media_type_of", "served_type_of"]

# Source: the media types of IANA's registry; x- where a format has none there.
MEDIA_TYPES: Final = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/matroska",
    ".ogv": "video/ogg",
    ".avi": "video/x-msvideo",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".ts": "video/mp2t",
    ".mts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".mxf": "application/mxf",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
}

# Many small JPEGs in one file, which our own player takes apart.
PROXIES_SUFFIX: Final = ".jpgs"


def media_type_of(path: str) -> str:
    """Return the type of a file by its suffix; empty if it is not served."""
    # splitext: pathlib cannot take a path of a foreign system's letters apart.
    return MEDIA_TYPES.get(os.path.splitext(path)[1].lower(), "")  # noqa: PTH122


def served_type_of(path: str) -> str:
    """Return the type under which a file is sent; empty if it is not served.

    Besides media, proxies are: to a browser they are bytes that it does not open.
    """
    if path.endswith(PROXIES_SUFFIX):
        return "application/octet-stream"
    return media_type_of(path)
