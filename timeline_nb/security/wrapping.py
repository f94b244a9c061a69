"""Where the key comes from that encrypts a vault's data key.

A wrapping key is handed around as a cipher, which does not show the key in tracebacks.
"""

import contextlib
import re
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt as ScryptKdf

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_private
from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.errors import VaultError
from timeline_nb.security.passphrase import (
    ask_passphrase,
    changed_passphrase,
    checked_passphrase,
    passphrase_of_environment,
    use_changed_passphrase,
)
from timeline_nb.security.secret import Secret
from timeline_nb.security.system_keyring import Keyring, SystemKeyring
from timeline_nb.security.vault_file import InKeyring, KeyFacts, Scrypt, random_id

__all__ = ["ChosenKey", "KeyKind", "KeyringKey", "PassphraseKey"]

KeyKind = Literal["keyring", "passphrase"]

# 2^17 / 8 / 1 is what OWASP recommends: 134 MB, and 0.36 s on a core of 2020.
SCRYPT_N: Final = 1 << 17
_SALT_BYTES: Final = 16
_HEX_KEY: Final = re.compile(r"[0-9a-f]{64}")


class KeyringKey:
    """Wrapping keys in a keyring; the newest generation is kept there, too.

    Args:
        keyring: The system's if not given.
    """

    def __init__(self, keyring: Keyring | None = None) -> None:
        self.keyring = keyring or SystemKeyring()
        self._ciphers: dict[str, AESGCM] = {}

    def create(self, vault_id: str) -> tuple[KeyFacts, AESGCM]:
        """Keep a new random key in the keyring.

        Raises:
            VaultError: The keyring cannot be used, or does not keep it.
        """
        facts = InKeyring(random_id())
        with interrupts_held():
            key = Secret(AESGCM.generate_key(256).hex())
        self.keyring.store(_key_name(vault_id, facts), key)
        if self.keyring.fetch(_key_name(vault_id, facts)) != key:
            raise VaultError("the keyring does not keep what it is given")
        return facts, self._hold(facts, key)

    def find(self, vault_id: str, facts: KeyFacts) -> AESGCM:
        """Return the key, which is held in memory from then on.

        Raises:
            VaultError: The keyring cannot be used, or has no such key.
        """
        if not isinstance(facts, InKeyring):
            raise VaultError("it is locked by a passphrase, not by the keyring")
        held = self._ciphers.get(facts.key_id)
        if held is not None:
            return held
        fault = ""
        try:
            key = self.keyring.fetch(_key_name(vault_id, facts))
        except VaultError as error:
            fault = str(error)
        if fault:
            raise VaultError(
                f"its key is in the keyring of this user and machine; {fault}. Unlock "
                "or start the keyring, or change the vault to a passphrase where it "
                "works: timeline-nb keys rotate --to passphrase"
            )
        if key is None or not _HEX_KEY.fullmatch(key.reveal()):
            raise VaultError(
                "its key is not in the keyring of this user and machine: it is from "
                "another one, or the key was removed there"
            )
        return self._hold(facts, key)

    def _hold(self, facts: InKeyring, key: Secret) -> AESGCM:
        cipher = AESGCM(bytes.fromhex(key.reveal()))
        self._ciphers[facts.key_id] = cipher
        return cipher

    def asks(self, facts: KeyFacts) -> bool:  # noqa: ARG002 - as the protocol says
        """Return False: the keyring asks by itself, within the time of a call."""
        return False

    def forget(self, facts: KeyFacts) -> None:
        """Drop a key from memory."""
        if isinstance(facts, InKeyring):
            self._ciphers.pop(facts.key_id, None)

    def remove(self, vault_id: str, facts: KeyFacts) -> None:
        """Remove a key from the keyring.

        Raises:
            VaultError: The keyring cannot be used.
        """
        if isinstance(facts, InKeyring):
            self.forget(facts)
            self.keyring.delete(_key_name(vault_id, facts))

    def newest(self, vault_id: str, facts: KeyFacts) -> int:  # noqa: ARG002
        """Return the newest generation that the keyring knows of; 0 if none.

        Raises:
            VaultError: The keyring cannot be used.
        """
        noted = self.keyring.fetch(_generation_name(vault_id))
        return _number(noted.reveal(), "the keyring") if noted else 0

    def note(self, vault_id: str, facts: KeyFacts, generation: int) -> None:  # noqa: ARG002
        """Note the generation in the keyring.

        Raises:
            VaultError: The keyring cannot be used.
        """
        self.keyring.store(_generation_name(vault_id), Secret(str(generation)))


class PassphraseKey:
    """Wrapping keys derived from a passphrase by scrypt, and held in memory.

    The newest generation is noted in a file. Who can replace the vault can replace
    that file as well: only an older copy of the vault alone is noticed, such as one
    that a backup or a synchronized folder put there.

    Args:
        passphrase: Asked for when it is needed if not given: the variable of the
            environment, then a person.
        noted: The file of the newest generation.
    """

    def __init__(self, passphrase: Secret | None = None, *, noted: Path) -> None:
        self._passphrase = checked_passphrase(passphrase) if passphrase else None
        self._noted = noted
        self._changed: Secret | None = None
        self._ciphers: dict[tuple[bytes, int], AESGCM] = {}

    def create(self, vault_id: str) -> tuple[KeyFacts, AESGCM]:  # noqa: ARG002
        """Derive a key with a new salt.

        Raises:
            VaultError: There is no passphrase, and nobody can be asked for one.
        """
        facts = Scrypt(random_id().encode(), SCRYPT_N)
        given = self._passphrase or passphrase_of_environment()
        return facts, self._derive(facts, given or ask_passphrase(is_new=True))

    def change(self) -> tuple[KeyFacts, AESGCM]:
        """Derive a key from a new passphrase, which a person types or a variable holds.

        Raises:
            VaultError: There is no new one: the passphrase stays as it is.
        """
        self._changed = changed_passphrase()
        facts = Scrypt(random_id().encode(), SCRYPT_N)
        return facts, self._derive(facts, self._changed)

    def use_changed(self) -> None:
        """Open the vault by the new passphrase from now on: it was saved."""
        if self._changed is None:
            return
        if self._passphrase is not None:
            self._passphrase = self._changed
        else:
            use_changed_passphrase(self._changed)
        self._changed = None

    def find(self, vault_id: str, facts: KeyFacts) -> AESGCM:  # noqa: ARG002
        """Return the key, derived or from memory.

        Raises:
            VaultError: There is no passphrase, and nobody can be asked for one.
        """
        if not isinstance(facts, Scrypt):
            raise VaultError("its key is in the keyring, not a passphrase")
        held = self._ciphers.get((facts.salt, facts.n))
        if held is not None:
            return held
        given = self._passphrase or passphrase_of_environment()
        return self._derive(facts, given or ask_passphrase(is_new=False))

    def _derive(self, facts: Scrypt, passphrase: Secret) -> AESGCM:
        kdf = ScryptKdf(salt=facts.salt, length=32, n=facts.n, r=facts.r, p=facts.p)
        cipher = None
        with contextlib.suppress(MemoryError):
            cipher = AESGCM(kdf.derive(passphrase.reveal().encode()))
        if cipher is None:
            need = 128 * facts.n * facts.r // 1_000_000
            raise VaultError(f"scrypt needs {need} MB of memory, which are not free")
        self._ciphers[facts.salt, facts.n] = cipher
        return cipher

    def asks(self, facts: KeyFacts) -> bool:
        """Return whether a person would have to type the passphrase."""
        is_held = isinstance(facts, Scrypt) and (facts.salt, facts.n) in self._ciphers
        return not (is_held or self._passphrase or passphrase_of_environment())

    def forget(self, facts: KeyFacts) -> None:
        """Drop a derived key: the passphrase was wrong."""
        if isinstance(facts, Scrypt):
            self._ciphers.pop((facts.salt, facts.n), None)

    def remove(self, vault_id: str, facts: KeyFacts) -> None:  # noqa: ARG002
        """Drop a derived key; nothing else of it is kept."""
        self.forget(facts)

    def newest(self, vault_id: str, facts: KeyFacts) -> int:  # noqa: ARG002
        """Return the newest generation in the file; 0 if there is none of this vault.

        Raises:
            VaultError: The file cannot be read.
        """
        with file_errors(self._noted, VaultError, verb="read"):
            try:
                text = self._noted.read_text("ascii", errors="replace")
            except FileNotFoundError:
                return 0
        of_vault, _, number = text.strip().partition(" ")
        return _number(number, str(self._noted)) if of_vault == vault_id else 0

    def note(self, vault_id: str, facts: KeyFacts, generation: int) -> None:  # noqa: ARG002
        """Note the generation in the file.

        Raises:
            VaultError: The file cannot be written.
        """
        with file_errors(self._noted, VaultError):
            write_private(self._noted, f"{vault_id} {generation}\n".encode())


class ChosenKey:
    """The keyring where it works, else a passphrase.

    A vault that is there says in its header which of them it needs.

    Args:
        keyring: Used for a new vault if a trial of it succeeds.
        passphrase: Used for a new vault otherwise.
    """

    def __init__(self, keyring: KeyringKey, passphrase: PassphraseKey) -> None:
        self._keyring, self._passphrase = keyring, passphrase

    def create(
        self, vault_id: str, kind: KeyKind | None = None
    ) -> tuple[KeyFacts, AESGCM]:
        """Return a new key, and how it is found again.

        Args:
            vault_id: Whose key.
            kind: Where it is from; the better one if not given.

        Raises:
            VaultError: The keyring does not work, or there is no passphrase.
        """
        if kind == "passphrase":
            return self._passphrase.create(vault_id)
        fault = self._keyring.keyring.fault()
        if not fault:
            return self._keyring.create(vault_id)
        if kind == "keyring":
            raise VaultError(f"no key can be kept: {fault}")
        try:
            return self._passphrase.create(vault_id)
        except VaultError as error:
            reason = str(error)
        raise VaultError(f"{reason}. The vault needs a passphrase, for {fault}")

    def change_passphrase(self) -> tuple[KeyFacts, AESGCM]:
        """Return a key of a new passphrase; `use_changed` ends the change.

        Raises:
            VaultError: There is no new one.
        """
        return self._passphrase.change()

    def use_changed(self) -> None:
        """Open the vault by the new passphrase from now on."""
        self._passphrase.use_changed()

    def of(self, facts: KeyFacts) -> KeyringKey | PassphraseKey:
        """Return where the key of a vault comes from."""
        return self._keyring if isinstance(facts, InKeyring) else self._passphrase


def _key_name(vault_id: str, facts: InKeyring) -> str:
    return f"vault {vault_id} key {facts.key_id}"


def _generation_name(vault_id: str) -> str:
    return f"vault {vault_id} generation"


def _number(text: str, place: str) -> int:
    """Read a generation.

    Raises:
        VaultError: It is none.
    """
    if not re.fullmatch(r"[0-9]{1,16}", text):
        raise VaultError(f"the newest generation in {place} is no number")
    return int(text)
