"""Which files have which contents: hashes that were computed, kept in the cache.

A hash is kept with the state of its file, so that an unchanged file is read once.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.access.use import scope_in_use
from timeline_nb.core.records import Records
from timeline_nb.errors import AccessError, MediaError
from timeline_nb.media.content_hash import Algorithm, ContentHash, content_hash
from timeline_nb.media.file_state import state_of
from timeline_nb.media.scan import media_files

__all__ = ["HashIndex", "HashSearch"]

_MOST_RECORDS: Final = 50_000
# Of one content.
_MOST_PLACES: Final = 16


@dataclass
class HashSearch:
    """The result of a search for a content.

    Args:
        path: The file; None if there is none.
        looked: Folders and files that were looked at, for messages.
    """

    path: Path | None = None
    looked: list[str] = field(default_factory=list)


class HashIndex:
    """Hashes of files by path, and paths by hash.

    Args:
        cache_dir: The cache folder; its folder `hashes` is made when one is kept.
    """

    def __init__(self, cache_dir: Path) -> None:
        self._records = Records(cache_dir / "hashes", _MOST_RECORDS)

    def hash_of(
        self,
        path: Path | str,
        check: Callable[[], object] = lambda: None,
        *,
        algorithm: Algorithm = "sha256",
    ) -> ContentHash:
        """Return the hash of a file; it is read if it is not known or was changed.

        Args:
            path: A file, or an image sequence.
            check: Called while it is read; what it raises ends the reading.
            algorithm: `sha256`, or `md5` as DVC has it.

        Raises:
            MediaError: It cannot be read.
        """
        state = repr(state_of(path)).encode()
        key = _key(path, algorithm)
        record = self._records.get(key)
        if record is not None:
            try:
                known, digest, size = msgspec.msgpack.decode(
                    record, type=tuple[bytes, str, int]
                )
                if known == state:
                    return ContentHash(digest, size)
            except msgspec.MsgspecError:
                # Of another version, or cut off: it is made anew.
                pass
        held = content_hash(path, check, algorithm=algorithm)
        # A file that changed meanwhile has another state next time.
        self.note(path, held, state, algorithm=algorithm)
        return held

    def note(
        self,
        path: Path | str,
        held: ContentHash,
        state: bytes | None = None,
        *,
        algorithm: Algorithm = "sha256",
    ) -> None:
        """Keep the hash of a file that was read.

        Args:
            path: The file.
            held: What it holds.
            state: What it was like before it was read; as it is now if None.
            algorithm: What made the hash.
        """
        if state is None:
            state = repr(state_of(path)).encode()
        line = (state, held.digest, held.size_bytes)
        self._records.keep(_key(path, algorithm), msgspec.msgpack.encode(line))
        if algorithm == "sha256":
            own = os.fsencode(Path(path).absolute())
            places = [own, *(one for one in self._places(held.digest) if one != own)]
            data = msgspec.msgpack.encode(places[:_MOST_PLACES])
            self._records.keep(held.digest, data)

    def known(self, path: Path | str) -> str:
        """Return the hash that a file had when it was read last; empty if never.

        The file need not be there any more.
        """
        record = self._records.get(_key(path, "sha256"))
        if record is None:
            return ""
        try:
            return msgspec.msgpack.decode(record, type=tuple[bytes, str, int])[1]
        except msgspec.MsgspecError:
            return ""

    def places(self, sha256: str) -> list[str]:
        """Return the paths at which a content was seen, the last one first."""
        return [os.fsdecode(place) for place in self._places(sha256)]

    def find(
        self,
        sha256: str,
        folders: Iterable[Path],
        report: Callable[[int], object] = lambda _: None,
    ) -> HashSearch:
        """Find a file by its content, under the scope in use.

        Files where it was seen before come first, then all media in folders.

        Args:
            sha256: 64 hex digits.
            folders: Searched with their subfolders.
            report: Called with the number of files looked at; what it raises ends it.
        """
        found, count = HashSearch(), 0
        scope = scope_in_use()
        for place in self._places(sha256):
            path = Path(os.fsdecode(place))
            if scope is not None and (why := scope.reason(path)):
                found.looked.append(f"{path}, where it was ({why})")
                continue
            found.looked.append(f"{path}, where it was")
            if self._has(path, sha256):
                found.path = path
                return found
        for folder in folders:
            found.looked.append(str(folder))
            for path in media_files(folder, refuse=lambda _: None):
                count += 1
                report(count)
                if self._has(path, sha256):
                    found.path = path
                    return found
        return found

    def _has(self, path: Path, sha256: str) -> bool:
        try:
            return self.hash_of(path).digest == sha256
        except (MediaError, AccessError, ValueError):
            return False

    def _places(self, sha256: str) -> list[bytes]:
        record = self._records.get(sha256)
        try:
            return msgspec.msgpack.decode(record, type=list[bytes]) if record else []
        except msgspec.MsgspecError:
            return []


def _key(path: Path | str, algorithm: str) -> str:
    whole = os.fsencode(Path(path).absolute())
    return blake2b(whole, digest_size=16, person=algorithm.encode()).hexdigest()
