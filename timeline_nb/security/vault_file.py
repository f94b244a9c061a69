"""The file of a vault: what its lines hold, and how they are sealed.

    line 1   TIMELINE_NB VAULT 1
    line 2   JSON: id, generation, how the wrapping key is found, nonces, the data key
             as the wrapping key encrypted it
    line 3   base64 of AES-256-GCM(data key, nonce, entries as JSON; AAD: lines 1 and 2)

AES-GCM is that of NIST SP 800-38D. The associated data are the first two lines as they
stand in the file, so that no byte can change unnoticed. Each save takes a new data key
and new nonces: none is used twice.
"""

import base64
import os
import re
from dataclasses import dataclass
from typing import Annotated, Final, Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta

from timeline_nb.core.interrupts import interrupts_held
from timeline_nb.errors import VaultError
from timeline_nb.security.secret import Secret

__all__ = [
    "MOST_BYTES",
    "Header",
    "InKeyring",
    "KeyFacts",
    "Scrypt",
    "VaultFile",
    "random_id",
    "sealed",
]

MAGIC: Final = b"TIMELINE_NB VAULT 1\n"
_VERSION: Final = re.compile(rb"TIMELINE_NB VAULT ([0-9]{1,9})\n")
# Of the whole file: a hundred thousand keys.
MOST_BYTES: Final = 16_000_000
# A nonce of 96 bits, as SP 800-38D recommends.
_NONCE_BYTES: Final = 12
_KEY_BITS: Final = 256
_ID: Final = r"^[0-9a-f]{32}$"

Id = Annotated[str, Meta(pattern=_ID)]
Nonce = Annotated[bytes, Meta(min_length=_NONCE_BYTES, max_length=_NONCE_BYTES)]
# The data key of 32 bytes, and the tag of 16.
Wrapped = Annotated[bytes, Meta(min_length=48, max_length=48)]


class InKeyring(
    msgspec.Struct,
    frozen=True,
    tag="keyring",
    tag_field="by",
    forbid_unknown_fields=True,
):
    """The wrapping key is in the system's keyring, under this id."""

    key_id: Id


class Scrypt(
    msgspec.Struct,
    frozen=True,
    tag="scrypt",
    tag_field="by",
    forbid_unknown_fields=True,
):
    """The wrapping key is derived from a passphrase by scrypt (RFC 7914).

    The bounds keep a forged header from taking gigabytes: memory is 128 n r bytes.
    """

    salt: Annotated[bytes, Meta(min_length=16, max_length=64)]
    n: Annotated[int, Meta(ge=1 << 14, le=1 << 18)]
    r: Annotated[int, Meta(ge=8, le=8)] = 8
    p: Annotated[int, Meta(ge=1, le=1)] = 1

    def __post_init__(self) -> None:
        if self.n & (self.n - 1):
            raise ValueError("n is no power of two")


KeyFacts = InKeyring | Scrypt


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second line of a vault's file.

    Args:
        id: Of the vault, for its life.
        generation: How often it was saved.
        key: How the wrapping key is found.
        wrap_nonce: With which the data key was encrypted.
        wrapped: The data key, encrypted by the wrapping key.
        nonce: With which the entries were encrypted.
    """

    id: Id
    generation: Annotated[int, Meta(ge=1, le=1 << 53)]
    key: KeyFacts
    wrap_nonce: Nonce
    wrapped: Wrapped
    nonce: Nonce


@dataclass(frozen=True)
class VaultFile:
    """The lines of a vault's file, not opened yet.

    Args:
        header: The second line, read.
        bound: The first two lines as they stand in the file.
        body: The third line, decoded.
    """

    header: Header
    bound: bytes
    body: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the lines.

        Raises:
            VaultError: They are not those of a vault; the message is a reason.
        """
        version = _VERSION.match(raw)
        if version and int(version[1]) > 1:
            raise VaultError(
                "it was made by a newer version of timeline_nb: update it, by "
                "pip install -U timeline-nb"
            )
        if not raw.startswith(MAGIC):
            raise VaultError("its first line is not that of a vault of this version")
        lines = raw.split(b"\n")
        if len(lines) != 4 or lines[3]:
            raise VaultError("it has not the three lines of a vault")
        fault = ""
        try:
            header = msgspec.json.decode(lines[1], type=Header)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            fault = str(error)
        if fault:
            raise VaultError(f"its header cannot be read: {fault}")
        body = _canonical(lines[2])
        if body is None:
            raise VaultError("its third line is not base64")
        return cls(header, MAGIC + lines[1] + b"\n", body)

    def opened(self, wrapping: AESGCM) -> dict[str, Secret] | None:
        """Return the entries; None if the wrapping key does not fit the file.

        Raises:
            VaultError: The wrapping key fits, and the file was changed.
        """
        cipher = self._data_cipher(wrapping)
        if cipher is None:
            return None
        entries = self._entries(cipher)
        if entries is None:
            raise VaultError("it was changed: its seal is broken")
        return entries

    def _data_cipher(self, wrapping: AESGCM) -> AESGCM | None:
        header = self.header
        try:
            return AESGCM(
                wrapping.decrypt(
                    header.wrap_nonce, header.wrapped, _wrap_bound(header.id)
                )
            )
        except InvalidTag:
            return None

    def _entries(self, cipher: AESGCM) -> dict[str, Secret] | None:
        # No frame that holds the texts can be interrupted and shown.
        with interrupts_held():
            try:
                texts = msgspec.json.decode(
                    cipher.decrypt(self.header.nonce, self.body, self.bound),
                    type=dict[str, str],
                )
            except (InvalidTag, msgspec.DecodeError):
                return None
            return dict(zip(texts, map(Secret, texts.values()), strict=True))


def sealed(
    vault_id: str,
    generation: int,
    key: KeyFacts,
    wrapping: AESGCM,
    entries: dict[str, Secret],
) -> bytes:
    """Return the contents of a vault's file, with a new data key and new nonces.

    Args:
        vault_id: Of the vault.
        generation: Of this save.
        key: How the wrapping key is found.
        wrapping: The wrapping key.
        entries: Names and secrets.
    """
    with interrupts_held():
        data_key = AESGCM.generate_key(_KEY_BITS)
        wrap_nonce, nonce = os.urandom(_NONCE_BYTES), os.urandom(_NONCE_BYTES)
        header = Header(
            id=vault_id,
            generation=generation,
            key=key,
            wrap_nonce=wrap_nonce,
            wrapped=wrapping.encrypt(wrap_nonce, data_key, _wrap_bound(vault_id)),
            nonce=nonce,
        )
        bound = MAGIC + msgspec.json.encode(header) + b"\n"
        body = AESGCM(data_key).encrypt(nonce, _texts(entries), bound)
    return bound + base64.b64encode(body) + b"\n"


def random_id() -> str:
    """Return an id of 128 random bits for a vault or a key."""
    return os.urandom(16).hex()


def _texts(entries: dict[str, Secret]) -> bytes:
    return msgspec.json.encode({name: entries[name].reveal() for name in entries})


def _wrap_bound(vault_id: str) -> bytes:
    return MAGIC + vault_id.encode()


def _canonical(line: bytes) -> bytes | None:
    """Decode base64 of which no other spelling is taken.

    The last letter has bits that decoders ignore, so that a changed byte could pass.
    """
    try:
        found = base64.b64decode(line, validate=True)
    except ValueError:
        return None
    return found if base64.b64encode(found) == line else None
