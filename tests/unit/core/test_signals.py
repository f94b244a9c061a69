"""A signal calls its listeners without a lock, and one that fails harms no other."""

from threading import Thread

import pytest

from timeline_nb.core.signals import Signal


class Listener:
    def __init__(self) -> None:
        self.heard: list[int] = []

    def hear(self, value: int) -> None:
        self.heard.append(value)


def test_listeners_hear_until_they_are_disconnected() -> None:
    signal: Signal[int] = Signal("a test")
    one, other = Listener(), Listener()
    signal.connect(one.hear)
    signal.connect(other.hear)
    signal.emit(1)
    signal.disconnect(one.hear)
    signal.disconnect(one.hear)
    signal.emit(2)
    assert (one.heard, other.heard) == ([1], [1, 2])
    assert len(signal) == 1


def test_a_bound_method_does_not_keep_its_object() -> None:
    signal: Signal[int] = Signal("a test")
    one = Listener()
    signal.connect(one.hear)
    heard: list[int] = []
    signal.connect(heard.append)
    del one
    signal.emit(1)
    assert heard == [1]
    assert len(signal) == 1


def test_a_listener_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    signal: Signal[int] = Signal("a test")
    heard: list[int] = []

    def fail(_: int) -> None:
        raise ValueError("a broken bar")

    signal.connect(fail)
    signal.connect(heard.append)
    signal.emit(3)
    assert heard == [3]
    assert "a listener of a test failed" in caplog.text


def test_a_listener_may_wait_for_a_thread_that_connects_and_emits() -> None:
    signal: Signal[int] = Signal("a test")
    heard: list[int] = []

    def hear(value: int) -> None:
        heard.append(value)
        if value == 1:
            thread = Thread(target=answer, daemon=True)
            thread.start()
            thread.join(120)
            heard.append(99 if thread.is_alive() else 0)

    def answer() -> None:
        signal.connect(lambda _: None)
        signal.emit(2)

    signal.connect(hear)
    signal.emit(1)
    assert heard == [1, 2, 0]
