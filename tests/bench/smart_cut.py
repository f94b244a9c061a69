"""Three cuts off keyframes, taken over where that can be, beside those who encode.

    python tests/bench/smart_cut.py [FOLDER]

1,094 frames of a 1080p30 film, at a keyframe in 30 and in 250 frames: packets taken
over (`smart`), the ffmpeg program encoding all with x264 veryfast, and the PyPI package
smartcut if it is installed.
"""

import resource
import sys
import tempfile
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.films import films
from bench.measure import about, cost_of, ratio

# Frames of the film, each run from its first to the one behind its last.
# They begin in the middle of a group of 30, as cuts by chance do on average.
RUNS = ((15, 407), (435, 786), (105, 456))


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
    film = films(folder, seconds=30, gop=gop)["a"]
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
    before = resource.getrusage(resource.RUSAGE_SELF)
    result = renderer.render(edits.append(empty, row), path, profile, Reporter())
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
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
    print(about("smartcut"))
    for gop in (30, 250):
        film = films(folder, seconds=30, gop=gop)["a"]
        print(f"GOP {gop}")
        ours = cost_of([sys.executable, __file__, "render", str(folder), str(gop)])
        theirs = cost_of(ffmpeg(film, folder))
        own = float((folder / "cpu").read_text())
        print(f"  smart {ours.cpu_s:.1f} s CPU with the start of Python, {own:.1f} s")
        less = theirs.cpu_s / own
        print(f"  without; ffmpeg {theirs.cpu_s:.1f} s: {less:.1f} x as much")
        print(f"  whole processes: {ratio(ours, theirs)}")
        if find_spec("smartcut"):
            keep = ",".join(f"{first / 30},{last / 30}" for first, last in RUNS[:2])
            out = str(folder / "smartcut.mp4")
            command = [sys.executable, "-m", "smartcut", str(film), out]
            peer = cost_of([*command, "--keep", keep])
            print(f"  smartcut (two of the cuts) {peer.cpu_s:.1f} s CPU")


if __name__ == "__main__":
    if sys.argv[1:2] == ["render"]:
        render(Path(sys.argv[2]), int(sys.argv[3]))
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
