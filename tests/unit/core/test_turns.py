"""What runs in turn runs one at a time, in order, and no lock is held meanwhile."""

import threading

import pytest

from timeline_nb.core.signals import Signal
from timeline_nb.core.turns import Turn, Turns


def test_a_function_that_puts_another_has_it_run_after_its_own_end() -> None:
    turns: Turns[str] = Turns("a test")
    said: list[str] = []

    def first() -> None:
        turns.run("second", lambda: said.append("second"))
        said.append("first")

    turns.run("first", first)
    assert said == ["first", "second"]


def test_what_waits_for_its_turn_is_put_once() -> None:
    turns: Turns[str] = Turns("a test")
    said: list[str] = []

    def first() -> None:
        for _ in range(3):
            turns.run("again", lambda: said.append("again"))

    turns.run("first", first)
    assert said == ["again"]
    turns.run("again", lambda: said.append("later"))
    assert said == ["again", "later"]


def test_another_thread_s_function_is_run_by_the_one_that_runs() -> None:
    turns: Turns[int] = Turns("a test")
    ran_by: list[int] = []
    started, go_on = threading.Event(), threading.Event()

    def first() -> None:
        started.set()
        assert go_on.wait(120)

    one = threading.Thread(target=lambda: turns.run(1, first))
    one.start()
    assert started.wait(120)
    turns.run(2, lambda: ran_by.append(threading.get_ident()))
    assert ran_by == []
    go_on.set()
    one.join(120)
    assert ran_by == [one.ident]


def test_one_that_fails_does_not_stop_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    turns: Turns[str] = Turns("an answer")
    said: list[str] = []

    def fail() -> None:
        turns.run("next", lambda: said.append("next"))
        raise ValueError("broken")

    turns.run("fail", fail)
    assert said == ["next"]
    assert "an answer failed" in caplog.text


def test_an_interrupt_goes_on_and_leaves_the_turn_free() -> None:
    turns: Turns[str] = Turns("a test")
    said: list[str] = []

    def interrupted() -> None:
        turns.run("next", lambda: said.append("next"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        turns.run("interrupted", interrupted)
    turns.run("later", lambda: said.append("later"))
    assert said == ["next", "later"]


def test_one_thread_at_a_time_has_the_turn_and_may_emit() -> None:
    turn, told = Turn("a test"), Signal[str]("a test")
    said: list[str] = []
    told.connect(said.append)
    waits, ends = threading.Event(), threading.Event()

    def other() -> None:
        waits.set()
        with turn:
            said.append("other")
        ends.set()

    one = threading.Thread(target=other)
    with turn:
        one.start()
        assert waits.wait(120)
        with turn:
            # As a listener that comes back here; tests fail that emit under a lock.
            told.emit("first")
        told.emit("still")
        assert not ends.is_set()
    assert ends.wait(120)
    one.join(120)
    assert said == ["first", "still", "other"]


def test_an_error_leaves_the_turn_to_the_next() -> None:
    turn = Turn("a test")
    with pytest.raises(ValueError, match="broken"), turn:
        raise ValueError("broken")
    entered = threading.Event()

    def other() -> None:
        with turn:
            entered.set()

    threading.Thread(target=other).start()
    assert entered.wait(120)


def test_a_forked_process_waits_for_no_turn_of_another_thread() -> None:
    turn = Turn("a test")
    has, go_on = threading.Event(), threading.Event()

    def other() -> None:
        with turn:
            has.set()
            assert go_on.wait(120)

    one = threading.Thread(target=other)
    one.start()
    assert has.wait(120)
    # As `os.fork` has it called in the child, where that thread is not.
    turn.begin_anew()
    with turn:
        pass
    go_on.set()
    one.join(120)
