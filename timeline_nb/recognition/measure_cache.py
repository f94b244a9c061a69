"""What analyzers measured, on disk, by media, analyzer, arguments and parts."""

from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.files import write_atomic
from timeline_nb.core.structs import to_json
from timeline_nb.media.index import READING
from timeline_nb.recognition.measures import Measured

__all__ = ["MeasureStore"]

_VERSION: Final = 1


class MeasureStore:
    """A folder of what was measured; several kernels may share it.

    Args:
        folder: In the cache folder; created by the first write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, **facts: Any) -> str:
        """Return the name of what is measured of some facts; empty if it has none.

        Args:
            facts: All that changes what is measured. An argument of a plugin in Python
                may be what JSON has no form of: then nothing is kept.
        """
        try:
            data = to_json([_VERSION, READING, sorted(facts.items())])
        except (TypeError, ValueError, NotImplementedError, RecursionError):
            return ""
        return blake2b(data, digest_size=20).hexdigest()

    def load(self, key: str, columns: list[str]) -> Measured | None:
        """Return what was measured before; None if nothing was, or it is damaged.

        Args:
            key: Its name.
            columns: The names of the analyzer's columns.
        """
        try:
            data = self._path(key).read_bytes()
            found = msgspec.msgpack.decode(data, type=Measured)
        except (OSError, msgspec.MsgspecError):
            return None
        parts, rows = len(found.numbers), len(found.places)
        sizes = {len(one) for one in (found.starts, found.ends, found.frames)}
        heights = {len(cells) for cells in found.cells.values()}
        is_whole = sizes == {parts} and heights == {rows}
        is_placed = all(0 <= place < parts for place in found.places)
        is_same = list(found.cells) == columns
        return found if is_same and is_whole and is_placed else None

    def save(self, key: str, measured: Measured) -> None:
        """Keep what was measured, if the folder can be written."""
        with cached_if_possible(self._folder.parent):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path(key), msgspec.msgpack.encode(measured))

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.msgpack"
