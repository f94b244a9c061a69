from threading import Event
from threading import enumerate as threads

import pytest

from timeline_nb.core import latest_queue
from timeline_nb.core.latest_queue import LatestQueue


def test_a_later_list_takes_the_place_of_the_former() -> None:
    done: list[str] = []
    first, go, last = Event(), Event(), Event()

    def work(_: str, item: str) -> None:
        first.set()
        go.wait(120)
        done.append(item)
        if item == "z":
            last.set()

    wanted: LatestQueue[str, str] = LatestQueue("queue", work)
    wanted.put("view", ["a", "b", "c"])
    assert first.wait(120)
    wanted.put("view", ["y", "z"])
    go.set()
    assert last.wait(120)
    # What was begun is ended; the rest of the old list is not done.
    assert done == ["a", "y", "z"]


def test_askers_take_turns() -> None:
    done: list[str] = []
    first, go, last = Event(), Event(), Event()

    def work(asker: str, item: int) -> None:
        first.set()
        go.wait(120)
        done.append(f"{asker}{item}")
        if len(done) == 6:
            last.set()

    wanted: LatestQueue[str, int] = LatestQueue("queue", work)
    wanted.put("a", [1, 2, 3])
    assert first.wait(120)
    wanted.put("b", [1, 2, 3])
    go.set()
    assert last.wait(120)
    assert done == ["a1", "a2", "b1", "a3", "b2", "b3"]


def test_an_item_that_fails_does_not_end_the_thread(
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = Event()

    def work(_: str, item: int) -> None:
        if not item:
            raise ZeroDivisionError
        good.set()

    wanted: LatestQueue[str, int] = LatestQueue("queue", work)
    wanted.put("view", [0, 1])
    assert good.wait(120)
    assert "an item failed" in caplog.text


def test_the_thread_ends_when_nothing_is_wished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(latest_queue, "_IDLE_S", 0.05)
    done = Event()
    wanted: LatestQueue[str, int] = LatestQueue("idle queue", lambda _, __: done.set())
    wanted.put("view", [1])
    assert done.wait(120)
    for thread in threads():
        if thread.name == "idle queue":
            thread.join(120)
    assert "idle queue" not in {thread.name for thread in threads()}
    done.clear()
    wanted.put("view", [1])
    assert done.wait(120)
