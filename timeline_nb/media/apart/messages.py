"""What a decoder process and the process that started it say to each other.

A process apart is not trusted: its answers are decoded as the types below, and nothing
of them is run. What it says of paths and fingerprints is not used.
"""

import os
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote, unquote_to_bytes

import msgspec
from msgspec.structs import replace

from timeline_nb.media.clock import Clock
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.stored_packets import StoredPackets
from timeline_nb.media.subtitle_packets import SubtitlePackets

__all__ = [
    "AllSent",
    "Answer",
    "BuildIndex",
    "ClockFound",
    "Close",
    "DecodeKeyframes",
    "DecoderKind",
    "Failed",
    "FindClock",
    "IndexData",
    "Indexed",
    "OpenSound",
    "OpenVideo",
    "PacketsRead",
    "PictureMade",
    "Probe",
    "Probed",
    "Progressed",
    "Read",
    "ReadPackets",
    "ReadSound",
    "ReadSubtitles",
    "Request",
    "Skim",
    "SoundMade",
    "SubtitlesRead",
    "Took",
    "UseScope",
    "decode_answer",
    "decode_request",
    "encode",
    "info_with_path",
    "path_of",
    "path_text",
]

DecoderKind: TypeAlias = Literal["shown", "analysis", "anchors"]
# Of numerator and denominator; those of 64 bits have 20.
_MOST_DIGITS: Final = 60


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag=True, array_like=True):
    """A request or an answer."""


class IndexData(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A frame index, with its arrays as bytes."""

    stream: int
    pts: bytes
    keyframe: bytes
    packet: bytes
    stamp: bytes
    end_pts: int
    time_base: Fraction
    start_time: Fraction
    rate: Fraction
    is_vfr: bool
    places: bytes
    sizes: bytes
    breaks: tuple[tuple[int, Fraction], ...]


class UseScope(_Message, frozen=True, kw_only=True):
    """Open files under this scope from now on.

    Args:
        scope: Pickled, by the process that is trusted.
    """

    scope: bytes


class Probe(_Message, frozen=True, kw_only=True):
    """Probe a file."""

    path: str


class BuildIndex(_Message, frozen=True, kw_only=True):
    """Build the frame index of a file."""

    info: MediaInfo


class FindClock(_Message, frozen=True, kw_only=True):
    """Find the clock of a file without pictures."""

    info: MediaInfo


class ReadSubtitles(_Message, frozen=True, kw_only=True):
    """Read a text stream, as `read_subtitle_packets` does."""

    info: MediaInfo
    number: int
    start: Fraction


class ReadPackets(_Message, frozen=True, kw_only=True):
    """Read packets of pictures, as `read_stored_packets` does."""

    info: MediaInfo
    index: IndexData
    frame: int
    most_bytes: int


class OpenVideo(_Message, frozen=True, kw_only=True):
    """Open a decoder of pictures, in place of what was open.

    Args:
        slot_bytes: How large the places of pictures in shared memory are; pictures that
            are larger come in the answers.
        slots: How many there are.
    """

    info: MediaInfo
    index: IndexData
    kind: DecoderKind
    threads: int
    damaged: tuple[int, ...]
    slot_bytes: int
    slots: int


class OpenSound(_Message, frozen=True, kw_only=True):
    """Open a decoder of sound, in place of what was open."""

    info: MediaInfo
    sample_rate_hz: int
    layout: str
    audio: Literal["default", "all", "dual_mono"] | tuple[int, ...]
    clock: Clock | None
    slot_bytes: int
    slots: int


class Read(_Message, frozen=True, kw_only=True):
    """Decode `count` frames from `number` on, each `step` after the one before."""

    number: int
    step: int
    count: int


class Skim(_Message, frozen=True, kw_only=True):
    """Decode frames from keyframe `first` up to `last`, as an analysis does."""

    first: int
    last: int


class DecodeKeyframes(_Message, frozen=True, kw_only=True):
    """Decode keyframes alone, of the file whose decoder is open."""

    numbers: tuple[int, ...]


class ReadSound(_Message, frozen=True, kw_only=True):
    """Decode `count` samples from `start` on, and then as many after them.

    Args:
        runs: How many such pieces in all.
    """

    start: int
    count: int
    runs: int


class Took(_Message, frozen=True, kw_only=True):
    """What was in the oldest slot in use was taken: it is free again."""


class Close(_Message, frozen=True, kw_only=True):
    """Close what is open."""


class Probed(_Message, frozen=True, kw_only=True):
    """What a file holds."""

    info: MediaInfo


class Progressed(_Message, frozen=True, kw_only=True):
    """How far an index is built."""

    stage: str
    done: int
    total: int | None


class Indexed(_Message, frozen=True, kw_only=True):
    """A file's frames."""

    index: IndexData


class ClockFound(_Message, frozen=True, kw_only=True):
    """A file's clock."""

    clock: Clock


class SubtitlesRead(_Message, frozen=True, kw_only=True):
    """A stream of text."""

    packets: SubtitlePackets


class PacketsRead(_Message, frozen=True, kw_only=True):
    """Packets as a file stores them."""

    packets: StoredPackets


class PictureMade(_Message, frozen=True, kw_only=True):
    """A decoded picture.

    Args:
        number: Of the frame.
        width: In pixels.
        height: The same.
        row_px: Pixels that a row holds: the width, and what pads it.
        pix_fmt: FFmpeg's name.
        colors: Matrix, range, primaries and transfer.
        fields: 0 for a progressive picture, 1 if its top field is first, else 2.
        chroma_place: FFmpeg's name, or empty.
        slot: Where its planes are; -1 if in `data`.
        data: Its planes.
    """

    number: int
    width: int
    height: int
    row_px: int
    pix_fmt: str
    colors: tuple[int, int, int, int]
    fields: int
    chroma_place: str
    slot: int
    data: bytes = b""


class SoundMade(_Message, frozen=True, kw_only=True):
    """Decoded samples: `(channels, count) float32`.

    Args:
        slot: Where they are; -1 if in `data`.
    """

    channels: int
    count: int
    slot: int
    data: bytes = b""


class AllSent(_Message, frozen=True, kw_only=True):
    """All that was asked for is done."""


class SaidText(msgspec.Struct, frozen=True):
    """A text, with what it was made of if it is a message that is translated.

    Texts are bytes, since names of files need not be UTF-8.
    """

    text: bytes
    template: str = ""
    plural: str = ""
    values: dict[str, "SaidText"] = {}


class Failed(_Message, frozen=True, kw_only=True):
    """What was asked for cannot be done.

    Args:
        kind: The name of an error of the package.
        message: Its text.
        number: The frame that does not decode, or -1.
        damaged: Ranges of frames that were found not to decode.
    """

    kind: str
    message: SaidText
    number: int = -1
    damaged: tuple[tuple[int, int], ...] = ()


Request: TypeAlias = (
    UseScope
    | Probe
    | BuildIndex
    | FindClock
    | ReadSubtitles
    | ReadPackets
    | OpenVideo
    | OpenSound
    | Read
    | Skim
    | DecodeKeyframes
    | ReadSound
    | Took
    | Close
)
Answer: TypeAlias = (
    Probed
    | Progressed
    | Indexed
    | ClockFound
    | SubtitlesRead
    | PacketsRead
    | PictureMade
    | SoundMade
    | AllSent
    | Failed
)


def _encode_fraction(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} is in no message")


def _decode_fraction(kind: type, value: Any) -> Any:
    if kind is not Fraction or not isinstance(value, str):
        raise NotImplementedError(f"{kind.__name__} is in no message")
    above, _, below = value.partition("/")
    if max(len(above), len(below)) > _MOST_DIGITS:
        raise ValueError("a fraction of that many digits is in no message")
    return Fraction(int(above), int(below or 1))


_encoder: Final = msgspec.msgpack.Encoder(enc_hook=_encode_fraction)
_requests: Final = msgspec.msgpack.Decoder(
    tuple[int, Request], dec_hook=_decode_fraction
)
_answers: Final = msgspec.msgpack.Decoder(tuple[int, Answer], dec_hook=_decode_fraction)


def encode(number: int, message: Request | Answer) -> bytes:
    """Return a message with the number of its request."""
    return _encoder.encode((number, message))


def decode_request(data: bytes) -> tuple[int, Request]:
    """Return a request and its number."""
    return _requests.decode(data)


def decode_answer(data: bytes) -> tuple[int, Answer]:
    """Return an answer, and the number of the request that it belongs to.

    Raises:
        ValueError: It is no answer.
    """
    return _answers.decode(data)


def path_text(path: str) -> str:
    """Return an absolute path as text, whatever bytes it has."""
    return quote(os.fsencode(os.path.join(os.getcwd(), path)))  # noqa: PTH109, PTH118


def path_of(text: str) -> str:
    """Return the path of which `path_text` made a text."""
    return os.fsdecode(unquote_to_bytes(text))


def info_with_path(info: MediaInfo, path: str) -> MediaInfo:
    """Return what is known of a file, under another path."""
    return replace(info, path=path)
