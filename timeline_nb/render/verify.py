"""Check that a film is what was asked for."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.use import use_scope
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.color import (
    MATRICES,
    PRIMARIES,
    RANGES,
    TRANSFERS,
    stream_colors,
)
from timeline_nb.media.index import build_index
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.probe import probe
from timeline_nb.render.target import SoundEncoding, Target
from timeline_nb.segments.encoding import Encoding
from timeline_nb.timeline.model import Timeline

__all__ = ["Check", "probe_film", "verify"]

# FFmpeg's names of codecs that profiles name otherwise.
_DECODED: Final = {
    "h265": "hevc",
    "dnxhr": "dnxhd",
    "pcm": "pcm_s16le",
    "pcm24": "pcm_s24le",
}
# Each time, and the last duration, are rounded to a millisecond.
_WEBP_ROUNDING_S: Final = Fraction(2, 1000)
_CHANNELS: Final = {"mono": 1, "stereo": 2, "5.1": 6, "7.1": 8}


@dataclass(frozen=True)
class Check:
    """A property of a film, as it was asked for and as it was found.

    Args:
        what: The property.
        wanted: As asked for.
        found: As probed.
    """

    what: str
    wanted: Any
    found: Any

    @property
    def holds(self) -> bool:
        """Whether they are equal."""
        return bool(self.wanted == self.found)


@use_scope(None)
def probe_film(path: Path) -> MediaInfo:
    """Probe a film that was written here, wherever a person had it written."""
    return probe(path)


@use_scope(None)
@spanned("render.check")
def verify(
    path: Path, timeline: Timeline, target: Target, *, frames: int
) -> tuple[MediaInfo, list[Check]]:
    """Probe a film, and compare it with its target.

    Args:
        path: The film.
        timeline: What was rendered.
        target: What kind of film it was to be.
        frames: How many frames it must have.

    Returns:
        The probe, and all checks.

    Raises:
        RenderError: Something differs.
    """
    try:
        info = probe(path)
        checks = [*_pictures(info, timeline, target, frames), *_sound(info, target)]
    except MediaError as error:
        raise RenderError(
            Message("the film does not open again: {why}", why=error)
        ) from error
    if target.container.streams:
        checks.append(Check("the index", "at the front", _place_of_index(path)))
    faults = [
        f"{check.what} is {check.found}, not {check.wanted}"
        for check in checks
        if not check.holds
    ]
    if info.video and info.audio:
        faults += _late_sound(info, timeline.rate)
    if faults:
        raise RenderError(
            Message(
                "the film is not what was asked for: {faults}", faults="; ".join(faults)
            )
        )
    return info, checks


def _pictures(
    info: MediaInfo, timeline: Timeline, target: Target, frames: int
) -> list[Check]:
    encoding, choice = target.video, target.choice
    if encoding is None or choice is None:
        return [Check("the number of pictures", 0, len(info.video))]
    if not info.video:
        return [Check("the number of pictures", 1, 0)]
    video, codec = info.video[0], choice.encoder.codec
    checks = [
        Check("the codec", _DECODED.get(codec, codec), video.codec),
        Check("the size", encoding.size, video.display_size),
    ]
    wanted = frames / timeline.rate
    if target.container.format == "webp":
        return [*checks, *_length_of_webp(info, wanted)]
    index = build_index(info)
    length = index.end_of(len(index) - 1) - index.time_of(0)
    # Some containers count time in milliseconds, and GIF in hundredths.
    rough = max(info.video[0].time_base, Fraction(0))
    exact = rough < Fraction(1, 1000) or length == wanted
    near = abs(length - wanted) <= 2 * rough * (frames if codec == "gif" else 1)
    checks += [
        Check("the number of frames", frames, len(index)),
        Check("the duration", wanted, length if exact or not near else wanted),
    ]
    if exact and codec != "gif":
        checks.append(Check("the rate", timeline.rate, index.rate))
    if codec in {"h264", "h265", "vp9"} or (codec == "av1"):
        checks += _colors(info, encoding)
    return checks


def _length_of_webp(info: MediaInfo, wanted: Fraction) -> list[Check]:
    """Check the duration alone: WebP merges equal frames into one picture."""
    if info.kind == "image":
        return []
    near = abs(info.duration - wanted) <= _WEBP_ROUNDING_S
    return [Check("the duration", wanted, wanted if near else info.duration)]


def _colors(info: MediaInfo, encoding: Encoding) -> list[Check]:
    """Check the color tags as a player reads them, untagged ones by the matrix."""
    wanted, found = encoding.colors, stream_colors(info)
    return [
        Check("the matrix", MATRICES[wanted.matrix], MATRICES.get(found.matrix)),
        Check("the range", RANGES[wanted.range], RANGES.get(found.range)),
        Check(
            "the primaries", PRIMARIES[wanted.primaries], PRIMARIES.get(found.primaries)
        ),
        Check(
            "the transfer", TRANSFERS[wanted.transfer], TRANSFERS.get(found.transfer)
        ),
    ]


def _sound(info: MediaInfo, target: Target) -> list[Check]:
    wanted = target.sound
    checks = [Check("the number of sounds", int(wanted is not None), len(info.audio))]
    if wanted is not None and info.audio:
        checks += _sound_checks(info, wanted)
    return checks


def _sound_checks(info: MediaInfo, wanted: SoundEncoding) -> list[Check]:
    sound = info.audio[0]
    codec = _DECODED.get(wanted.codec, wanted.codec)
    return [
        Check("the codec of the sound", codec, sound.codec),
        Check("the sample rate", wanted.sample_rate_hz, sound.sample_rate_hz),
        Check("the number of channels", _CHANNELS[wanted.layout], sound.channels),
    ]


def _late_sound(info: MediaInfo, rate: Fraction) -> list[str]:
    sound, video = info.audio[0], info.video[0]
    offset = sound.start_pts * sound.time_base - video.start_pts * video.time_base
    # The file has the encoder's delay; what is left must be less than a frame.
    if abs(offset) >= 1 / rate:
        return [f"the sound begins {float(offset) * 1000:.1f} ms off the picture"]
    return []


def _place_of_index(path: Path) -> str:
    """Return where an MP4's index is (ISO/IEC 14496-12, 6.2)."""
    with path.open("rb") as file:
        while header := file.read(8):
            size, name = int.from_bytes(header[:4], "big"), header[4:]
            if name == b"moov":
                return "at the front"
            if name == b"mdat":
                return "at the end"
            if size == 1:
                size = int.from_bytes(file.read(8), "big") - 8
            file.seek(size - 8, 1)
    return "nowhere"
