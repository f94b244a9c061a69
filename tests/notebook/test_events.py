"""Events come from where things happen, and reach people and plugins."""

import gc
import json
import logging
import queue
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips
from plugins_factory import BODY, HOST, wasm_of, written

import timeline_nb as tl
from timeline_nb.core.event_types import EVENT_KINDS, Event
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import RenderError
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

ID = "org.example.listener"
# Logs each event that it is sent: it passes the text on as a request to log.
LISTENER = (
    HOST
    + BODY
    + r"""
(data (i32.const 1024) "{\"call\":\"log\",\"text\":\"")
(func (export "tnb_call") (param $at i32) (param $n i32) (result i64)
  (local $i i32) (local $byte i32) (local $to i32)
  (local.set $to (i32.const 1046))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
    (local.set $byte (i32.load8_u (i32.add (local.get $at) (local.get $i))))
    (if (i32.eq (local.get $byte) (i32.const 34))
      (then (local.set $byte (i32.const 39))))
    (i32.store8 (local.get $to) (local.get $byte))
    (local.set $to (i32.add (local.get $to) (i32.const 1)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next)))
  (i32.store16 (local.get $to) (i32.const 32034))
  (call $host (i32.const 1024)
    (i32.sub (i32.add (local.get $to) (i32.const 2)) (i32.const 1024))))
"""
)
# Never returns from an event.
HANGING = BODY + (
    '(func (export "tnb_call") (param i32 i32) (result i64) (loop (br 0)) i64.const 0)'
)
CRASHING = BODY + '(func (export "tnb_call") (param i32 i32) (result i64) unreachable)'


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    settings = Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", roots=[tmp_path]
    )
    with open_studio(settings) as made:
        yield made


class Heard:
    """Keeps the events of a studio by kind."""

    def __init__(self, studio: Studio) -> None:
        self._queue: queue.Queue[Event] = queue.Queue()
        self.all: list[Event] = []
        studio.events.all.connect(self._queue.put)

    def next(self, kind: str) -> Any:
        """The next event of a kind; those before it are kept in `all`."""
        while True:
            self.all.append(self._queue.get(timeout=200))
            if self.all[-1].kind == kind:
                return self.all[-1]


def test_every_kind_is_posted_where_it_happens(
    studio: Studio, clips: Clips, tmp_path: Path
) -> None:
    heard = Heard(studio)
    src = tl.open(clips["cfr"], studio=studio)
    imported = heard.next("media_imported")
    assert (imported.count, imported.items[0].name) == (1, Path(src.path).name)
    assert imported.items[0].duration_s == float(src.info.duration)
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    created = heard.next("project_created")
    assert (created.name, created.width_px, created.rate) == ("cut", 64, 25)
    cut.append(src.clip(0, "1s"))
    changed = heard.next("timeline_changed")
    assert (changed.project, changed.duration_s) == (created.project, 1)
    project = cut.save(tmp_path / "cut.tlp")
    saved = heard.next("project_saved")
    assert (saved.path, saved.file) == (str(project), "cut.tlp")

    film = tmp_path / "film.mp4"
    result = cut.render(film).wait()
    started = heard.next("render_started")
    assert (started.name, started.path, started.duration_s) == ("cut", str(film), 1)
    assert heard.next("render_progress").render == started.render
    completed = heard.next("render_completed")
    assert (completed.render, completed.path) == (started.render, str(film))
    assert (completed.frames, completed.size_bytes) == (25, film.stat().st_size)
    assert result.frames == 25

    src.signals.motion()
    processed = heard.next("media_processed")
    assert (processed.result, processed.count) == ("measures", len(src.index))
    assert processed.media == imported.items[0].media
    tl.allow(tmp_path, studio=studio)
    assert heard.next("settings_changed").setting == "allowed"

    other = tl.load(project, studio=studio)
    opened = heard.next("project_opened")
    assert (opened.duration_s, opened.offline) == (1, 0)
    assert opened.project != created.project
    del other
    gc.collect()
    assert heard.next("project_closed").project == opened.project
    studio.close()
    assert heard.next("project_closed").project == created.project
    missing = set(EVENT_KINDS) - {event.kind for event in heard.all}
    assert missing == {"render_failed"}


def test_a_render_that_fails_or_is_cancelled_says_why(
    studio: Studio, tmp_path: Path
) -> None:
    heard = Heard(studio)
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("Hello", start=0, end="2s")
    film = tmp_path / "gone" / "film.mp4"
    film.parent.mkdir()

    class Failing:
        def render(self, *_: Any, **__: Any) -> Any:
            raise RenderError("the disk is full")

    job: Any = studio.render(cut.timeline, film, renderer=Failing())  # type: ignore[arg-type]
    with pytest.raises(RenderError):
        job.wait()
    failed = heard.next("render_failed")
    assert (failed.reason, failed.message) == ("RenderError", "the disk is full")

    class Endless:
        def render(self, *given: Any, **_: Any) -> Any:
            (reporter,) = (one for one in given if isinstance(one, Reporter))
            while True:
                reporter.report("encode", 0, 1)

    job = studio.render(cut.timeline, film, renderer=Endless())  # type: ignore[arg-type]
    job.cancel()
    assert heard.next("render_failed").reason == "cancelled"


def test_a_plugin_is_sent_events_without_paths(
    studio: Studio, clips: Clips, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wasm = wasm_of(LISTENER)
    path = written(
        tmp_path / "plugin",
        wasm,
        id=ID,
        events=["project_saved", "media_imported"],
        permissions=["read:*"],
    )
    studio.plugins.install(path)
    caplog.set_level(logging.INFO, "timeline_nb.wasm_plugins.host")
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("Hello", start=0, end="2s")
    cut.save(tmp_path / "cut.tlp")
    found = _logged(caplog, 1)[0]
    assert found["event"] == "project_saved"
    assert set(found["data"]) == {"project", "name", "file"}
    assert str(tmp_path) not in caplog.text
    # Who may read the folder learns where it is.
    studio.plugins.grant(ID, f"read:{tmp_path}")
    cut.save()
    found = _logged(caplog, 2)[1]
    assert found["data"]["path"] == str(tmp_path / "cut.tlp")
    tl.open(clips["cfr"], studio=studio)
    (item,) = _logged(caplog, 3)[2]["data"]["items"]
    is_below = clips["cfr"].is_relative_to(tmp_path)
    assert ("path" in item) is is_below
    assert item["type"] == "video"


def _logged(caplog: pytest.LogCaptureFixture, count: int) -> list[dict[str, Any]]:
    """Wait for so many events that the plugin logged."""
    deadline = time.monotonic() + 200
    while True:
        records = [r for r in caplog.records if r.name.endswith("wasm_plugins.host")]
        if len(records) >= count:
            texts = [one.getMessage().partition(": ")[2] for one in records]
            return [json.loads(text.replace("'", '"')) for text in texts]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_of_plugins_is_loaded_while_none_is_installed(studio: Studio) -> None:
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("Hello", start=0, end="2s")
    assert "plugins" not in vars(studio)
    assert not studio.has_wasm_plugins


@pytest.mark.parametrize("body", [HANGING, CRASHING])
def test_a_plugin_that_hangs_or_crashes_on_events_stops_nothing(
    studio: Studio, tmp_path: Path, body: str
) -> None:
    path = written(tmp_path / "plugin", wasm_of(body), id=ID, events=["all"])
    studio.plugins.install(path)
    heard = Heard(studio)
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    cut.titles.add("Hello", start=0, end="1s")
    for number in range(200):
        cut.titles.add(f"{number}", start="1s", end="2s")
        cut.undo()
    film = tmp_path / "film.mp4"
    cut.render(film).wait()
    assert film.exists()
    assert heard.next("render_completed").frames == 25
    plugin = studio.plugins.plugin(ID)
    assert plugin.dropped_events + len(plugin._events) > 0 or plugin.state == "error"
