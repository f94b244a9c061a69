"""The profiles and folders that the export dialog offers."""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.widgets.export_answers import ExportProfile

__all__ = ["export_folders", "export_profiles"]

_MOST_FOLDERS: Final = 200
# Of a folder with thousands of pictures, so many names are looked at.
_MOST_NAMES: Final = 2_000
_DEPTH: Final = 2


def export_profiles() -> list[ExportProfile]:
    """Return the default profile, and then all that have names."""
    from timeline_nb.render.containers import CONTAINERS
    from timeline_nb.render.platforms import profile, profile_names, suffix_of
    from timeline_nb.render.profile import Profile

    found = []
    for chosen in (Profile(), *map(profile, profile_names())):
        suffix = suffix_of(chosen)
        container = CONTAINERS[suffix]
        width, height = chosen.size or (0, 0)
        is_auto = chosen.audio == "auto"
        found.append(
            ExportProfile(
                name=chosen.name,
                suffix=suffix,
                width=width,
                height=height,
                video=container.video[0] if chosen.video == "auto" else chosen.video,
                quality=chosen.quality,
                audio=container.audio[0] if is_auto else chosen.audio,
                loudness_lufs=chosen.loudness_lufs,
            )
        )
    return found


def export_folders(scope: Scope) -> list[str]:
    """Return the folders that may be written to, and the folders in them."""
    folders = (
        folder for root in scope.roots for folder in _with_inner(str(root), _DEPTH)
    )
    return list(dict.fromkeys(islice(folders, _MOST_FOLDERS)))


def _with_inner(folder: str, depth: int) -> Iterator[str]:
    if not Path(folder).is_dir():
        return
    yield folder
    if not depth:
        return
    for inner in sorted(_inner(folder)):
        yield from _with_inner(inner, depth - 1)


def _inner(folder: str) -> list[str]:
    """Return the folders in a folder but hidden ones and links."""
    found: list[str] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_NAMES):
            with suppress(OSError):
                is_inner = entry.is_dir(follow_symlinks=False)
                if is_inner and not entry.name.startswith((".", "__")):
                    found.append(entry.path)
    return found
