"""The process in which a custom effect with a time limit runs.

It reads the function, then a header and pixels for each picture, from the standard
input, and answers each on the standard output.
"""

import json
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO, Any, Final

import numpy as np

from timeline_nb.effects.limited import receive, send

__all__: list[str] = []

# How long after its limit a process ends by itself, should nobody have killed it.
_GRACE_S: Final = 10.0


def _read(given: IO[bytes], requests: "SimpleQueue[bytes]") -> None:
    """Pass requests on; end this process with the one that asks."""
    try:
        while True:
            requests.put(receive(given))
    except (EOFError, OSError):
        os._exit(1)


def _answer(
    function: Callable[..., Any], asked: bytes, pixels: bytes
) -> tuple[dict[str, Any], bytes]:
    shape, values, limit_s = pickle.loads(asked)  # noqa: S301 - from our own parent
    rgb = np.frombuffer(pixels, np.uint8).reshape(shape).copy()
    _alarm(limit_s + _GRACE_S)
    try:
        result = function(rgb, **values)
    except Exception as error:  # noqa: BLE001 - sent to the parent
        return {"failed": f"{type(error).__name__}: {error}"}, b""
    finally:
        _alarm(0)
    if not isinstance(result, np.ndarray) or result.dtype != np.uint8:
        return {"returned": str(getattr(result, "dtype", type(result).__name__))}, b""
    return {"shape": result.shape}, np.ascontiguousarray(result).tobytes()


def _alarm(seconds: float) -> None:
    """Have the system end this process after so long, where it can; never if 0."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _main() -> None:
    given, taken = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What an effect prints must not come between the answers.
    os.dup2(2, 1)
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(given, requests), daemon=True).start()
    function = pickle.loads(requests.get())  # noqa: S301 - from our own parent
    send(taken, b"{}", b"")
    while True:
        header, pixels = _answer(function, requests.get(), requests.get())
        send(taken, json.dumps(header).encode(), pixels)


if __name__ == "__main__":
    _main()
