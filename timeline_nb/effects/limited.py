"""Custom effects with a time limit: they run in processes, which can be ended."""

import json
import os
import pickle
import struct
import subprocess
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.child_process import start_module
from timeline_nb.core.locks import new_lock
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import CompositionError

__all__ = ["LimitedEffect", "receive", "send"]

_CHILD: Final = "timeline_nb.effects.limited_child"
# A slow disk and heavy imports of the function's module.
_STARTS_WITHIN_S: Final = 60.0
_POLL_S: Final = 0.1
_ENDS_WITHIN_S: Final = 1.0
_LENGTH: Final = struct.Struct("<Q")


def send(file: IO[bytes], *parts: bytes) -> None:
    """Write byte strings, each after its length."""
    for part in parts:
        file.write(_LENGTH.pack(len(part)))
        file.write(part)
    file.flush()


def receive(file: IO[bytes]) -> bytes:
    """Read a byte string that `send` wrote.

    Raises:
        EOFError: The other side is gone.
    """
    length = _LENGTH.unpack(_exactly(file, _LENGTH.size))[0]
    return _exactly(file, length)


def _exactly(file: IO[bytes], count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise EOFError
    return data


class LimitedEffect:
    """Calls an effect's function in a process, which is killed when it takes too long.

    Each thread that calls it at the same time has a process of its own; they are kept
    for later calls, and end with this object.

    Args:
        kind: The effect's name, for messages.
        function: Called with `(H, W, 3) uint8 RGB` and its parameters by name. It is
            sent to the process with what it refers to, and again when that changed.
        time_limit_s: The seconds that one picture may take.
    """

    def __init__(
        self, kind: str, function: Callable[..., Any], time_limit_s: float
    ) -> None:
        self._kind, self._function = kind, function
        self._time_limit_s = time_limit_s
        self._lock = new_lock("processes of an effect")
        self._idle: list[_Child] = []
        weakref.finalize(self, _end_all, self._idle)

    def __call__(self, rgb: NDArray[np.uint8], **values: Any) -> NDArray[np.uint8]:
        """Return the picture that the function makes of one.

        Raises:
            CompositionError: It takes too long, fails, ends its process, or returns
                no such picture.
        """
        child = self._taken()
        try:
            header, pixels = self._asked(child, rgb, values)
        except BaseException:
            child.end()
            raise
        with self._lock:
            self._idle.append(child)
        if "failed" in header:
            raise CompositionError(
                f"the effect {self._kind!r} failed: {header['failed']}"
            )
        if "returned" in header:
            raise CompositionError(
                f"the effect {self._kind!r} returned {header['returned']}, not an "
                "array of uint8"
            )
        return np.frombuffer(pixels, np.uint8).reshape(header["shape"])

    def close(self) -> None:
        """End the processes that wait for calls."""
        _end_all(self._idle)

    def _pickled(self) -> bytes:
        """Return the function with what it refers to now."""
        import cloudpickle

        try:
            return bytes(cloudpickle.dumps(self._function))
        except Exception as error:  # whatever the function refers to
            raise CompositionError(
                f"the effect {self._kind!r} has a time limit, so it runs in another "
                f"process, to which it cannot be sent ({error}): create within it what "
                "it needs, or leave out time_limit_s"
            ) from error

    def _taken(self) -> "_Child":
        """Return a process that has the function as it is now, or start one."""
        function = self._pickled()
        with self._lock:
            ours = [child for child in self._idle if child.is_ours]
            fitting = [child for child in ours if child.function == function]
            stale = [child for child in ours if child.function != function]
            self._idle[:] = fitting[:-1]
        _end_all(stale)
        if fitting:
            return fitting[-1]
        try:
            child = _Child(function)
        except OSError as error:
            raise CompositionError(
                f"the process of the effect {self._kind!r} cannot be started: {error}"
            ) from error
        try:
            self._exchanged(child, [function], _STARTS_WITHIN_S, "to load")
        except BaseException:
            child.end()
            raise
        return child

    def _asked(
        self, child: "_Child", rgb: NDArray[np.uint8], values: dict[str, Any]
    ) -> tuple[dict[str, Any], bytes]:
        asked = pickle.dumps((rgb.shape, values, self._time_limit_s))
        pixels = np.ascontiguousarray(rgb).tobytes()
        return self._exchanged(
            child, [asked, pixels], self._time_limit_s, "for one picture"
        )

    def _exchanged(
        self, child: "_Child", parts: list[bytes], limit_s: float, doing: str
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request, and return the answer, which must come in time."""
        answer = child.exchange(parts)
        deadline = time.monotonic() + limit_s
        # In short waits, so that an exception can end this thread.
        while not wait([answer], _POLL_S).done:
            if time.monotonic() > deadline:
                raise CompositionError(
                    f"the effect {self._kind!r} takes longer than {limit_s:g} s "
                    f"{doing}, and was ended: raise its time_limit_s, or mend it"
                )
        try:
            header, pixels = answer.result()
        except (EOFError, OSError) as error:
            code = child.end()
            raise CompositionError(
                f"the effect {self._kind!r} ended its process, with the code {code}"
            ) from error
        return json.loads(header), pixels


class _Child:
    """A process of `limited_child`, and the thread that speaks with it.

    Args:
        function: What it is to call, pickled.
    """

    def __init__(self, function: bytes) -> None:
        self.function = function
        self._process = start_module(
            _CHILD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # As large as Linux lets one be: a picture is megabytes.
            pipesize=1 << 20,
        )
        self._thread = WorkerThreads(1, "effect")
        self._parent = os.getpid()

    @property
    def is_ours(self) -> bool:
        """Whether this process started it, and not one that this was forked from."""
        return self._parent == os.getpid()

    def exchange(self, parts: list[bytes]) -> Future[tuple[bytes, bytes]]:
        """Send byte strings; the future has the header and the pixels of the answer."""
        return self._thread.submit(self._exchange, parts)

    def _exchange(self, parts: list[bytes]) -> tuple[bytes, bytes]:
        given, taken = self._process.stdin, self._process.stdout
        assert given is not None  # noqa: S101 - both are pipes
        assert taken is not None  # noqa: S101
        send(given, *parts)
        return receive(taken), receive(taken)

    def end(self) -> int:
        """Kill the process, if it is ours, and return its exit code."""
        if not self.is_ours:
            return 0
        self._process.kill()
        code = self._process.wait()
        # Its thread sees the pipe's end, unless a process of the effect holds it open.
        if self._thread.end(_ENDS_WITHIN_S):
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    _close(pipe)
        return code


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        # What was not sent yet cannot be flushed to a process that is gone.
        return


def _end_all(children: list[_Child]) -> None:
    while children:
        children.pop().end()
