"""The bins into which a person sorts media, by content: wherever the files lie."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.errors import ProjectError
from timeline_nb.project.editor_state import MOST_BINS, MOST_LETTERS

__all__ = ["Bins", "bins_of_data_folder", "put", "removed", "renamed"]

# The fingerprints of each bin's media, in the order of the bins.
Bins: TypeAlias = dict[str, tuple[str, ...]]

_MOST_MEDIA: Final = 10_000
_LIMIT: Final = FileLimit("TIMELINE_NB_MAX_BINS_BYTES", 4_000_000)


def put(bins: Mapping[str, Iterable[str]], media: Iterable[str], name: str) -> Bins:
    """Move media into a bin, which is made if it is new; out of all if it is empty.

    A medium lies in one bin at most.

    Raises:
        ProjectError: The name is too long, or there are too many bins or media.
    """
    name, moved = _checked(name), dict.fromkeys(media)
    found = {
        own: tuple(one for one in held if one not in moved)
        for own, held in bins.items()
    }
    if name:
        found[name] = (*found.get(name, ()), *moved)
    if len(found) > MOST_BINS:
        raise ProjectError(f"there are {MOST_BINS} bins: remove some")
    if sum(map(len, found.values())) > _MOST_MEDIA:
        raise ProjectError(f"{_MOST_MEDIA:,} media lie in bins: remove some bins")
    return found


def renamed(bins: Mapping[str, Iterable[str]], old: str, new: str) -> Bins:
    """Give a bin another name; one of that name takes its media.

    Raises:
        ProjectError: There is no such bin, or the name cannot be used.
    """
    new = _checked(new)
    if not new:
        raise ProjectError("a bin needs a name")
    if old not in bins:
        raise ProjectError(f"there is no bin {old!r:.120}")
    found: Bins = {}
    for name, held in bins.items():
        own = new if name == old else name
        found[own] = (*found.get(own, ()), *held)
    return found


def removed(bins: Mapping[str, Iterable[str]], name: str) -> Bins:
    """Remove a bin; its media stay, in none."""
    return {own: tuple(held) for own, held in bins.items() if own != name}


def bins_of_data_folder(data_dir: Path, media: Iterable[str]) -> Bins:
    """Return the bins that lay in the data folder, with those of the media alone.

    There they were for all edits of a person, until projects had their own.

    Args:
        data_dir: The folder.
        media: The fingerprints that count.
    """
    wanted = set(media)
    try:
        # Our own folder, whatever an edit may read.
        with use_scope(None):
            data = read_limited(data_dir / "bins.json", _LIMIT, ProjectError)
        kept: Any = msgspec.json.decode(data, type=dict[str, list[str]])
        bins: Bins = {}
        for name, held in kept.items():
            found = [one for one in held if one in wanted]
            bins = put(bins, found, name) if found else bins
    except (ProjectError, msgspec.MsgspecError, RecursionError):
        return {}
    return bins


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > MOST_LETTERS:
        raise ProjectError(f"a bin's name has at most {MOST_LETTERS} letters")
    return name
