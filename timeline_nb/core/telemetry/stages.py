"""Time the stages that an operation consists of, frame by frame."""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import wraps
from typing import Any, Final, ParamSpec, Self, TypeVar

from timeline_nb.core.telemetry.place import (
    HERE,
    NOTHING,
    Nothing,
    Place,
    Totals,
    clock,
    use_place,
)
from timeline_nb.core.telemetry.records import StageTime

__all__ = ["iterate_in", "iterate_staged", "stage", "staged", "stages_of"]

P = ParamSpec("P")
T = TypeVar("T")
_here: Final = HERE.get


class _Thread(threading.local):
    """The stage that a thread is in."""

    stage: "Stage | None" = None


_thread: Final = _Thread()


class Stage:
    """A stage that is being timed.

    Attributes:
        key: The thread, the stage, its detail and its owner.
        within: The nanoseconds of stages in it.
    """

    __slots__ = ("_begun", "_outer", "_totals", "key", "within")

    def __init__(self, totals: Totals, kind: str, detail: str, owner: str) -> None:
        self._totals = totals
        self.key = (threading.get_ident(), kind, detail, owner)

    def __enter__(self) -> Self:
        outer = self._outer = _thread.stage
        if not self.key[3] and outer is not None:
            self.key = (*self.key[:3], outer.key[3])
        _thread.stage = self
        self.within = 0
        self._begun = clock()
        return self

    def __exit__(self, *_: object) -> None:
        taken = clock() - self._begun
        outer = _thread.stage = self._outer
        if outer is not None:
            outer.within += taken
        total = self._totals.get(self.key)
        if total is None:
            total = self._totals[self.key] = [0, 0]
        total[0] += taken - self.within
        total[1] += 1


def stage(kind: str, detail: str = "", owner: str = "") -> "Stage | Nothing":
    """Count the time of the block as a stage of the operation that it is a part of.

    The time of stages within it is theirs. Do not yield in the block.

    Args:
        kind: A word, such as `decode`.
        detail: What exactly.
        owner: The clip, track or file; that of the stage around it if not given.
    """
    here = _here()
    if here is None or here.totals is None:
        return NOTHING
    return Stage(here.totals, kind, detail, owner)


def staged(kind: str, detail: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Count the calls of a function as a stage; not of a generator."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            with stage(kind, detail):
                return function(*args, **kwargs)

        return timed

    return decorate


def iterate_in(place: Place | None, items: Iterator[T]) -> Iterator[T]:
    """Yield items, each made at a place of a trace, on whatever thread.

    What is not in another stage counts as the stage `other`, so that the rest of the
    operation's time was spent waiting.
    """
    return items if place is None else _iterate(place, items)


def _iterate(place: Place, items: Iterator[T]) -> Generator[T, None, None]:
    try:
        while True:
            with use_place(place), stage("other"):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item
    finally:
        if isinstance(items, Generator):
            items.close()


def iterate_staged(items: Iterable[T], kind: str, detail: str = "") -> Iterator[T]:
    """Yield items, and count the time in which each is made as a stage."""
    rest = iter(items)
    while True:
        with stage(kind, detail):
            try:
                item = next(rest)
            except StopIteration:
                return
        yield item


def stages_of(totals: Totals | None) -> tuple[StageTime, ...]:
    """Return the stages of an operation, over all threads."""
    if not totals:
        return ()
    joined: dict[tuple[str, str, str], list[Any]] = {}
    for (_, *key), (taken, count) in list(totals.items()):
        sums = joined.setdefault((key[0], key[1], key[2]), [0, 0])
        sums[0] += taken
        sums[1] += count
    return tuple(StageTime(*key, ns / 1e9, n) for key, (ns, n) in joined.items())
