"""What stays the same when something is served again: who was let in, and the port.

The token of the printed address is a new one each time. Pages that were let in have a
cookie, made of a key that is kept for what is served: after a restart they go on. The
key is another one for another file, and for a review: who was let in to comment may not
edit later.
"""

import hashlib
import logging
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from timeline_nb.core.private_files import write_private

__all__ = ["ServedSession"]

_log = logging.getLogger(__name__)
_KEY_BYTES: Final = 32
_MOST_BYTES: Final = 1_000
# Not served for so long: nobody is let in without the address.
_LASTS_S: Final = 30 * 86_400


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    key: bytes
    port: int


@dataclass(frozen=True)
class ServedSession:
    """The key of cookies and the port of what is served, kept in a private file.

    Args:
        folder: Of these files.
        served: The folder or file that is served.
        read_only: Whether it is served for review.
    """

    folder: Path
    served: Path
    read_only: bool = False

    def load(self) -> tuple[bytes, int]:
        """Return the key, and the port that it was served at; 0 if it never was.

        A file that cannot be read, or is old, counts as none.
        """
        try:
            status = self._path.stat()
            data = self._path.read_bytes()[:_MOST_BYTES]
            kept = msgspec.json.decode(data, type=_Kept)
        except (OSError, UnicodeError, msgspec.MsgspecError):
            return secrets.token_bytes(_KEY_BYTES), 0
        is_old = time.time() - status.st_mtime > _LASTS_S
        is_private = status.st_mode & 0o077 == 0
        if is_old or not is_private or len(kept.key) != _KEY_BYTES:
            return secrets.token_bytes(_KEY_BYTES), 0
        return kept.key, kept.port if 0 < kept.port < 1 << 16 else 0

    def keep(self, key: bytes, port: int) -> None:
        """Keep the key and the port; where that fails, the next start has others."""
        try:
            data = msgspec.json.encode(_Kept(key=key, port=port))
            write_private(self._path, data)
        except OSError as error:
            _log.info("the session was not kept: %s", error.strerror)

    def forget(self) -> None:
        """Let in nobody who was let in before."""
        self._path.unlink(missing_ok=True)

    @property
    def _path(self) -> Path:
        way = "review" if self.read_only else "edit"
        text = f"{way}\0{self.served.expanduser().resolve()}"
        name = hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]
        return self.folder / f"{name}.json"
