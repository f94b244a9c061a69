"""Unpack a pack that is not trusted: all of it or nothing, and into a new folder."""

import hashlib
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.output_names import name_fault
from timeline_nb.core.partials import partial_folder
from timeline_nb.core.structs import fault_of
from timeline_nb.errors import ProjectError
from timeline_nb.proof.pack_format import CHANGED_NS, MANIFEST, Pack, PackedFile

__all__ = ["unpack"]

_CHUNK_BYTES: Final = 1 << 20
_MOST_ENTRIES: Final = 100_000
_MANIFEST_BYTES: Final = 64_000_000
# The end of a zip file, of which Python's reader takes the directory into memory whole
# (APPNOTE.TXT 4.3.16): a mark, its size at 12, and a comment of at most 65,535.
_END_BYTES: Final = 22 + 65_535
_END_MARK: Final = b"PK\x05\x06"
_MOST_DIRECTORY_BYTES: Final = 100_000_000
# Media are not made smaller by packing; what is made so much smaller is a bomb.
_MOST_RATIO: Final = 20
_ENCRYPTED: Final = 1
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
    UnicodeError,
)


def unpack(path: Path, folder: Path, reporter: Reporter) -> Path:
    """Unpack a pack to a new folder, and return the path of its project.

    Every file is checked by its size and hash. What the folder gets appears at once,
    when all of it is there.

    Args:
        path: The pack.
        folder: Does not exist, or is empty.
        reporter: Reports each file; cancels the work.

    Raises:
        ProjectError: It is no pack, is damaged, or would write outside the folder, over
            a file, or more than it says; or the folder cannot be used.
        JobCancelledError: The job was cancelled.
    """
    _check_folder(folder)
    try:
        with file_errors(path, ProjectError, verb="read"), open_file(path) as file:
            _check_directory(path, file)
            with zipfile.ZipFile(file) as archive:
                return _unpacked(path, archive, folder, reporter)
    except _FAULTS as error:
        if isinstance(error, ProjectError):
            raise
        raise ProjectError(f"{path} is no pack, or is damaged") from None


def _check_folder(folder: Path) -> None:
    try:
        if folder.is_dir() and next(folder.iterdir(), None) is not None:
            raise ProjectError(
                f"{folder} is not empty: name a new folder, as nothing is overwritten"
            )
        if folder.exists() and not folder.is_dir():
            raise ProjectError(f"{folder} is a file: name a new folder")
        if not folder.absolute().parent.is_dir():
            raise ProjectError(f"{folder}: there is no folder {folder.parent}")
    except OSError as error:
        raise ProjectError(f"{folder} cannot be used: {error.strerror}") from error


def _check_directory(path: Path, file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    _, mark, end = file.read(_END_BYTES).rpartition(_END_MARK)
    directory = int.from_bytes(end[8:12], "little")
    if not mark or directory > min(size, _MOST_DIRECTORY_BYTES):
        raise ProjectError(f"{path} is no pack: it is no zip file, or is cut off")
    file.seek(0)


def _unpacked(
    path: Path, archive: zipfile.ZipFile, folder: Path, reporter: Reporter
) -> Path:
    entries = _entries(path, archive)
    pack = _manifest(path, archive, entries)
    with (
        file_errors(folder, ProjectError),
        partial_folder(folder.absolute().parent, folder.name) as partial,
    ):
        made = partial / "unpacked"
        for number, one in enumerate(pack.files):
            reporter.report("unpack", number, len(pack.files), unit="file")
            target = made / one.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with file_errors(path, ProjectError, verb="read"):
                opened = archive.open(entries[one.name])
            with opened as source, target.open("xb") as out:
                _copy(path, one, source, out, reporter.check)
            # Sequences are known by the times of their files.
            os.utime(target, ns=(CHANGED_NS, CHANGED_NS))
        if folder.is_dir():
            folder.rmdir()
        made.rename(folder)
    return folder / pack.project


def _copy(
    path: Path,
    one: PackedFile,
    source: IO[bytes],
    out: IO[bytes],
    check: Callable[[], object],
) -> None:
    """Copy a file, never more than it announces."""
    digest, left = hashlib.sha256(), one.bytes
    while True:
        # Else the file that is written would be blamed.
        with file_errors(path, ProjectError, verb="read"):
            data = source.read(min(_CHUNK_BYTES, left + 1))
        if not data:
            break
        check()
        left -= len(data)
        if left < 0:
            break
        digest.update(data)
        out.write(data)
    if left or digest.hexdigest() != one.sha256:
        raise ProjectError(f"{path}: {one.name!r} is damaged, or was changed")


def _entries(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files by name, none of which leads elsewhere or comes twice."""
    every = archive.infolist()
    if len(every) > _MOST_ENTRIES:
        raise ProjectError(f"{path} has more than {_MOST_ENTRIES:,} files")
    if sum(one.compress_size for one in every) > path.stat().st_size:
        raise ProjectError(f"{path} is a bomb: its files lie over one another")
    found: dict[str, zipfile.ZipInfo] = {}
    folded: dict[str, str] = {}
    for one in every:
        name = one.filename
        if fault := _fault(one):
            raise ProjectError(f"{path}: {name[:200]!r} {fault}")
        key = _folded(name)
        if key in folded:
            raise ProjectError(
                f"{path}: {folded[key][:200]!r} and {name[:200]!r} are one file where "
                "letters of both cases are the same"
            )
        folded[key], found[name] = name, one
    for name in found:
        for parent in PurePosixPath(name).parents:
            if _folded(str(parent)) in folded:
                raise ProjectError(
                    f"{path}: {str(parent)[:200]!r} is a file and a folder"
                )
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _fault(one: zipfile.ZipInfo) -> str:  # noqa: PLR0911 - one return a fault
    """Return why an entry is not unpacked; empty if it is."""
    name, mode = one.filename, one.external_attr >> 16
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
        return "leads out of the folder"
    if name.endswith("/") or not all(part.strip() for part in parts) or "." in parts:
        return "is a folder, or has a part without a name"
    if any(name_fault(part, windows=True) for part in parts) or name_fault(name):
        return "is no name that every system takes"
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "is a link or a device"
    if one.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if one.compress_type not in _METHODS:
        return "is compressed in a way that packs are not"
    if one.file_size > max(1, one.compress_size) * _MOST_RATIO:
        return "is a bomb: it would grow more than twentyfold"
    return ""


def _manifest(
    path: Path, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]
) -> Pack:
    """Return what the pack says of itself, which must be what is in it."""
    entry = entries.pop(MANIFEST, None)
    if entry is None or entry.file_size > _MANIFEST_BYTES:
        raise ProjectError(f"{path} is no pack: it has no {MANIFEST}")
    with archive.open(entry) as file:
        data = file.read(_MANIFEST_BYTES)
    try:
        pack = msgspec.json.decode(data, type=Pack)
    except (msgspec.MsgspecError, RecursionError) as error:
        why = fault_of(error) if isinstance(error, msgspec.MsgspecError) else "too deep"
        raise ProjectError(f"{path}: {MANIFEST} cannot be read: {why}") from None
    listed = [one.name for one in pack.files]
    if sorted(listed) != sorted(entries):
        odd = sorted(set(listed) ^ set(entries)) or listed
        raise ProjectError(
            f"{path}: {odd[0][:200]!r} is listed and not there, or there and not listed"
        )
    for one in pack.files:
        if entries[one.name].file_size != one.bytes:
            raise ProjectError(f"{path}: {one.name[:200]!r} is not of the size listed")
    if pack.project not in entries or "/" in pack.project:
        raise ProjectError(f"{path}: $.project is no file of it")
    return pack
