"""Whether a file to be written is one that its edit uses, or has the name of media."""

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from timeline_nb.compose.file_uses import file_uses
from timeline_nb.errors import MediaError, TimelineNbError
from timeline_nb.media.scan import MEDIA_SUFFIXES
from timeline_nb.media.sequence import FileSequence, has_place
from timeline_nb.timeline.model import Timeline

__all__ = ["check_no_media", "is_source"]


def is_source(path: Path, timeline: Timeline) -> bool:
    """Return whether writing a film or a sequence to a path replaces a source.

    Raises:
        OSError: The path cannot be followed.
        ValueError: It is no path.
        RuntimeError: It is a loop of links.
    """
    whole = path.resolve()
    return any(_would_replace(path, whole, source) for source in _sources(timeline))


def check_no_media(
    path: Path,
    timeline: Timeline,
    kind: type[TimelineNbError],
    *,
    suffixes: Collection[str],
) -> None:
    """Check that a file which is no film is not written over one, nor named so.

    Args:
        path: The file to be written.
        timeline: The edit.
        kind: The error's.
        suffixes: Those that files of the format have, in lower case.

    Raises:
        TimelineNbError: Of that kind: the edit uses the file, or media are named so.
    """
    is_used = False
    # What cannot be followed is refused by who writes.
    with suppress(OSError, ValueError, RuntimeError):
        is_used = is_source(path, timeline)
    if is_used:
        raise kind(f"{path} is a source of this edit: choose another name")
    suffix = path.suffix.lower()
    if suffix in MEDIA_SUFFIXES and suffix not in suffixes:
        own = f", but in {', '.join(sorted(suffixes))}" if suffixes else ""
        raise kind(
            f"{path}: files of this format do not end in {suffix}, as media do{own}"
        )


def _sources(timeline: Timeline) -> Iterator[Path]:
    """Yield every file that an edit uses, each once."""
    for name in dict.fromkeys(use.path for use in file_uses(timeline)):
        sequence = FileSequence.parse(name)
        if sequence is None:
            yield Path(name)
            continue
        with suppress(MediaError):
            yield from sequence.files()


def _would_replace(path: Path, whole: Path, source: Path) -> bool:
    """Return whether writing a film or a sequence to a path replaces a file."""
    if has_place(path.name):
        before, after = re.split(r"%(?:0\d+)?d", path.name, maxsplit=1)
        pattern = rf"{re.escape(before)}\d+{re.escape(after)}"
        if not re.fullmatch(pattern, source.name):
            return False
        return _is_same(path.parent, source.parent)
    # By name, where the source is offline, and as one file under two names.
    with suppress(OSError, ValueError, RuntimeError):
        return source.resolve() == whole or _is_same(path, source)
    return False


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.stat(), other.stat())
    except (OSError, ValueError):
        return False
