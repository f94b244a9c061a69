"""Addresses of files that a person serves from a cell."""

from pathlib import Path

from timeline_nb.core.media_addresses import LASTS_S
from timeline_nb.errors import ServerError
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, parse_time

__all__ = ["address_of", "checked_lasts"]


def checked_lasts(lasts: TimeLike) -> int:
    """Return whole seconds for which an address is good.

    Raises:
        ServerError: There are none.
        TimeError: It is no time.
    """
    seconds = int(parse_time(lasts))
    if seconds < 1:
        raise ServerError(f"lasts={lasts!r}: an address is good for a second or more")
    return seconds


def address_of(path: Path | str, studio: Studio, *, lasts: TimeLike = LASTS_S) -> str:
    """Return the address of a file that the studio's scope allows.

    Raises:
        ServerError: There is no server, no such file, or it is none that is served.
        AccessError: The file may not be read.
    """
    seconds = checked_lasts(lasts)
    if studio.addresses is None:
        raise ServerError(
            f"{path} has no address: this program was not started by a Jupyter server; "
            "tl.Player(...) shows it without one, and 'timeline-nb serve' in a "
            "terminal serves it alone"
        )
    return studio.addresses.of(path, studio.scope, lasts_s=seconds)
