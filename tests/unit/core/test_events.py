"""Events: sent on a thread of their own, joined, held back, and of known fields."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from states import until

from timeline_nb.core.event_types import (
    EVENT_KINDS,
    Event,
    ImportedMedia,
    MediaImported,
    MediaProcessed,
    ProjectOpened,
    ProjectSaved,
    RenderCompleted,
    RenderFailed,
    RenderProgress,
    SettingsChanged,
    TimelineChanged,
)
from timeline_nb.core.events import Events


@pytest.fixture
def events() -> Iterator[Events]:
    made = Events()
    yield made
    made.close()


def changed(number: int) -> TimelineChanged:
    return TimelineChanged(
        project="p", name="cut", duration_s=number, tracks=1, clips=number
    )


def progress(done: int, render: str = "r") -> RenderProgress:
    return RenderProgress(
        render=render, stage="encode", done=done, total=9, unit="frame"
    )


COMPLETED = RenderCompleted(
    render="r", file="a.mp4", path="/f/a.mp4", frames=9, size_bytes=1
)


def of(event: Event) -> Callable[[], Event]:
    return lambda: event


def threads() -> set[threading.Thread]:
    found = threading.enumerate()
    return {one for one in found if one.name == "timeline_nb events"}


@contextmanager
def held(events: Events) -> Iterator[None]:
    """Hold the thread of the events in a listener, so that more come at once."""
    free, held = threading.Event(), threading.Event()

    def hold(_: Event) -> None:
        held.set()
        free.wait(200)

    events.settings_changed.connect(hold)
    events.post("settings_changed", of(SettingsChanged(setting="allowed")))
    assert held.wait(200)
    try:
        yield
    finally:
        events.settings_changed.disconnect(hold)
        free.set()


class Heard:
    """Keeps what comes of all kinds."""

    def __init__(self, events: Events) -> None:
        self.queue: queue.Queue[Event] = queue.Queue()
        events.all.connect(self.queue.put)

    def next(self) -> Event:
        return self.queue.get(timeout=120)

    def until(self, kind: str) -> list[Event]:
        found = [self.next()]
        while found[-1].kind != kind:
            found.append(self.next())
        return found


def test_nothing_is_made_and_no_thread_runs_if_nobody_listens(events: Events) -> None:
    made: list[int] = []
    # Those of other tests may end meanwhile.
    before = threads()

    def make() -> TimelineChanged:
        made.append(1)
        return changed(1)

    for _ in range(100):
        events.post("timeline_changed", make)
    assert made == []
    assert threads() <= before


def test_a_listener_of_a_kind_hears_that_kind_on_another_thread(
    events: Events,
) -> None:
    heard: queue.Queue[tuple[Event, str]] = queue.Queue()
    events.render_completed.connect(
        lambda event: heard.put((event, threading.current_thread().name))
    )
    events.post("render_progress", of(progress(1)), subject="r")
    events.post("render_completed", of(COMPLETED), subject="r")
    assert heard.get(timeout=120) == (COMPLETED, "timeline_nb events")
    assert heard.empty()


def test_a_listener_that_hangs_does_not_hold_who_posts(events: Events) -> None:
    free, heard = threading.Event(), Heard(events)
    events.settings_changed.connect(lambda _: free.wait(120))
    for _ in range(100):
        events.post("settings_changed", of(SettingsChanged(setting="allowed")))
    # Who posts was never held: the first listener still waits.
    assert not free.is_set()
    free.set()
    assert heard.next() == SettingsChanged(setting="allowed")


def test_a_listener_that_raises_does_not_end_the_others(
    events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Event) -> None:
        raise ValueError

    events.settings_changed.connect(fail)
    heard = Heard(events)
    for _ in range(2):
        events.post("settings_changed", of(SettingsChanged(setting="allowed")))
        assert heard.next().kind == "settings_changed"
    assert "a listener of settings failed" in caplog.text


def test_of_many_changes_the_last_one_is_sent(events: Events) -> None:
    heard, most = Heard(events), 300
    for number in range(1, most + 1):
        events.post("timeline_changed", partial(changed, number), subject="p")
    found = [heard.next()]
    while found[-1] != changed(most):
        found.append(heard.next())
    # The first at once, and the rest at most four times a second.
    assert len(found) < most / 2
    assert [one.clips for one in found] == sorted(one.clips for one in found)  # type: ignore[attr-defined]


def test_what_is_held_comes_before_what_happened_later(events: Events) -> None:
    heard = Heard(events)
    for number in range(5):
        events.post("render_progress", partial(progress, number), subject="r")
    events.post("render_completed", of(COMPLETED), subject="r")
    found = heard.until("render_completed")
    assert found[-2] == progress(4)


def test_media_of_a_short_time_are_one_event(events: Events) -> None:
    heard = Heard(events)

    def imported(number: int) -> MediaImported:
        item = ImportedMedia(
            media=f"{number}", name="a", path="/f/a", type="video", duration_s=1
        )
        return MediaImported(count=1, items=(item,))

    with held(events):
        for number in range(250):
            events.post("media_imported", partial(imported, number))
    assert heard.next().kind == "settings_changed"
    found = [heard.next()]
    while sum(one.count for one in found) < 250:  # type: ignore[attr-defined]
        found.append(heard.next())
    assert len(found) <= 3
    assert all(len(one.items) <= 100 for one in found)  # type: ignore[attr-defined]
    assert found[0].items[0].media == "0"  # type: ignore[attr-defined]


def test_what_was_computed_of_a_media_is_added_up(events: Events) -> None:
    heard = Heard(events)
    with held(events):
        for count in (24, 250, 3):
            event = MediaProcessed(
                media="m", name="a", path="/f/a", result="proxies", count=count
            )
            events.post("media_processed", of(event), subject="m proxies")
    assert heard.next().kind == "settings_changed"
    assert heard.next().count == 277  # type: ignore[attr-defined]


def test_a_project_that_is_gone_is_closed_once(events: Events) -> None:
    heard = Heard(events)
    first, second = events.open_project(), events.open_project()
    events.close_project(first)
    events.close_project(first)
    events.close()
    found = {one.project for one in (heard.next(), heard.next())}  # type: ignore[attr-defined]
    assert found == {first, second}
    assert heard.queue.empty()
    events.post("settings_changed", of(SettingsChanged(setting="allowed")))
    time.sleep(0.05)
    assert heard.queue.empty()


def test_a_plugin_learns_no_path_that_it_may_not_read() -> None:
    opened = ProjectOpened(
        project="p",
        name="cut",
        file="a.tlp",
        path="/films/a.tlp",
        duration_s=1,
        offline=0,
    )
    assert "path" not in opened.data(lambda _: False)
    assert opened.data(lambda path: path == "/films/a.tlp")["path"] == "/films/a.tlp"
    item = ImportedMedia(
        media="m", name="a", path="/home/a", type="video", duration_s=1
    )
    imported = MediaImported(count=1, items=(item, item))
    assert "/home" not in repr(imported.data(lambda _: False))
    failed = RenderFailed(
        render="r", file="a.mp4", reason="MediaError", message="/home/a is no media"
    )
    assert failed.data(lambda _: True) == {
        "render": "r",
        "file": "a.mp4",
        "reason": "MediaError",
    }
    saved = ProjectSaved(project="p", name="cut", file="a.tlp", path="")
    assert "path" not in saved.data(lambda _: True)


def test_every_kind_has_a_signal_and_a_type() -> None:
    kinds: dict[str, Any] = {one.kind: one for one in Event.__subclasses__()}
    assert sorted(kinds) == sorted(EVENT_KINDS)
    events = Events()
    assert all(hasattr(events, kind) for kind in EVENT_KINDS)


def test_a_handle_says_nothing_of_what_it_is_of() -> None:
    first, second = Events(), Events()
    assert first.handle_of("abc") == first.handle_of("abc") != first.handle_of("abd")
    assert first.handle_of("abc") != second.handle_of("abc")


def test_the_thread_keeps_no_studio_alive() -> None:
    events = Events()
    heard = Heard(events)
    events.post("settings_changed", of(SettingsChanged(setting="allowed")))
    heard.next()
    thread = events._thread
    assert thread is not None
    events.close()
    until(lambda: not thread.is_alive())
