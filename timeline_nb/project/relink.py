"""Relinking: finding media that moved, by name and content."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from timeline_nb.errors import MediaError, ProjectError
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.scan import media_files
from timeline_nb.media.sequence import FileSequence, is_there
from timeline_nb.timeline.model import Clip, Item, MediaReference, Timeline
from timeline_nb.timeline.queries import media

__all__ = ["Relinked", "relink"]


@dataclass(frozen=True)
class Relinked:
    """What came of looking for media.

    Args:
        timeline: With the paths that were found.
        found: New paths by old ones.
        missing: Media that are still offline.
        doubtful: Files of the right name and other content, by old path; they are not
            taken.
    """

    timeline: Timeline
    found: dict[str, str]
    missing: tuple[MediaReference, ...]
    doubtful: dict[str, str]


def relink(timeline: Timeline, folder: Path) -> Relinked:
    """Look below a folder for media that are not where the timeline says.

    A file counts when its fingerprint is the one noted, whatever its name; where none
    is noted, when its name is the same. A sequence counts when the sizes and times of
    change of its files are those noted. Links are followed, each folder once.

    Raises:
        ProjectError: `folder` is no folder.
    """
    if not folder.is_dir():
        raise ProjectError(f"{folder} is not a folder")
    offline = [m for m in media(timeline).values() if not is_there(m.path)]
    by_name: dict[str, list[Path]] = {}
    by_print: dict[str, Path] = {}
    folders: dict[Path, None] = {}
    if offline:
        # What cannot be read cannot be what was lost.
        for path in media_files(folder, refuse=lambda _: None):
            by_name.setdefault(path.name, []).append(path)
            folders[path.parent] = None
            try:
                by_print.setdefault(fingerprint(path), path)
            except MediaError:
                continue
    found: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    for reference in offline:
        sequence = FileSequence.parse(reference.path)
        if sequence is not None:
            same, other = _moved(sequence, reference.fingerprint, folders)
        else:
            same, other = _namesake(reference, by_name, by_print)
        if same:
            found[reference.path] = same
        elif other:
            doubtful[reference.path] = other
    missing = tuple(m for m in offline if m.path not in found)
    return Relinked(_with_paths(timeline, found), found, missing, doubtful)


def _namesake(
    reference: MediaReference, by_name: dict[str, list[Path]], by_print: dict[str, Path]
) -> tuple[str, str]:
    """Where a file lies now, and where one of its name and other content does."""
    namesakes = by_name.get(Path(reference.path).name, [])
    same = by_print.get(reference.fingerprint)
    if same is None and namesakes and not reference.fingerprint:
        same = namesakes[0]
    return str(same.resolve()) if same else "", str(namesakes[0]) if namesakes else ""


def _moved(
    sequence: FileSequence, fingerprint: str, folders: Iterable[Path]
) -> tuple[str, str]:
    """Where a sequence lies now, and where files of its names and other content do."""
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


def _with_paths(timeline: Timeline, paths: dict[str, str]) -> Timeline:
    if not paths:
        return timeline
    tracks = tuple(
        replace(track, items=tuple(_found_item(item, paths) for item in track.items))
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks)


def _found_item(item: Item, paths: dict[str, str]) -> Item:
    if not isinstance(item, Clip):
        return item
    if item.media.timeline is not None:
        inner = _with_paths(item.media.timeline, paths)
        return replace(item, media=replace(item.media, timeline=inner))
    if item.media.path not in paths:
        return item
    return replace(item, media=replace(item.media, path=paths[item.media.path]))
