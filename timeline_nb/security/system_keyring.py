"""The keyring of the operating system, if it is one and works.

`keyring` takes whatever backend is installed. Without a desktop that is `fail`; with
D-Bus and a locked collection every call fails, or waits for a prompt that nobody sees;
`keyrings.alt` writes base64 to a file, and `null` forgets. So only the backends of
operating systems are taken, each is tried before it is trusted, and no call waits
without end.
"""

import secrets
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

from timeline_nb.errors import VaultError
from timeline_nb.security.secret import Secret, redact

__all__ = ["Keyring", "SystemKeyring"]

T = TypeVar("T")
_SERVICE: Final = "timeline_nb"
# The backends that hand a secret to the operating system's or the desktop's own store.
_TRUSTED: Final = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
_NONE: Final = "keyring.backends.fail.Keyring"
_CHAINER: Final = "keyring.backends.chainer.ChainerBackend"
# A person may have to unlock it by a password.
_LIMIT_S: Final = 30.0
# Calls that may hang at once, and their threads, those of all keyrings.
_MOST_HANGING: Final = 8
_hanging: Final[list[threading.Thread]] = []
_CANARY_LIMIT_S: Final = 10.0


class Keyring(Protocol):
    """Keeps short texts by name for this user of the machine."""

    def fault(self) -> str:
        """Return why it cannot be used; empty if it can."""
        ...

    def fetch(self, name: str) -> Secret | None:
        """Return what is kept under a name, or None."""
        ...

    def store(self, name: str, secret: Secret) -> None:
        """Keep a text, in place of one of the same name."""
        ...

    def delete(self, name: str) -> None:
        """Forget a text; that there is none is no error."""
        ...


class SystemKeyring:
    """The keyring that `keyring` finds, if it is the operating system's own.

    Args:
        limit_s: How long a call may take.
        canary_limit_s: How long the trial of `fault` may take.
    """

    def __init__(
        self, *, limit_s: float = _LIMIT_S, canary_limit_s: float = _CANARY_LIMIT_S
    ) -> None:
        self._limit_s, self._canary_limit_s = limit_s, canary_limit_s

    def fault(self) -> str:
        """Write, read and remove a text; return why that fails, or nothing.

        The text has a name of its own, for other processes may try at the same time.
        """
        name, canary = f"canary {secrets.token_hex(8)}", secrets.token_urlsafe(16)

        def attempt(backend: Any) -> str:
            backend.set_password(_SERVICE, name, canary)
            kept = backend.get_password(_SERVICE, name)
            backend.delete_password(_SERVICE, name)
            return "" if kept == canary else "it does not keep what it is given"

        try:
            return self._call(attempt, self._canary_limit_s)
        except VaultError as error:
            return str(error)

    def fetch(self, name: str) -> Secret | None:
        """Return what is kept under a name, or None.

        Raises:
            VaultError: The keyring cannot be used, or does not answer in time.
        """

        def attempt(backend: Any) -> Secret | None:
            found = backend.get_password(_SERVICE, name)
            return None if found is None else Secret(found)

        return self._call(attempt, self._limit_s)

    def store(self, name: str, secret: Secret) -> None:
        """Keep a text, in place of one of the same name.

        Raises:
            VaultError: The keyring cannot be used, or does not answer in time.
        """
        self._call(
            lambda backend: backend.set_password(_SERVICE, name, secret.reveal()),
            self._limit_s,
            secret,
        )

    def delete(self, name: str) -> None:
        """Forget a text; that there is none is no error.

        Raises:
            VaultError: The keyring cannot be used, or does not answer in time.
        """

        def attempt(backend: Any) -> None:
            if backend.get_password(_SERVICE, name) is not None:
                backend.delete_password(_SERVICE, name)

        self._call(attempt, self._limit_s)

    def _call(self, attempt: Callable[[Any], T], limit_s: float, *secret: Secret) -> T:
        """Call the backend on a thread, which is left behind if it does not answer.

        The backend's own error ends with that thread: its frames hold the text.
        """
        outcome: list[T] = []
        faults = [f"no answer in {limit_s:g} s: it may wait for a password"]

        def run() -> None:
            try:
                outcome.append(attempt(_trusted_backend()))
            except VaultError as error:
                faults[0] = str(error)
            except Exception as error:  # noqa: BLE001 - backends raise what they like
                faults[0] = redact(f"{type(error).__name__}: {error}", *secret)

        _hanging[:] = [one for one in _hanging if one.is_alive()]
        if len(_hanging) >= _MOST_HANGING:
            raise VaultError(
                f"the system's keyring cannot be used ({len(_hanging)} calls have no "
                "answer yet): unlock it, or restart the kernel"
            )
        thread = threading.Thread(target=run, name="timeline_nb keyring", daemon=True)
        thread.start()
        _hanging.append(thread)
        thread.join(limit_s)
        if not outcome:
            raise VaultError(f"the system's keyring cannot be used ({faults[0]})")
        return outcome[0]


def _trusted_backend() -> Any:
    """Return the first backend of the operating system among those chosen.

    Raises:
        VaultError: There is none.
    """
    import keyring

    chosen: Any = keyring.get_keyring()
    parts = chosen.backends if _name(chosen) == _CHAINER else [chosen]
    for backend in parts:
        if _name(backend) in _TRUSTED:
            return backend
    names = ", ".join(_name(one) for one in parts if _name(one) != _NONE)
    raise VaultError(f"{names} is not its own store" if names else "there is none")


def _name(backend: object) -> str:
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"
