"""Addresses at which a browser reads media from the server beside this program.

In a kernel of Jupyter that is Jupyter's server, if it has our extension; the kernel
does not learn whether it has, nor where it is: an address is relative to the server's
base URL, which pages know.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.ids import UnknownIdError, key_from, seal
from timeline_nb.access.media_types import media_type_of, served_type_of
from timeline_nb.access.scope import Scope
from timeline_nb.core.kernel_connection import kernel_connection
from timeline_nb.errors import AccessError, ServerError

__all__ = ["LASTS_S", "MediaAddresses", "check_served", "kernel_addresses"]

# How long an address is good for: a day of work.
LASTS_S: Final = 12 * 3600


class MediaAddresses:
    """Makes addresses of files; its repr shows no key.

    Args:
        place: The id of the kernel, or of the program that serves alone.
        key: Seals the ids.
    """

    def __init__(self, place: str, key: bytes) -> None:
        self._place = place
        self._key = key

    def __repr__(self) -> str:
        return f"<MediaAddresses of {self._place}>"

    def __reduce__(self) -> Any:
        raise TypeError("addresses are of one program: they cannot be pickled")

    def of(self, path: Path | str, scope: Scope, *, lasts_s: int = LASTS_S) -> str:
        """Return the address of a file, relative to the server's base URL.

        Args:
            path: The file.
            scope: What may be read.
            lasts_s: Seconds from now on.

        Raises:
            AccessError: The file may not be read.
            ServerError: It is none that is served, or it is not there.
        """
        with _server_errors(path, served_type_of(str(path))):
            media_id = seal(self._key, str(path), scope, lasts_s=lasts_s)
        return f"timeline_nb/media/{self._place}/{media_id}"


def check_served(path: Path | str, scope: Scope) -> None:
    """Check that a file is there, may be read, and is of a type that is served.

    Raises:
        AccessError: It may not be read.
        ServerError: It is not there, or of another type.
    """
    with _server_errors(path, media_type_of(str(path))):
        os.close(scope.open(path))


@contextmanager
def _server_errors(path: Path | str, media_type: str) -> Iterator[None]:
    if not media_type:
        raise ServerError(
            f"{path} cannot be served: its name ends like no media that browsers "
            "know, such as .mp4, .webm, .mp3 or .png; render it as one"
        )
    try:
        yield
    except AccessError:
        raise
    except OSError as error:
        raise ServerError(f"{path} cannot be served: {error.strerror}") from None


def kernel_addresses() -> MediaAddresses | None:
    """Return the addresses of this kernel; None if no Jupyter server has started it."""
    known = kernel_connection()
    if known is None:
        return None
    try:
        return MediaAddresses(known.kernel_id, key_from(known.session_key))
    except UnknownIdError:
        return None
