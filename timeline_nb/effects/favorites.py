"""The kinds of the catalog that a person marked as favorites."""

from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.files import write_atomic
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message

__all__ = ["Favorites"]

_MOST: Final = 1_000
_LIMIT: Final = FileLimit("TIMELINE_NB_MAX_FAVORITES_BYTES", 1_000_000)


class Favorites:
    """Favorites in a file of the data folder; thread-safe.

    Args:
        path: The file; it is made with the first favorite.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = new_lock("favorite effects")
        self._names: list[str] | None = None

    def all(self) -> list[str]:
        """Return the favorites as `medium:kind`, the oldest first."""
        with self._lock:
            return list(self._read())

    def set(self, name: str, *, is_favorite: bool) -> None:
        """Add or remove a favorite.

        Raises:
            CompositionError: There are too many, or the file cannot be written.
        """
        with self._lock:
            names = [own for own in self._read() if own != name]
            if is_favorite:
                names.append(name)
            if len(names) > _MOST:
                raise CompositionError(
                    Message(
                        "there are {most} favorites: remove some", most=f"{_MOST:,}"
                    )
                )
            with file_errors(self._path, CompositionError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(self._path, msgspec.json.encode(names))
            self._names = names

    def _read(self) -> list[str]:
        if self._names is None:
            try:
                # Our own folder, whatever an edit may read.
                with use_scope(None):
                    data = read_limited(self._path, _LIMIT, CompositionError)
                self._names = msgspec.json.decode(data, type=list[str])
            except (CompositionError, msgspec.MsgspecError):
                self._names = []
        return self._names
