"""Opening a media file, or an image sequence, in a notebook."""

import os
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from timeline_nb.errors import MediaError
from timeline_nb.media.dvc import is_pointer
from timeline_nb.media.events import post_imported
from timeline_nb.media.sequence import is_pattern
from timeline_nb.notebook.by_content import BY_HASH, find_by_hash, find_by_pointer
from timeline_nb.notebook.edit_formats import read_by
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.naming import allow_media
from timeline_nb.notebook.sequences import listed, numbered
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import TimeLike

__all__ = ["open"]


def open(  # noqa: A001
    path: PathLike[str] | str | Iterable[PathLike[str] | str],
    *,
    rate: TimeLike | None = None,
    fps: TimeLike | None = None,
    again: bool = False,
    studio: Studio | None = None,
) -> Media:
    """Open a media file, or an image sequence as a video.

    Args:
        path: A video, a sound or a picture; or an image sequence: a file name with the
            place of the number, as in `"shot_%04d.png"`, or a list of files in order.
            Or by content: `"sha256:"` and 64 hex digits, found where it was seen before
            or in the allowed folders; or a pointer of DVC, `"film.mp4.dvc"`, whose data
            is beside it or in DVC's cache, and is checked.
        rate: Frames per second of a sequence.
        fps: The same as `rate`.
        again: Whether a file that broke its decoder is tried again, though it did not
            change.
        studio: Whose caches and threads to use; the notebook's own if not given.

    Raises:
        MediaError: There is no such file, it is not media, a file of a sequence is
            missing, or a sequence has no rate.
        TimeError: The rate cannot be read.

    Example:
        >>> src = tl.open("bikes.mp4")
        >>> src
        <Media 'bikes.mp4' video, 640x272, h264, 25 fps, 250 frames, 00:00:10:00>
    """
    studio = studio or default_studio()
    if rate is not None and fps is not None:
        raise MediaError(f"{path}: rate= and fps= are the same; give one of them")
    rate = fps if rate is None else rate
    if isinstance(path, (bytes, bytearray)) or not isinstance(
        path, (str, PathLike, Iterable)
    ):
        raise MediaError(f"{path!r} is not a path: give a file name, or a list of them")
    if isinstance(path, str) and path.startswith(BY_HASH):
        return _opened(find_by_hash(path, studio), studio, again=again)
    if isinstance(path, str) and "://" in path:
        raise MediaError(f"{path} is an address: download the file, and open that")
    if not isinstance(path, (str, PathLike)):
        return _opened(listed(path, rate).path, studio, again=again)
    if is_pattern(os.fspath(path)):
        return _opened(numbered(path, rate).path, studio, again=again)
    if rate is not None:
        raise MediaError(
            f"{path} is one file: a rate is for image sequences, as in "
            "'shot_%04d.png'; to change the speed of a clip, use Edit.speed"
        )
    if is_pointer(Path(path)):
        return _opened(find_by_pointer(Path(path), studio), studio, again=again)
    return _opened(Path(path), studio, again=again)


def _opened(path: Path | str, studio: Studio, *, again: bool) -> Media:
    allow_media(studio, path)
    if again:
        studio.library.try_again(path)
    try:
        info = studio.library.probe(path)
    except MediaError as error:
        if Path(path).is_file() and (name := read_by(Path(path), studio)):
            raise MediaError(
                f"{path} is no media: {name} reads it as an edit, by "
                f"tl.load({os.fspath(path)!r})"
            ) from error
        raise
    post_imported(studio.events, [info])
    return Media(info, studio)
