"""The error about what is not on the timeline."""

from timeline_nb.errors import TimelineError

__all__ = ["missing"]


def missing(text: str) -> TimelineError:
    """Return an error that says what there is not: it may have been there before."""
    error = TimelineError(text)
    error.is_missing = True
    return error
