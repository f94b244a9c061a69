"""The bins into which a person sorts media, by content: wherever the files lie."""

from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.files import write_atomic
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import MediaError

__all__ = ["MOST_LETTERS", "OwnBins"]

MOST_LETTERS: Final = 100
_MOST_BINS: Final = 200
_MOST_MEDIA: Final = 10_000
_lock: Final = new_lock("bins of media")
_LIMIT: Final = FileLimit("TIMELINE_NB_MAX_BINS_BYTES", 4_000_000)


class OwnBins:
    """Bins in a file of the data folder, by name; thread-safe.

    A medium lies in one bin at most, in each edit that uses it. The file is read for
    each change: other edits and kernels change it as well.

    Args:
        data_dir: The folder; the file is made with the first bin.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "bins.json"

    def all(self) -> dict[str, list[str]]:
        """Return the fingerprints of each bin's media, in the order of the bins."""
        with _lock:
            return {name: list(found) for name, found in self._read().items()}

    def put(self, media: list[str], name: str) -> None:
        """Move media into a bin, which is made if it is new; out of all if it is empty.

        Raises:
            MediaError: The name is too long, there are too many bins or media, or the
                file cannot be written.
        """
        name = _checked(name)
        moved = set(media)
        with _lock:
            bins = {
                own: [one for one in found if one not in moved]
                for own, found in self._read().items()
            }
            if name:
                bins[name] = [*bins.get(name, []), *dict.fromkeys(media)]
            self._write(bins)

    def rename(self, old: str, new: str) -> None:
        """Give a bin another name; one of that name takes its media.

        Raises:
            MediaError: There is no such bin, or the name cannot be used.
        """
        new = _checked(new)
        if not new:
            raise MediaError("a bin needs a name")
        with _lock:
            before = self._read()
            if old not in before:
                raise MediaError(f"there is no bin {old!r:.120}")
            bins: dict[str, list[str]] = {}
            for name, found in before.items():
                bins.setdefault(new if name == old else name, []).extend(found)
            self._write(bins)

    def remove(self, name: str) -> None:
        """Remove a bin; its media stay, in none.

        Raises:
            MediaError: The file cannot be written.
        """
        with _lock:
            self._write({own: f for own, f in self._read().items() if own != name})

    def _read(self) -> dict[str, list[str]]:
        try:
            # Our own folder, whatever an edit may read.
            with use_scope(None):
                data = read_limited(self._path, _LIMIT, MediaError)
            return msgspec.json.decode(data, type=dict[str, list[str]])
        except (MediaError, msgspec.MsgspecError):
            return {}

    def _write(self, bins: dict[str, list[str]]) -> None:
        if len(bins) > _MOST_BINS:
            raise MediaError(f"there are {_MOST_BINS} bins: remove some")
        if sum(map(len, bins.values())) > _MOST_MEDIA:
            raise MediaError(f"{_MOST_MEDIA:,} media lie in bins: remove some bins")
        with file_errors(self._path, MediaError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, msgspec.json.encode(bins))


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > MOST_LETTERS:
        raise MediaError(f"a bin's name has at most {MOST_LETTERS} letters")
    return name
