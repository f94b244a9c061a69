"""Figures of a kernel, in a file beside its connection file, for Jupyter's server.

The folder and the file are private to the user, as the connection file is, and the
text is signed with a key that comes from the one that signs the kernel's messages: what
another program puts there is not taken for the kernel's.
"""

import hmac
import os
import stat
import time
from pathlib import Path
from typing import Final

from timeline_nb.access.no_links import open_without_links

__all__ = ["FIGURES_SUFFIX", "figures_path", "read_figures", "signed_figures"]

FIGURES_SUFFIX: Final = ".figures"
_PURPOSE: Final = b"timeline_nb kernel figures 1"
# As `key_from`: with less, the kernel's messages are not signed.
_LEAST_KEY_BYTES: Final = 16
_MOST_BYTES: Final = 1_000_000
# A kernel writes every few seconds; one that did not for so long hangs or was killed.
_LASTS_S: Final = 60.0


def figures_path(connection_file: Path) -> Path:
    """Return where the figures of the kernel with a connection file are."""
    return connection_file.with_name(
        f"timeline_nb-{connection_file.stem}{FIGURES_SUFFIX}"
    )


def signed_figures(session_key: bytes, text: str) -> bytes:
    """Return figures as they are written.

    Args:
        session_key: What signs the kernel's messages.
        text: In Prometheus' text format.
    """
    data = text.encode()
    return _signature(session_key, data) + b"\n" + data


def read_figures(path: Path, session_key: bytes) -> str:
    """Return figures that a kernel has written of late; empty if there are none.

    What is too long, too old, or was not signed with the key, is none.
    """
    if len(session_key) < _LEAST_KEY_BYTES:
        return ""
    try:
        descriptor = open_without_links(os.path.realpath(path))
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        is_fit = stat.S_ISREG(status.st_mode) and status.st_size <= _MOST_BYTES
        if not is_fit or time.time() - status.st_mtime > _LASTS_S:
            return ""
        signature, _, data = file.read(_MOST_BYTES).partition(b"\n")
    if not hmac.compare_digest(signature, _signature(session_key, data)):
        return ""
    return data.decode(errors="replace")


def _signature(session_key: bytes, data: bytes) -> bytes:
    key = hmac.digest(session_key, _PURPOSE, "sha256")
    return hmac.digest(key, data, "sha256").hex().encode()
