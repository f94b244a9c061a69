"""Files that broke their decoder: they are not tried again until they change."""

from hashlib import blake2b
from pathlib import Path
from typing import Final

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.files import write_atomic
from timeline_nb.errors import MediaError
from timeline_nb.media.file_state import MediaState, state_of

__all__ = ["BrokenFiles"]

_MOST_BYTES: Final = 4000


class BrokenFiles:
    """Remembers what broke a decoder, by the state of its file; thread-safe.

    Args:
        folder: Of the notes, in the cache folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, str] = {}

    def check(self, path: str) -> None:
        """Check that a file is not known to break its decoder.

        Raises:
            MediaError: It is, and it did not change since.
        """
        why = self._why(_name(state_of(path)))
        if why:
            raise MediaError(_message(path, why))

    def add(self, path: str, why: str) -> MediaError:
        """Remember a file, and return the error that says so.

        Args:
            path: The file.
            why: What its decoder did, in words.
        """
        try:
            name = _name(state_of(path))
        except MediaError as gone:
            return gone
        self._known[name] = why
        with cached_if_possible(self._folder.parent):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomic(self._folder / name, why.encode())
        return MediaError(_message(path, why))

    def forget(self, path: str) -> None:
        """Have a file tried again.

        Raises:
            MediaError: It is not there.
        """
        name = _name(state_of(path))
        self._known.pop(name, None)
        with cached_if_possible(self._folder.parent):
            (self._folder / name).unlink(missing_ok=True)

    def _why(self, name: str) -> str:
        known = self._known.get(name)
        if known is None:
            try:
                with (self._folder / name).open("rb") as file:
                    known = file.read(_MOST_BYTES).decode("utf-8", "replace")
            except OSError:
                known = ""
            if known:
                self._known[name] = known
        return known


def _name(state: MediaState) -> str:
    return blake2b(repr(state).encode(), digest_size=16).hexdigest()


def _message(path: str, why: str) -> str:
    return (
        f"{path} cannot be decoded: its decoder, in a process apart, {why}; it is "
        "not tried again until the file changes, or you ask for it with "
        "tl.open(path, again=True)"
    )
