"""Floods of messages to widgets: as views send them, changed by chance, and hostile."""

import gc
import logging
import os
import random
import tempfile
import threading
import time
import types
import typing
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import numpy as np
import watched_locks
from attacks.campaign import Figures, attack
from media_factory import Clips

import timeline_nb as tl
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.core.free_memory import return_free_memory
from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.source import Source
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.widgets.any_request import AnyRequest
from timeline_nb.widgets.channel import MOST_VIEWS, Channel

# Widgets live as long as one batch: an edit that only grows would test nothing else.
_BATCH: Final = 200
_TEXTS: Final = (
    *("", "c1", "c2", "c3", "c4", "V1", "A1", "Z9", "m", "title", "dissolve", "none"),
    *("sigma", "text", "position", "color", "square", "de", "../de", "footage"),
    *("/", "/proc", "/sys", "/dev/zero", "~nobody/x", "../../../x.mp4", "film.mp4"),
    *("%d%d.png", "%0300d.png", "%099999999d.png", "x.mkv", "a\0b", "\ud800", "é" * 99),
    *("x" * 256, "y" * 5000, "z" * 100_000, "[[0,0],[1,1]]", "[" * 5000, "1e999"),
)
_INTEGERS: Final = (
    *(0, 1, 2, 3, 7, 25, 49, 50, 51, -1, 1000, 2**15, 2**31, 2**53 - 1, 2**53),
    *(-(2**31), -(2**53), 2**63, 2**64, 10**30, 10**400),
)
_FLOATS: Final = (
    *(0.0, 0.04, 0.5, 1.0, 1.999, 2.0, 5.0, -1.0, 1e-320, 1e6, 1e7, 1e9, 1e15, 1e308),
    *(-1e308, float("nan"), float("inf"), -float("inf"), 1 / 3),
)


def flood_of_messages(count: int, seed: int) -> Figures:
    """Send so many messages to an editor, an overlay, a player and a timeline."""
    batches = [(seed + n, min(_BATCH, count - n)) for n in range(0, count, _BATCH)]
    # A hang is a message of over a minute; a batch of them may take longer.
    return attack(send_batch, batches, limit_s=120)


def send_batch(batch: tuple[int, int]) -> None:
    """Send a batch of messages to new widgets, and look for what it left.

    Raises:
        AssertionError: Something foreign was logged, a message took over a minute, or
            threads are left.
    """
    seed, size = batch
    chance = random.Random(seed)
    faults: list[str] = []
    with _Listener(faults):
        widgets = _widgets()
        for _ in range(size):
            message = drawn_message(chance, widgets)
            began = time.monotonic()
            able = [w for w in widgets if _handles(w, message)]
            widget = chance.choice(able or widgets)
            widget._receive(widget, message, [])
            if chance.random() < 0.05:
                state = {"playhead": chance.choice(_FLOATS), "selection": ["c1", "x"]}
                widget.set_state(state)
            if time.monotonic() - began > 60:
                faults.append(f"{time.monotonic() - began:.0f} s: {message!r:.300}")
        ours = [t.name for t in threading.enumerate() if "timeline_nb play" in t.name]
        if len(ours) > MOST_VIEWS * len(widgets):
            faults.append(f"{len(ours)} threads play")
        for widget in widgets:
            widget.close()
        faults += _threads_left()
        faults += _jobs_left()
    return_free_memory()
    faults += watched_locks.faults()
    assert not faults, "\n".join(faults)


def _jobs_left() -> Iterator[str]:
    """Names of jobs that do not end when they are cancelled."""
    for job in _studio().queue.jobs:
        job.cancel()
    for _ in range(4_000):
        jobs = _studio().queue.jobs
        if not jobs:
            return
        time.sleep(0.05)
    yield f"jobs are left: {jobs}"


def _handles(widget: Channel, message: Any) -> bool:
    kind = message.get("kind") if isinstance(message, dict) else None
    return any(s.__struct_config__.tag == kind for s in widget._handlers)


def _threads_left() -> Iterator[str]:
    """Names of threads that outlive their widgets."""
    names = ("timeline_nb play", "timeline_nb views")
    for _ in range(4_000):
        left = [t.name for t in threading.enumerate() if t.name in names]
        if not left:
            return
        time.sleep(0.05)
    yield f"threads are left: {left}"


def drawn_message(chance: random.Random, widgets: list[Channel]) -> Any:
    """Draw a message: one a view could send, or one with faults."""
    if chance.random() < 0.02:
        return chance.choice([None, [], "x", 5, {}, {"kind": "x"}, {"id": object()}])
    struct = chance.choice(typing.get_args(AnyRequest))
    wild = chance.random() < 0.3
    message: dict[str, Any] = {}
    for field in msgspec.structs.fields(struct):
        if field.required or chance.random() < 0.5:
            value = _drawn_value(field.type, field.encode_name, chance, wild=wild)
            message[field.encode_name] = value
    message["kind"] = struct.__struct_config__.tag
    message["id"] = chance.choice([0, 1, 2, 3])
    message["view"] = f"v{chance.randrange(6)}"
    if chance.random() < 0.1:
        message["view"] = f"new {chance.random()}"
    if "version" in message and chance.random() < 0.9:
        player = getattr(chance.choice(widgets), "_player", None)
        message["version"] = 1 if player is None else player._version
    if wild and chance.random() < 0.5:
        name = chance.choice(list(message))
        message[name] = chance.choice([None, True, {}, [], [[]], *_TEXTS, *_INTEGERS])
    if wild and chance.random() < 0.05:
        message["extra"] = 1
    return message


def _drawn_value(hint: Any, name: str, chance: random.Random, *, wild: bool) -> Any:
    """Draw a value of a field's type; within its bounds unless `wild`."""
    value: Any = None
    for _ in range(50):
        value = _of_type(hint, name, chance)
        if wild:
            return value
        try:
            return msgspec.convert(value, hint)
        except (ValueError, OverflowError):
            continue
    return value


def _of_type(hint: Any, name: str, chance: random.Random) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hasattr(hint, "__metadata__"):
        return _of_type(hint.__origin__, name, chance)
    if origin in {types.UnionType, typing.Union}:
        return _of_type(chance.choice(args), name, chance)
    if origin is Literal:
        return chance.choice(args)
    if origin is list:
        length = chance.choice([0, 1, 1, 2, 2, 5, 2000])
        return [_of_type(args[0], name, chance) for _ in range(length)]
    if origin is tuple:
        return [_of_type(arg, name, chance) for arg in args]
    return _plain_value(hint, name, chance)


def _plain_value(hint: Any, name: str, chance: random.Random) -> Any:
    if hint is bool:
        return chance.random() < 0.5
    if hint is int:
        return chance.choice([*_INTEGERS, *range(20)])
    if hint is float:
        return chance.choice([*_FLOATS, chance.uniform(0, 4), chance.uniform(0, 4)])
    if hint is str:
        likely = _likely_texts().get(name, _TEXTS)
        return chance.choice(likely if chance.random() < 0.7 else _TEXTS)
    return None


@cache
def _likely_texts() -> dict[str, tuple[str, ...]]:
    """What views send in the fields of texts, by their names."""
    items = tuple(f"c{number}" for number in range(1, 9))
    specs = tuple(catalog())
    return {
        **dict.fromkeys(("item", "items", "anchor"), items),
        "owner": ("", *items),
        "track": ("V1", "V2", "A1", "A2"),
        "effect": tuple(spec.kind for spec in specs),
        "made": ("title", "solid", "gradient", "adjustment", *TEMPLATES),
        "transition": ("", *(s.kind for s in specs if s.medium == "transition")),
        "parameter": tuple({name for spec in specs for name in spec.parameters}),
    }


@cache
def _studio() -> tl.Studio:
    # Deep, so that a film named `../../../x.mp4` stays within.
    folder = Path(tempfile.mkdtemp()) / "a" / "b" / "c" / "d"
    (folder / "footage").mkdir(parents=True)
    os.chdir(folder)
    return tl.Studio(tl.Settings(cache_dir=folder / "cache", roots=["footage"]))


@cache
def _clip() -> Path:
    return Clips(Path(tempfile.mkdtemp()))["cfr"]


def _widgets() -> list[Channel]:
    """An editor, an overlay, a player and a timeline of one edit."""
    gc.collect()
    studio, path = _studio(), _clip()
    clip = clip_of_media(studio.library.probe(path), studio.library)
    start = Timeline(name="flood", rate=Fraction(25), size=(192, 108))
    session = EditSession(edits.append(start, [clip, clip]))
    table = _found(studio, path)
    widgets: list[Channel] = [
        tl.Editor(session, table, studio=studio),
        tl.Overlay(session, table, studio=studio),
        tl.Player(session, studio=studio),
        tl.TimelineWidget(session, studio=studio),
    ]
    for widget in widgets:
        widget.send = lambda content, _buffers: len(msgspec.json.encode(content))
    return widgets


def _found(studio: tl.Studio, path: Path) -> Any:
    """A table with one box on each frame."""
    info = studio.library.probe(path)
    index = studio.library.index(info)
    numbers = np.arange(len(index))
    return Detections(
        source=Source(
            path=info.path,
            fingerprint=info.fingerprint,
            stream=index.stream,
            time_base=index.time_base,
            start_time=index.start_time,
            rate=info.video[0].rate,
            size=info.video[0].display_size,
            end_pts=index.end_pts,
        ),
        names=("square",),
        examined_frame=numbers,
        examined_pts=index.pts,
        frame=numbers,
        pts=index.pts,
        xyxy=np.tile(np.array([0, 84, 24, 112], np.float32), (len(index), 1)),
        score=np.linspace(0, 1, len(index), dtype=np.float32),
        class_id=np.zeros(len(index), np.int64),
        track_id=np.full(len(index), -1, np.int64),
    ).to_dataframe()


class _Listener(logging.Handler):
    """Keeps what is logged with a foreign error, or ends a thread."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._faults = faults
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def __enter__(self) -> None:
        logging.getLogger().addHandler(self)
        threading.excepthook = self._on_thread

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        threading.excepthook = threading.__excepthook__

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self._faults.append(self.format(record)[-2500:])

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        self._faults.append(f"{args.thread} ended with {args.exc_value!r}")
