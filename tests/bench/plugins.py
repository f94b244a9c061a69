"""What plugins cost: a call, a picture, the import, the first use, and a time limit.

python tests/bench/plugins.py

A blur in a sandbox is compared with `cv2.blur` in the same thread. CPU time, the best
of many; of time limits and the first use, wall time.
"""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from attacks.plugins import HOSTILE, SHORT
from bench.measure import about
from plugins_factory import BODY, ECHO, code_of, read, wasm_of, written

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.levels import LEVELS
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugins import Plugins
from timeline_nb.wasm_plugins.sandbox import Sandbox

SOURCES = Path(__file__).parents[1] / "plugins_src"
RUNS = 30


def best_us(work: Callable[[], object], runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.thread_time()
        work()
        times.append(time.thread_time() - began)
    return min(times) * 1e6


def in_thread(work: Callable[[], None]) -> None:
    """Run in a thread of a render: there a call needs no other thread."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def calls() -> None:
    wasm = wasm_of(BODY + ECHO)
    sandbox = Sandbox(code_of(wasm), "bench", LEVELS["minimal"])
    sandbox.call(b"{}")
    export, store = sandbox._exports["tnb_abi"], sandbox._store
    empty = best_us(lambda: [export(store) for _ in range(1000)]) / 1000
    message = best_us(lambda: [sandbox.call(b"{}") for _ in range(200)]) / 200
    plugin = Plugin(read(wasm), lambda: code_of(wasm), limits=LEVELS["full"])
    plugin.call("run")
    command = best_us(lambda: [plugin.call("run") for _ in range(200)]) / 200
    print(f"an empty call: {empty:.1f} us; a message: {message:.1f} us; a command with")
    print(f"  checked arguments, files and JSON: {command:.1f} us")


def from_the_main_thread() -> None:
    wasm = wasm_of(BODY + ECHO)
    plugin = Plugin(read(wasm), lambda: code_of(wasm), limits=LEVELS["full"])
    plugin.call("run")
    times = []
    for _ in range(300):
        began = time.perf_counter()
        plugin.call("run")
        times.append(time.perf_counter() - began)
    median = statistics.median(times) * 1e6
    print(f"a command from the main thread, by another that can be interrupted: "
          f"{median:.0f} us (median, wall)")  # fmt: skip


def blur() -> None:
    plugins = Plugins(Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp()))
    plugins.install(SOURCES / "blur.wasm")
    plugin = plugins.plugin("timeline-nb.test.blur")
    cv2.setNumThreads(1)
    for height in (720, 1080, 2160):
        size = (height, height * 16 // 9, 3)
        picture = np.random.default_rng(0).integers(0, 256, size, np.uint8)
        values = {"radius_px": 8.0}
        ours = best_us(lambda: plugin.frame("box_blur", [picture], values))  # noqa: B023
        theirs = best_us(
            lambda: cv2.blur(picture, (17, 17), borderType=cv2.BORDER_REPLICATE)  # noqa: B023
        )
        equal = np.array_equal(
            plugin.frame("box_blur", [picture], values),
            cv2.blur(picture, (17, 17), borderType=cv2.BORDER_REPLICATE),
        )
        print(
            f"{height}p box blur: {ours / 1e3:.2f} ms, cv2.blur {theirs / 1e3:.2f} ms: "
            f"{ours / theirs:.2f} x; equal in every byte: {equal}"
        )
    plugins.close()


def imports() -> None:
    code = (
        "import sys, timeline_nb; from timeline_nb.wasm_plugins.plugins import Plugins;"
        "print('wasmtime' in sys.modules, 'httpx' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    print(f"imported before a plugin is used (wasmtime, httpx): {run.stdout.strip()}")


def first_uses() -> None:
    folder = Path(tempfile.mkdtemp())
    plugins = Plugins(folder / "plugins", folder / "cache")
    names = [f"x.p{n}" for n in range(20)]
    for number, name in enumerate(names):
        # Each its own module, so that nothing is shared.
        wasm = wasm_of(BODY + ECHO + f"(global i32 (i32.const {number}))")
        plugins.install(written(folder / "download", wasm, id=name))
    times = []
    for name in names:
        began = time.perf_counter()
        plugins.call(name, "run")
        times.append((time.perf_counter() - began) * 1e3)
    median = statistics.median(times)
    print(f"20 plugins, first use: {median:.1f} ms, at most {max(times):.1f} (wall)")
    plugins.close()


def time_limits() -> None:
    late = []
    names = [name for name, one in HOSTILE.items() if "longer than" in one.message]
    for name in names:
        wasm = wasm_of(HOSTILE[name].text)
        plugin = Plugin(read(wasm), lambda: code_of(wasm), limits=SHORT)  # noqa: B023
        plugin.start()
        began = time.monotonic()
        try:
            plugin.call("run")
        except PluginError:
            late.append((time.monotonic() - began - SHORT.seconds) * 1e3)
    shown = ", ".join(f"{name} {ms:.0f}" for name, ms in zip(names, late, strict=True))
    print(f"ms after a limit of {SHORT.seconds} s: {shown}")


def main() -> None:
    print(about("wasmtime", "opencv-python"))
    in_thread(calls)
    from_the_main_thread()
    in_thread(blur)
    imports()
    first_uses()
    time_limits()


if __name__ == "__main__":
    main()
