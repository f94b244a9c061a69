"""The quality scale: what each encoder must be told to look alike.

    python tests/bench/quality.py

Encodes real footage at x264's constant qualities and at those of other encoders, and
finds, by SSIM of luma (Wang et al. 2004, Gaussian window, sigma 1.5), which value of
each looks like x264's. `render/quality.py` holds what this printed.
"""

import sys
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import cv2
import numpy as np
from references import footage

from timeline_nb.segments.encoding import Encoding, open_encoder

FILMS = ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4")
FRAMES = 48
# x264's crf at 0, 25, 50, 75 and 100 of the scale.
SCALE = {0: 44, 25: 36, 50: 28, 75: 20, 100: 12}
TRIED: dict[str, tuple[dict[str, str], str, list[int]]] = {
    "libx264": ({"preset": "medium"}, "crf", [8, 12, 16, 20, 24, 28, 32, 36, 40, 44]),
    "libx265": (
        {"preset": "medium", "x265-params": "log-level=none"},
        "crf",
        [8, 12, 16, 20, 24, 28, 32, 36, 40, 44],
    ),
    "libsvtav1": ({"preset": "8"}, "crf", [6, 12, 20, 28, 36, 44, 52, 60]),
    "libvpx-vp9": (
        {"deadline": "good", "cpu-used": "4", "b": "0"},
        "crf",
        [4, 12, 20, 28, 36, 44, 52, 60],
    ),
    "mjpeg": ({}, "q", [2, 3, 4, 6, 8, 12, 18, 26, 31]),
    "libwebp_anim": ({}, "quality", [10, 30, 50, 70, 80, 90, 95, 100]),
}


def pictures(name: str) -> list[av.VideoFrame]:
    with av.open(str(footage(name))) as container:
        return [
            frame.reformat(format="yuv420p")
            for frame in islice(container.decode(video=0), FRAMES)
        ]


def ssim(one: Any, other: Any) -> float:
    """Mean structural similarity of two luma planes."""
    one, other = one.astype(np.float32), other.astype(np.float32)

    def mean(plane: Any) -> Any:
        return cv2.GaussianBlur(plane, (11, 11), 1.5)

    mu1, mu2 = mean(one), mean(other)
    var1, var2 = mean(one * one) - mu1 * mu1, mean(other * other) - mu2 * mu2
    both = mean(one * other) - mu1 * mu2
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mu1 * mu2 + c1) * (2 * both + c2)
    return float((top / ((mu1**2 + mu2**2 + c1) * (var1 + var2 + c2))).mean())


def luma(frame: av.VideoFrame) -> Any:
    return frame.to_ndarray(format="gray" if frame.format.name == "yuvj420p" else None)[
        : frame.height, : frame.width
    ]


def looked(name: str, film: str, option: str, value: int) -> float:
    given = pictures(film)
    size = (given[0].width, given[0].height)
    options = dict(TRIED[name][0])
    pix_fmt = "yuvj420p" if name == "mjpeg" else "yuv420p"
    if option == "q":
        options |= {"qmin": str(value), "qmax": str(value)}
    else:
        options[option] = str(value)
    encoding = Encoding(
        encoder=name, pix_fmt=pix_fmt, size=size, rate=Fraction(25), options=options
    )
    context = open_encoder(encoding)
    packets = []
    for number, frame in enumerate(given):
        made = frame.reformat(format=pix_fmt)
        made.pts, made.pict_type, made.time_base = number, 0, Fraction(1, 25)
        packets += context.encode(made)
    packets += context.encode()
    if name == "libwebp_anim":
        return ssim_of_webp(b"".join(map(bytes, packets)), given)
    codec = context.codec.canonical_name
    name = {"av1": "libdav1d"}.get(codec, codec)
    decoder: Any = av.CodecContext.create(name, "r")
    decoder.extradata = context.extradata
    shown = [f for packet in packets for f in decoder.decode(packet)]
    shown += decoder.decode(None)
    return compare(given, shown)


def compare(given: list[av.VideoFrame], shown: list[av.VideoFrame]) -> float:
    values = []
    for one, other in zip(given[::6], shown[::6], strict=True):
        plain = other.reformat(
            format="yuv420p", dst_color_range=1, dst_colorspace=5, src_colorspace=5
        )
        values.append(ssim(luma(one), luma(plain)))
    return float(np.mean(values))


def ssim_of_webp(data: bytes, given: list[av.VideoFrame]) -> float:
    import io

    from PIL import Image, ImageSequence

    shown = [
        av.VideoFrame.from_ndarray(np.asarray(p.convert("RGB")), "rgb24")
        for p in ImageSequence.Iterator(Image.open(io.BytesIO(data)))
    ]
    return compare(given, shown)


def main() -> None:
    curves: dict[str, tuple[list[int], list[float]]] = {}
    for name, (_, option, values) in TRIED.items():
        found = [
            float(np.mean([looked(name, film, option, value) for film in FILMS]))
            for value in values
        ]
        curves[name] = (values, [-10 * float(np.log10(1 - s)) for s in found])
        print(
            f"{name:13}", *(f"{v}:{d:.1f}" for v, d in zip(*curves[name], strict=True))
        )
    print(f"\n{'quality':13}", *(f"{q:>6}" for q in SCALE))
    wanted = np.interp(list(SCALE.values()), *curves["libx264"])
    print(f"{'SSIM dB':13}", *(f"{d:6.1f}" for d in wanted))
    for name, (values, found) in curves.items():
        order = np.argsort(found)
        alike = np.interp(wanted, np.array(found)[order], np.array(values)[order])
        print(f"{name:13}", *(f"{value:6.1f}" for value in alike))


if __name__ == "__main__":
    main()
