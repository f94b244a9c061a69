"""Items made ahead: the same ones, in order, and no more than asked."""

import threading
from collections.abc import Iterator

import pytest
from states import until

from timeline_nb.core import worker_threads
from timeline_nb.core.prefetch import prefetch


def test_the_items_come_in_order_from_one_other_thread() -> None:
    makers: set[int] = set()

    def items() -> Iterator[int]:
        for number in range(50):
            makers.add(threading.get_ident())
            yield number

    assert list(prefetch(items(), 3)) == list(range(50))
    assert len(makers) == 1
    assert threading.get_ident() not in makers


def test_some_are_made_before_they_are_asked_for_and_no_more() -> None:
    made = threading.Semaphore(0)

    def items() -> Iterator[int]:
        for number in range(50):
            made.release()
            yield number

    given = prefetch(items(), 4)
    assert next(given) == 0
    for _ in range(5):
        assert made.acquire(timeout=120)
    assert not made.acquire(timeout=0.1)
    given.close()


def test_an_error_comes_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the second")

    given = prefetch(items(), 4)
    assert next(given) == 1
    with pytest.raises(ValueError, match="the second"):
        next(given)


def test_who_stops_early_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    # It does not end for want of work.
    monkeypatch.setattr(worker_threads, "_IDLE_S", 1_000.0)
    makers: set[threading.Thread] = set()

    def items() -> Iterator[int]:
        for number in range(50):
            makers.add(threading.current_thread())
            yield number

    given = prefetch(items(), 2)
    next(given)
    given.close()
    (maker,) = makers
    assert until(lambda: not maker.is_alive())
