"""Media ids: what a kernel lets a browser read, sealed so that only its server can.

The key comes from the secret that a kernel and its server share already, the one that
signs their messages. So there is nothing new to keep: nothing on disk, nothing in the
environment, which a cell shows. An id ends with its kernel.
"""

import base64
import binascii
import hmac
import json
import os
import time
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from timeline_nb.access.no_links import open_without_links
from timeline_nb.access.ordinary import kind_fault
from timeline_nb.access.scope import Scope

__all__ = ["FileChangedError", "Grant", "UnknownIdError", "key_from", "seal", "unseal"]

_PURPOSE: Final = b"timeline_nb media ids 1"
# A session key of Jupyter has 64 letters or more; it may be empty, for no signatures.
_LEAST_KEY_BYTES: Final = 16
# NIST SP 800-38D, 8.2: 96 bits of a nonce.
_NONCE_BYTES: Final = 12
# The longest path of Linux, quoted.
_MOST_ID_CHARS: Final = 20_000


class UnknownIdError(ValueError):
    """An id was not sealed with this key."""


class FileChangedError(OSError):
    """A file is not the one that an id was made for, or the id has expired."""


@dataclass(frozen=True)
class Grant:
    """What an id allows: to read one file, as it was then, until a time.

    Args:
        path: Its real path: absolute, without links.
        device: `st_dev` of the file.
        inode: `st_ino`.
        mtime_ns: When it was changed last.
        size_bytes: Its size.
        expires_at: Seconds since 1970.
    """

    path: str
    device: int
    inode: int
    mtime_ns: int
    size_bytes: int
    expires_at: int

    def open(self) -> int:
        """Open the file, and check that it is still the one that was granted.

        Returns:
            A descriptor, which the caller closes.

        Raises:
            FileChangedError: Another file is there, this one was changed, or the time
                is over.
            OSError: Of the system, as for a missing file, or one behind a link.
        """
        if time.time() >= self.expires_at:
            raise FileChangedError("the id has expired")
        found = open_without_links(self.path)
        status = os.fstat(found)
        if kind_fault(status.st_mode) or _identity(status) != self._identity:
            os.close(found)
            raise FileChangedError("the file was changed since the id was made")
        return found

    @property
    def _identity(self) -> tuple[int, int, int, int]:
        return self.device, self.inode, self.mtime_ns, self.size_bytes


def key_from(session_key: bytes) -> bytes:
    """Return the key of ids, 32 bytes, from the one that signs a kernel's messages.

    Raises:
        UnknownIdError: The kernel's messages are not signed.
    """
    if len(session_key) < _LEAST_KEY_BYTES:
        raise UnknownIdError("the kernel's messages are not signed")
    return hmac.digest(session_key, _PURPOSE, "sha256")


def seal(key: bytes, path: str, scope: Scope, *, lasts_s: int) -> str:
    """Return an id of a file: text that fits an address and shows nothing.

    Args:
        key: Of `key_from`.
        path: The file.
        scope: What may be read.
        lasts_s: Seconds from now on.

    Raises:
        AccessError: The file may not be read, or is no ordinary file.
        OSError: Of the system, as for a missing file.
    """
    found = scope.open(path)
    try:
        status = os.fstat(found)
    finally:
        os.close(found)
    # A path that leads elsewhere by now names another file, which is refused later.
    facts = [os.path.realpath(path), *_identity(status), int(time.time()) + lasts_s]
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(facts).encode(), _PURPOSE)
    return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()


def unseal(key: bytes, text: str) -> Grant:
    """Return what an id allows.

    Raises:
        UnknownIdError: It was not sealed with this key.
    """
    try:
        padded = text[:_MOST_ID_CHARS] + "=" * (-len(text) % 4)
        raw = base64.b64decode(padded, b"-_", validate=True)
        nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return Grant(*json.loads(AESGCM(key).decrypt(nonce, sealed, _PURPOSE)))
    except (InvalidTag, binascii.Error, ValueError, TypeError):
        raise UnknownIdError("this id was not made here") from None


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
