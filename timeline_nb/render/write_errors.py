"""Errors of writing a film."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av

from timeline_nb.errors import MediaError, RenderError
from timeline_nb.media._pyav import reason

__all__ = ["write_context"]


@contextmanager
def write_context(path: Path) -> Iterator[None]:
    """Turn an error of writing a film into a RenderError that names it."""
    try:
        yield
    except MediaError:
        # These name a source already; all others come from the output.
        raise
    except OSError as error:
        full = error.errno == errno.ENOSPC
        why = "the disk is full" if full else reason(error)
        raise RenderError(f"{path} cannot be written: {why}") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise RenderError(f"{path} cannot be written: {error}") from error
