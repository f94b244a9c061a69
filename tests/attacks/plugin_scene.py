"""Attacks of plugins, each measured, with neighbors that must go on."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from plugins_factory import BODY, ECHO, code_of, compiled_in, read, wasm_of, written

from timeline_nb.errors import TimelineNbError
from timeline_nb.wasm_plugins.denials import Denials
from timeline_nb.wasm_plugins.host_services import Services
from timeline_nb.wasm_plugins.levels import LEVELS, Limits
from timeline_nb.wasm_plugins.permissions import parse_permission
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugins import Plugins

# The tolerance of a time limit, seconds.
LATE_S = 0.1
FRAME = (
    '(func (export "tnb_frame") (param $e i32) (param $in i32) (param $out i32) '
    "(param $w i32) (param $h i32) (param $p i32) (param $n i32) (result i32) "
)
COPY = (
    "(memory.copy (local.get $out) (local.get $in) (i32.mul (i32.const 3) "
    "(i32.mul (local.get $w) (local.get $h))))"
)
LOOKS: list[Any] = [{"name": "look"}]


def called(body: str, *, locals_: str = "") -> str:
    return (
        f'(func (export "tnb_call") (param i32 i32) (result i64) {locals_} {body} '
        "i64.const 0)"
    )


def plugin_of(
    text: str, limits: Limits | None = None, *granted: str, **fields: Any
) -> Plugin:
    """A plugin of its text, which no folder has."""
    wasm = wasm_of(text)
    return Plugin(
        read(wasm, **fields),
        lambda: code_of(wasm),
        tuple(map(parse_permission, granted)),
        services=Services(),
        denials=Denials(),
        limits=limits or LEVELS["minimal"],
    )


def short(seconds: float, level: str = "minimal") -> Limits:
    return replace(LEVELS[level], seconds=seconds)


@cache
def neighbor() -> Plugin:
    """The plugin that goes on through all attacks."""
    return plugin_of(BODY + ECHO + FRAME + COPY + "i32.const 0)", effects=LOOKS)


@dataclass
class Scene:
    """What lives beside the attack.

    Args:
        folder: An empty one.
        port: Of the hostile server.
    """

    folder: Path
    port: int = 0

    def __post_init__(self) -> None:
        self._neighbor = neighbor()
        self._picture = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
        self._calls = self._plugins = 0
        # Set by an attack that prepares something first, or does something after.
        self.began = self.ended = 0.0

    def plugins(self) -> Plugins:
        """A new folder of plugins."""
        self._plugins += 1
        folder = self.folder / f"plugins{self._plugins}"
        return Plugins(folder / "plugins", folder / "cache")

    def compile(self, wasm: bytes) -> bytes:
        """Compile a module as an installation does, in a process with limits."""
        self._plugins += 1
        folder = self.folder / f"compiled{self._plugins}"
        return compiled_in(folder).code_of(wasm, "0" * 64, "org.example.test")

    def written(self, wasm: bytes, **fields: Any) -> Path:
        self._plugins += 1
        return written(self.folder / f"download{self._plugins}", wasm, **fields)

    def who_lives(self) -> str:
        """Return what goes on; raises if something does not."""
        self._calls += 1
        answer = self._neighbor.call("run", {"n": self._calls})
        assert answer == {"command": "run", "args": {"n": self._calls}}
        shown = self._neighbor.frame("look", [self._picture])
        assert np.array_equal(shown, self._picture)
        return "another plugin's command and picture"


@dataclass(frozen=True)
class Attack:
    """What a plugin does, and what stops it.

    Args:
        name: What it does.
        limit: What stops it, in words.
        run: Does it, and raises what stops it.
        message: A part of that error; None if it raises none, and returns what it saw.
        limit_s: The time limit; 0 if none is to be reached.
        most_bytes: How much memory it may take of this process.
    """

    name: str
    limit: str
    run: Callable[[Scene], object]
    message: str | None
    limit_s: float = 0.0
    most_bytes: int = 64 << 20


@dataclass(frozen=True)
class Outcome:
    """What came of an attack."""

    attack: Attack
    seconds: float
    grown_bytes: int
    lived: str
    said: str
    fault: str = ""

    @property
    def row(self) -> tuple[str, str, str, str]:
        late_ms = (self.seconds - self.attack.limit_s) * 1e3
        measured = f"{self.seconds * 1e3:,.0f} ms"
        if self.attack.limit_s:
            measured += f" ({late_ms:+,.0f})"
        if self.grown_bytes > 1 << 20:
            measured += f", {self.grown_bytes / (1 << 20):,.0f} MiB"
        lived = f"FAULT: {self.fault}" if self.fault else self.lived
        return self.attack.name, self.attack.limit, measured, lived


@dataclass
class Figures:
    """All outcomes; `faults` says which attacks were not stopped as they must be."""

    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [f"{one.attack.name}: {one.fault}" for one in self.outcomes if one.fault]

    def table(self) -> str:
        head = ("what", "limit", "measured", "what lived on")
        rows = [head, *(one.row for one in self.outcomes)]
        widths = [max(len(row[n]) for row in rows) for n in range(4)]
        return "\n".join(
            "  ".join(text.ljust(widths[n]) for n, text in enumerate(row)).rstrip()
            for row in rows
        )

    def __str__(self) -> str:
        late = [
            one.seconds - one.attack.limit_s
            for one in self.outcomes
            if one.attack.limit_s
        ]
        return (
            f"{len(self.outcomes)} attacks, {len(self.faults)} faults, time limits at "
            f"most {max(late, default=0) * 1e3:+.0f} ms late\n{self.table()}"
        )


def tried(attack: Attack, scene: Scene, *, is_timed: bool = False) -> Outcome:
    """Run an attack, and measure it.

    Args:
        attack: The attack.
        scene: Its neighbors.
        is_timed: Whether being late is a fault: on an idle machine only.
    """
    if is_timed:
        gc.collect()
    process, fault, said = psutil.Process(), "", ""
    before = process.memory_info().rss
    began = time.monotonic()
    try:
        found = attack.run(scene)
        said = str(found)
        if attack.message is not None:
            fault = f"it was not stopped, and returned {found!r:.200}"
    except TimelineNbError as error:
        said = str(error)
        if attack.message is None or attack.message not in said:
            fault = f"it ended with {said:.300}"
    seconds = (scene.ended or time.monotonic()) - (scene.began or began)
    grown = process.memory_info().rss - before
    if grown > attack.most_bytes:
        fault = fault or f"the memory grew by {grown:,} bytes"
    late_s = seconds - attack.limit_s
    if is_timed and attack.limit_s and late_s > LATE_S:
        fault = fault or f"it ended {late_s * 1e3:.0f} ms after its limit"
    try:
        lived = scene.who_lives()
    except (AssertionError, TimelineNbError) as error:
        lived, fault = "nothing", f"a neighbor failed: {error!r:.200}"
    return Outcome(attack, seconds, grown, lived, said, fault)


@contextmanager
def prepared(plugin: Plugin) -> Iterator[Plugin]:
    """Compile and start a plugin, which is not measured, and stop it afterwards."""
    plugin.start()
    try:
        yield plugin
    finally:
        plugin.stop()
