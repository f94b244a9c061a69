"""Image sequences by pattern, or by a list of files."""

import os
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from timeline_nb.errors import MediaError
from timeline_nb.media.sequence import FileSequence
from timeline_nb.timebase import TimeLike

__all__ = ["listed", "numbered"]


def numbered(path: PathLike[str] | str, rate: TimeLike | None) -> FileSequence:
    """Return the image sequence of a pattern.

    Raises:
        MediaError: There is no rate, or no such picture.
    """
    if rate is None:
        raise _without_rate(repr(os.fspath(path)))
    return FileSequence.of_pattern(Path(path), rate)


def listed(files: Iterable[PathLike[str] | str], rate: TimeLike | None) -> FileSequence:
    """Return the image sequence of a list of files.

    Raises:
        MediaError: There is no rate, or a file is missing.
    """
    if rate is None:
        raise _without_rate("[...]")
    return FileSequence.of_files(map(Path, files), rate)


def _without_rate(named: str) -> MediaError:
    return MediaError(
        f"{named} is an image sequence: give its frames per second, as in "
        f"tl.open({named}, rate=24)"
    )
