"""Warnings that name the line of a person's cell or script, however deep they arise."""

import contextlib
import warnings
from inspect import currentframe
from pathlib import Path
from types import FrameType
from typing import Final

__all__ = ["warn_user"]

_PACKAGE: Final = f"{Path(__file__).parents[1].as_posix()}/"
# Its frames lie between ours where a `with` block is entered or left.
_BETWEEN: Final = contextlib.__file__


def warn_user(text: str) -> None:
    """Warn of what a person should know, at the line that called the package.

    Python counts frames from the one that warns, and their number changes with each
    call that is added on the way. In a thread of ours no such line exists: the warning
    is at the thread's first one.

    Args:
        text: What happened, and what to do.
    """
    level, frame = 1, currentframe()
    while frame is not None and frame.f_back is not None and _is_ours(frame):
        level, frame = level + 1, frame.f_back
    warnings.warn(text, RuntimeWarning, stacklevel=level)


def _is_ours(frame: FrameType) -> bool:
    name = Path(frame.f_code.co_filename).as_posix()
    return name.startswith(_PACKAGE) or frame.f_code.co_filename == _BETWEEN
