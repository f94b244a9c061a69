"""Frames by number: far apart, and to and fro, beside what others use.

    python tests/bench/access.py [FOLDER]

CPU per frame of 1080p H.264, at a keyframe in 30 and in 250 frames: of an open decoder,
and of `tl.open(...).frame(number=)`, whose decoder stays open between calls. PyAV's own
seek and decode and OpenCV are always there; torchcodec, decord and MoviePy join if they
are installed. Then frames of an edit of the file, composed, in wall time beside PyAV,
which decodes and converts them alone.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import cv2
from bench.films import films
from bench.measure import about, cpu_s, folder_of

import timeline_nb as tl
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.compose.still import FrameComposer
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import frame_count
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

COUNT, STEPS = 40, 200


def numbers(frames: int) -> list[int]:
    return random.Random(4).sample(range(frames), COUNT)


def timed(
    work: Callable[[int], object], wanted: list[int]
) -> tuple[float, list[float]]:
    """CPU milliseconds a frame, and the wall milliseconds of each."""
    work(0)
    before, waits = cpu_s(), []
    for number in wanted:
        began = time.perf_counter()
        work(number)
        waits.append(1000 * (time.perf_counter() - began))
    # A program that is run for a frame counts when it has ended.
    work(0)
    return 1000 * (cpu_s() - before) / len(wanted), waits


def pyav(path: Path, stamps: list[int]) -> Callable[[int], object]:
    """Seek to the keyframe before a frame, and decode up to it."""
    container = av.open(str(path))
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"

    def work(number: int) -> object:
        container.seek(stamps[number], stream=stream)
        for frame in container.decode(stream):
            if frame.pts is not None and frame.pts >= stamps[number]:
                return frame.to_ndarray(format="rgb24")
        return None

    return work


def peers(
    path: Path, stamps: list[int]
) -> Iterator[tuple[str, Callable[[int], object]]]:
    yield "pyav", pyav(path, stamps)
    capture = cv2.VideoCapture(str(path))

    def opencv(number: int) -> object:
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        return capture.read()

    yield "opencv", opencv
    if find_spec("torchcodec"):
        from torchcodec.decoders import VideoDecoder

        decoder = VideoDecoder(str(path))
        yield "torchcodec", lambda number: decoder[number]
    if find_spec("decord"):
        import decord

        reader = decord.VideoReader(str(path))
        yield "decord", lambda number: reader[number].asnumpy()
    if find_spec("moviepy"):
        from moviepy import VideoFileClip

        clip = VideoFileClip(str(path))
        yield "moviepy", lambda number: clip.get_frame(number / 30)


def frame_of(media: tl.Media, number: int) -> object:
    return media.frame(number=number)


def composed(path: Path, library: MediaLibrary) -> None:
    """Frames of an edit, beside those that PyAV decodes of its one file."""
    clip = clip_of_media(library.probe(path), library)
    timeline = Timeline(name="bench", rate=Fraction(30), size=(1920, 1080))
    timeline = edits.append(timeline, [clip])
    count = frame_count(duration(timeline), timeline.rate)
    wanted = numbers(count)
    composer = FrameComposer(library)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        tick = Fraction(1, 30) / (stream.time_base or 1)

        def sought(number: int) -> object:
            container.seek(int(number * tick), stream=stream)
            for frame in container.decode(stream):
                if (frame.pts or 0) >= int(number * tick):
                    return frame.to_ndarray(format="rgb24")
            return None

        def ours(number: int) -> object:
            return composer.frame(timeline, Fraction(number, 30))

        _, theirs = timed(sought, wanted)
        _, cold = timed(ours, wanted)
        _, kept = timed(ours, wanted)
        began = time.perf_counter()
        frames = sum(1 for _ in composer.frames(timeline, end=Fraction(4)))
        row = 1000 * (time.perf_counter() - began) / frames
        container.seek(0)
        began = time.perf_counter()
        for frame in islice(container.decode(stream), frames):
            frame.to_ndarray(format="rgb24")
        their_row = 1000 * (time.perf_counter() - began) / frames
    composer.close()
    for name, one, other in (
        ("anywhere", median(cold), median(theirs)),
        ("again", median(kept), median(theirs)),
        ("in a row", row, their_row),
    ):
        print(f"  an edit's frames {name}: {one:.1f} ms, PyAV {other:.1f} ms: ", end="")
        print(f"{one / other:.2f} x")


def dragged(frames: int) -> list[int]:
    """To and fro over three seconds, a few frames at a time."""
    way = [*range(0, 90, 3), *range(90, 0, -3)]
    return [frames // 2 + way[n % len(way)] for n in range(STEPS)]


def main(folder: Path) -> None:
    print(about("torchcodec", "decord", "moviepy"))
    for gop in (30, 250):
        path = films(folder, seconds=20, gop=gop)["a"]
        library = MediaLibrary(folder / "index")
        with library.video(path) as decoder:
            wanted = numbers(len(decoder.index))
            ours, _ = timed(lambda n: decoder.frame(n).to_rgb(), wanted)
            way = dragged(len(decoder.index))
            _, waits = timed(lambda n: decoder.frame(n).to_rgb(), way)
            stamps = decoder.index.pts.tolist()
        with tl.open_studio(tl.Settings(cache_dir=folder / "studio")) as studio:
            media = tl.open(path, studio=studio)
            frame = partial(frame_of, media)
            cells, shown = timed(frame, wanted)
            _, again = timed(frame, [wanted[0]] * STEPS)
        print(f"\nGOP {gop}: {ours:.0f} ms CPU a random frame")
        print(
            f"  media.frame {cells:6.0f} ms, {median(shown):.1f} ms wall; "
            f"the same again {median(again):.2f} ms"
        )
        for name, work in peers(path, stamps):
            theirs, waited = timed(work, wanted)
            print(
                f"  {name:11} {theirs:6.0f} ms, {median(waited):.1f} ms wall: "
                f"{ours / theirs:.2f} x"
            )
        print(f"  dragged to and fro: {median(waits):.1f} ms p50")
        composed(path, library)


if __name__ == "__main__":
    with folder_of(sys.argv[1:]) as place:
        main(place)
