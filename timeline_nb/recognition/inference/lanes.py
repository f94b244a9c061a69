"""The two lanes of a search, which work side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from timeline_nb.core.telemetry.place import Place
from timeline_nb.core.telemetry.spans import beside
from timeline_nb.core.telemetry.stages import iterate_in

__all__ = ["timed_lanes"]

T = TypeVar("T")


@contextmanager
def timed_lanes(
    batches: Iterator[T], most: int
) -> Iterator[tuple[Iterator[T], Place | None]]:
    """Time what prepares batches, and what runs them.

    Args:
        batches: Made on one thread.
        most: Threads that run them.

    Yields:
        The batches, timed, and the place in the trace of what runs them.
    """
    with (
        beside("detect.prepare", workers=1) as preparing,
        beside("detect.infer", workers=most) as running,
    ):
        yield iterate_in(preparing.place, batches), running.place
