"""Bundles of OpenTimelineIO: `.otioz`, a ZIP archive of an edit and its media.

Its library writes `content.otio`, `version.txt` and media below `media/`, not packed.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from struct import error as struct_error
from typing import IO, Final

from timeline_nb.access.use import check_folder, open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.output_names import name_fault
from timeline_nb.core.partials import partial_folder, sweep
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange import otio
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia, ReadRequest
from timeline_nb.timeline.model import Timeline

__all__ = ["read"]

_CONTENT: Final = "content.otio"
_MEDIA: Final = "media"
_MOST_CONTENT_BYTES: Final = 200_000_000
# Its list of names is read whole before anything else.
_MOST_NAMES: Final = 20_000
_MOST_LIST_BYTES: Final = 8_000_000
# Media are not packed; what grows more than this when unpacked is a bomb.
_MOST_GROWTH: Final = 20
_END: Final = b"PK\x05\x06"
# The end of an archive and its longest comment (PKWARE's APPNOTE, 4.3.16).
_END_BYTES: Final = 22 + 65_535
_COPIED_BYTES: Final = 1 << 20
_PARTIAL: Final = "unpacked"


def read(
    request: ReadRequest,
    *,
    extract: str | None = None,
    timeline: str | int | None = None,
) -> Timeline:
    """Return the timeline of a bundle.

    Args:
        request: The file.
        extract: A new folder beside the file, to which its media are unpacked. They
            are offline if not given.
        timeline: As for `.otio`.

    Raises:
        ProjectError: It is no bundle, broken, or too large; the folder is there
            already, or is not beside the file.
    """
    name = request.name
    with _opened(request.path, name) as archive:
        names = _media_of(archive, name)
        content = _content(archive, name)
        folder = None
        if extract is not None:
            folder = _folder(request.path, extract)
            # What is broken is refused before anything is unpacked.
            scratch = Report(request.path, request.report.format, "import")
            otio.read(
                ReadRequest(data=content, name=name, path=request.path, report=scratch),
                timeline=timeline,
            )
            _unpack(archive, names, folder, request)
        elif names:
            detail = "they stay in the bundle: extract='FOLDER' unpacks them"
            request.report.add("the bundle", "its media", "kept", None, detail)

    def find(path: str) -> FoundMedia:
        known = names.get(path.removeprefix("./"))
        if folder is None or known is None:
            return request.find(path)
        return request.find(str(folder / known))

    return otio.read(replace(request, data=content, find=find), timeline=timeline)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with file_errors(path, ProjectError, verb="opened"), open_file(path) as file:
            _refuse_crowd(file, name)
            with zipfile.ZipFile(file) as archive:
                yield archive
    except TimelineNbError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct_error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        UnicodeError,
        ValueError,
    ) as error:
        raise ProjectError(f"{name} is no bundle of OpenTimelineIO: {error}") from error


def _refuse_crowd(file: IO[bytes], name: str) -> None:
    """Refuse a list of names that would take long to read, by what its end says."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read(_END_BYTES)
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        raise ProjectError(f"{name} is no bundle of OpenTimelineIO: it is no archive")
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if count > _MOST_NAMES or length > _MOST_LIST_BYTES:
        raise ProjectError(f"{name} has more than {_MOST_NAMES:,} files in it")


def _media_of(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return the names of the media, and the paths that they get in a folder."""
    found: dict[str, str] = {}
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        # The name of a damaged archive's file may be empty: `is_dir` fails on it.
        is_media = entry.filename.startswith(f"{_MEDIA}/")
        if not is_media or entry.is_dir():
            continue
        own = path.name
        if len(path.parts) != 2 or ".." in path.parts or "\\" in entry.filename:
            shown = entry.filename[:60]
            raise ProjectError(f"{name}: {shown!r} in it is no name of media")
        if fault := name_fault(own):
            raise ProjectError(f"{name}: {own[:60]!r} in it {fault}")
        found[entry.filename] = f"{_MEDIA}/{own}"
    if len({own.casefold() for own in found.values()}) != len(found):
        raise ProjectError(f"{name} has two files of one name in it")
    return found


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(_CONTENT)
    except KeyError:
        raise ProjectError(f"{name} has no {_CONTENT} in it") from None
    with archive.open(entry) as member:
        data = member.read(_MOST_CONTENT_BYTES + 1)
    if len(data) > _MOST_CONTENT_BYTES:
        most = f"{_MOST_CONTENT_BYTES / 1e6:,.0f} MB"
        raise ProjectError(f"{name}: {_CONTENT} in it has more than {most}")
    return data


def _folder(path: Path, extract: str) -> Path:
    if not isinstance(extract, str):
        raise ProjectError(
            f"extract= is {kind_of(extract)}: give the name of a new folder "
            f"beside {path.name}, as text"
        )
    fault = name_fault(extract)
    if fault or PurePosixPath(extract).name != extract or "\\" in extract:
        raise ProjectError(
            f"extract={extract!r} {fault or 'is a path'}: name a new folder beside "
            f"{path.name}"
        )
    folder = path.resolve().parent / extract
    check_folder(folder.parent)
    with file_errors(folder, ProjectError, verb="made"):
        if folder.exists():
            raise ProjectError(f"{folder} is there already: name a new folder")
    return folder


def _unpack(
    archive: zipfile.ZipFile, names: dict[str, str], folder: Path, request: ReadRequest
) -> None:
    """Unpack media to a folder: all of them, or none."""
    for entry in map(archive.getinfo, names):
        if entry.file_size > (entry.compress_size + 1) * _MOST_GROWTH:
            shown = entry.filename[:60]
            raise ProjectError(f"{request.name}: {shown!r} in it is a bomb of zeros")
    # A kill leaves no folder that looks whole, and what another program put into a
    # folder of that name meanwhile is not removed with ours.
    sweep(folder.parent)
    with (
        file_errors(folder, ProjectError),
        partial_folder(folder.parent, _PARTIAL) as partial,
    ):
        made = partial / _PARTIAL
        (made / _MEDIA).mkdir(parents=True)
        for inside, outside in names.items():
            with archive.open(inside) as source, (made / outside).open("xb") as target:
                while part := source.read(_COPIED_BYTES):
                    request.check()
                    target.write(part)
        made.rename(folder)
    request.report.add("the bundle", "its media", "kept", None, f"in {folder.name}")
