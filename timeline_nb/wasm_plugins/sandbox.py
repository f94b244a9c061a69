"""An instance of a plugin in wasmtime: no WASI, one import, limits, and a clock.

The interface, version 1. All numbers are i32 unless noted; text is UTF-8.

| export | does |
|---|---|
| `memory` | |
| `tnb_abi() → 1` | |
| `tnb_alloc(size) → address` | 0 if there is no memory |
| `tnb_free(address)` | optional |
| `tnb_call(address, size) → i64` | JSON in and out: `address << 32 ∣ size` |
| `tnb_frame(effect, in, out, width, height, parameters, count) → 0` | pictures |
| `tnb_picture(analyzer, in, width, height, frame, numerator, denominator) → i64` | |
| `tnb_sound(analyzer, in, channels, count, first, rate) → i64` | |

The one import is `timeline_nb.host_call(address, size) → i64`, JSON in and out.
`tnb_frame` reads pictures of `width * height * 3` bytes, RGB, row by row, one after
another, and `count` parameters as f64; it has no host calls, and begins in an instance
in which nothing ran before, so that its result depends on nothing else.
`effect_specs.py` has what effects, transitions and generators are given, `measuring.py`
has it of analyzers, `formats.py` of importers and exporters.
"""  # noqa: RUF002 - a bar in a table

import logging
import math
import time
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.at_exit import close_at_exit
from timeline_nb.wasm_plugins.engine import TICK_S, new_engine, wasmtime
from timeline_nb.wasm_plugins.large_pages import prefer_large_pages
from timeline_nb.wasm_plugins.levels import Limits
from timeline_nb.wasm_plugins.manifest import ABI
from timeline_nb.wasm_plugins.plugin_errors import ran_too_long, was_stopped
from timeline_nb.wasm_plugins.pointers import packed, signed
from timeline_nb.wasm_plugins.stop_reasons import refusal_reason, trap_reason

if TYPE_CHECKING:
    import wasmtime as wt

__all__ = ["MAX_MESSAGE_BYTES", "HostCall", "Sandbox", "signed"]

T = TypeVar("T")
_log = logging.getLogger(__name__)
# A request or a result of a plugin.
MAX_MESSAGE_BYTES: Final = 1 << 20
_TABLE_ELEMENTS: Final = 10_000
# Filling 1 MiB that is touched first takes up to 5 ms on a busy machine.
_QUICK_BYTES: Final = 16 << 20
_I32: Final = 0xFFFFFFFF
# Takes the text of a request, what raises when the call is interrupted, and the seconds
# that it has left; returns the text of the answer, and the seconds in which it waited
# for others.
HostCall: TypeAlias = Callable[[bytes, Callable[[], None], float], tuple[bytes, float]]


class Sandbox:
    """A plugin's code, ready to run. One thread at a time may use it.

    Args:
        code: As `CompiledModules` returns it.
        name: How messages call the plugin.
        limits: What it may take.
        host: Answers its host calls; none, and a call stops it.
    """

    def __init__(
        self, code: bytes, name: str, limits: Limits, host: HostCall | None = None
    ) -> None:
        lib = wasmtime()
        self._lib, self._name, self._limits, self._host = lib, name, limits, host
        self._engine = new_engine()
        try:
            self._module: wt.Module = lib.Module.deserialize(self._engine.raw, code)
        except lib.WasmtimeError as error:
            raise PluginError(
                f"the compiled code of {name} does not fit this machine: delete the "
                "cache folder"
            ) from error
        self._linker: wt.Linker = lib.Linker(self._engine.raw)
        kind = lib.FuncType([lib.ValType.i32()] * 2, [lib.ValType.i64()])
        # wasmtime holds the function in a list of the process until the linker is
        # freed; a function that held this object, and so the linker, would keep both.
        answer = weakref.WeakMethod(self._on_host_call)

        def host_call(at: int, size: int) -> int:
            method = answer()
            return 0 if method is None else method(at, size)

        self._linker.define_func("timeline_nb", "host_call", kind, host_call)
        self._until = self._waited_s = 0.0
        self._is_in_host = self._is_waiting = False
        self._was_interrupted = self._is_running = False
        self._seconds = limits.seconds
        self._host_failure: PluginError | None = None
        self._store: wt.Store | None = None
        self._exports: dict[str, Any] = {}
        # Whether a thread that cannot be ended runs in it.
        self.is_lost = False
        close_at_exit(self)

    def call(
        self,
        message: bytes,
        seconds: float = math.inf,
        *,
        most_bytes: int = MAX_MESSAGE_BYTES,
    ) -> bytes:
        """Return the answer to a message of JSON.

        Args:
            message: The message.
            seconds: What it may take, if that is less than its limit.
            most_bytes: How long the answer may be.

        Raises:
            PluginError: It failed, was stopped, or has no such answer.
        """

        def work() -> bytes:
            if self._store is None:
                self._instantiate(self._limits.memory_bytes)
            return self._exchanged(message, most_bytes)

        return self._guarded(work, seconds)

    def frame(
        self,
        effect: int,
        pictures: Sequence[NDArray[np.uint8]],
        size: tuple[int, int],
        parameters: Sequence[float] = (),
        channels: int = 3,
    ) -> NDArray[np.uint8]:
        """Return the picture that an effect computes.

        Args:
            effect: The effect's number in the manifest.
            pictures: `(H, W, channels) uint8`, all of one size.
            size: Width and height.
            parameters: Numbers, in the order of the manifest.
            channels: 3 for RGB, 4 for RGB and opacity.

        Returns:
            `(H, W, channels) uint8`, of the same size, in memory of its own.

        Raises:
            PluginError: It failed, or was stopped.
        """
        width, height = size
        one = width * height * channels
        values = np.asarray(parameters, np.float64)

        def work() -> NDArray[np.uint8]:
            self._instantiate(self._limits.memory_bytes + 4 * one)
            source = self._allocated(one * max(1, len(pictures)))
            target, given = self._allocated(one), self._allocated(values.nbytes or 8)
            store, memory = self._store, self._export("memory")
            prefer_large_pages(memory.data_ptr(store), memory.data_len(store))
            view = self._view(source, one * len(pictures))
            for number, picture in enumerate(pictures):
                part = view[number * one : (number + 1) * one]
                part.reshape(height, width, channels)[...] = picture
            self._view(given, values.nbytes)[...] = values.view(np.uint8)
            run = self._export("tnb_frame")
            count = len(values)
            code = run(store, effect, source, target, width, height, given, count)
            if code:
                raise self._error(f"its effect failed with the code {code}")
            # Asked for anew: a view ends when the memory grows.
            return self._view(target, one).reshape(height, width, channels).copy()

        try:
            return self._guarded(work)
        finally:
            self.drop()

    def allow_calls(self) -> None:
        """Let calls run again after an interrupt."""
        self._was_interrupted = False

    def interrupt(self) -> None:
        """Stop what runs, from any thread, and what would run next."""
        self._was_interrupted = True
        left = max(0.0, self._until - time.monotonic())
        self._engine.interrupt(left)

    @property
    def is_watched(self) -> bool:
        """Whether one instruction may fill more memory than 100 ms allow."""
        return self._host is None or self._limits.memory_bytes > _QUICK_BYTES

    @property
    def left_s(self) -> float:
        """Seconds of its time that are left; infinite while the host answers."""
        if not self._is_running or self._is_waiting:
            return math.inf
        return self._until - time.monotonic()

    def too_long(self) -> PluginError:
        """Return the error of what ran longer than it may."""
        return self._error(ran_too_long(self._seconds))

    def drop(self) -> None:
        """Forget the instance: the next call begins with a new one."""
        self._store, self._exports = None, {}

    def close(self) -> None:
        """Free what is native, unless it runs."""
        if not self._is_running:
            self.drop()
            self._linker.close()
            self._module.close()
            self._engine.raw.close()

    def _instantiate(self, memory_bytes: int) -> None:
        self.drop()
        store: wt.Store = self._lib.Store(self._engine.raw)
        store.set_limits(
            memory_size=memory_bytes,
            table_elements=_TABLE_ELEMENTS,
            instances=1,
            tables=4,
            memories=1,
        )
        self._store = store
        # The start function runs here: limits and clock come first.
        store.set_epoch_deadline(self._ticks_left())
        instance = self._linker.instantiate(store, self._module)
        self._exports = dict(instance.exports(store).items())
        if self._export("tnb_abi")(store) != ABI:
            raise self._error(f"it was made for another interface than version {ABI}")

    def _guarded(self, work: Callable[[], T], seconds: float = math.inf) -> T:
        """Run work within the limits, and turn what stops it into a PluginError."""
        lib = self._lib
        failure: PluginError | None = None
        self._host_failure = None
        self._waited_s = 0.0
        self._seconds = min(seconds, self._limits.seconds)
        self._until = time.monotonic() + self._seconds
        if self._store is not None:
            self._store.set_epoch_deadline(self._ticks_left())
        try:
            # It may have been interrupted just before.
            self._check()
            self._is_running = True
            with self._engine.running():
                result = work()
        except PluginError as error:
            failure = error
        except lib.Trap as trap:
            failure = self._error(self._reason_of(trap))
        except lib.WasmtimeError as error:
            failure = self._error(refusal_reason(error))
        except (IndexError, TypeError, ValueError, OverflowError) as error:
            # Exports of other types than those of the interface.
            what = f"its exports are not those of the interface ({error})"
            failure = self._error(what)
        except BaseException:
            self.drop()
            raise
        finally:
            self._is_running = False
        # A host call that failed is why the code was ended.
        failure = self._failed() or failure
        if failure is None:
            return result
        # What it left in its memory may be anything.
        self.drop()
        raise failure

    def _failed(self) -> PluginError | None:
        return self._host_failure

    def _reason_of(self, trap: "wt.Trap") -> str:
        interrupted = self._was_interrupted
        return trap_reason(trap, self._seconds, was_interrupted=interrupted)

    def _error(self, reason: str) -> PluginError:
        return was_stopped(self._name, reason)

    def _ticks_left(self) -> int:
        return max(1, math.ceil((self._until - time.monotonic()) / TICK_S))

    def _export(self, name: str) -> Any:
        found = self._exports.get(name)
        if found is None:
            raise self._error(f"it exports no {name}")
        return found

    def _allocated(self, size: int) -> int:
        at = int(self._export("tnb_alloc")(self._store, signed(size))) & _I32
        if not at:
            limit = self._limits.memory_bytes >> 20
            raise self._error(
                f"it has no memory for {size:,} bytes; its level allows {limit} MiB"
            )
        return at

    def _free(self, at: int) -> None:
        free = self._exports.get("tnb_free")
        if free is not None:
            free(self._store, signed(at & _I32))

    def _view(self, at: int, size: int) -> NDArray[np.uint8]:
        """Return bytes of its memory; they are gone when the memory grows."""
        memory = self._export("memory")
        # i32 comes back signed.
        at &= _I32
        if at + size > memory.data_len(self._store):
            raise self._error("it points outside its memory")
        if not size:
            return np.empty(0, np.uint8)
        return np.frombuffer(
            memory.get_buffer_ptr(self._store, size=size, offset=at), np.uint8
        )

    def _exchanged(self, message: bytes, most_bytes: int = MAX_MESSAGE_BYTES) -> bytes:
        at, size = self._put(message)
        place = self._export("tnb_call")(self._store, at, size)
        answer = self._take(place, most_bytes)
        self._free(at)
        self._free(place >> 32)
        return answer

    def _put(self, data: bytes) -> tuple[int, int]:
        at = self._allocated(len(data) or 1)
        self._view(at, len(data))[...] = np.frombuffer(data, np.uint8)
        return signed(at), len(data)

    def _take(self, place: int, most_bytes: int = MAX_MESSAGE_BYTES) -> bytes:
        at, size = (place >> 32) & _I32, place & _I32
        if size > most_bytes:
            raise self._error(f"its message has more than {most_bytes:,} bytes")
        return self._view(at, size).tobytes()

    def _on_host_call(self, at: int, size: int) -> int:
        """Answer a host call; called by the plugin, in the thread of the call.

        No exception leaves it: wasmtime keeps the last one for the whole process, and
        would raise it in another thread. The code ends at its next loop or call.
        """
        try:
            return self._answered(at, size)
        except BaseException as error:  # noqa: BLE001 - raised when the code has ended
            self._host_failure = self._host_failure or self._failure_of(error)
            if self._store is not None:
                self._store.set_epoch_deadline(0)
            return 0

    def _failure_of(self, error: BaseException) -> PluginError:
        if isinstance(error, PluginError):
            return error
        if isinstance(error, self._lib.Trap):
            return self._error(self._reason_of(error))
        _log.exception("a host call of the plugin %s failed", self._name)
        return self._error(f"its host call failed ({type(error).__name__})")

    def _check(self) -> None:
        if self._was_interrupted:
            raise self._error("it was interrupted")

    def _answer(self, host: HostCall, request: bytes) -> tuple[bytes, float]:
        left_s = self._until - time.monotonic()
        self._is_waiting = True
        try:
            return host(request, self._check, left_s)
        finally:
            self._is_waiting = False

    def _answered(self, at: int, size: int) -> int:
        if self._host is None:
            raise self._error("it called the host from where it may not")
        if self._is_in_host:
            raise self._error("its memory functions call the host")
        request = self._take(packed(at, size))
        self._is_in_host = True
        try:
            answer, waited_s = self._answer(self._host, request)
            self._check()
            # Time in which it waited for others is not its own, up to a limit.
            free_s = min(waited_s, self._limits.network_s - self._waited_s)
            self._waited_s += free_s
            self._until += free_s
            if time.monotonic() >= self._until:
                raise self.too_long()
            if self._store is not None:
                self._store.set_epoch_deadline(self._ticks_left())
            start, length = self._put(answer)
        finally:
            self._is_in_host = False
        return packed(start, length)
