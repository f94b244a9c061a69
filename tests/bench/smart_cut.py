"""Three cuts off keyframes, taken over where that can be, beside those who encode.

    python tests/bench/smart_cut.py [FOLDER]

1,094 frames of a 1080p30 film, at a keyframe in 30 and in 250 frames: packets taken
over (`smart`), the ffmpeg program encoding all with x264 veryfast, and the program
smartcut, from PyPI, where it is on the path (it wants another PyAV than this package:
install it in an environment of its own).
"""

import shutil
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.films import films
from bench.measure import about, cost_of, cpu_s, folder_of

# Frames of the film, each run from its first to the one behind its last.
# They begin in the middle of groups of 30 and of 250, as cuts by chance do on average.
RUNS = ((135, 507), (615, 986), (1125, 1476))


def source(folder: Path, gop: int) -> Path:
    return films(folder, seconds=50, gop=gop, names="a")["a"]


def render(folder: Path, gop: int) -> None:
    """What the measured process does."""
    from references import cut_from

    from timeline_nb.core.jobs import Reporter
    from timeline_nb.media.library import MediaLibrary
    from timeline_nb.render.profile import Profile
    from timeline_nb.render.render import Renderer
    from timeline_nb.segments.store import SegmentStore
    from timeline_nb.timeline import edits
    from timeline_nb.timeline.model import Timeline

    library = MediaLibrary(folder / "cache")
    film = source(folder, gop)
    row = [
        cut_from(film, library, Fraction(first, 30), Fraction(last - first, 30))
        for first, last in RUNS
    ]
    empty = Timeline(name="cut", rate=Fraction(30), size=(1920, 1080))
    store = SegmentStore(folder / "smart")
    store.clear()
    renderer = Renderer(library, folder / "cache", store=store)
    profile = Profile(preset="veryfast", crf=20, smart=True)
    path = folder / f"smart{gop}.mp4"
    before = cpu_s()
    result = renderer.render(edits.append(empty, row), path, profile, Reporter())
    cpu = cpu_s() - before
    assert result.plan is not None
    copied = sum(segment.frames for segment in result.plan.of("copy"))
    print(f"  {copied} of {result.frames} frames copied, {cpu:.1f} s CPU", flush=True)
    (folder / "cpu").write_text(str(cpu))


def ffmpeg(film: Path, folder: Path) -> list[str]:
    """All of it decoded and encoded."""
    parts = []
    for number, (first, last) in enumerate(RUNS):
        start, end = first / 30, last / 30
        parts.append(
            f"[0:v]trim={start}:{end},setpts=PTS-STARTPTS[v{number}];"
            f"[0:a]atrim={start}:{end},asetpts=PTS-STARTPTS[a{number}];"
        )
    joined = "".join(f"[v{n}][a{n}]" for n in range(len(RUNS)))
    graph = "".join(parts) + f"{joined}concat=n={len(RUNS)}:v=1:a=1[v][a]"
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(film), "-filter_complex", graph]
    command += ["-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "veryfast"]
    return [*command, "-crf", "20", "-c:a", "aac", str(folder / "ffmpeg.mp4")]


def main(folder: Path) -> None:
    print(about())
    for gop in (30, 250):
        film = source(folder, gop)
        print(f"GOP {gop}")
        ours = cost_of([sys.executable, __file__, "render", str(folder), str(gop)])
        theirs = {"ffmpeg": cost_of(ffmpeg(film, folder))}
        own = float((folder / "cpu").read_text())
        print(f"  smart {own:.1f} s CPU, {ours.cpu_s:.1f} s with the start of Python")
        if program := shutil.which("smartcut"):
            keep = ",".join(str(frame) for run in RUNS for frame in run)
            command = [program, str(film), str(folder / "smartcut.mp4"), "--frames"]
            theirs["smartcut"] = cost_of([*command, "--keep", keep])
        for name, peer in theirs.items():
            less, whole = peer.cpu_s / own, peer.cpu_s / ours.cpu_s
            print(f"  {name} {peer.cpu_s:.1f} s CPU: {less:.1f} x, {whole:.1f} x")


if __name__ == "__main__":
    if sys.argv[1:2] == ["render"]:
        render(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        with folder_of(sys.argv[1:]) as place:
            main(place)
