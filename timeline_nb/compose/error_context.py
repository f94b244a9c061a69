"""Add the clip, the track or the timeline to an error."""

from collections.abc import Iterator
from contextlib import contextmanager

from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.timeline.model import Clip

__all__ = ["clip_context", "owner_context"]


@contextmanager
def clip_context(clip: Clip) -> Iterator[None]:
    """Prefix an error of the block with the clip's name."""
    try:
        yield
    except MediaError as error:
        raise MediaError(f"clip {clip.label}: {error}") from error
    except CompositionError as error:
        raise CompositionError(f"clip {clip.label}: {error}") from error


@contextmanager
def owner_context(owner: str) -> Iterator[None]:
    """Prefix an error of the block with the owner of the effect."""
    try:
        yield
    except CompositionError as error:
        raise CompositionError(f"{owner}: {error}") from error
