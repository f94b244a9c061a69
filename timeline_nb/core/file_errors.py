"""Turn errors of the system into errors that name the file."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from timeline_nb.errors import AccessError, TimelineNbError

__all__ = ["file_errors", "reason_of"]

# What the system says of these names neither the disk nor the limit.
_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EFBIG: "the file is larger than is allowed here",
    errno.EMFILE: "too many files are open in this process (see ulimit -n)",
    errno.ENFILE: "too many files are open on this machine",
}


def reason_of(error: OSError | MemoryError) -> str:
    """Return why the system refuses, in words."""
    if isinstance(error, MemoryError):
        return "the memory is used up"
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


@contextlib.contextmanager
def file_errors(
    path: Path | str,
    kind: type[TimelineNbError],
    *,
    verb: str = "written",
    advice: str = "",
) -> Iterator[None]:
    """Turn an `OSError` or a `MemoryError` of the block into an error of a kind.

    Args:
        path: The file, or another place; the message names it.
        kind: The error's.
        verb: What cannot be done with it.
        advice: What to do where the system refuses; the end of the message.

    Raises:
        TimelineNbError: Of that kind, or what the block raised on purpose.
    """
    try:
        yield
    except AccessError as error:
        raise kind(f"{path} cannot be {verb}: {reason_of(error)}") from error
    except TimelineNbError:
        raise
    except RuntimeError as error:
        # pathlib before Python 3.13; a recursion or a library's fault passes.
        if "Symlink loop" not in str(error):
            raise
        raise kind(f"{path} cannot be {verb}: it is a loop of links") from error
    except (OSError, MemoryError) as error:
        end = f". {advice}" if advice else ""
        raise kind(f"{path} cannot be {verb}: {reason_of(error)}{end}") from error
