"""Which notebook this kernel executes: what ran it says so, and locks of films keep it.

It is a variable of the environment, so that a notebook needs no code for it, and that
processes which the kernel starts know it, too.
"""

import os
import sys
from typing import Any, Final

import msgspec

__all__ = [
    "MOST_PARAMETER_BYTES",
    "NOTEBOOK_VARIABLE",
    "StartedBy",
    "is_typed_into",
    "started_by",
]

NOTEBOOK_VARIABLE: Final = "TIMELINE_NB_NOTEBOOK"
# Linux takes 128 KiB in one variable.
MOST_PARAMETER_BYTES: Final = 64 << 10


class StartedBy(msgspec.Struct, frozen=True):
    """The notebook that is executed in this kernel.

    Args:
        notebook: Its file's name, without a folder.
        sha256: Of the sources of its code cells, without outputs and parameters.
        parameters: The values that it was given, by name.
        lock: Whether a lock is written beside each film.
    """

    notebook: str
    sha256: str
    parameters: dict[str, Any]
    lock: bool = False


def started_by() -> StartedBy | None:
    """Return which notebook this process executes; None where nobody said so."""
    text = os.environ.get(NOTEBOOK_VARIABLE, "")
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=StartedBy)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return None


def is_typed_into() -> bool:
    """Return whether a person types code into this process, cell by cell.

    Python's prompt and the kernels of notebooks have a prompt (`sys.ps1`), programs
    have none. A kernel that executes a notebook for a program says so.
    """
    return hasattr(sys, "ps1") and not os.environ.get(NOTEBOOK_VARIABLE)
