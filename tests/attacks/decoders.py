"""Decoders that crash, hang, eat memory, or are killed: each costs one file.

The faults are put into the process apart from outside: a `sitecustomize` on the import
path of its Python changes `VideoDecoder` there, for files of certain names.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from timeline_nb.errors import MediaError
from timeline_nb.media.apart.isolation import Isolation
from timeline_nb.media.apart.pool import POOL
from timeline_nb.media.library import MediaLibrary

# At frame 7 of a file of this name, the decoder does this.
FAULTS = {
    "crashes": "import ctypes; ctypes.string_at(0)",
    "aborts": "import os; os.abort()",
    "hangs": "import time\nwhile True: time.sleep(60)",
    "spins": "while True: pass",
    "grows": "held = [bytes(10**8)]\nwhile True: held.append(b'x' * 10**8)",
    "lies": "number = 8",
    "leaves": "import os; os._exit(3)",
}
AT = 7

_HOOK = """
import sys

if "timeline_nb.media.apart.child" in sys.orig_argv:
    from pathlib import Path

    import timeline_nb.media.decode as changed

    FAULTS = {faults!r}
    honest = changed.VideoDecoder.frame

    def frame(self, number):
        fault = FAULTS.get(Path(self.info.path).stem)
        if fault and number == {at}:
            known = {{"number": number}}
            exec(fault, known)
            number = known["number"]
        return honest(self, number)

    changed.VideoDecoder.frame = frame
"""


@contextmanager
def faulty_decoders(folder: Path) -> Iterator[None]:
    """Have processes that start in the block do what `FAULTS` says."""
    (folder / "sitecustomize.py").write_text(_HOOK.format(faults=FAULTS, at=AT))
    POOL.end_idle()
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        POOL.close()


@dataclass(frozen=True)
class Remains:
    """What could be left behind."""

    children: int
    descriptors: int
    shared: int

    @classmethod
    def now(cls) -> "Remains":
        """Count child processes, descriptors, and mappings of shared memory."""
        this = psutil.Process()
        maps = Path("/proc/self/maps")
        text = maps.read_text() if maps.exists() else ""
        decoders = [
            child
            for child in this.children()
            if "timeline_nb.media.apart.child" in _command(child)
        ]
        return cls(len(decoders), this.num_fds(), text.count("memfd:pictures"))


def _command(child: psutil.Process) -> list[str]:
    try:
        return child.cmdline()
    except psutil.Error:
        return []


@dataclass
class Killed:
    """What happened under random kills.

    Args:
        kills: How many processes were killed.
        frames: Frames that were decoded, each compared with what it must be.
        wrong: Frames that were not what they must be.
        errors: The texts of errors; each must name the file.
    """

    kills: int
    frames: int
    wrong: int
    errors: list[str]


def killed_decoders(count: int, seed: int, path: Path, cache: Path) -> Killed:
    """Play and seek in a film while its decoder processes are killed at random.

    Args:
        count: How many kills.
        seed: Of the moments, and of the order of frames.
        path: The film; each of its frames is decoded in this process first.
        cache: A folder for indexes.
    """
    chosen = random.Random(seed)
    with MediaLibrary(cache).video(path) as decoder:
        expected = [f.to_rgb() for f in decoder.frames(range(len(decoder.index)))]
    library = MediaLibrary(cache, isolation=Isolation("always"))
    found = Killed(0, 0, 0, [])
    over = threading.Event()

    def kill() -> None:
        while found.kills < count:
            # A process takes a while to start: some frames first, or none for long.
            due = found.frames + chosen.randrange(25)
            deadline = time.monotonic() + chosen.uniform(0.0, 5.0)
            while found.frames < due and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(chosen.uniform(0.0, 0.02))
            for pid in POOL.pids[:1]:
                with suppress(ProcessLookupError):
                    os.kill(pid, chosen.choice([signal.SIGKILL, signal.SIGTERM]))
                    found.kills += 1
        over.set()

    killer = threading.Thread(target=kill)
    killer.start()
    order = random.Random(seed + 1)
    while not over.is_set():
        first = order.randrange(len(expected))
        try:
            with library.video(path) as decoder:
                for number in range(first, min(first + 10, len(expected))):
                    shown = decoder.frame(number).to_rgb()
                    found.frames += 1
                    found.wrong += not np.array_equal(shown, expected[number])
        except MediaError as error:
            found.errors.append(str(error))
    killer.join()
    return found
