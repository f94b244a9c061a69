from threading import Event
from threading import enumerate as threads

import pytest

from timeline_nb.core import wishes
from timeline_nb.core.wishes import Wishes


def test_a_later_list_takes_the_place_of_the_former() -> None:
    done: list[str] = []
    first, go, last = Event(), Event(), Event()

    def work(_: str, item: str) -> None:
        first.set()
        go.wait(5)
        done.append(item)
        if item == "z":
            last.set()

    wanted: Wishes[str, str] = Wishes("wishes", work)
    wanted.wish("view", ["a", "b", "c"])
    assert first.wait(5)
    wanted.wish("view", ["y", "z"])
    go.set()
    assert last.wait(5)
    # What was begun is ended; the rest of the old list is not done.
    assert done == ["a", "y", "z"]


def test_askers_take_turns() -> None:
    done: list[str] = []
    first, go, last = Event(), Event(), Event()

    def work(asker: str, item: int) -> None:
        first.set()
        go.wait(5)
        done.append(f"{asker}{item}")
        if len(done) == 6:
            last.set()

    wanted: Wishes[str, int] = Wishes("wishes", work)
    wanted.wish("a", [1, 2, 3])
    assert first.wait(5)
    wanted.wish("b", [1, 2, 3])
    go.set()
    assert last.wait(5)
    assert done == ["a1", "a2", "b1", "a3", "b2", "b3"]


def test_an_item_that_fails_does_not_end_the_thread(
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = Event()

    def work(_: str, item: int) -> None:
        if not item:
            raise ZeroDivisionError
        good.set()

    wanted: Wishes[str, int] = Wishes("wishes", work)
    wanted.wish("view", [0, 1])
    assert good.wait(5)
    assert "an item failed" in caplog.text


def test_the_thread_ends_when_nothing_is_wished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wishes, "_IDLE_S", 0.05)
    done = Event()
    wanted: Wishes[str, int] = Wishes("idle wishes", lambda _, __: done.set())
    wanted.wish("view", [1])
    assert done.wait(5)
    for thread in threads():
        if thread.name == "idle wishes":
            thread.join(5)
    assert "idle wishes" not in {thread.name for thread in threads()}
    done.clear()
    wanted.wish("view", [1])
    assert done.wait(5)
