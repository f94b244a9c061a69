"""What the frame index costs, beside ffprobe and ffmpeg.

    python tests/bench/index.py [FOLDER]

CPU of the index of ten minutes of 1080p in MP4, Matroska and a transport stream
beside `ffprobe -show_packets` of their pictures; and of streams that do not tell
pictures, H.264 without a container and in AVI, beside ffmpeg decoding them. Each time
is of a process of its own, without what starting it takes.
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.films import films
from bench.measure import Cost, about, cost_of, folder_of, middle

ROUNDS = 3
_INDEX = "from timeline_nb.media.index import build_index"
_PROBE = "from timeline_nb.media.probe import probe"


def remuxed(film: Path, path: Path, *options: str) -> Path:
    if not path.exists():
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(film), "-map", "0:v:0"]
        subprocess.run([*command, "-c", "copy", *options, str(path)], check=True)
    return path


def looped(film: Path, path: Path, times: int) -> Path:
    if not path.exists():
        command = ["ffmpeg", "-v", "error", "-y", "-stream_loop", str(times - 1)]
        command += ["-i", str(film), "-map", "0:v:0", "-c", "copy", str(path)]
        subprocess.run(command, check=True)
    return path


def ours(path: Path) -> Cost:
    """An index, without the start of Python and what is imported."""
    begin = f"{_INDEX}; {_PROBE}; info = probe({str(path)!r})"
    base = middle([cost_of([sys.executable, "-c", begin]) for _ in range(ROUNDS)])
    work = f"{begin}; build_index(info)"
    whole = middle([cost_of([sys.executable, "-c", work]) for _ in range(ROUNDS)])
    return Cost(whole.cpu_s - base.cpu_s, whole.wall_s - base.wall_s, whole.memory_mb)


def theirs(*command: str) -> Cost:
    shell = ["sh", "-c", '"$@" > /dev/null', "sh", *command]
    return middle([cost_of(shell) for _ in range(ROUNDS)])


def told(name: str, own: Cost, peer: Cost, what: str) -> None:
    print(
        f"{name}: {own.cpu_s:.2f} s of CPU, {own.wall_s:.2f} s; {what} "
        f"{peer.cpu_s:.2f} s, {peer.wall_s:.2f} s: {own.cpu_s / peer.cpu_s:.2f} x CPU, "
        f"{own.wall_s / peer.wall_s:.2f} x wall"
    )


def main(folder: Path) -> None:
    print(about())
    minute = films(folder, seconds=60, gop=30)["a"]
    long = looped(minute, folder / "index_long.mp4", 10)
    packets = ("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_packets")
    for suffix in ("mp4", "mkv", "ts"):
        path = remuxed(long, folder / f"index_long.{suffix}")
        told(suffix, ours(path), theirs(*packets, str(path)), "ffprobe -show_packets")
    decode = ("ffmpeg", "-v", "error", "-i")
    rest = ("-map", "0:v:0", "-f", "null", "-")
    for suffix in ("h264", "avi"):
        path = remuxed(minute, folder / f"index_minute.{suffix}")
        peer = theirs(*decode, str(path), *rest)
        told(f"{suffix}, decoded", ours(path), peer, "ffmpeg decoding")


if __name__ == "__main__":
    with folder_of(sys.argv[1:]) as folder:
        main(folder)
