"""Errors of writing a film."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av

from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import RenderError, TimelineNbError
from timeline_nb.i18n import Message

__all__ = ["write_context"]


@contextmanager
def write_context(path: Path) -> Iterator[None]:
    """Turn an error of writing a film into a RenderError that names it."""
    try:
        # FFmpeg's errors have the system's numbers, and most are OSErrors.
        with file_errors(path, RenderError):
            yield
    except TimelineNbError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        raise RenderError(
            Message("{path} cannot be written: {why}", path=path, why=error)
        ) from error
