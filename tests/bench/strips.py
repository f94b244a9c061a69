"""Filmstrips and waveforms beside the ffmpeg program.

    python tests/bench/strips.py [FOLDER]

CPU of 100 thumbnails of a 60 s 1080p film, exact beside ffmpeg's `fps` filter and of
keyframes beside its `-skip_frame nokey`, and of the peaks of 10 minutes of stereo AAC
beside decoding them to PCM.
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import numpy as np
from bench.films import films
from bench.measure import about, cost_of, cpu_s, folder_of
from references import footage

from timeline_nb.media.library import MediaLibrary

COUNT, HEIGHT_PX = 100, 60


def cpu(work: Callable[[], object]) -> float:
    before = cpu_s()
    work()
    return cpu_s() - before


def sound(path: Path) -> Path:
    """Ten minutes of a real film's sound, over and over, as stereo AAC."""
    if path.exists():
        return path
    with av.open(str(footage("bigbuckbunny.mp4"))) as container:
        resampler = av.AudioResampler("fltp", "stereo", 48_000)
        chunks = [p for f in container.decode(audio=0) for p in resampler.resample(f)]
    once = np.concatenate([chunk.to_ndarray() for chunk in chunks], axis=1)
    whole = np.tile(once, 1 + 600 * 48_000 // once.shape[1])[:, : 600 * 48_000]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=48_000, layout="stereo", bit_rate=192_000)
        for start in range(0, whole.shape[1], 1024):
            chunk = np.ascontiguousarray(whole[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(chunk, "fltp", "stereo")
            frame.sample_rate, frame.pts = 48_000, start
            frame.time_base = Fraction(1, 48_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def main(folder: Path) -> None:
    print(about())
    ffmpeg = ["ffmpeg", "-v", "error", "-y", "-i"]
    film = films(folder, seconds=60, gop=250)["a"]
    times = [Fraction(n * 60, COUNT) for n in range(COUNT)]
    library = MediaLibrary(folder / "index")
    library.index(library.probe(film))
    ours = cpu(lambda: library.thumbnails(film, times, height_px=HEIGHT_PX))
    scaled = f"fps={COUNT / 60},scale=-2:{HEIGHT_PX}"
    null = ["-f", "rawvideo", "-pix_fmt", "rgb24", "/dev/null"]
    theirs = cost_of([*ffmpeg, str(film), "-vf", scaled, *null]).cpu_s
    keys = cpu(
        lambda: MediaLibrary(folder / "index").thumbnails(
            film, times, height_px=HEIGHT_PX, exact=False
        )
    )
    skips = ["ffmpeg", "-v", "error", "-y", "-skip_frame", "nokey", "-i", str(film)]
    peer = cost_of([*skips, "-vf", f"scale=-2:{HEIGHT_PX}", *null]).cpu_s
    print(f"keyframes: {keys:.2f} s, ffmpeg {peer:.2f} s: {keys / peer:.2f} x")
    print(f"thumbnails: {ours:.1f} s, ffmpeg {theirs:.1f} s: {ours / theirs:.2f} x")
    path = sound(folder / "sound.m4a")
    ours = cpu(lambda: MediaLibrary(folder / "none").waveform(path, bins=4000))
    pcm = ["-f", "s16le", "-acodec", "pcm_s16le", "/dev/null"]
    theirs = cost_of([*ffmpeg, str(path), *pcm]).cpu_s
    print(f"waveform: {ours:.2f} s, ffmpeg {theirs:.2f} s: {ours / theirs:.2f} x")


if __name__ == "__main__":
    with folder_of(sys.argv[1:]) as place:
        main(place)
