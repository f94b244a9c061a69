"""The engine that runs plugins, and the clock that stops them."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_condition
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

if TYPE_CHECKING:
    import wasmtime as wt

__all__ = ["CONFIG", "TICK_S", "Engine", "new_engine", "wasmtime"]

# The unit of time limits: a limit of a second ends within 1.02 s.
TICK_S: Final = 0.01
# What compiled code depends on; part of its name in the cache.
CONFIG: Final[dict[str, Any]] = {
    # Wall time: 25 % slower; counting instructions costs 26 to 37 %.
    "epoch_interruption": True,
    # The same bits of a picture on every processor.
    "cranelift_nan_canonicalization": True,
    # Below the stack of a thread of Python, else a deep recursion is a SIGSEGV.
    "max_wasm_stack": 256 << 10,
    # A pool of threads would be missing in a forked process, which then hangs.
    "parallel_compilation": False,
    "shared_memory": False,
    "wasm_threads": False,
    "wasm_memory64": False,
    "wasm_multi_memory": False,
    "wasm_relaxed_simd": False,
    "wasm_component_model": False,
    # Their heaps count to no limit of memory.
    "wasm_gc": False,
    "wasm_exceptions": False,
    "wasm_function_references": False,
    "wasm_stack_switching": False,
}


def wasmtime() -> Any:
    """Return the module `wasmtime`, which is installed with the extra `plugins`.

    Raises:
        PluginError: It is not installed.
    """
    try:
        import wasmtime as module
    except ImportError as error:
        raise PluginError(
            Message(
                "plugins run on wasmtime, which is not installed: pip install "
                '"timeline-nb[plugins]"'
            )
        ) from error
    return module


class _Clock:
    """Moves the engines in use forward; its thread waits while there are none."""

    def __init__(self) -> None:
        self._state = new_condition("engines in use")
        # How many calls each engine runs, and when it was last moved.
        self._running: dict[Engine, int] = {}
        self._moved: dict[Engine, float] = {}
        self._thread: threading.Thread | None = None
        self._forks = -1

    def begin(self, engine: "Engine") -> None:
        with self._state:
            if self._forks != forks_seen():
                # In a forked process no thread of the parent runs.
                self._thread, self._forks = None, forks_seen()
                self._running.clear()
            if engine not in self._running:
                self._moved[engine] = time.monotonic()
            self._running[engine] = self._running.get(engine, 0) + 1
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._tick, daemon=True, name="timeline_nb_plugin_clock"
                )
                self._thread.start()
            elif len(self._running) == 1:
                self._state.notify()

    def end(self, engine: "Engine") -> None:
        with self._state:
            left = self._running.get(engine, 1) - 1
            if left > 0:
                self._running[engine] = left
            else:
                self._running.pop(engine, None)
                self._moved.pop(engine, None)

    def _tick(self) -> None:
        while True:
            with self._state:
                while not self._running:
                    self._state.wait()
                now = time.monotonic()
                due = [(one, self._ticks(one, now)) for one in self._running]
            for engine, ticks in due:
                engine.advance(ticks)
            time.sleep(TICK_S)

    def _ticks(self, engine: "Engine", now: float) -> int:
        """Return how far an engine is behind: this thread may have waited long."""
        ticks = int((now - self._moved[engine]) / TICK_S)
        self._moved[engine] += ticks * TICK_S
        return ticks


_CLOCK: Final = _Clock()


class Engine:
    """An engine of one plugin, whose calls can be ended from any thread.

    Args:
        raw: The engine of wasmtime.
    """

    def __init__(self, raw: "wt.Engine") -> None:
        self.raw = raw

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have time pass for the code that runs in the block."""
        _CLOCK.begin(self)
        try:
            yield
        finally:
            _CLOCK.end(self)

    def advance(self, ticks: int) -> None:
        """Move the engine's clock forward."""
        for _ in range(ticks):
            self.raw.increment_epoch()

    def interrupt(self, seconds: float) -> None:
        """End all calls that now run and have no more than these seconds left."""
        self.advance(int(seconds / TICK_S) + 2)


def new_engine() -> Engine:
    """Return an engine with the configuration of all plugins.

    Raises:
        PluginError: wasmtime is not installed.
    """
    wt = wasmtime()
    config = wt.Config()
    for name, value in CONFIG.items():
        setattr(config, name, value)
    if sys.platform == "darwin":
        # Mach ports need a thread that a forked process has not.
        config.macos_use_mach_ports = False
    return Engine(wt.Engine(config))
