"""Clips whose every frame carries its own number, and whose sound tells its time.

A frame is a row of twelve black or white bars across the upper half: the binary
digits of its number, most significant first. Bars survive lossy coding, 4:2:0 and
scaling. The lower half is gray, with a white square in the left corner, so that a
turned or mirrored picture can be told.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 12
WIDTH, HEIGHT = 192, 112
NTSC = Fraction(30000, 1001)


def picture(number: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> NDArray[np.uint8]:
    """The frame that carries `number`: `(H, W, 3) uint8 RGB`."""
    width, height = size
    rgb = np.full((height, width, 3), 128, np.uint8)
    edges = [width * bit // BITS for bit in range(BITS + 1)]
    for bit in range(BITS):
        lit = number >> (BITS - 1 - bit) & 1
        rgb[: height // 2, edges[bit] : edges[bit + 1]] = 235 if lit else 16
    rgb[height * 3 // 4 :, : width // 8] = 235
    return rgb


def read_number(rgb: NDArray[np.uint8]) -> int:
    """The number that an upright frame carries."""
    height, width = rgb.shape[:2]
    luma = rgb.mean(axis=2)[height // 8 : height * 3 // 8]
    centers = [width * (2 * bit + 1) // (2 * BITS) for bit in range(BITS)]
    bars = [luma[:, c - 2 : c + 3].mean() for c in centers]
    assert all(abs(bar - 128) > 40 for bar in bars), f"no number can be read: {bars}"
    return int("".join("1" if bar > 128 else "0" for bar in bars), 2)


@dataclass(frozen=True)
class Recipe:
    """How a clip is made; `name` has the container's suffix."""

    name: str
    frames: int = 60
    rate: Fraction = Fraction(25)
    size: tuple[int, int] = (WIDTH, HEIGHT)
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    options: tuple[tuple[str, str], ...] = (("crf", "12"), ("g", "12"), ("bf", "0"))
    pts: tuple[int, ...] = ()
    time_base: Fraction | None = None
    rotation_deg: int = 0
    sample_aspect_ratio: Fraction = Fraction(1)
    clicks: bool = False
    tone: bool = False
    audio_codec: str = "aac"
    sample_rate_hz: int = 48_000
    offset: int = 0

    @property
    def stamps(self) -> tuple[int, ...]:
        """Each frame's PTS in ticks of `base`."""
        return self.pts or tuple(range(self.offset, self.frames + self.offset))

    @property
    def base(self) -> Fraction:
        """Seconds a tick."""
        return self.time_base or 1 / self.rate


def click_track(duration_s: Fraction, rate_hz: int) -> NDArray[np.float32]:
    """Silence with a click at each half second: `(samples,)`, 20 samples loud."""
    samples = np.zeros(int(duration_s * rate_hz), np.float32)
    for start in range(0, len(samples), rate_hz // 2):
        samples[start : start + 20] = 0.9
    return samples


def tone_track(duration_s: Fraction, rate_hz: int) -> NDArray[np.float32]:
    """A tone whose level tells its time: `(samples,)`, a wave of 0.7 a second."""
    time = np.arange(int(duration_s * rate_hz)) / rate_hz
    level = 0.3 - 0.2 * np.cos(2 * np.pi * 0.7 * time)
    return (level * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def make(folder: Path, recipe: Recipe) -> Path:
    """Encode a clip."""
    path = folder / recipe.name
    with av.open(str(path), "w") as container:
        stream = container.add_stream(recipe.codec, rate=recipe.rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = recipe.size
        stream.pix_fmt = recipe.pix_fmt
        stream.codec_context.time_base = recipe.base
        stream.time_base = recipe.base
        stream.codec_context.sample_aspect_ratio = recipe.sample_aspect_ratio
        stream.options = dict(recipe.options)
        if recipe.pix_fmt.startswith("yuv4"):
            # BT.709, as canvases are: so small a picture would be BT.601 untold.
            stream.codec_context.colorspace = 1
        if recipe.rotation_deg:
            # FFmpeg counts counter-clockwise.
            stream.set_display_rotation(-recipe.rotation_deg)
        sounds = recipe.clicks or recipe.tone
        sound = _add_sound(container, recipe) if sounds else None
        for number, pts in enumerate(recipe.stamps):
            frame = av.VideoFrame.from_ndarray(coded_picture(number, recipe))
            frame.pts, frame.time_base = pts, recipe.base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound is not None:
            _write_sound(container, sound, recipe)
    return path


def coded_picture(number: int, recipe: Recipe) -> NDArray[np.uint8]:
    """The frame as a camera held sideways stores it: upright after its rotation."""
    width, height = recipe.size
    size = (height, width) if recipe.rotation_deg % 180 else (width, height)
    return np.ascontiguousarray(
        np.rot90(picture(number, size), recipe.rotation_deg // 90)
    )


def _add_sound(
    container: av.container.OutputContainer, recipe: Recipe
) -> av.AudioStream:
    stream = container.add_stream(recipe.audio_codec, rate=recipe.sample_rate_hz)
    assert isinstance(stream, av.AudioStream)
    stream.layout = "stereo"
    return stream


def _write_sound(
    container: av.container.OutputContainer, stream: av.AudioStream, recipe: Recipe
) -> None:
    duration = len(recipe.stamps) / recipe.rate
    track = tone_track if recipe.tone else click_track
    mono = track(duration, recipe.sample_rate_hz)
    frame = av.AudioFrame.from_ndarray(np.stack([mono, mono]), "fltp", "stereo")
    frame.sample_rate, frame.pts = recipe.sample_rate_hz, 0
    frame.time_base = Fraction(1, recipe.sample_rate_hz)
    resampler = av.AudioResampler(
        stream.codec_context.format.name,
        "stereo",
        recipe.sample_rate_hz,
        frame_size=stream.codec_context.frame_size or 1024,
    )
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(piece))
    container.mux(stream.encode())


VFR_STAMPS = tuple(int(sum(20 + 17 * (k % 5) for k in range(n))) for n in range(60))
OPEN_GOP = (
    ("crf", "12"),
    ("g", "12"),
    ("bf", "3"),
    ("x264-params", "open-gop=1:scenecut=0:b-adapt=0:keyint=12:min-keyint=12"),
)

CLOSED_GOP = (
    ("crf", "12"),
    ("g", "12"),
    ("bf", "3"),
    ("x264-params", "scenecut=0:b-adapt=0:keyint=12:min-keyint=12"),
)

RECIPES = {
    recipe.name.partition(".")[0]: recipe
    for recipe in (
        Recipe("cfr.mp4", clicks=True),
        Recipe("vfr.mp4", pts=VFR_STAMPS, time_base=Fraction(1, 1000)),
        Recipe("ntsc.mp4", rate=NTSC, frames=90, clicks=True),
        Recipe("phone.mp4", rotation_deg=90),
        Recipe("open_gop.mp4", options=OPEN_GOP),
        Recipe("bframes.mp4", options=CLOSED_GOP, clicks=True),
        Recipe("upside_down.mp4", rotation_deg=180),
        Recipe("left.mp4", rotation_deg=270),
        Recipe("odd.mkv", size=(193, 111), pix_fmt="yuv444p"),
        Recipe("anamorphic.mp4", sample_aspect_ratio=Fraction(4, 3)),
        Recipe("transport.ts", options=OPEN_GOP, clicks=True),
        Recipe("matroska.mkv", rate=NTSC, clicks=True, audio_codec="libopus"),
        Recipe("vfr_matroska.mkv", pts=VFR_STAMPS, time_base=Fraction(1, 1000)),
        Recipe("web.webm", codec="libvpx-vp9", options=(("crf", "20"), ("g", "12"))),
        Recipe("old.avi", codec="mpeg4", options=(("qscale", "2"), ("g", "12"))),
        Recipe("quick.mov", clicks=True, audio_codec="pcm_s16le"),
        Recipe("mpeg2.mkv", codec="mpeg2video", options=(("g", "12"), ("bf", "2"))),
        Recipe("late.mkv", offset=50),
        Recipe("tone.mov", tone=True, audio_codec="pcm_s16le"),
        Recipe("ntsc_tone.mov", rate=NTSC, frames=90, tone=True),
        Recipe(
            "slow_sound.mov",
            clicks=True,
            audio_codec="pcm_s16le",
            sample_rate_hz=44_100,
        ),
    )
}
# The sources that a cut must get right: constant and variable rate, NTSC, a turned
# phone clip, and B-frames with open GOPs.
FIVE_SOURCES = ("cfr", "vfr", "ntsc", "phone", "open_gop")


@dataclass
class Clips:
    """The generated clips, each made when first asked for."""

    folder: Path
    _made: dict[str, Path] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Path:
        if name not in self._made:
            self._made[name] = make(self.folder, RECIPES[name])
        return self._made[name]
