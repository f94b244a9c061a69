"""What plugins cost: a call, a picture, the import, the first use, and a time limit.

python tests/bench/plugins.py

Blurs in a sandbox are compared with the built-in ones in the same thread. CPU time, the
best of many; of time limits and the first use, wall time.
"""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from attacks.plugins import HOSTILE, SHORT
from bench.measure import about
from plugins_factory import BODY, ECHO, code_of, effects_plugin, read, wasm_of, written

from timeline_nb.effects.blur import (
    along_line,
    box_blur,
    gaussian_blur,
    motion_blur,
    smooth,
)
from timeline_nb.effects.picture import Bytes, Moment, Picture
from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.levels import LEVELS
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugins import Plugins
from timeline_nb.wasm_plugins.sandbox import Sandbox

RUNS = 30


def best_us(work: Callable[[], object], runs: int = RUNS) -> float:
    # Of all threads: a picture is computed by another one.
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
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


def blurs() -> None:
    """The four blurs at 1080p, and what the built-in effects cost for the same RGB.

    A built-in effect works on planes in YUV; so its cost is given of three planes of
    the picture's size, and of the whole way from RGB through YUV to RGB. The plugin's
    pictures have opacity, too.
    """
    plugins = Plugins(Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp()))
    plugins.install("blur")
    plugin = plugins.plugin("timeline-nb.blur")
    cv2.setNumThreads(1)
    noise = np.random.default_rng(0).integers(0, 256, (1080, 1920, 3), np.uint8)
    # With no hard edges in it, so that medians are as of footage.
    picture = np.asarray(cv2.GaussianBlur(noise, (0, 0), 3), np.uint8)
    planes = [np.ascontiguousarray(picture[:, :, n]) for n in range(3)]
    given = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA), np.uint8)
    moment = Moment(Fraction(0), Fraction(1, 25))
    for effect, values, change, builtin in BLURS:
        ours = best_us(lambda: plugin.frame(effect, [given], values), 7)  # noqa: B023
        theirs = best_us(lambda: [change(plane) for plane in planes], 7)  # noqa: B023
        shown = f"{effect} {values}: {ours / 1e3:.1f} ms, {ours / theirs:.2f} x planes"
        if builtin is not None:
            whole = best_us(
                lambda: builtin(Picture(moment=moment, rgb=picture), **values).rgb,  # noqa: B023
                7,
            )
            shown += f", {ours / whole:.2f} x the effect from RGB to RGB"
        made = plugin.frame(effect, [given], values)
        expected = np.dstack([change(plane) for plane in planes])
        off = np.abs(made[..., :3].astype(int) - expected).max()
        print(f"1080p {shown}; at most {off} levels apart")
    plugins.close()


def boxed(plane: Bytes) -> Any:
    return cv2.blur(plane, (23, 23), borderType=cv2.BORDER_REPLICATE)


BLURS: list[tuple[str, dict[str, float], Callable[[Bytes], Any], Any]] = [
    ("gaussian", {"sigma": 0.002}, lambda p: smooth(p, 2.16), gaussian_blur),
    ("gaussian", {"sigma": 0.0045}, lambda p: smooth(p, 4.86), gaussian_blur),
    ("gaussian", {"sigma": 0.01}, lambda p: smooth(p, 10.8), gaussian_blur),
    (
        "motion",
        {"length": 0.03, "angle": 0},
        lambda p: along_line(p, 32.4, 0),
        motion_blur,
    ),
    (
        "motion",
        {"length": 0.03, "angle": 30},
        lambda p: along_line(p, 32.4, 30),
        motion_blur,
    ),
    ("box", {"radius": 0.01}, boxed, box_blur),
    ("median", {"radius": 0.001}, lambda p: cv2.medianBlur(p, 3), None),
    ("median", {"radius": 0.002}, lambda p: cv2.medianBlur(p, 5), None),
    ("median", {"radius": 0.005}, lambda p: cv2.medianBlur(p, 11), None),
    ("median", {"radius": 0.05}, lambda p: cv2.medianBlur(p, 109), None),
]


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


_LOOK_UP = """
import sys, time
from fractions import Fraction
from pathlib import Path
import numpy as np
import timeline_nb as tl
from timeline_nb.effects.catalog import catalog, find
from timeline_nb.effects.picture import Moment, Picture

at = Path(sys.argv[1])
known = len(list(catalog()))
studio = tl.open_studio(tl.Settings(cache_dir=at / "cache", data_dir=at))
picture = Picture(
    moment=Moment(Fraction(0), Fraction(1, 25)), rgb=np.zeros((48, 64, 3), np.uint8)
)

def spent(work):
    wall, cpu = time.perf_counter(), time.thread_time()
    made = work()
    return made, (time.perf_counter() - wall) * 1e3, (time.thread_time() - cpu) * 1e3

loaded = sorted(name for name in sys.modules if "wasm" in name)
_, wall, cpu = spent(lambda: find("x.p0/brighten"))
print(f"loaded before: {len(loaded)} modules; the first look-up, which reads 20 "
      f"manifests: {cpu:.1f} ms of CPU, {wall:.1f} wall; ", end="")
_, wall, cpu = spent(lambda: [find("x.p0/brighten") for _ in range(100)])
print(f"later ones {cpu * 10:.0f} us")
time.sleep(float(sys.argv[2]))
times = []
for number in range(20):
    make = find(f"x.p{number}/brighten").make
    times.append(spent(lambda: make(picture, amount=1.0)))
for name, place in (("wall", 1), ("CPU", 2)):
    first, *others = [one[place] for one in times]
    print(f"  first picture of each plugin, {name}: {first:.1f} ms, then at most "
          f"{max(others):.1f}, all 20 {first + sum(others):.1f}")
"""


def effects() -> None:
    """Look up and use the effects of 20 plugins, in a process of its own."""
    folder = Path(tempfile.mkdtemp())
    plugins = Plugins(folder / "plugins", folder / "cache" / "plugins")
    for number in range(20):
        more = f"(global i32 (i32.const {number}))"
        path = effects_plugin(folder / "download", more, id=f"x.p{number}")
        plugins.install(path)
    for seconds, when in ((0, "at once"), (1, "a second after the look-up")):
        command = [sys.executable, "-c", _LOOK_UP, str(folder), str(seconds)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"effects of 20 plugins, used {when}: {run.stdout.strip()}")


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
    in_thread(blurs)
    imports()
    first_uses()
    effects()
    time_limits()


if __name__ == "__main__":
    main()
