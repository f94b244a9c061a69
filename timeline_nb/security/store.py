"""What keeps secrets by their names."""

from collections.abc import Iterable
from typing import Protocol

from timeline_nb.core.locks import new_lock
from timeline_nb.security.secret import Secret

__all__ = ["MemoryStore", "SecretStore"]


class SecretStore(Protocol):
    """Keeps secrets by name; thread-safe."""

    def names(self) -> list[str]:
        """Return the names, sorted."""
        ...

    def get(self, name: str) -> Secret | None:
        """Return the secret of a name, or None if there is none."""
        ...

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret, in place of one of the same name."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; that there is none is no error."""
        ...


class MemoryStore:
    """Keeps secrets until the process ends, and writes nothing to disk.

    Args:
        secrets: Names and secrets to begin with.
    """

    def __init__(self, secrets: Iterable[tuple[str, Secret]] = ()) -> None:
        self._lock = new_lock("secrets in memory")
        self._secrets = dict(secrets)

    def __repr__(self) -> str:
        return f"MemoryStore({len(self._secrets)} secrets)"

    def names(self) -> list[str]:
        """Return the names, sorted."""
        with self._lock:
            return sorted(self._secrets)

    def get(self, name: str) -> Secret | None:
        """Return the secret of a name, or None if there is none."""
        with self._lock:
            return self._secrets.get(name)

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret, in place of one of the same name."""
        with self._lock:
            self._secrets[name] = secret

    def delete(self, name: str) -> None:
        """Forget a secret; that there is none is no error."""
        with self._lock:
            self._secrets.pop(name, None)
