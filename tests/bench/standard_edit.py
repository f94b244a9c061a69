"""The standard edit, rendered beside the ffmpeg program: the same edit, the same x264.

    python tests/bench/standard_edit.py [FOLDER]

Ten clips of three 1080p30 films, three dissolves, a picture in picture at 70 %,
brightness and contrast on one clip, blur on one, a title on two, music under all:
30 s, x264 veryfast, crf 23, and AAC. Then again with one clip changed, and with
nothing changed. The floor is what decoding the sources and encoding the very same
pictures costs, with nothing between. Medians of three rounds; MoviePy, once, if it is
installed. Films are kept in FOLDER.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.films import films
from bench.measure import Cost, about, cost_of, folder_of, middle, ratio

F = Fraction
ROUNDS = 3
ORDER = "abcabcabca"
STARTS = (1, 2, 4, 6, 7, 8, 10, 9, 1, 3)
LENGTH, HALF = 3, F(1, 4)
DISSOLVES = (2, 5, 8)
BRIGHT, BLURRED = 1, 6
PIP, TITLES = (12, 17), ((0, 3), (24, 27))
TEXT = "The standard edit"


def timeline(sources: dict[str, Path], library: Any, *, sigma: float = 0.006) -> Any:
    from msgspec.structs import replace
    from references import cut_from, reference

    from timeline_nb.effects.titles.clips import title_clip
    from timeline_nb.timebase import TimeRange
    from timeline_nb.timeline import edits
    from timeline_nb.timeline.model import Clip, Effect, Timeline, Transform

    row = [
        cut_from(sources[name], library, F(start), F(LENGTH))
        for name, start in zip(ORDER, STARTS, strict=True)
    ]
    tones = (
        Effect(kind="brightness", parameters={"amount": 0.08}),
        Effect(kind="contrast", parameters={"amount": 1.2}),
    )
    row[BRIGHT] = replace(row[BRIGHT], effects=tones)
    blur = Effect(kind="gaussian_blur", parameters={"sigma": sigma})
    row[BLURRED] = replace(row[BLURRED], effects=(blur,))
    cut = edits.append(Timeline(name="std", rate=F(30), size=(1920, 1080)), row)
    ids = [item.id for item in cut.tracks[0].items if isinstance(item, Clip)]
    for at in DISSOLVES:
        cut = edits.transition(cut, after=ids[at - 1], duration=2 * HALF)
    small = Transform(scale=0.3, position=(0.8, 0.2), opacity=0.7)
    span = TimeRange(F(1), F(PIP[1] - PIP[0]))
    inset = Clip(
        name="inset",
        media=reference(sources["b"], library),
        source_range=span,
        transform=small,
    )
    inset = replace(inset, media=replace(inset.media, has_audio=False))
    cut = edits.add_track(cut, "video")
    cut = edits.overwrite(cut, [inset], at=F(PIP[0]), track="V2")
    cut = edits.add_track(cut, "video")
    for start, end in TITLES:
        title = title_clip(TEXT, F(end - start), (1920, 1080), size=0.08)
        cut = edits.overwrite(cut, [title], at=F(start), track="V3")
    cut = edits.add_track(cut, "audio")
    song = reference(sources["b"], library)
    half = TimeRange(F(0), F(15))
    music = Clip(
        name="music",
        media=replace(song, size=None, rate=None),
        source_range=half,
        gain_db=-12.0,
    )
    return edits.overwrite(cut, [music, music], at=F(0), track="A2")


def render(folder: Path, out: str, sigma: float) -> None:
    """What the measured process does."""
    from timeline_nb.core.jobs import Reporter
    from timeline_nb.media.library import MediaLibrary
    from timeline_nb.render.profile import Profile
    from timeline_nb.render.render import Renderer

    library = MediaLibrary(folder / "cache")
    cut = timeline(films(folder), library, sigma=sigma)
    profile = Profile(preset="veryfast", crf=23)
    renderer = Renderer(library, folder / "cache")
    began = time.perf_counter()
    renderer.render(cut, folder / out, profile, Reporter())
    (folder / "seconds").write_text(str(time.perf_counter() - began))


def _with_handles() -> Iterator[tuple[str, Fraction, Fraction]]:
    """Each clip's source, and what is seen of it: from when, and how long."""
    for number, (name, start) in enumerate(zip(ORDER, STARTS, strict=True)):
        early = HALF if number in DISSOLVES else F(0)
        late = HALF if number + 1 in DISSOLVES else F(0)
        yield name, start - early, LENGTH + early + late


def ffmpeg_command(sources: dict[str, Path], folder: Path) -> list[str]:
    """The same edit as one filter graph."""
    command, graph, sounds = ["ffmpeg", "-v", "error", "-y"], [], []
    for number, (name, start, length) in enumerate(_with_handles()):
        early = HALF if number in DISSOLVES else F(0)
        command += ["-ss", str(float(start)), "-t", str(float(length))]
        command += ["-i", str(sources[name])]
        look = {
            BRIGHT: "eq=brightness=0.08:contrast=1.2",
            BLURRED: f"gblur=sigma={0.006 * 1080}",
        }.get(number, "null")
        graph.append(f"[{number}:v]{look},settb=1/30,setpts=PTS-STARTPTS[v{number}]")
        graph.append(
            f"[{number}:a]atrim={float(early)}:{float(early + LENGTH)},"
            f"asetpts=PTS-STARTPTS[a{number}]"
        )
        sounds.append(f"[a{number}]")
    joined, length = "v0", F(LENGTH)
    for number in range(1, len(ORDER)):
        name = f"j{number}"
        if number in DISSOLVES:
            graph.append(
                f"[{joined}][v{number}]xfade=fade:duration=0.5:"
                f"offset={float(length - HALF)}[{name}]"
            )
        else:
            graph.append(f"[{joined}][v{number}]concat=n=2:v=1:a=0,settb=1/30[{name}]")
        joined, length = name, length + LENGTH
    count = len(ORDER)
    command += ["-ss", "1", "-t", str(PIP[1] - PIP[0]), "-i", str(sources["b"])]
    graph.append(
        f"[{count}:v]scale=576:324,format=yuva420p,colorchannelmixer=aa=0.7,"
        f"setpts=PTS-STARTPTS+{PIP[0]}/TB[pip]"
    )
    x, y = round(0.8 * 1920 - 288), round(0.2 * 1080 - 162)
    graph.append(
        f"[{joined}][pip]overlay={x}:{y}:enable='between(t,{PIP[0]},{PIP[1]})':"
        "eof_action=pass[w]"
    )
    command += ["-loop", "1", "-framerate", "30", "-t", "30"]
    command += ["-i", str(title_picture(folder))]
    when = "+".join(f"between(t,{a},{b})" for a, b in TITLES)
    graph.append(f"[w][{count + 1}:v]overlay=0:0:enable='{when}':shortest=0[out]")
    command += ["-stream_loop", "1", "-i", str(sources["b"])]
    graph.append(f"[{count + 2}:a]volume=-12dB,atrim=0:30[m]")
    graph.append(f"{''.join(sounds)}concat=n={count}:v=0:a=1[s]")
    graph.append("[s][m]amix=inputs=2:normalize=0[sound]")
    command += ["-filter_complex", ";".join(graph), "-map", "[out]", "-map", "[sound]"]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-g", "60"]
    command += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-t", "30"]
    return [*command, "-movflags", "+faststart", str(folder / "peer.mp4")]


def title_picture(folder: Path) -> Path:
    """The title as a picture: the peer does not draw letters."""
    from PIL import Image, ImageDraw

    from timeline_nb.effects.titles.fonts import find_face, loaded

    path = folder / "title.png"
    picture = Image.new("RGBA", (1920, 1080))
    face = find_face("DejaVu Sans")
    font = loaded(face.path, face.number, 0.08 * 1080)
    ImageDraw.Draw(picture).text((960, 540), TEXT, "white", font, anchor="mm")
    picture.save(path)
    return path


def moviepy(folder: Path) -> None:
    """The same edit by MoviePy, as its own guide would write it."""
    import cv2
    from moviepy import (
        CompositeAudioClip,
        CompositeVideoClip,
        ImageClip,
        VideoFileClip,
        afx,
        vfx,
    )

    sources = films(folder)
    shown, at = [], 0.0
    for number, (name, start, length) in enumerate(_with_handles()):
        early = float(HALF) if number in DISSOLVES else 0.0
        clip = VideoFileClip(str(sources[name]))
        clip = clip.subclipped(float(start), float(start + length))
        if number == BRIGHT:
            clip = clip.with_effects([vfx.LumContrast(lum=20, contrast=0.2)])
        if number == BLURRED:
            clip = clip.image_transform(
                lambda picture: cv2.GaussianBlur(picture, (0, 0), 0.006 * 1080)
            )
        if early:
            clip = clip.with_effects([vfx.CrossFadeIn(2 * early)])
        shown.append(clip.with_start(at - early))
        at += LENGTH
    inset = VideoFileClip(str(sources["b"])).subclipped(1, 1 + PIP[1] - PIP[0])
    inset = inset.without_audio().resized(0.3).with_opacity(0.7).with_start(PIP[0])
    shown.append(
        inset.with_position((round(0.8 * 1920 - 288), round(0.2 * 1080 - 162)))
    )
    for begin, end in TITLES:
        title = ImageClip(str(title_picture(folder)), duration=end - begin)
        shown.append(title.with_start(begin))
    whole = CompositeVideoClip(shown, size=(1920, 1080)).with_duration(30)
    music = VideoFileClip(str(sources["b"])).audio
    music = music.with_effects([afx.MultiplyVolume(10 ** (-12 / 20)), afx.AudioLoop(2)])
    whole = whole.with_audio(CompositeAudioClip([whole.audio, music]))
    whole.write_videofile(
        str(folder / "moviepy.mp4"),
        fps=30,
        preset="veryfast",
        ffmpeg_params=["-crf", "23", "-g", "60"],
        logger=None,
    )


def floor(folder: Path) -> None:
    """Decode the sources and encode the film's own pictures, nothing between."""
    import av
    from av.video.frame import PictureType

    sources = films(folder)
    shown = [*_with_handles(), ("b", F(1), F(PIP[1] - PIP[0]))]
    for name, start, length in shown:
        with av.open(str(sources[name])) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            container.seek(int(start / (stream.time_base or 1)), stream=stream)
            for frame in container.decode(stream):
                if frame.time >= start + length:
                    break
    with (
        av.open(str(folder / "raw.nut")) as container,
        av.open(str(folder / "floor.mp4"), "w") as out,
    ):
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "g": "60"}
        for number, frame in enumerate(container.decode(video=0)):
            frame.pts, frame.time_base = number, F(1, 30)
            frame.pict_type = PictureType.NONE
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def lay_bare(folder: Path) -> None:
    """Compose all pictures of the edit and keep them as they are."""
    import av

    from timeline_nb.compose.compositor import Compositor
    from timeline_nb.media.library import MediaLibrary

    library = MediaLibrary(folder / "cache")
    cut = timeline(films(folder), library)
    with (
        Compositor(cut, library) as compositor,
        av.open(str(folder / "raw.nut"), "w") as out,
    ):
        stream = out.add_stream("rawvideo", rate=30)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for picture in compositor.frames():
            out.mux(stream.encode(picture))


def child(*words: str) -> list[str]:
    return [sys.executable, __file__, *words]


def line(name: str, cost: Cost) -> None:
    print(
        f"{name:22} CPU {cost.cpu_s:6.1f} s  wall {cost.wall_s:6.1f} s  "
        f"memory {cost.memory_mb:6.0f} MB"
    )


def rendered(folder: Path, out: str, sigma: float) -> tuple[Cost, float]:
    """What a render costs, and its seconds without the start of Python."""
    cost = cost_of(child("render", str(folder), out, str(sigma)))
    return cost, float((folder / "seconds").read_text())


def main(folder: Path) -> None:
    print(about("moviepy"))
    sources = films(folder)
    rendered(folder, "warm.mp4", 0.005)
    lay_bare(folder)
    costs: dict[str, list[Cost]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS):
        for path in (folder / "cache" / "segments").rglob("*.seg"):
            path.unlink()
        changed = 0.007 + number / 1000
        for name, sigma in (("cold", 0.006), ("one", changed), ("nothing", changed)):
            cost, took = rendered(folder, f"{name}.mp4", sigma)
            costs[name].append(cost)
            seconds[name].append(took)
        costs["ffmpeg"].append(cost_of(ffmpeg_command(sources, folder)))
        costs["the floor"].append(cost_of(child("floor", str(folder))))
    (folder / "raw.nut").unlink()
    if find_spec("moviepy"):
        costs["moviepy"].append(cost_of(child("moviepy", str(folder))))
    cold = middle(costs.pop("cold"))
    line("timeline_nb", cold)
    for name in costs.keys() - seconds.keys():
        peer = middle(costs[name])
        line(name, peer)
        print(f"  beside {name}: {ratio(cold, peer)}")
    whole = median(seconds["cold"])
    for name in ("one", "nothing"):
        due = median(seconds[name])
        print(f"{name} changed: {due:.2f} s, {whole / due:.1f} x faster than cold")


if __name__ == "__main__":
    if sys.argv[1:2] == ["render"]:
        render(Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
    elif sys.argv[1:2] == ["floor"]:
        floor(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["moviepy"]:
        moviepy(Path(sys.argv[2]))
    else:
        with folder_of(sys.argv[1:]) as place:
            main(place)
