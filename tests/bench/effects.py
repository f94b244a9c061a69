"""What each effect costs at 1080p, and what the same filters cost the ffmpeg program.

    python tests/bench/effects.py [kind ...]

Each frame of a real film (drawn large) goes from a decoded frame through the effect to
a frame again. The program reads the same frames from a file, with the filters and
without them; the difference is theirs. Both sides are CPU milliseconds a frame, all
threads added up; the share is of real time at 25 frames a second, on one core.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from references import footage

from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.chain import Chain
from timeline_nb.effects.picture import Moment
from timeline_nb.media.frame import Frame, FrameId
from timeline_nb.media.orientation import UPRIGHT
from timeline_nb.timeline.model import Effect

WIDE, HIGH, COUNT, RUNS = 1920, 1080, 24, 3
STEP = Fraction(1, 25)
# What an effect is to ffmpeg, where it has it in its release of 2022.
PEERS: dict[str, tuple[dict[str, Any], str]] = {
    "brightness": ({"amount": 0.1}, "eq=brightness=0.1"),
    "contrast": ({"amount": 1.4}, "eq=contrast=1.4"),
    "gamma": ({"amount": 1.4}, "eq=gamma=1.4"),
    "saturation": ({"amount": 1.4}, "eq=saturation=1.4"),
    "hue": ({"degrees": 40.0}, "hue=h=40"),
    "curves": (
        {"master": [[0, 0.1], [0.4, 0.3], [1, 0.9]]},
        "curves=master='0/0.1 0.4/0.3 1/0.9'",
    ),
    "levels": ({"black": 0.1}, "colorlevels=rimin=0.1:gimin=0.1:bimin=0.1"),
    "exposure": ({"stops": 1.0}, "exposure=exposure=1"),
    "white_balance": ({"temperature": 4500.0}, "colortemperature=temperature=4500"),
    "vibrance": ({}, "vibrance=intensity=0.5"),
    "sepia": ({}, "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131"),
    "invert": ({}, "format=gbrp,negate"),
    "box_blur": ({"radius": 0.01}, "avgblur=sizeX=11"),
    "gaussian_blur": ({"sigma": 0.01}, "gblur=sigma=10.8"),
    "sharpen": ({}, "unsharp=5:5:0.8"),
    "denoise": ({}, "bilateral=sigmaS=3:sigmaR=0.05"),
    "noise": ({}, "noise=alls=15:allf=t"),
    "pixelate": ({}, "pixelize=w=22:h=22"),
    "edge": ({}, "sobel"),
    "flip": ({}, "hflip"),
    "rotate": ({"angle": 20.0}, "rotate=a=0.349"),
    "zoom_pan": ({"zoom": 2.0}, f"crop=iw/2:ih/2,scale={WIDE}:{HIGH}"),
    "perspective": (
        {"left_top": [0.1, 0.1]},
        "perspective=0.1*W:0.1*H:W:0:0:H:W:H:sense=destination",
    ),
    "lens": ({}, "lenscorrection=k1=-0.2:i=bilinear"),
    "vignette": ({}, "vignette"),
    "frame_blending": ({"frames": 4}, "tmix=frames=4"),
    "deinterlace": ({}, "yadif"),
    "chroma_key": ({}, "format=yuva420p,chromakey=0x00d000:0.2:0.08"),
    "luma_key": ({}, "format=yuva420p,lumakey=0.1:0.1:0.1"),
    "rgb_split": ({}, "rgbashift=rh=6:bh=-6"),
    "letterbox": ({}, "drawbox=h=138:t=fill,drawbox=y=942:h=138:t=fill"),
}


def cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def frames() -> list[Frame]:
    """Real frames, drawn large."""
    out = []
    with av.open(str(footage("bigbuckbunny.mp4"))) as container:
        for number, picture in enumerate(container.decode(video=0)):
            if number == COUNT:
                break
            large = picture.reformat(WIDE, HIGH, "yuv420p")
            large.colorspace, large.color_range = 1, 1
            identity = FrameId("bench", 0, number)
            out.append(
                Frame(
                    identity, number, number * STEP, STEP, large, UPRIGHT, Fraction(1)
                )
            )
    return out


def own_ms(kind: str, values: dict[str, Any], film: list[Frame]) -> float:
    chain = Chain([Effect(kind=kind, parameters=values)], "bench")
    end = len(film) * STEP

    def fetch(at: Fraction) -> Frame:
        return film[min(len(film) - 1, max(0, int(at / STEP)))]

    def once() -> float:
        start = cpu_s()
        for frame in film:
            chain.frame(Moment(frame.time, STEP, end=end), fetch)
        return (cpu_s() - start) / len(film) * 1e3

    once()
    return statistics.median(once() for _ in range(RUNS))


def peer_ms(path: str, chain: str) -> float:
    """CPU of the program with the filters, less that without."""

    def once(filters: str) -> float:
        command = ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
        command += ["-s", f"{WIDE}x{HIGH}", "-stream_loop", "3", "-i", path]
        command += ["-vf", f"{filters}format=yuv420p", "-f", "null", "-"]
        before = cpu_s(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True)
        return (cpu_s(resource.RUSAGE_CHILDREN) - before) / (COUNT * 4) * 1e3

    plain = statistics.median(once("") for _ in range(RUNS))
    return statistics.median(once(f"{chain},") for _ in range(RUNS)) - plain


def main() -> None:
    film = frames()
    wanted = sys.argv[1:]
    print(f"{platform.machine()}, OpenCV {cv2.__version__}, PyAV {av.__version__}")
    print(f"{'effect':20} {'ms a frame':>10} {'real time':>9} {'ffmpeg ms':>9} ratio")
    with tempfile.NamedTemporaryFile(suffix=".yuv") as file:
        for frame in film:
            file.write(np.ascontiguousarray(frame.picture.to_ndarray()).tobytes())
        file.flush()
        for spec in catalog("picture"):
            files = any(p.kind == "file" for p in spec.parameters.values())
            if files or (wanted and spec.kind not in wanted):
                continue
            values, chain = PEERS.get(spec.kind, ({}, ""))
            ms = own_ms(spec.kind, values, film)
            told = f"{spec.kind:20} {ms:10.1f} {ms / 40:9.0%}"
            if chain:
                peer = peer_ms(file.name, chain)
                told += f" {peer:9.1f} {ms / max(peer, 0.01):5.2f}"
            print(told, flush=True)


if __name__ == "__main__":
    begin = time.perf_counter()
    main()
    print(f"{os.cpu_count()} cores, {time.perf_counter() - begin:.0f} s")
