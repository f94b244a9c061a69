"""A store that processes share, in the open: for tests of what they do at once."""

import json
from pathlib import Path

from timeline_nb.core.files import write_atomic
from timeline_nb.security.secret import Secret

__all__ = ["FileStore"]


class FileStore:
    """Keeps texts in a JSON file, which each call reads anew.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def _read(self) -> dict[str, str]:
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}

    def names(self) -> list[str]:
        return sorted(self._read())

    def get(self, name: str) -> Secret | None:
        text = self._read().get(name)
        return None if text is None else Secret(text)

    def put(self, name: str, secret: Secret) -> None:
        texts = self._read() | {name: secret.reveal()}
        write_atomic(self._path, json.dumps(texts).encode())

    def delete(self, name: str) -> None:
        texts = self._read()
        texts.pop(name, None)
        write_atomic(self._path, json.dumps(texts).encode())
