"""A render beside the ffmpeg program: the same edit, the same x264 settings, one run.

    python tests/bench/render.py

Three clips of 1280x720, two dissolves, a picture in picture at 70 %, sound mixed.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from msgspec.structs import replace
from references import cut_from, footage

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import render
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline, Transform

GRAPH = (
    "[0]trim=0.4:2.4,setpts=PTS-STARTPTS[a];[0]trim=2.0:4.0,setpts=PTS-STARTPTS[b];"
    "[0]trim=2.6:4.6,setpts=PTS-STARTPTS[c];"
    "[a][b]xfade=fade:duration=0.4:offset=1.6[ab];"
    "[ab][c]xfade=fade:duration=0.4:offset=3.2[v];"
    "[1]trim=1:5.8,setpts=PTS-STARTPTS,scale=384:164,format=yuva420p,"
    "colorchannelmixer=aa=0.7[p];[v][p]overlay=832:40[out];"
    "[0:a]atrim=0.4:5.2,asetpts=PTS-STARTPTS[s]"
)


def measured(who: int, work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of this process or its children."""
    before, began = resource.getrusage(who), time.perf_counter()
    work()
    after = resource.getrusage(who)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began


def timeline(library: MediaLibrary) -> Timeline:
    bunny, bikes = footage("bigbuckbunny.mp4"), footage("bikes.mp4")
    starts = (Fraction(3, 5), Fraction(11, 5), Fraction(14, 5))
    shots = [cut_from(bunny, library, start, Fraction(8, 5)) for start in starts]
    cut = edits.append(Timeline(name="b", rate=Fraction(25), size=(1280, 720)), shots)
    for at in (1, 2):
        cut = edits.transition(cut, at=at, duration=Fraction(2, 5))
    small = Transform(scale=0.3, position=(0.8, 0.17), opacity=0.7)
    above = replace(
        cut_from(bikes, library, Fraction(1), Fraction(24, 5)), transform=small
    )
    return edits.overwrite(
        edits.add_track(cut, "video"), [above], at=Fraction(0), track="V2"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = MediaLibrary(Path(folder))
        cut = timeline(library)
        profile = Profile(preset="veryfast", crf=23)
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            str(footage("bigbuckbunny.mp4")),
        ]
        command += ["-i", str(footage("bikes.mp4")), "-filter_complex", GRAPH]
        command += ["-map", "[out]", "-map", "[s]", "-c:v", "libx264", "-preset"]
        command += ["veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-c:a", "aac"]
        command += ["-b:a", "192k", "-movflags", "+faststart", f"{folder}/peer.mp4"]
        for _ in range(2):  # the first round warms both
            ours = measured(
                resource.RUSAGE_SELF,
                lambda: render(
                    cut,
                    Path(folder) / "ours.mp4",
                    library=library,
                    profile=profile,
                    reporter=Reporter(),
                ),
            )
            theirs = measured(
                resource.RUSAGE_CHILDREN, lambda: subprocess.run(command, check=True)
            )
    print("            CPU s   wall s")
    print(f"timeline_nb {ours[0]:6.2f}  {ours[1]:6.2f}")
    print(f"ffmpeg      {theirs[0]:6.2f}  {theirs[1]:6.2f}")
    print(f"ratio       {ours[0] / theirs[0]:6.2f}  {ours[1] / theirs[1]:6.2f}")


if __name__ == "__main__":
    main()
