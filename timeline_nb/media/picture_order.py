"""Find which packets are pictures, and their order of presentation."""

from dataclasses import dataclass
from typing import Final, Self

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import open_input, video_stream
from timeline_nb.media.packets import UNKNOWN, PacketTable, numbered

__all__ = ["Coding", "decoded_order", "head_of", "stamped_order"]

# Codecs of which each packet that is not hidden shows one picture.
_PLAIN: Final = {
    *("h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vp8", "vp9", "av1"),
    *("flv1", "h263", "gif", "webp"),
}
# Containers with a presentation stamp for each packet.
_TELLS_ORDER: Final = {"mov", "mpegts", "mpeg", "mxf"}
# A frame of MPEG-4 of so few bytes is a placeholder of one packed with another.
_PLACEHOLDER_BYTES: Final = 8
_REPORT_EVERY: Final = 100
# Pictures are decoded here for their order alone.
_ROUGHLY: Final = {"skip_loop_filter": "all", "skip_idct": "all"}


@dataclass(frozen=True)
class Coding:
    """How a stream of pictures is coded.

    Args:
        codec: FFmpeg's name.
        formats: FFmpeg's names of the container.
        reorders: Whether pictures may be decoded in another order than shown.
        intra_only: Whether each is decoded without any other.
    """

    codec: str
    formats: frozenset[str]
    reorders: bool
    intra_only: bool

    @classmethod
    def of(cls, container: InputContainer, stream: av.VideoStream) -> Self:
        """Return the coding of an open file."""
        context = stream.codec_context
        return cls(
            codec=context.codec.canonical_name,
            formats=frozenset(container.format.name.split(",")),
            reorders=bool(context.has_b_frames),
            intra_only=bool(context.codec.intra_only),
        )

    @property
    def has_presentation_order(self) -> bool:
        """Whether stamps are sure to give the order of presentation."""
        return not self.reorders or bool(self.formats & _TELLS_ORDER)

    def determines_pictures(self, table: PacketTable) -> bool:
        """Return whether packets alone determine the pictures and their times.

        Where they do not, the pictures must be decoded to be known.
        """
        if not (self.intra_only or self.codec in _PLAIN):
            return False
        stamps = table.stamps if not self.reorders else table.pts
        if "avi" in self.formats and self.reorders:
            # AVI has no presentation stamps; FFmpeg's count packets.
            return False
        sizes = table.names.sizes
        if self.codec == "mpeg4" and bool((sizes < _PLACEHOLDER_BYTES).any()):
            return False
        return not bool((stamps[table.begins] == UNKNOWN).any())


def stamped_order(table: PacketTable, parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of packets that are pictures, by their stamps.

    Args:
        table: The packets.
        parts: `(m,) int64`: which run of the clock each belongs to.
    """
    numbers = np.flatnonzero(table.begins)
    order = np.lexsort((table.stamps[numbers], parts[numbers]))
    return np.asarray(numbers[order], np.int64)


def head_of(table: PacketTable) -> int:
    """Count the packets that must be decoded to find the first picture; 0 for none.

    A recording may begin within a group of pictures, and a group may begin
    with pictures that refer to one before it. Neither can be decoded.
    """
    numbers = np.flatnonzero(table.begins)
    keys = np.flatnonzero(table.keyframe)
    if not len(numbers):
        return 0
    if not len(keys):
        return len(table)
    first = int(keys[0])
    behind = numbers[numbers > first]
    leads = bool((table.stamps[behind] < table.stamps[first]).any())
    if first <= int(numbers[0]) and not leads:
        return 0
    return int(keys[1]) if len(keys) > 1 else len(table)


def decoded_order(
    path: str,
    stream: int,
    table: PacketTable,
    *,
    most: int | None = None,
    reporter: Reporter | None = None,
) -> NDArray[np.int64]:
    """Return the numbers of packets that are pictures, in the decoder's output order.

    Args:
        path: The file.
        stream: The stream's number.
        table: Its packets.
        most: Most packets to decode.
        reporter: Reports progress.

    Raises:
        MediaError: The file cannot be opened.
        JobCancelledError: The job was cancelled.
    """
    count = len(table) if most is None else most
    order, failed = _decoded(path, stream, table, count, reporter, threads=0)
    if failed:
        # Several threads lose more of what is damaged than one does.
        order, _ = _decoded(path, stream, table, count, reporter, threads=1)
    return np.array(list(dict.fromkeys(order)), np.int64)


def _decoded(  # noqa: PLR0913 - a pass over the file, with what it needs
    path: str,
    stream: int,
    table: PacketTable,
    count: int,
    reporter: Reporter | None,
    *,
    threads: int,
) -> tuple[list[int], bool]:
    """Return packet numbers in the decoder's output order, and whether any failed."""
    order: list[int] = []
    failed = False
    with open_input(path) as container:
        source = video_stream(container, stream)
        source.thread_type = "NONE" if threads == 1 else "AUTO"
        source.codec_context.options = dict(_ROUGHLY)
        try:
            for number, packet in numbered(
                container, source, table.names, from_start=True
            ):
                ends = number >= count
                packet.pts = number
                try:
                    pictures = source.decode(None if ends else packet)
                except av.error.FFmpegError:
                    failed = True
                    continue
                order += [p.pts for p in pictures if p.pts is not None]
                if ends:
                    break
                if reporter and number % _REPORT_EVERY == 0:
                    reporter.report("index", number, count)
        except MediaError:
            failed = True
    return [number for number in order if 0 <= number < count], failed
