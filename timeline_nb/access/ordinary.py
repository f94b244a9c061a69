"""What is no ordinary file, in one wording."""

import stat

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
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISLNK, "a link"),
    )
    what = next((what for test, what in kinds if test(mode)), "a device")
    return f"is {what}, not a file"
