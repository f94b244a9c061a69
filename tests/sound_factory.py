"""Sound that tells where it is: tones by channel, clicks by time, several streams."""

import wave
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from media_factory import picture
from numpy.typing import NDArray

RATE = 48_000
# Of pictures, where a container does not take MPEG-4's.
_CODECS = {
    ".flv": "flv",
    ".mp4": "libx264",
    ".mpg": "mpeg2video",
    ".mxf": "mpeg2video",
    ".ts": "mpeg2video",
    ".webm": "libvpx",
}
Sound = NDArray[np.float32]


def tone(
    hertz: float, seconds: float, *, rate: int = RATE, level: float = 0.25
) -> Sound:
    """A sine: `(n,) float32`."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def tones(channels: int, seconds: float = 1.0, *, rate: int = RATE) -> Sound:
    """In channel `n` a sine of `300 + 100 n` Hz at 0.1: `(channels, n) float32`."""
    rows = [tone(300 + 100 * n, seconds, rate=rate, level=0.1) for n in range(channels)]
    return np.stack(rows)


def loudness_at(sound: Sound, hertz: float, *, rate: int = RATE) -> float:
    """The amplitude of a sine of that frequency in a sound `(n,)`."""
    window = np.hanning(len(sound))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / rate)
    return float(2 * np.abs((sound * window * turn).sum()) / window.sum())


def clicks(seconds: float, at: Iterable[float], *, rate: int = RATE) -> Sound:
    """Silence with clicks of 240 samples: `(n,) float32`."""
    sound = np.zeros(round(seconds * rate), np.float32)
    for second in at:
        first = round(second * rate)
        sound[first : first + 240] = 0.9
    return sound


def onsets(sound: Sound) -> list[int]:
    """Where clicks begin in a sound `(n,)`: the first loud sample of each."""
    loud = np.flatnonzero(np.abs(sound) > 0.3)
    return [int(n) for n in loud[np.diff(loud, prepend=-9999) > 4000]]


def write_wav(path: Path, sound: Sound, *, rate: int = RATE) -> Path:
    """16 bits, without a channel mask: `sound` is `(channels, n)`."""
    whole = (np.clip(sound, -1, 1) * 32767).round().astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(sound))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.T.tobytes())
    return path


@dataclass(frozen=True)
class Part:
    """A stream of sound in a file.

    Args:
        sound: `(channels, n)`.
        codec: FFmpeg's name of the encoder.
        layout: FFmpeg's name.
        rate: Samples a second.
        start: The second of its first sample.
        default: Whether the file says that it is played.
        language: ISO 639 code.
        title: What it is called.
    """

    sound: Sound
    codec: str = "pcm_s16le"
    layout: str = "stereo"
    rate: int = RATE
    start: Fraction = Fraction(0)
    default: bool = False
    language: str = ""
    title: str = ""


def write_film(
    path: Path,
    parts: Sequence[Part],
    *,
    frames: int = 0,
    first: Fraction = Fraction(0),
    options: dict[str, str] | None = None,
) -> Path:
    """A file of streams of sound, and of numbered pictures at 25 frames a second.

    Args:
        path: Its suffix tells the container.
        parts: The sound.
        frames: How many pictures; none if 0.
        first: The second of the first picture.
        options: Of the muxer.
    """
    with av.open(str(path), "w", options=options or {}) as container:
        pictures: list[av.VideoStream] = []
        if frames:
            video = container.add_stream(_CODECS.get(path.suffix, "mpeg4"), rate=25)
            assert isinstance(video, av.VideoStream)
            video.width, video.height, video.pix_fmt = 192, 112, "yuv420p"
            video.options = {"g": "5", "bf": "0"}
            pictures.append(video)
        streams = [_add(container, part) for part in parts]
        packets = [p for video in pictures for p in _drawn(video, frames, first)]
        for part, stream in zip(parts, streams, strict=True):
            packets += _encoded(part, stream)
        packets.sort(key=lambda packet: (packet.dts or 0) * (packet.time_base or 1))
        for packet in packets:
            container.mux(packet)
    return path


def _drawn(
    stream: av.VideoStream, frames: int, first: Fraction
) -> "Iterator[av.Packet[Any]]":
    stream.codec_context.time_base = Fraction(1, 25)
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(picture(number)).reformat(format="yuv420p")
        frame.time_base = Fraction(1, 25)
        frame.pts = int(first * 25) + number
        yield from stream.encode(frame)
    yield from stream.encode()


def _add(container: av.container.OutputContainer, part: Part) -> av.AudioStream:
    stream = container.add_stream(part.codec, rate=part.rate)
    assert isinstance(stream, av.AudioStream)
    stream.layout = part.layout
    if part.default:
        stream.disposition = av.stream.Disposition.default
    if part.language:
        stream.metadata["language"] = part.language
    if part.title:
        stream.metadata["title"] = part.title
    return stream


def _encoded(part: Part, stream: av.AudioStream) -> "list[av.Packet[Any]]":
    context = stream.codec_context
    packed = np.ascontiguousarray(part.sound.T, np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(packed, "flt", part.layout)
    frame.sample_rate = part.rate
    frame.time_base = Fraction(1, part.rate)
    frame.pts = int(part.start * part.rate)
    context.open(strict=False)
    resampler = av.AudioResampler(
        context.format.name,
        part.layout,
        part.rate,
        frame_size=context.frame_size or 960,
    )
    made: list[av.Packet[Any]] = []
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        made += stream.encode(piece)
    return made + stream.encode()
