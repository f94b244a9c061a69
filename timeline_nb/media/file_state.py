"""The state of files on disk: whether they are still what they were when read."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias, TypeVar

from timeline_nb.access.use import file_status
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import sequence_at

__all__ = [
    "FileState",
    "MediaState",
    "changed",
    "file_state",
    "read_steadily",
    "state_of",
]

# A file that was written just now may be written again within the same tick of the
# clock that stamps it: 4 ms where the kernel counts 250 a second, 15.6 ms on Windows.
_TICK_NS: Final = 20_000_000
# Attempts to read a file that does not change meanwhile.
_TRIES: Final = 3
T = TypeVar("T")


class FileState(NamedTuple):
    """What the file system says of a file.

    The time of status change tells a file that was replaced and put back, with its
    old time of change, from one that stayed in its place.
    """

    device: int
    inode: int
    size_bytes: int
    changed_ns: int
    status_changed_ns: int


# A file's state, or a digest of the states of a sequence's files.
MediaState: TypeAlias = FileState | str


def file_state(path: Path | str) -> FileState:
    """Return the state of a file, once no change of the same time stamp can follow.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no path.
    """
    while True:
        status = file_status(path)
        since_ns = time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns)
        # On a server whose clock is ahead there is nothing to wait for.
        if not 0 <= since_ns < _TICK_NS:
            return FileState(
                status.st_dev,
                status.st_ino,
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
            )
        time.sleep((_TICK_NS - since_ns) / 1e9)


def state_of(path: Path | str) -> MediaState:
    """Return the state of a media file, or of all files of a sequence.

    Raises:
        MediaError: A file is not there.
    """
    sequence = sequence_at(path)
    if sequence is not None:
        return sequence.state()
    try:
        with file_errors(path, MediaError, verb="opened"):
            return file_state(path)
    except ValueError as error:
        raise MediaError(
            Message("{path} is no path: {why}", path=path, why=error)
        ) from error


def read_steadily(
    path: Path | str, read: Callable[[], T]
) -> tuple[T, MediaState | None]:
    """Return what was read of a file, and the state that it had all the while.

    It is read again if the file changed meanwhile. One that is being written may not
    stay the same for long enough: what was read last then has no state.

    Args:
        path: The file, or a sequence.
        read: Reads it.

    Raises:
        MediaError: The file is not there.
    """
    for _ in range(_TRIES):
        before = state_of(path)
        made = read()
        if state_of(path) == before:
            return made, before
    return made, None


def changed(path: str) -> MediaError:
    """Return the error of a file that is not the one that was opened."""
    return MediaError(
        Message("{path} has changed since it was opened: open it again", path=path)
    )
