"""What a person is advised who wants a refused file to be read."""

from pathlib import Path
from typing import Final

from timeline_nb.i18n import Message

__all__ = ["short_path", "way_in"]

_SHOWN: Final = 200
_SYSTEM_FOLDERS: Final = (
    *("etc", "usr", "bin", "sbin", "lib", "lib32", "lib64", "boot", "dev", "proc"),
    *("sys", "run", "system", "library", "windows"),
)
_MEDIA_SUFFIXES: Final = (
    *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mxf", ".mts", ".m2ts"),
    *(".mpg", ".mpeg", ".wmv", ".ogv", ".gif", ".wav", ".mp3", ".m4a", ".aac"),
    *(".flac", ".ogg", ".opus", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr"),
    *(".dpx", ".webp", ".bmp", ".heic", ".avif", ".cube", ".srt", ".vtt", ".ass"),
)


def way_in(real: str) -> str:
    """Return what allows a file; also its folder where that may be one of media.

    That does not depend on what is there: of foreign folders, nothing is to be learned.
    """
    path = Path(real)
    file = Message("tl.allow({path}) allows this file", path=short_path(real))
    parent = short_path(str(path.parent))
    folder = Message("tl.allow({path}) allows that folder", path=parent)
    if _is_of_system(path.parent):
        return file
    if "%" in path.name:
        return folder
    is_media = path.suffix.lower() in _MEDIA_SUFFIXES
    return Message("{one}, and {other}", one=file, other=folder) if is_media else file


def _is_of_system(folder: Path) -> bool:
    """Return whether a folder is the system's, hidden, a home or a whole disk."""
    try:
        home = Path.home().resolve()
    except (OSError, RuntimeError):
        home = Path("/root")
    if folder in {home, *home.parents, Path(folder.anchor), Path("/var")}:
        return True
    top = folder.parts[1].lower() if len(folder.parts) > 1 else ""
    return top in _SYSTEM_FOLDERS or any(p.startswith(".") for p in folder.parts)


def short_path(path: str) -> str:
    """Return a path as it is written in code, the middle of a long one left out."""
    shown = repr(path)
    half = _SHOWN // 2
    return shown if len(shown) <= _SHOWN else f"{shown[:half]}...{shown[-half:]}"
