"""Edits, gestures, views, playback, renders and undo at the same time.

`python -m attacks.editing_together SECONDS SEED` does so in this process, and ends with
the stacks of all threads if one of them stops.
"""

import faulthandler
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, Final

import watched_locks
from attacks.campaign import Figures
from media_factory import Clips

import timeline_nb as tl
from timeline_nb.commands import arranging, changing
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.errors import TimelineNbError
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Gap, Timeline
from timeline_nb.timeline.queries import clips
from timeline_nb.widgets.channel import Channel

_STUCK_S: Final = 20.0
# More clips than this make each step slow, and find nothing more.
_MOST_CLIPS: Final = 40
_editing = threading.local()


def stress(seconds: float, seed: int) -> Figures:
    """Run all actors in a child for so long; `Figures.faults` says what went wrong."""
    assert watched_locks.ARE_WATCHED
    tests = Path(__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-m", "attacks.editing_together", str(seconds), str(seed)],
        cwd=tests,
        env={**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"},
        capture_output=True,
        text=True,
        timeout=seconds + 10 * _STUCK_S,
        check=False,
    )
    if ended.returncode:
        return Figures(1, faults=[f"exit {ended.returncode}: {ended.stderr[-20_000:]}"])
    told = json.loads(ended.stdout.splitlines()[-1])
    return Figures(told["steps"], told["done"], told["refused"], told["faults"])


class _Stage:
    """An editor, its edit, and what is counted while actors work on them."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.studio = tl.Studio(tl.Settings(cache_dir=folder / "cache", roots=[folder]))
        library = self.studio.library
        clip = clip_of_media(library.probe(Clips(folder)["cfr"]), library)
        start = Timeline(name="together", rate=Fraction(25), size=(192, 108))
        self.session = EditSession(edits.append(start, [clip, clip, clip]))
        self.editor = tl.Editor(self.session, studio=self.studio)
        self.sent: list[dict[str, Any]] = []
        self.widgets: list[Channel] = [
            self.editor,
            tl.TimelineWidget(self.session, studio=self.studio),
        ]
        # Its parts start and stop all the time: no view of it stays.
        self.visited = tl.TimelineWidget(self.session, studio=self.studio)
        self.widgets.append(self.visited)
        for widget in self.widgets:
            widget.send = self._sink(widget)
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self.seen: dict[str, float] = {}
        self.is_over = threading.Event()

    def _sink(self, widget: Channel) -> Callable[..., None]:
        def send(content: dict[str, Any], buffers: list[Any]) -> None:
            # Other threads run meanwhile, as they do while a socket is written.
            time.sleep(0.0005)
            if widget is self.editor and content["kind"] == "timeline":
                self.sent.append(content)
            json.dumps(content)
            assert all(len(bytes(buffer)) >= 0 for buffer in buffers)

        return send

    def ask(self, kind: str, view: str = "steady", **fields: Any) -> None:
        widget = self.random.choice(self.widgets)
        request = {"kind": kind, "id": 0, "view": view, **fields}
        widget._receive(widget, request, [])

    def some_clip(self) -> str:
        ids = [clip.id for clip in clips(self.session.timeline)]
        return self.random.choice(ids) if ids else "c1"


def _edit_in_cell(stage: _Stage) -> None:
    chance, session = stage.random, stage.session
    item, at = stage.some_clip(), Fraction(chance.randrange(0, 150), 25)
    if len(list(clips(session.timeline))) > _MOST_CLIPS:
        session.perform(arranging.Delete(clip=item))
        return
    command = chance.choice(
        [
            arranging.Split(at=at),
            arranging.Split(at=at, clip=item),
            changing.SetClip(clip=item, gain_db=chance.uniform(-20, 0)),
            changing.AddMarker(at=at, name=f"m{chance.randrange(9)}"),
            arranging.Shift(clips=(item,), by=Fraction(chance.randrange(-9, 9), 25)),
        ]
    )
    if chance.random() < 0.3:
        with session.group("both"):
            session.perform(command)
            session.perform(changing.SetClip(clip=item, name=f"n{chance.random()}"))
    else:
        session.perform(command)


def _gesture(stage: _Stage) -> None:
    chance, item = stage.random, stage.some_clip()
    seconds = chance.uniform(0, 6)
    requests: list[tuple[str, dict[str, Any]]] = [
        ("move", {"items": [item], "anchor": item, "toS": seconds, "up": 0}),
        ("split", {"items": [], "atS": seconds}),
        ("trim", {"item": item, "edge": "tail", "toS": seconds, "tool": "trim"}),
        ("setTrack", {"track": "V1", "enabled": chance.random() < 0.5}),
        ("addMarker", {"atS": seconds, "name": f"g{chance.randrange(9)}"}),
        ("setClips", {"items": [item], "opacity": chance.random()}),
        ("remove", {"items": [item], "ripple": True}),
        ("copy", {"items": [item], "cut": False}),
        ("paste", {"atS": seconds}),
    ]
    kind, fields = chance.choice(requests)
    stage.ask(kind, **fields)
    stage.editor.selection = [item]
    stage.editor.playhead = seconds


def _come_and_go(stage: _Stage) -> None:
    view = f"v{stage.random.randrange(4)}"
    if stage.random.random() < 0.4:
        stage.ask("bye", view)
    else:
        stage.ask("hello", view)
        stage.ask("ping", view)


def _undo(stage: _Stage) -> None:
    chance = stage.random
    if chance.random() < 0.5:
        stage.ask(chance.choice(["undo", "redo"]))
    elif chance.random() < 0.5:
        stage.session.undo()
    else:
        stage.session.redo()


# Each stream of a view has a higher number than the one before.
_STREAM_NUMBERS: Final = count(1)


def _play(stage: _Stage) -> None:
    chance, view = stage.random, f"v{stage.random.randrange(4)}"
    version = stage.editor._player._version
    number, stream = chance.randrange(100), next(_STREAM_NUMBERS)
    requests: list[tuple[str, dict[str, Any]]] = [
        ("askFrames", {"numbers": [number, number + 1], "widthPx": 0}),
        ("askFrames", {"numbers": [number], "widthPx": 192}),
        ("play", {"stream": stream, "first": number, "sound": "aac"}),
        # Of the last stream, as a page has it, or of the next.
        ("more", {"stream": stream + chance.choice([-1, 0, 1])}),
        ("stop", {"stream": stream + chance.choice([-1, 0, 1])}),
        ("askBoxes", {"first": 0, "last": 20}),
    ]
    kind, fields = chance.choice(requests)
    if kind == "askFrames":
        fields["heightPx"] = 108
    if kind in {"play", "more"}:
        fields["untilS"] = chance.uniform(0, 5)
    if kind in {"play", "askFrames", "askBoxes"}:
        fields["version"] = version
    widget = stage.editor
    widget._receive(widget, {"kind": kind, "id": 0, "view": view, **fields}, [])


def _render(stage: _Stage) -> None:
    job = stage.studio.render(stage.session.timeline, stage.folder / "film.mp4")
    job.progressed.connect(lambda _: stage.session.undo_label)
    job.finished.connect(lambda _: stage.ask("ping"))
    if stage.random.random() < 0.5:
        time.sleep(stage.random.uniform(0, 0.3))
        job.cancel()
    with suppress(TimeoutError):
        job.wait(_STUCK_S / 2)


def _listen(stage: _Stage) -> None:
    heard: list[Timeline] = []

    def hear(_old: Timeline, new: Timeline) -> None:
        heard.append(new)
        _ = stage.session.steps_made
        stage.ask("ping", f"v{stage.random.randrange(4)}")
        if len(heard) == 1 and not getattr(_editing, "is_listener", False):
            # It waits while another thread is within a group. Listeners connect all the
            # time: those that this edit calls must not edit too, or no edit would end.
            _editing.is_listener = True
            try:
                stage.session.perform(changing.AddMarker(at=Fraction(0), name="heard"))
            finally:
                _editing.is_listener = False

    stage.session.changed.connect(hear)
    time.sleep(0.005)
    stage.session.changed.disconnect(hear)


_ACTORS: Final = {
    "cell": _edit_in_cell,
    "gestures": _gesture,
    "views": _come_and_go,
    "undo": _undo,
    "player": _play,
    "render": _render,
    "listeners": _listen,
}


def _act(stage: _Stage, name: str) -> None:
    while not stage.is_over.is_set():
        stage.seen[name] = time.monotonic()
        stage.counts["steps"] += 1
        try:
            _ACTORS[name](stage)
        except TimelineNbError:
            stage.counts["refused"] += 1
        except Exception as error:  # noqa: BLE001 - the finding
            stage.faults.append(f"{name}: {error!r}")
        else:
            stage.counts["done"] += 1
    stage.seen.pop(name)


def _watch(stage: _Stage, end: float) -> None:
    """Wait for the end, and for all actors; dump all stacks if one is stuck."""
    while stage.seen or time.monotonic() < end:
        time.sleep(0.1)
        if time.monotonic() > end:
            stage.is_over.set()
        late = time.monotonic() - _STUCK_S
        stuck = [name for name, at in list(stage.seen.items()) if at < late]
        if stuck:
            print("stuck:", *stuck, file=sys.stderr)
            faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
            os._exit(3)


def _shown(sent: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What the steady view shows after all answers: the items' ids by track."""
    shown: dict[str, list[str]] = {}
    for answer in sent:
        if answer["view"] in {"", "steady"}:
            shown = {
                track["name"]: _joined(shown.get(track["name"], []), track)
                for track in answer["tracks"]
            }
    return shown


def _joined(before: list[str], track: dict[str, Any]) -> list[str]:
    """What a view shows of a track: what it had, around what is new."""
    if track["buffer"] < 0:
        return before
    last = len(before) - track["tail"]
    return [*before[: track["head"]], *track["ids"], *before[last:]]


def _ids(timeline: Timeline) -> dict[str, list[str]]:
    return {
        track.name: [
            item.id if isinstance(item, Clip) else ""
            for item in track.items
            if not isinstance(item, Gap)
        ]
        for track in timeline.tracks
    }


class _Faults(logging.Handler):
    """Keeps what the package logs as an error."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._faults.append(self.format(record)[-3000:])


def _main(seconds: float, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stage = _Stage(seed, Path(folder))
        logging.getLogger("timeline_nb").addHandler(_Faults(stage.faults))
        for widget in (stage.editor, stage.widgets[1]):
            hello = {"kind": "hello", "id": 0, "view": "steady"}
            widget._receive(widget, hello, [])
        stage.seen = dict.fromkeys(_ACTORS, time.monotonic())
        for name in _ACTORS:
            threading.Thread(target=_act, args=(stage, name), daemon=True).start()
        _watch(stage, time.monotonic() + seconds)
        faulthandler.dump_traceback_later(3 * _STUCK_S, exit=True)
        if _shown(stage.sent) != _ids(stage.session.timeline):
            stage.faults.append("the view shows another timeline than the edit's")
        for widget in stage.widgets:
            widget.close()
        stage.studio.close()
        stage.faults += watched_locks.faults()
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps({**stage.counts, "faults": stage.faults}))


if __name__ == "__main__":
    _main(float(sys.argv[1]), int(sys.argv[2]))
