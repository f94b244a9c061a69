"""Uploads whose process is killed at any moment: the next one goes on, byte for byte.

`killed` starts a process that publishes a film to a stand-in, kills it (SIGKILL) when
so many bytes have arrived, and starts the next, until one ends by itself.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stand_ins.server import StandIn

_ROOT: Final = Path(__file__).parents[2]
_PACE_BPS: Final = 200_000_000
_HANGS_S: Final = 200

_CHILD: Final = """
import sys
from pathlib import Path
from publishing_scene import PATIENCE, PART_BYTES, TOKEN
from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.publishing.publisher import Extras, Publisher
from timeline_nb.publishing.settings import read_settings
from timeline_nb.security.secret import Secret

platform, address, film, folder = sys.argv[1:]
publisher = Publisher(
    Path(folder, "uploads"),
    MediaLibrary(Path(folder, "cache")),
    lambda _: lambda _: Secret(TOKEN),
    bases={platform: address},
    patience=PATIENCE,
    part_bytes=64 * PART_BYTES,  # more than sockets hold
)
settings = read_settings(platform, "A film", {})
print(publisher.publish(Path(film), settings, Extras(), Reporter()).id)
"""


@dataclass(frozen=True)
class Killed:
    """What came of it.

    Args:
        kills: How many processes were killed.
        name: What the platform calls the film in the end.
    """

    kills: int
    name: str


def killed(
    stand_in: StandIn,
    platform: str,
    film: Path,
    folder: Path,
    *,
    arrived: Callable[[], int],
    kills: int = 3,
    seed: int = 0,
) -> Killed:
    """Publish a film with processes that are killed; return what the last one says.

    Args:
        stand_in: The platform.
        platform: Its name.
        film: The film.
        folder: For the journal, which all the processes share.
        arrived: Returns how many bytes of the film have arrived.
        kills: How many are killed at most.
        seed: Of the moments.
    """
    chance = random.Random(seed)
    size = film.stat().st_size
    # Among them the very beginning, and after the last byte.
    moments = sorted(chance.randint(0, size) for _ in range(kills))
    stand_in.pace_bps = _PACE_BPS
    done = 0
    for moment in moments:
        is_over = threading.Event()

        def hold(moment: int = moment, is_over: threading.Event = is_over) -> None:
            # However late it is killed, it is killed at this moment.
            if arrived() >= max(1, moment):
                is_over.wait(_HANGS_S)

        stand_in.after_piece = hold
        child = _child(platform, stand_in.address, film, folder)
        deadline = time.monotonic() + _HANGS_S
        while child.poll() is None and arrived() < max(1, moment):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        if child.poll() is not None:
            break
        child.kill()
        child.communicate()
        is_over.set()
        done += 1
    stand_in.pace_bps = 0
    stand_in.after_piece = lambda: None
    child = _child(platform, stand_in.address, film, folder)
    said, errors = child.communicate(timeout=_HANGS_S)
    assert child.returncode == 0, errors
    return Killed(done, said.strip())


def _child(
    platform: str, address: str, film: Path, folder: Path
) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", _CHILD, platform, address, str(film), str(folder)]
    return subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
