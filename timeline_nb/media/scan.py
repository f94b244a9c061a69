"""Scan a folder: every media file below it, and every problem."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary

__all__ = [
    "MEDIA_SUFFIXES",
    "ScanProblem",
    "ScanReport",
    "is_device_folder",
    "media_files",
    "scan",
]

_VIDEO: Final = (
    "mp4 m4v mov qt mkv webm avi ts m2ts mts mpg mpeg vob mxf flv f4v wmv asf 3gp 3g2 "
    "ivf ogv dv nut y4m mjpeg m1v m2v mpv m2t h264 264 avc h265 265 hevc obu"
)
_AUDIO: Final = (
    "mp3 mp2 wav w64 flac ogg oga opus spx aac m4a m4b mka aiff aif aifc caf au wma wv "
    "ape tta tak dsf ac3 ec3 eac3 dts thd mlp amr awb"
)
_IMAGES: Final = (
    "jpg jpeg png gif webp bmp tif tiff apng heic heif hif avif jp2 j2k jpx jpf"
)
MEDIA_SUFFIXES: Final = frozenset(
    f".{name}" for name in f"{_VIDEO} {_AUDIO} {_IMAGES}".split()
)


# Files there show the state of the system, and reading some waits for ever.
_DEVICE_FOLDERS: Final = tuple(map(Path, ("/proc", "/sys", "/dev")))


class ScanProblem(msgspec.Struct, frozen=True):
    """A file or folder that could not be read, and why."""

    path: str
    message: str


class ScanReport(msgspec.Struct, frozen=True):
    """What a scan found, each list in the order of the paths."""

    media: tuple[MediaInfo, ...]
    problems: tuple[ScanProblem, ...]


def scan(
    folder: Path | str,
    *,
    library: MediaLibrary,
    workers: int = 4,
    reporter: Reporter | None = None,
) -> ScanReport:
    """Probe every file below `folder` whose name is that of a media file.

    Args:
        folder: Searched with all its subfolders.
        library: Caches the probes.
        workers: Files read at once.
        reporter: Reports each file.

    Raises:
        MediaError: `folder` is no folder.
        JobCancelledError: The job was cancelled.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise MediaError(Message("{folder} is not a folder", folder=folder))
    reporter = reporter or Reporter()
    problems: list[ScanProblem] = []
    media: list[MediaInfo] = []

    def refuse(error: OSError) -> None:
        problems.append(ScanProblem(str(error.filename), error.strerror or str(error)))

    def probed(path: Path) -> MediaInfo | ScanProblem:
        try:
            reporter.check()
            return library.probe(path)
        except MediaError as error:
            return ScanProblem(str(path), message_of(error))

    files = sorted(media_files(folder, refuse=refuse, check=reporter.check))
    with WorkerThreads(workers, "scan") as pool:
        for done, result in enumerate(pool.map(probed, files), 1):
            if isinstance(result, ScanProblem):
                problems.append(result)
            else:
                media.append(result)
            reporter.report("scan", done, len(files), unit="file")
    problems.sort(key=lambda problem: problem.path)
    return ScanReport(tuple(media), tuple(problems))


def is_device_folder(path: Path) -> bool:
    """Return whether a path leads to where the system shows its state and devices."""
    place = path.resolve()
    return any(place.is_relative_to(special) for special in _DEVICE_FOLDERS)


def media_files(
    folder: Path,
    *,
    refuse: Callable[[OSError], None],
    check: Callable[[], None] = lambda: None,
) -> Iterator[Path]:
    """Yield every file below a folder that is named like media, in order.

    Links are followed, each folder once, so that a loop of links ends; `/proc`, `/sys`
    and `/dev` are left out, and what is no file, such as a pipe.

    Args:
        folder: Searched with all its subfolders.
        refuse: Called with each folder that cannot be read.
        check: Called before each folder; what it raises ends the search.
    """
    seen: set[tuple[int, int]] = set()
    for parent, folders, names in os.walk(folder, followlinks=True, onerror=refuse):
        check()
        try:
            status = Path(parent).stat()
        except OSError as error:
            refuse(error)
            folders.clear()
            continue
        place = (status.st_dev, status.st_ino)
        if place in seen or is_device_folder(Path(parent)):
            folders.clear()
            continue
        seen.add(place)
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix.lower() in MEDIA_SUFFIXES and not _is_special(path):
                yield path


def _is_special(path: Path) -> bool:
    """Return whether a path leads to a pipe, a socket or a device."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        # Who opens it will say what is wrong.
        return False
