"""A vault: secrets by name in one encrypted file."""

import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock, Timeout

from timeline_nb.core.app_dirs import DATA_VARIABLE
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_private
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import VaultError
from timeline_nb.security.entry_faults import entry_fault
from timeline_nb.security.passphrase import PASSPHRASE_VARIABLE
from timeline_nb.security.secret import Secret
from timeline_nb.security.system_keyring import Keyring
from timeline_nb.security.vault_file import (
    MOST_BYTES,
    InKeyring,
    KeyFacts,
    VaultFile,
    random_id,
    sealed,
)
from timeline_nb.security.wrapping import (
    ChosenKey,
    KeyKind,
    KeyringKey,
    PassphraseKey,
)

__all__ = ["Vault", "open_vault"]

_log = logging.getLogger(__name__)
_LOCK_WAIT_S: Final = 30.0
# Another process may save while this one reads: a file that changed is read again.
_MOST_READS: Final = 20
_FOLDER_ADVICE: Final = f"{DATA_VARIABLE} chooses another data folder"


# How a wrapping key is found, and the key.
_Key = tuple[KeyFacts, AESGCM]
_Change = Callable[[dict[str, Secret]], dict[str, Secret]]


@dataclass(frozen=True)
class _Opened:
    """A vault's file, opened; without a file there are no entries."""

    vault_id: str
    generation: int
    key: _Key | None
    entries: dict[str, Secret]


class Vault:
    """Keeps secrets in an encrypted file; safe between threads and processes.

    A file that was changed, cut or replaced by an older one is refused, and never
    written over. Each save replaces the file as a whole, by one that only its owner
    may read.

    Args:
        path: The file; its folder is made when it is needed.
        key: Where the wrapping key comes from.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from timeline_nb.security.secret import Secret
        >>> from timeline_nb.security.vault import open_vault
        >>> with TemporaryDirectory() as name:
        ...     vault = open_vault(Path(name), passphrase=Secret("correct horse"))
        ...     vault.put("openai", Secret("sk-1234"))
        ...     vault.get("openai")
        Secret(••••••)
    """

    def __init__(self, path: Path, key: ChosenKey) -> None:
        self.path, self._key = path, key
        self._has_unknown_age = False

    def __repr__(self) -> str:
        return f"Vault({str(self.path)!r})"

    def names(self) -> list[str]:
        """Return the names, sorted.

        Raises:
            VaultError: The vault cannot be opened.
        """
        return sorted(self._read().entries)

    def get(self, name: str) -> Secret | None:
        """Return the secret of a name, or None if there is none.

        Raises:
            VaultError: The vault cannot be opened.
        """
        return self._read().entries.get(name)

    def entries(self) -> dict[str, Secret]:
        """Return all names and secrets, sorted by name.

        Raises:
            VaultError: The vault cannot be opened.
        """
        return dict(sorted(self._read().entries.items()))

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret, in place of one of the same name.

        Raises:
            VaultError: The vault cannot be opened or written, or no secret can have
                this name or this text.
        """
        fault = entry_fault(name, secret)
        if fault:
            # What an error shows of this call is then nothing: it may be plain text.
            del secret
            raise VaultError(fault)
        self._change(lambda entries: {**entries, name: secret})

    def delete(self, name: str) -> None:
        """Forget a secret; that there is none is no error.

        Raises:
            VaultError: The vault cannot be opened or written.
        """
        if name in self._read().entries:
            self._change(
                lambda entries: {n: s for n, s in entries.items() if n != name}
            )

    def rotate(self, to: KeyKind | None = None) -> None:
        """Encrypt everything anew with a new wrapping key, and remove the old one.

        Args:
            to: Where the new key comes from: `keyring`, or `passphrase`, which a person
                types or the environment holds. A vault that has a passphrase takes a
                new one then, of TIMELINE_NB_VAULT_NEW_PASSPHRASE or typed. If not
                given, as before: a passphrase stays the same.

        Raises:
            VaultError: The vault cannot be opened or written, or there is no new key.
        """
        if to not in {None, *get_args(KeyKind)}:
            raise VaultError(
                f"to={quoted(to)} is no place of a key: give 'keyring' or 'passphrase'"
            )
        before = self._read()
        kind = _kind(before.key[0]) if before.key else None
        is_change = kind == to == "passphrase"
        key = (
            self._key.change_passphrase()
            if is_change
            else self._new_key(before.vault_id, to or kind)
        )
        self._save(lambda entries: entries, before, key)
        if is_change:
            self._key.use_changed()

    def accept_older(self) -> None:
        """Accept a file that is older than the last one saved here.

        For a copy that was put back on purpose.

        Raises:
            VaultError: The vault cannot be opened.
        """
        with self._alone():
            found = self._read(is_any_age=True)
            if found.key is not None:
                facts = found.key[0]
                key = self._key.of(facts)
                key.note(found.vault_id, facts, found.generation)

    @property
    def age_note(self) -> str:
        """That the age of the file was unknown at the last reading; else empty."""
        return _UNKNOWN_AGE if self._has_unknown_age else ""

    @property
    def kept_by(self) -> KeyKind | None:
        """What opens the vault; None if there is no file.

        Raises:
            VaultError: The file is not that of a vault.
        """
        raw = self._bytes()
        return None if raw is None else _kind(self._parsed(raw).header.key)

    @property
    def asks(self) -> bool:
        """Whether a person would be asked for the passphrase to open it.

        Raises:
            VaultError: The file is not that of a vault.
        """
        raw = self._bytes()
        if raw is None:
            return False
        facts = self._parsed(raw).header.key
        return self._key.of(facts).asks(facts)

    def _change(self, edit: _Change) -> None:
        before = self._read()
        is_new = before.key is None
        self._save(edit, before, self._new_key(before.vault_id) if is_new else None)

    def _new_key(self, vault_id: str, kind: KeyKind | None = None) -> _Key:
        try:
            return self._key.create(vault_id, kind)
        except VaultError as error:
            raise VaultError(f"{self.path} gets no key: {error}") from error

    def _save(self, edit: _Change, before: _Opened, new: _Key | None) -> None:
        """Change the entries under the lock.

        Args:
            edit: Returns the new entries.
            before: The vault before the lock was taken: who must be asked for a
                passphrase is asked without it.
            new: A new key, if it is to be another.
        """
        with self._alone():
            old = self._read()
            if old.key is None:
                old = before
            elif new is not None and before.key is None:
                # Another process made the vault meanwhile, with a key of its own.
                self._remove(before.vault_id, new[0])
                new = None
            key = new or old.key or self._new_key(old.vault_id)
            self._write(old, edit(old.entries), key)
            if new is not None and old.key is not None:
                self._remove(old.vault_id, old.key[0])

    def _write(self, old: _Opened, entries: dict[str, Secret], key: _Key) -> None:
        """Replace the file; then note its generation, for a kill may come between."""
        facts, wrapping = key
        generation = old.generation + 1
        raw = sealed(old.vault_id, generation, facts, wrapping, entries)
        if len(raw) > MOST_BYTES:
            raise VaultError(
                f"{self.path} would have {len(raw):,} bytes, more than {MOST_BYTES:,}: "
                "delete secrets that are not needed"
            )
        with file_errors(self.path, VaultError, advice=_FOLDER_ADVICE):
            write_private(self.path, raw)
        try:
            self._key.of(facts).note(old.vault_id, facts, generation)
        except VaultError as error:
            _log.warning("the vault was saved, but its generation not noted: %s", error)

    def _remove(self, vault_id: str, facts: KeyFacts) -> None:
        try:
            self._key.of(facts).remove(vault_id, facts)
        except VaultError as error:
            _log.warning("an old key stays in the keyring: %s", error)

    def _read(self, *, is_any_age: bool = False) -> _Opened:
        raw = self._bytes()
        for _ in range(_MOST_READS):
            if raw is None:
                return _Opened(random_id(), 0, None, {})
            try:
                return self._opened(raw, is_any_age=is_any_age)
            except VaultError:
                again = self._bytes()
                if again == raw:
                    raise
                raw = again
        raise VaultError(f"{self.path} changes all the time: try again")

    def _opened(self, raw: bytes, *, is_any_age: bool) -> _Opened:
        file = self._parsed(raw)
        header, reason = file.header, ""
        key = self._key.of(header.key)
        try:
            wrapping = key.find(header.id, header.key)
            entries = file.opened(wrapping)
            newest = key.newest(header.id, header.key)
        except VaultError as error:
            reason = str(error)
        if reason:
            raise VaultError(f"{self.path} cannot be opened: {reason}")
        if entries is None:
            key.forget(header.key)
            raise VaultError(f"{self.path} cannot be opened: {_misfit(header.key)}")
        if header.generation < newest and not is_any_age:
            raise VaultError(
                f"{self.path} is older than the last one saved here (save "
                f"{header.generation} of {newest}): someone put back an old copy. If "
                "it was you: timeline-nb keys accept-older"
            )
        is_unknown = not newest and header.generation > 1
        if is_unknown and not self._has_unknown_age:
            _log.warning("%s: %s", self.path, _UNKNOWN_AGE)
        self._has_unknown_age = is_unknown
        return _Opened(header.id, header.generation, (header.key, wrapping), entries)

    def _parsed(self, raw: bytes) -> VaultFile:
        reason = ""
        try:
            return VaultFile.parse(raw)
        except VaultError as error:
            reason = str(error)
        raise VaultError(f"{self.path} cannot be opened: {reason}. {_DAMAGED}")

    def _bytes(self) -> bytes | None:
        """Return the file's contents; None if there is no file."""
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with file_errors(self.path, VaultError, verb="read", advice=_FOLDER_ADVICE):
            try:
                descriptor = os.open(self.path, flags)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise VaultError(f"{self.path} is no ordinary file")
                raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise VaultError(f"{self.path} has more than {MOST_BYTES:,} bytes")
        return raw

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the vault's lock against other processes and threads."""
        lock = FileLock(f"{self.path}.lock", mode=0o600)
        with file_errors(self.path, VaultError, advice=_FOLDER_ADVICE):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_held = _acquired(lock)
        if not is_held:
            raise VaultError(
                f"{self.path} is being written by another program: try again"
            )
        try:
            yield
        finally:
            # What was written stays written; the lock ends with its descriptor.
            with suppress(OSError):
                lock.release()


_UNKNOWN_AGE: Final = (
    "the note of the newest save is missing: whether this is an older copy cannot be "
    "known. The next save notes it anew"
)
_DAMAGED: Final = (
    "Nothing was written. Put back a copy of it, or move it away to begin a new vault"
)


def open_vault(
    folder: Path, *, keyring: Keyring | None = None, passphrase: Secret | None = None
) -> Vault:
    """Return the vault of a folder; nothing is read or written before it is used.

    Args:
        folder: The folder of the vault's files.
        keyring: In place of the system's.
        passphrase: For where the keyring does not work; the environment or a person is
            asked if not given.

    Raises:
        VaultError: The passphrase is too short.
    """
    by_passphrase = PassphraseKey(passphrase, noted=folder / "keys.generation")
    return Vault(folder / "keys.vault", ChosenKey(KeyringKey(keyring), by_passphrase))


def _acquired(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=_LOCK_WAIT_S)
    except (Timeout, NotImplementedError):
        return False
    return True


def _misfit(facts: KeyFacts) -> str:
    if isinstance(facts, InKeyring):
        return f"the key in the keyring does not fit: it was changed. {_DAMAGED}"
    return (
        "the passphrase is wrong, or the file was changed. Nothing was written. Give "
        f"the right one ({PASSPHRASE_VARIABLE}, or at the prompt), or put back a copy "
        "of the file"
    )


def _kind(facts: KeyFacts) -> KeyKind:
    return "keyring" if isinstance(facts, InKeyring) else "passphrase"
