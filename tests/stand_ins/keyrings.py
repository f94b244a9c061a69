"""Keyrings that need no desktop: one in memory, one that processes share."""

from collections import Counter
from pathlib import Path

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_atomic
from timeline_nb.errors import VaultError
from timeline_nb.security.secret import Secret

__all__ = ["FolderKeyring", "MemoryKeyring"]


class MemoryKeyring:
    """Keeps texts in memory, and counts the calls.

    Args:
        fault: Why it refuses, if it is to.
    """

    def __init__(self, fault: str = "") -> None:
        self.texts: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.why = fault

    def fault(self) -> str:
        return self.why

    def fetch(self, name: str) -> Secret | None:
        self._count("fetch")
        return Secret(self.texts[name]) if name in self.texts else None

    def store(self, name: str, secret: Secret) -> None:
        self._count("store")
        self.texts[name] = secret.reveal()

    def delete(self, name: str) -> None:
        self._count("delete")
        self.texts.pop(name, None)

    def _count(self, call: str) -> None:
        self.calls[call] += 1
        if self.why:
            raise VaultError(self.why)


class FolderKeyring:
    """Keeps each text in a file, written as a whole, for several processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with file_errors(folder, VaultError):
            folder.mkdir(parents=True, exist_ok=True)

    def fault(self) -> str:
        return ""

    def fetch(self, name: str) -> Secret | None:
        path = self._folder / name
        with file_errors(path, VaultError, verb="read"):
            try:
                return Secret(path.read_text())
            except FileNotFoundError:
                return None

    def store(self, name: str, secret: Secret) -> None:
        with file_errors(self._folder / name, VaultError):
            write_atomic(self._folder / name, secret.reveal().encode())

    def delete(self, name: str) -> None:
        with file_errors(self._folder / name, VaultError, verb="removed"):
            (self._folder / name).unlink(missing_ok=True)
