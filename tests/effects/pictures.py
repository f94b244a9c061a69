"""Pictures that effects are tried on, and what others make of the same."""

import subprocess
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from references import footage, psnr

from timeline_nb.effects.catalog import find
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.spec import Spec, values_of
from timeline_nb.effects.transitions.run import transition_spec
from timeline_nb.timeline.model import Effect

RGB = NDArray[np.uint8]
STEP = Fraction(1, 25)


@lru_cache(maxsize=64)
def film_frame(number: int, name: str = "bigbuckbunny.mp4") -> RGB:
    """A real frame: `(720, 1280, 3)`."""
    with av.open(str(footage(name))) as container:
        for place, frame in enumerate(container.decode(video=0)):
            if place == number:
                return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    raise AssertionError(number)


def sized(rgb: RGB, size: tuple[int, int]) -> RGB:
    way = cv2.INTER_AREA if size[0] < rgb.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, size, interpolation=way), np.uint8)


def shown(
    rgb: RGB,
    time: Fraction = Fraction(1),
    then: Callable[[Fraction], RGB] | None = None,
) -> Picture:
    """A picture at a moment, with what a film shows at others."""
    start, end = Fraction(0), Fraction(4)

    def upstream(at: Fraction) -> Picture:
        own = rgb if then is None else then(at)
        return Picture(rgb=own, moment=Moment(at, STEP, start=start, end=end))

    moment = Moment(time, STEP, start=start, end=end, upstream=upstream)
    return Picture(rgb=rgb, moment=moment)


def values(spec: Spec, **given: Any) -> dict[str, Any]:
    effect = Effect(kind=spec.kind, parameters=given)
    return values_of(spec, effect).at(Fraction(1))


def apply(kind: str, picture: Picture, **given: Any) -> Picture:
    """What an effect of the catalogue makes of a picture."""
    spec = find(kind, "picture")
    made: Picture = spec.make(picture, **values(spec, **given))
    return made


def change(kind: str, a: Picture, b: Picture, t: float, **given: Any) -> Picture:
    """What a transition of the catalogue makes of two pictures."""
    spec = transition_spec(kind)
    checked = values(spec, **given)
    checked.pop("easing")
    made: Picture = spec.make(a, b, t, **checked)
    return made


def seen(picture: Picture) -> RGB:
    """The picture as it would be seen over black."""
    rgb = Picture(moment=picture.moment, planes=picture.planes).rgb
    if picture.alpha is None:
        return rgb
    share = picture.alpha.astype(np.float32)[..., None] / 255
    return np.asarray(rgb * share + 0.5, np.uint8)


def ffmpeg(frames: list[NDArray[np.uint8]], chain: str, kind: str = "rgb24") -> RGB:
    """What the ffmpeg program's filters make of frames: the last one that comes out.

    Args:
        frames: `(H, W, 3)` for `rgb24`, `(H * 3 / 2, W)` for `yuv420p`.
        chain: Its filters.
        kind: The pixel format, in and out.
    """
    height, width = frames[0].shape[:2]
    if kind == "yuv420p":
        height = height * 2 // 3
    command = ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", kind]
    command += ["-s", f"{width}x{height}", "-r", "25", "-i", "-", "-vf", chain]
    command += ["-f", "rawvideo", "-pix_fmt", kind, "-"]
    raw = subprocess.run(
        command,
        check=True,
        capture_output=True,
        input=b"".join(frame.tobytes() for frame in frames),
    ).stdout
    size = frames[0].size
    last = np.frombuffer(raw, np.uint8)[-size:]
    return np.asarray(last.reshape(frames[0].shape), np.uint8)


def inner(rgb: NDArray[Any], margin: int) -> NDArray[Any]:
    """Without its edges, where programs disagree about what lies beyond."""
    return rgb[margin:-margin, margin:-margin] if margin else rgb


def likeness(one: Any, other: Any, margin: int = 0) -> float:
    """PSNR in dB, edges left out."""
    pair = [np.asarray(inner(np.asarray(a), margin), np.uint8) for a in (one, other)]
    return psnr(*pair)
