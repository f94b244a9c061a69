"""Projects that were saved on this machine, and what they may read.

A project from somebody else may name any file, so that what lies outside the allowed
folders stays offline. One that this person saved here is opened with all that it could
read then. It is recognized by a digest of its whole content: one byte that another
program changed makes it somebody else's.

The files that were allowed are kept with the digest: whoever saves a stranger's project
has not allowed what it names. Of each path, a digest of all real paths that it led to
is kept: a link among a sequence's files that leads elsewhere now allows none of them.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from timeline_nb.access.scope import Scope
from timeline_nb.compose.file_uses import file_uses
from timeline_nb.compose.offline import refusal
from timeline_nb.core.records import Records
from timeline_nb.errors import MediaError
from timeline_nb.media.sequence import files_at
from timeline_nb.timeline.model import Timeline

__all__ = ["KnownProjects"]

_MOST_PROJECTS: Final = 2_000
# The path in the project, and a digest of the real paths that it led to.
# File names need not be text (PEP 383).
_Allowed: TypeAlias = list[tuple[bytes, bytes]]


class KnownProjects:
    """The projects saved on this machine.

    Args:
        data_dir: The folder of user data.
    """

    def __init__(self, data_dir: Path) -> None:
        self._records = Records(data_dir / "projects", _MOST_PROJECTS)

    def has(self, data: bytes) -> bool:
        """Return whether a project of exactly this content was saved here."""
        return self._records.get(_key(data)) is not None

    def note(
        self,
        data: bytes,
        timeline: Timeline,
        scope: Scope | None,
        *,
        also: Iterable[str] = (),
    ) -> None:
        """Keep a project that is about to be saved, with what it may read.

        Args:
            data: The content of its file.
            timeline: The edit in it.
            scope: What may be read now; everything if None.
            also: The paths of files besides, which a person has read whatever the
                scope allows.
        """
        allowed: _Allowed = []
        named = [
            use.path
            for use in file_uses(timeline)
            if use.path and not (scope is not None and refusal(use.path, scope))
        ]
        for path in dict.fromkeys((*named, *also)):
            if real := _real_files(path):
                allowed.append((os.fsencode(path), _digest(real)))
        self._records.keep(_key(data), msgspec.msgpack.encode(allowed))

    def allow_files(self, data: bytes, scope: Scope) -> None:
        """Allow what a project could read when it was saved, if it was saved here.

        A path that leads elsewhere now, by a link, is left out.

        Args:
            data: The content of its file.
            scope: What may be read; grows.
        """
        for real in self._allowed(data):
            scope.allow_real_file(os.fsdecode(real))

    def _allowed(self, data: bytes) -> Iterator[bytes]:
        """Yield the real paths of all files that are where they were."""
        record = self._records.get(_key(data))
        if record is None:
            return
        with suppress(msgspec.MsgspecError):
            for path, digest in msgspec.msgpack.decode(record, type=_Allowed):
                real = _real_files(os.fsdecode(path))
                if real and _digest(real) == digest:
                    yield from real


def _real_files(path: str) -> list[bytes]:
    """Return the real paths of a file, or of a sequence's; empty if there is none."""
    try:
        files: Iterable[Path] = files_at(path)
        return [os.fsencode(os.path.realpath(file)) for file in files]
    except (MediaError, OSError, ValueError):
        return []


def _digest(real: Sequence[bytes]) -> bytes:
    # No file's name has a NUL.
    return blake2b(b"\0".join(real), digest_size=32).digest()


def _key(data: bytes) -> str:
    # Long enough that nobody finds two contents of one digest.
    return blake2b(data, digest_size=32).hexdigest()
