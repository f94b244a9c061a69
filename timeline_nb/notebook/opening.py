"""Opening a media file, or pictures in files of their own, in a notebook."""

import os
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from timeline_nb.errors import MediaError
from timeline_nb.media.sequence import is_pattern
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.sequences import listed, numbered
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import TimeLike

__all__ = ["open"]


def open(  # noqa: A001
    path: PathLike[str] | str | Iterable[PathLike[str] | str],
    *,
    rate: TimeLike | None = None,
    studio: Studio | None = None,
) -> Media:
    """Probe a media file, and hold it; or pictures in files of their own, as a film.

    Args:
        path: A video, a sound or a picture; or a sequence: its name with the place of
            the number, as in `"shot_%04d.png"`, or a list of files in their order.
        rate: Frames a second of a sequence.
        studio: Whose caches and threads to use; the notebook's own if not given.

    Raises:
        MediaError: There is no such file, it is not media, a file of a sequence is
            missing, or a sequence has no rate.
        TimeError: The rate is none.
    """
    studio = studio or default_studio()
    if isinstance(path, (bytes, bytearray)) or not isinstance(
        path, (str, PathLike, Iterable)
    ):
        raise MediaError(f"{path!r} is no path: give the name of a file, or a list")
    if isinstance(path, str) and "://" in path:
        raise MediaError(f"{path} is an address: download the file, and open that")
    if not isinstance(path, (str, PathLike)):
        return Media(studio.library.probe(listed(path, rate).path), studio)
    if is_pattern(os.fspath(path)):
        return Media(studio.library.probe(numbered(path, rate).path), studio)
    if rate is not None:
        raise MediaError(
            f"{path} is one file: rate is for sequences of pictures, as in "
            "'shot_%04d.png'"
        )
    return Media(studio.library.probe(Path(path)), studio)
