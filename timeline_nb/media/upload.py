"""Receive a media file in parts; it gets a name of its own once it is whole."""

import os
import shutil
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Final

from timeline_nb.core.files import give_new_name
from timeline_nb.core.locks import new_lock
from timeline_nb.core.output_names import name_fault
from timeline_nb.core.partials import partial_file, sweep
from timeline_nb.errors import MediaError
from timeline_nb.media.scan import MEDIA_SUFFIXES

__all__ = ["PART_BYTES", "MediaUpload", "upload_name_fault"]

# Of one message: as base64 it is a third longer, and servers take 4 MB at once.
PART_BYTES: Final = 768 * 1024
# What is left free on the disk, for caches and the system.
_SPARE_BYTES: Final = 256 * 1024**2
_MOST_NAME_BYTES: Final = 255


def upload_name_fault(name: str) -> str:
    """Return why an uploaded file cannot have a name; empty if it can.

    The rules of Windows hold everywhere: a project moves between systems.
    """
    if "/" in name or "\\" in name or name in {".", ".."}:
        return "names a folder: give the name of a file alone"
    if fault := name_fault(name, windows=True):
        return fault
    if name.startswith("."):
        return "is that of a hidden file: give it another name"
    if any(not (letter.isprintable() or letter == "\u200d") for letter in name):
        return "holds letters that are not shown: give it another name"
    if Path(name).suffix.lower() not in MEDIA_SUFFIXES:
        return "is not that of a video, sound or picture"
    return ""


class MediaUpload:
    """A file that arrives in parts, one after another, into a hidden file.

    What a process leaves that is killed is removed by the next upload to the folder.
    The lock guards the file: a part and the end of the upload may come at once.

    Args:
        folder: Where it will lie.
        name: The file's name.
        size: In bytes.

    Raises:
        MediaError: No such file can be written there.
    """

    def __init__(self, folder: Path, name: str, size: int) -> None:
        if fault := upload_name_fault(name):
            raise MediaError(f"{name[:80]!r} cannot be uploaded: its name {fault}")
        self.name, self.size, self.received = name, size, 0
        self._folder = folder
        self._lock = new_lock("an upload")
        self._files = ExitStack()
        try:
            free = shutil.disk_usage(folder).free - _SPARE_BYTES
            if not 0 < size <= free:
                raise MediaError(
                    f"{name!r} has {size:,} bytes, and {folder} takes files of 1 to "
                    f"{max(0, free):,}: free some space, or choose another folder"
                )
            sweep(folder)
            self._partial = self._files.enter_context(partial_file(folder / name))
            self._file = self._files.enter_context(self._partial.open("wb"))
        except OSError as error:
            self._files.close()
            raise _unwritable(folder, error) from error

    def write(self, offset: int, data: bytes) -> None:
        """Add the part that follows.

        Raises:
            MediaError: It does not follow what came before, goes beyond the size, or
                cannot be written.
        """
        with self._lock:
            if self._file.closed:
                raise MediaError(f"the upload of {self.name!r} has ended")
            if offset != self.received or offset + len(data) > self.size:
                raise MediaError(
                    f"{len(data):,} bytes at {offset:,} of {self.name!r} do not follow "
                    f"the {self.received:,} of {self.size:,} received: upload it again"
                )
            try:
                self._file.write(data)
            except OSError as error:
                raise _unwritable(self._folder, error) from error
            self.received += len(data)

    def finish(self) -> Path:
        """Give the file its name, or one with a number where that is taken.

        Raises:
            MediaError: It is not whole, or cannot be named.
        """
        with self._lock, self._files:
            if self._file.closed or self.received != self.size:
                raise MediaError(
                    f"{self.received:,} of {self.size:,} bytes of {self.name!r} have "
                    "arrived: upload it again"
                )
            try:
                self._file.close()
                return _named(self._partial, self._folder, self.name)
            except OSError as error:
                raise _unwritable(self._folder, error) from error

    def cancel(self) -> None:
        """Remove what has arrived."""
        with self._lock:
            self._files.close()


def _named(partial: Path, folder: Path, name: str) -> Path:
    """Give a file the first name that no other file has."""
    for number in count(1):
        target = folder / _numbered(name, number)
        if give_new_name(partial, target):
            return target
    raise AssertionError


def _numbered(name: str, number: int) -> str:
    if number == 1:
        return name
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - names of one part
    end = f" ({number}){suffix}"
    while len(os.fsencode(stem + end)) > _MOST_NAME_BYTES:
        stem = stem[:-1]
    return stem + end


def _unwritable(folder: Path, error: OSError) -> MediaError:
    return MediaError(
        f"the file cannot be written to {folder}: {error.strerror or error}"
    )
