"""Turn errors of the system into errors that name the file."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from timeline_nb.errors import AccessError, TimelineNbError
from timeline_nb.i18n import Message

__all__ = ["file_errors", "reason_of"]

# What the system says of these names neither the disk nor the limit.
_REASONS: Final = {
    errno.ENOSPC: Message("the disk is full"),
    errno.EFBIG: Message("the file is larger than is allowed here"),
    errno.EMFILE: Message("too many files are open in this process (see ulimit -n)"),
    errno.ENFILE: Message("too many files are open on this machine"),
}


def reason_of(error: OSError | MemoryError) -> str:
    """Return why the system refuses, in words."""
    if isinstance(error, MemoryError):
        return Message("the memory is used up")
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def _cannot(path: Path | str, verb: str, why: str) -> str:
    """Return the sentence that something cannot be done with a file."""
    match verb:
        case "written":
            return Message("{path} cannot be written: {why}", path=path, why=why)
        case "read":
            return Message("{path} cannot be read: {why}", path=path, why=why)
        case "opened":
            return Message("{path} cannot be opened: {why}", path=path, why=why)
        case "removed":
            return Message("{path} cannot be removed: {why}", path=path, why=why)
        case _:
            return f"{path} cannot be {verb}: {why}"


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
        raise kind(_cannot(path, verb, reason_of(error))) from error
    except TimelineNbError:
        raise
    except RuntimeError as error:
        # pathlib before Python 3.13; a recursion or a library's fault passes.
        if "Symlink loop" not in str(error):
            raise
        raise kind(_cannot(path, verb, Message("it is a loop of links"))) from error
    except (OSError, MemoryError) as error:
        said = _cannot(path, verb, reason_of(error))
        raise kind(f"{said}. {advice}" if advice else said) from error
