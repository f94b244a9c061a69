"""Add the time, the clip, the track or the timeline to an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from timeline_nb.effects.failures import FailedEffectError
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.i18n import Message
from timeline_nb.timeline.model import Clip

__all__ = ["clip_context", "owner_context", "time_context"]


@contextmanager
def clip_context(clip: Clip) -> Iterator[None]:
    """Prefix an error of the block with the clip's name."""
    try:
        yield
    except MediaError as error:
        raise MediaError(
            Message("clip {label}: {why}", label=clip.label, why=error)
        ) from error
    except CompositionError as error:
        raise CompositionError(
            Message("clip {label}: {why}", label=clip.label, why=error)
        ) from error


@contextmanager
def owner_context(owner: str) -> Iterator[None]:
    """Prefix an error of the block with the owner of the effect."""
    try:
        yield
    except CompositionError as error:
        raise CompositionError(
            Message("{owner}: {why}", owner=owner, why=error)
        ) from error


@contextmanager
def time_context(time: Fraction) -> Iterator[None]:
    """Prefix an error of an effect in the block with the second of the timeline."""
    try:
        yield
    except CompositionError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, FailedEffectError):
            cause = cause.__cause__
        if cause is None:
            raise
        raise CompositionError(
            Message("at {time} s: {why}", time=f"{float(time):.3f}", why=error)
        ) from error
