"""The facts of a media file that a probe finds."""

from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec

from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.media.orientation import Orientation
from timeline_nb.timebase import TimeRange

__all__ = [
    "AudioStream",
    "Chapter",
    "FieldOrder",
    "HdrLight",
    "MediaInfo",
    "MediaKind",
    "MediaReader",
    "VideoStream",
]

MediaKind: TypeAlias = Literal["video", "audio", "image"]
MediaReader: TypeAlias = Literal["ffmpeg", "pillow", "sequence"]
FieldOrder: TypeAlias = Literal["progressive", "tt", "bb", "tb", "bt", "unknown"]


class HdrLight(msgspec.Struct, frozen=True, kw_only=True):
    """The display that HDR was graded on (SMPTE ST 2086), and its most light (CTA-861).

    Args:
        primaries: x and y of red, green and blue.
        white: x and y of white.
        min_nits: Its darkest, in cd/m2.
        max_nits: Its brightest, in cd/m2.
        max_content_nits: The brightest pixel of the film, in cd/m2; 0 if unknown.
        max_average_nits: The brightest frame's mean, in cd/m2; 0 if unknown.
    """

    primaries: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    white: tuple[float, float]
    min_nits: float
    max_nits: float
    max_content_nits: int = 0
    max_average_nits: int = 0


class VideoStream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream of pictures.

    Args:
        index: Its number in the file.
        codec: FFmpeg's name of the codec.
        width: Coded pixels, before they are made upright.
        height: The same.
        sample_aspect_ratio: Width of a pixel over its height.
        orientation: What makes the picture upright.
        pix_fmt: FFmpeg's name of the pixel format.
        field_order: `progressive`; or interlaced, by the field that comes first in the
            file and the one that comes first on a screen: `tt`, `bb`, `tb`, `bt`; or
            `unknown`, where pictures may be interlaced one by one, or are untagged.
        color_range: `tv`, `pc`, or empty if unknown.
        color_primaries: FFmpeg's name, or empty.
        color_transfer: FFmpeg's name, or empty; `smpte2084` and `arib-std-b67` are
            HDR.
        color_space: FFmpeg's name of the matrix, or empty.
        light: The mastering display of HDR, None if unknown.
        rate: Frames a second by the container's table or the first packets; the index
            has it of the whole stream.
        is_vfr: Whether those last unequally.
        time_base: Seconds a PTS tick.
        start_pts: First PTS the container announces, 0 if unknown.
        frame_count: Frames the container announces, None if unknown.
        duration: Seconds, None if unknown.
    """

    index: int
    codec: str
    width: int
    height: int
    sample_aspect_ratio: Fraction
    orientation: Orientation
    pix_fmt: str
    field_order: FieldOrder = "unknown"
    light: HdrLight | None = None
    color_range: str
    color_primaries: str
    color_transfer: str
    color_space: str
    rate: Fraction
    is_vfr: bool
    time_base: Fraction
    start_pts: int
    frame_count: int | None
    duration: Fraction | None

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer is PQ or HLG (ITU-R BT.2100)."""
        return self.color_transfer in {"smpte2084", "arib-std-b67"}

    @property
    def rotation_deg(self) -> int:
        """The clockwise turn that makes the picture upright, flipped or not."""
        return self.orientation.rotation_deg

    @property
    def is_interlaced(self) -> bool:
        """Whether pictures are two fields, shot one after the other."""
        return self.field_order in {"tt", "bb", "tb", "bt"}

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright."""
        width = max(1, round(self.width * self.sample_aspect_ratio))
        return self.orientation.size((width, self.height))


class AudioStream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream of sound.

    Args:
        index: Its number in the file.
        codec: FFmpeg's name of the codec.
        sample_rate_hz: Samples a second.
        channels: How many.
        layout: FFmpeg's name: `mono`, `stereo`, `5.1` ...
        time_base: Seconds a PTS tick.
        start_pts: First PTS the container announces, 0 if unknown.
        duration: Seconds, None if unknown.
        language: ISO 639 code, or empty.
        title: Of the file's metadata, or empty.
    """

    index: int
    codec: str
    sample_rate_hz: int
    channels: int
    layout: str
    time_base: Fraction
    start_pts: int
    duration: Fraction | None
    language: str
    title: str = ""


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A named stretch of a file, in seconds from its start."""

    title: str
    range: TimeRange


class MediaInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A media file, probed.

    Media time 0 is the container's announced start: `start_time` seconds on the
    clock of the PTS. So `media time = pts * time_base - start_time`.

    Args:
        path: As given; of a sequence, as `FileSequence.path` writes it.
        fingerprint: The content in 32 hex digits; the same wherever the file is.
        size_bytes: Of the file.
        kind: `video`, `audio`, or `image` for a still.
        container: FFmpeg's name of the format.
        start_time: Seconds on the PTS clock.
        duration: Seconds; 0 for a still.
        bit_rate_bps: Of the whole file, None if unknown.
        video: Streams of pictures, cover art left out; the first is the one used: that
            which the file says is played by default, or the first in the file.
        audio: Streams of sound, in the same order.
        chapters: In order.
        tags: The container's metadata.
        reader: What reads the pictures: FFmpeg, Pillow, or Pillow a file a picture
            (`sequence`).
        assumed: What a person says of the pictures, overriding the file.
    """

    path: str
    fingerprint: str
    size_bytes: int
    kind: MediaKind
    container: str
    start_time: Fraction
    duration: Fraction
    bit_rate_bps: int | None
    video: tuple[VideoStream, ...]
    audio: tuple[AudioStream, ...]
    chapters: tuple[Chapter, ...]
    tags: dict[str, str]
    reader: MediaReader = "ffmpeg"
    assumed: Assumption = AS_TOLD
