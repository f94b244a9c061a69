"""What is no ordinary file, in one wording."""

import stat

from timeline_nb.i18n import Message

__all__ = ["kind_fault"]


def kind_fault(mode: int) -> str:
    """Return what is there in place of an ordinary file; empty for an ordinary file.

    A pipe would be waited for, a device read without end, and some devices act when
    they are opened.

    Args:
        mode: `st_mode` of the file, links followed.

    Returns:
        The end of a sentence about the path: `is a folder, not a file`.
    """
    if stat.S_ISREG(mode):
        return ""
    kinds = (
        (stat.S_ISDIR, Message("is a folder, not a file")),
        (stat.S_ISFIFO, Message("is a pipe, not a file")),
        (stat.S_ISSOCK, Message("is a socket, not a file")),
        (stat.S_ISLNK, Message("is a link, not a file")),
    )
    device = Message("is a device, not a file")
    return next((what for test, what in kinds if test(mode)), device)
