"""What `melt`, another renderer, makes of an edit that was written as MLT XML."""

import os
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from media_factory import read_number
from numpy.typing import NDArray

from timeline_nb.compose.mix import AudioMixer
from timeline_nb.compose.still import compose_frame
from timeline_nb.interchange.mlt import write
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import WriteRequest
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["Film", "film_of", "levels", "melted", "render", "written"]

_RATE_HZ = 48_000
# Of each try.
_LIMITS_S = (15, 30, 60)


@dataclass(frozen=True)
class Film:
    """A rendered edit.

    Args:
        frames: `(n, H, W, 3) uint8 RGB`.
        sound: `(samples, 2) float32`, at 48 kHz.
    """

    frames: NDArray[np.uint8]
    sound: NDArray[np.float32]

    @property
    def numbers(self) -> list[int | None]:
        """The numbers that frames carry; None where two are seen, or none is."""
        return [_number(frame) for frame in self.frames]


def _number(frame: NDArray[np.uint8]) -> int | None:
    try:
        return read_number(frame)
    except AssertionError:
        return None


def written(timeline: Timeline, path: Path) -> Report:
    """Write an edit as MLT XML."""
    report = Report(path, "mlt", "export")
    made = write(WriteRequest(timeline=timeline, path=path, report=report))
    path.write_bytes(made.data)
    for name, data in made.beside.items():
        path.with_name(name).write_bytes(data)
    return report


def melted(path: Path) -> Film:
    """Have melt render a file, losslessly, within a time limit.

    It must have sound: melt 7.12 may stop for good where it encodes none.
    """
    film = path.with_suffix(".melt.mkv")
    # MLT's Qt module asks for a display, and needs none.
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":99"}
    options = ["vcodec=ffv1", "acodec=pcm_f32le", "mlt_audio_format=f32le"]
    options += [f"ar={_RATE_HZ}", "channels=2", "real_time=-1", "pix_fmt=yuv420p"]
    command = ["melt", "-silent", str(path), "-consumer", f"avformat:{film}", *options]
    for limit_s in _LIMITS_S:
        try:
            done = subprocess.run(
                command,
                # With one, melt waits for keys.
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=env,
                timeout=limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            # Now and then melt 7.12 stops before its first frame.
            continue
        assert done.returncode == 0, done.stderr[-2000:]
        return film_of(film)
    raise AssertionError(f"melt renders {path} not within {_LIMITS_S[-1]} s")


def film_of(path: Path) -> Film:
    """Decode a film."""
    with av.open(str(path)) as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    with av.open(str(path)) as container:
        decoded = container.decode(audio=0)
        blocks = [np.reshape(f.to_ndarray(), (-1, 2)) for f in decoded]
    return Film(np.array(frames), np.concatenate(blocks).astype(np.float32))


def render(timeline: Timeline, library: MediaLibrary) -> Film:
    """What we make of the same edit, frame by frame."""
    count = -(-duration(timeline) * timeline.rate // 1)
    times = [Fraction(n) / timeline.rate for n in range(count)]
    frames = np.array([compose_frame(timeline, time, library) for time in times])
    samples = round(duration(timeline) * _RATE_HZ)
    with AudioMixer(timeline, library) as mixer:
        sound = mixer.read(samples).T
    return Film(frames, sound)


def levels(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """The level of each 10 ms: `(n, 2) float64`."""
    step = _RATE_HZ // 100
    whole = len(sound) // step * step
    blocks = sound[:whole].reshape(-1, step, 2).astype(np.float64)
    found: NDArray[np.float64] = np.sqrt((blocks**2).mean(axis=1))
    return found
