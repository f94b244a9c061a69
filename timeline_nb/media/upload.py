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
from timeline_nb.i18n import Message
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
        return Message("names a folder: give the name of a file alone")
    if fault := name_fault(name, windows=True):
        return fault
    if name.startswith("."):
        return Message("is that of a hidden file: give it another name")
    if any(not (letter.isprintable() or letter == "\u200d") for letter in name):
        return Message("holds letters that are not shown: give it another name")
    if Path(name).suffix.lower() not in MEDIA_SUFFIXES:
        return Message("is not that of a video, sound or picture")
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
            raise MediaError(
                Message(
                    "{name} cannot be uploaded: its name {fault}",
                    name=repr(name[:80]),
                    fault=fault,
                )
            )
        self.name, self.size, self.received = name, size, 0
        self._folder = folder
        self._lock = new_lock("an upload")
        self._files = ExitStack()
        try:
            free = shutil.disk_usage(folder).free - _SPARE_BYTES
            if not 0 < size <= free:
                raise MediaError(
                    Message(
                        "{name} has {size} bytes, and {folder} takes files of 1 "
                        "to {most}: free some space, or choose another folder",
                        name=repr(name),
                        size=f"{size:,}",
                        folder=folder,
                        most=f"{max(0, free):,}",
                    )
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
                raise MediaError(
                    Message("the upload of {name} has ended", name=repr(self.name))
                )
            if offset != self.received or offset + len(data) > self.size:
                raise MediaError(
                    Message(
                        "{count} bytes at {offset} of {name} do not follow the "
                        "{received} of {size} received: upload it again",
                        count=f"{len(data):,}",
                        offset=f"{offset:,}",
                        name=repr(self.name),
                        received=f"{self.received:,}",
                        size=f"{self.size:,}",
                    )
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
                    Message(
                        "{received} of {size} bytes of {name} have arrived: "
                        "upload it again",
                        received=f"{self.received:,}",
                        size=f"{self.size:,}",
                        name=repr(self.name),
                    )
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
        Message(
            "the file cannot be written to {folder}: {why}",
            folder=folder,
            why=error.strerror or error,
        )
    )
