"""Relink: find media that moved, by content and name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.compose.offline import offline_reason
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError, ProjectError
from timeline_nb.media.content_hash import content_hash
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.scan import media_files
from timeline_nb.media.sequence import FileSequence
from timeline_nb.timeline.model import MediaReference, Timeline
from timeline_nb.timeline.queries import media

__all__ = ["Relinked", "relink"]

_SHOWN: Final = 3
_LONGEST: Final = 60


@dataclass(frozen=True)
class Relinked:
    """The result of a search for media.

    Args:
        timeline: The timeline with the paths that were found.
        found: New paths by old ones.
        missing: Media that are still offline.
        doubtful: Files of the right name but other content, by old path; they are not
            used.
    """

    timeline: Timeline
    found: dict[str, str]
    missing: tuple[MediaReference, ...]
    doubtful: dict[str, str]

    def __repr__(self) -> str:
        """Return how many were found, and the first of each kind by name."""
        kinds = {
            "found": list(self.found),
            "missing": [one.path for one in self.missing],
            "of other content": list(self.doubtful),
        }
        parts = [
            f"{len(paths)} {kind} ({_names(paths)})"
            for kind, paths in kinds.items()
            if paths
        ]
        return f"<Relinked: {', '.join(parts) or 'nothing is offline'}>"


def _names(paths: list[str]) -> str:
    shown = ", ".join(Path(path).name[:_LONGEST] for path in paths[:_SHOWN])
    return shown + ", …" * (len(paths) > _SHOWN)


def relink(  # noqa: PLR0913 - what is searched for, where, and who hears of it
    timeline: Timeline,
    folder: Path,
    scope: Scope | None = None,
    *,
    reporter: Reporter | None = None,
    hashes: HashIndex | None = None,
    unreadable: Collection[str] = (),
) -> Relinked:
    """Search a folder and those below it for media that are offline.

    A file matches by its content, whatever its name: by its fingerprint, and whole
    where several have that. Media without a fingerprint
    match by name. An image sequence matches by the sizes and modification times of its
    files. Symbolic links are followed, each folder once.

    Args:
        timeline: The edit.
        folder: The folder.
        scope: What may be read: media that it refuses are searched for, too.
        reporter: Reports each file that is looked at.
        hashes: Knows what files held when they were read whole. Where several files
            of other contents have the fingerprint that is looked for, which is of
            samples, it says which of them it is; they are doubtful if it cannot.
        unreadable: Files that are there but no media, which are searched for, too.

    Raises:
        ProjectError: `folder` is no folder.
        JobCancelledError: The job was cancelled.
    """
    try:
        is_folder = folder.is_dir()
    except OSError as error:
        raise ProjectError(f"{folder} cannot be searched: {error.strerror}") from error
    if not is_folder:
        raise ProjectError(f"{folder} is not a folder")
    offline = [
        one
        for one in media(timeline).values()
        if one.path in unreadable or offline_reason(one.path, scope)
    ]
    by_name: dict[str, list[Path]] = {}
    by_print: dict[str, list[Path]] = {}
    folders: dict[Path, None] = {}
    if offline:
        # A file that cannot be read matches nothing.
        reporter = reporter or Reporter()
        files = list(media_files(folder, refuse=lambda _: None, check=reporter.check))
        for done, path in enumerate(files, 1):
            reporter.report("relink", done, len(files), unit="file")
            by_name.setdefault(path.name, []).append(path)
            folders[path.parent] = None
            try:
                by_print.setdefault(fingerprint(path), []).append(path)
            except MediaError:
                continue
    found: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    for reference in offline:
        sequence = FileSequence.parse(reference.path)
        if sequence is not None:
            same, other = _moved(sequence, reference.fingerprint, folders)
        else:
            same, other = _namesake(reference, by_name, by_print, hashes)
        if same:
            found[reference.path] = same
        elif other:
            doubtful[reference.path] = other
    missing = tuple(m for m in offline if m.path not in found)
    moved = with_paths(timeline, lambda path: found.get(path, path))
    return Relinked(moved, found, missing, doubtful)


def _namesake(
    reference: MediaReference,
    by_name: dict[str, list[Path]],
    by_print: dict[str, list[Path]],
    hashes: HashIndex | None,
) -> tuple[str, str]:
    """Return the new path of a file, and of one of its name but other content."""
    namesakes = by_name.get(Path(reference.path).name, [])
    alike = by_print.get(reference.fingerprint, [])
    same = _one_of(alike, reference.path, hashes)
    if same is None and alike:
        return "", str(alike[0])
    if same is None and namesakes and not reference.fingerprint:
        same = namesakes[0]
    return str(same.resolve()) if same else "", str(namesakes[0]) if namesakes else ""


def _one_of(alike: list[Path], old: str, hashes: HashIndex | None) -> Path | None:
    """Return the file of the content that is looked for, of those of one fingerprint.

    None if there is none, or if nothing says which of several contents it is.
    """
    if len(alike) < 2:
        return alike[0] if alike else None
    read = content_hash if hashes is None else hashes.hash_of
    found: dict[str, Path] = {}
    for path in alike:
        try:
            found.setdefault(read(path).digest, path)
        except MediaError:
            continue
    if len(found) == 1:
        return next(iter(found.values()))
    return found.get(hashes.known(old)) if hashes is not None else None


def _moved(
    sequence: FileSequence, fingerprint: str, folders: Iterable[Path]
) -> tuple[str, str]:
    """Return the new path of a sequence, and of one of its names but other files."""
    other = ""
    for folder in folders:
        candidate = sequence.within(folder.resolve())
        try:
            digest, _, _ = candidate.status()
        except MediaError:
            continue
        if digest == fingerprint or not fingerprint:
            return candidate.path, other
        other = other or candidate.path
    return "", other
