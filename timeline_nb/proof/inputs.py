"""The files, effects and plugins that an edit is made of, by their contents."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath, PurePosixPath
from typing import Final

from timeline_nb.compose.dependencies import Dependencies
from timeline_nb.compose.file_uses import file_uses, with_paths
from timeline_nb.core.origins import Origin
from timeline_nb.core.structs import to_canonical
from timeline_nb.effects.parameters import FONT_SUFFIXES
from timeline_nb.effects.provided import identity_of, plugin_of
from timeline_nb.errors import MediaError
from timeline_nb.media.content_hash import content_hash
from timeline_nb.media.file_state import MediaState, state_of
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.sequence import FileSequence, shown_name
from timeline_nb.project.upgrade import CURRENT_VERSION, FORMAT
from timeline_nb.proof.lock import FileFact, FileKind
from timeline_nb.timeline.model import Timeline

__all__ = [
    "PACKAGE",
    "EditInputs",
    "digest_of",
    "effect_facts",
    "find_inputs",
    "number_of",
    "numbered",
    "numbers_of",
    "placed",
    "portable",
]

# What begins the paths of files that come with this package, such as fonts.
PACKAGE: Final = "timeline_nb:"
_PACKAGE: Final = Path(__file__).resolve().parents[1]
# Steps up from the lock's folder that a path may take, before it is absolute.
_MOST_UP: Final = 2


@dataclass(frozen=True)
class EditInputs:
    """The files of an edit, read whole.

    Args:
        files: With their contents; those that the edit names come first.
        states: Of the files as they were read, by path.
    """

    files: tuple[FileFact, ...]
    states: dict[str, MediaState]

    def changed(self) -> str:
        """Return the path of a file that is not what it was; empty if none is."""
        for path, state in self.states.items():
            try:
                if state_of(path) != state:
                    return path
            except MediaError:
                return path
        return ""


def find_inputs(
    timeline: Timeline,
    origins: Iterable[Origin],
    folder: Path,
    check: Callable[[], object],
    *,
    hashes: HashIndex | None = None,
) -> EditInputs:
    """Read every file that an edit uses, and return what they hold.

    Args:
        timeline: The edit.
        origins: What its steps have read.
        folder: Of the lock: paths begin there.
        check: Called while files are read; what it raises ends it.
        hashes: Learns what they hold.

    Raises:
        MediaError: A file is not there.
    """
    whats = {use.path: use.what == "the media" for use in file_uses(timeline)}
    paths = numbers_of(timeline)
    fonts = [path for path in Dependencies(timeline).files if path not in paths]
    found, states = [], {}
    for path in (*paths, *fonts):
        is_font = PurePath(path).suffix.lower() in FONT_SUFFIXES
        kind: FileKind = "font" if is_font or path in fonts else "file"
        if whats.get(path):
            kind = "media"
        states[path] = state_of(path)
        held = content_hash(path, check)
        if hashes is not None:
            hashes.note(path, held)
        found.append(
            FileFact(
                what=kind,
                name=shown_name(path),
                path=portable(path, folder),
                bytes=held.size_bytes,
                sha256=held.digest,
            )
        )
    found += [_of_origin(one, folder, check) for one in origins]
    return EditInputs(tuple(found), states)


def _of_origin(origin: Origin, folder: Path, check: Callable[[], object]) -> FileFact:
    digest = origin.sha256 or content_hash(origin.path, check).digest
    return FileFact(
        what=origin.what,
        name=origin.name,
        path=portable(origin.path, folder) if origin.path else "",
        sha256=digest,
        options=origin.options,
    )


def portable(path: str, folder: Path) -> str:
    """Return a path from a folder on, with `/`; absolute where it is far away."""
    sequence = FileSequence.parse(path)
    if sequence is not None and not Path(path).is_file():
        near = portable(str(sequence.folder), folder)
        return sequence.within(Path(near)).path
    whole = os.path.realpath(path)
    if Path(whole).is_relative_to(_PACKAGE):
        return PACKAGE + Path(whole).relative_to(_PACKAGE).as_posix()
    try:
        near = os.path.relpath(whole, os.path.realpath(folder))
    except ValueError:
        # Another drive of Windows.
        return whole
    parts = PurePath(near).parts
    far = parts[: _MOST_UP + 1] == ("..",) * (_MOST_UP + 1)
    return whole if far else PurePosixPath(*parts).as_posix()


def placed(path: str, folder: Path) -> str:
    """Return where a path of a lock leads, from the lock's folder on."""
    if path.startswith(PACKAGE):
        return str(_PACKAGE / path.removeprefix(PACKAGE))
    return str(folder / path)


def numbers_of(timeline: Timeline) -> dict[str, int]:
    """Return the numbers of the files that an edit names, from 1, by first use."""
    found: dict[str, int] = {}
    for use in file_uses(timeline):
        found.setdefault(use.path, len(found) + 1)
    return found


def numbered(timeline: Timeline) -> bytes:
    """Return an edit as a project file has it, with numbers in place of paths."""
    numbers = numbers_of(timeline)

    def name(path: str) -> str:
        sequence = FileSequence.parse(path)
        number = str(numbers.get(path, 0))
        if sequence is not None:
            return sequence.within(Path(number)).path
        # By its suffix a font's file is known from the name of a family.
        return number + PurePath(path).suffix

    content = to_canonical(with_paths(timeline, name))
    document = {"format": FORMAT, "version": CURRENT_VERSION, "timeline": content}
    text = json.dumps(
        document,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    # Names of files need not be text (PEP 383), and are nothing that is shown.
    return text.encode("utf-8", "replace")


def number_of(path: str) -> int:
    """Return the number that `numbered` put in place of a path; 0 if it is none."""
    first, _, _ = next(iter(PurePath(path).parts), "").partition(".")
    return int(first) if first.isascii() and first.isdecimal() else 0


def digest_of(timeline: Timeline) -> str:
    """Return the SHA-256 of an edit, wherever its files lie."""
    return sha256(numbered(timeline)).hexdigest()


def effect_facts(timeline: Timeline) -> tuple[dict[str, str], list[str]]:
    """Return digests of the effects that are not the package's, and plugins' ids.

    Of an effect that is not here, the digest is empty.
    """
    kinds = Dependencies(timeline).kinds
    digests = {kind: identity_of(kind).digest for kind in kinds}
    return digests, sorted({plugin_of(kind) for kind in kinds} - {""})
