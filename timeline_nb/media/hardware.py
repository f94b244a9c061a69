"""Hardware decoders, each tried by decoding a frame."""

import io
from fractions import Fraction
from functools import lru_cache
from typing import Final

import av
import numpy as np
from av.codec.hwaccel import HWAccel, hwdevices_available

from timeline_nb.core.probe_result import ProbeResult
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import reason

__all__ = ["EXACT_ON_DEVICES", "device_that_works", "try_devices"]

# In the order in which they are preferred; others decode nothing that they do not.
_PREFERRED: Final = (
    "cuda",
    "videotoolbox",
    "d3d12va",
    "d3d11va",
    "qsv",
    "vaapi",
    "vulkan",
)
# Codecs whose standards define each bit of what is decoded. An H100 gave the very
# pictures of software for H.264, HEVC, VP8 and VP9 of 8 and 10 bits; of MPEG-2, MPEG-4
# and Motion JPEG, whose transforms may be rounded, it gave others, by up to 9 levels.
EXACT_ON_DEVICES: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1"})


def device_that_works() -> str | None:
    """Return the device to decode on; None where there is none."""
    return next((result.name for result in try_devices() if result.works), None)


@lru_cache(maxsize=1)
def try_devices() -> tuple[ProbeResult, ...]:
    """Decode a frame of H.264 with every device that FFmpeg was built for."""
    there = set(hwdevices_available())
    return tuple(_tried(name) for name in _PREFERRED if name in there)


def _tried(name: str) -> ProbeResult:
    try:
        device = HWAccel(name, allow_software_fallback=False)
        with av.open(_sample(), "r", hwaccel=device) as container:
            for _ in container.decode(video=0):
                return ProbeResult(name, works=True, verdict=Message("works"))
    except (av.error.FFmpegError, OSError, RuntimeError, ValueError) as error:
        verdict = Message("fails: {why}", why=reason(error))
        return ProbeResult(name, works=False, verdict=verdict)
    return ProbeResult(name, works=False, verdict=Message("gives nothing"))


def _sample() -> io.BytesIO:
    """Return a few gray frames of H.264 in MP4."""
    held = io.BytesIO()
    with av.open(held, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        gray = np.full((480 * 3 // 2, 640), 128, np.uint8)
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(gray, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    held.seek(0)
    return held
