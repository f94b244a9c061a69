"""Functions in turn run one at a time, in order, whichever thread runs them."""

import threading

import pytest

from timeline_nb.core.turns import Turns


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
