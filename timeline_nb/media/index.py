"""The frame index: every frame of a stream by number, PTS and time."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.files import replacing
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import open_input, packets, video_stream
from timeline_nb.media.info import MediaInfo

__all__ = ["FrameIndex", "build_index", "load_index", "save_index"]

# Raised when what is kept on disk changes meaning; older files are rebuilt.
_VERSION: Final = 2
_REPORT_EVERY: Final = 1000


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """The frames of a video stream in the order they are shown.

    Args:
        stream: The stream's number in the file.
        pts: `(n,) int64`, rising; each frame's presentation time stamp.
        keyframe: `(n,) bool`; whether decoding can begin there.
        rank: `(n,) int64`; each frame's place in the order of decoding.
        end_pts: When the last frame is over.
        time_base: Seconds a tick.
        start_time: The container's start, in seconds: media time 0.
    """

    stream: int
    pts: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    rank: NDArray[np.int64]
    end_pts: int
    time_base: Fraction
    start_time: Fraction

    def __len__(self) -> int:
        return len(self.pts)

    def time_of(self, number: int) -> Fraction:
        """The media time, in seconds, at which frame `number` is first shown."""
        return int(self.pts[number]) * self.time_base - self.start_time

    def end_of(self, number: int) -> Fraction:
        """The media time at which frame `number` gives way to the next."""
        if number + 1 < len(self.pts):
            return self.time_of(number + 1)
        return self.end_pts * self.time_base - self.start_time

    def frame_at(self, time: Fraction) -> int:
        """The number of the frame shown at a media time; the first or last outside."""
        ticks = (time + self.start_time) / self.time_base
        last_begun = ticks.numerator // ticks.denominator
        number = int(np.searchsorted(self.pts, last_begun, side="right")) - 1
        return max(0, number)

    def number_of(self, pts: int) -> int:
        """The number of the frame with this PTS.

        Raises:
            MediaError: No frame has it.
        """
        number = int(np.searchsorted(self.pts, pts))
        if number == len(self.pts) or self.pts[number] != pts:
            raise MediaError(f"stream {self.stream} has no frame with PTS {pts}")
        return number

    def keyframe_before(self, number: int) -> int:
        """The last frame at or before `number` where decoding can begin."""
        place = int(np.searchsorted(self._keyframes, number, side="right")) - 1
        return int(self._keyframes[place]) if place >= 0 else 0

    @cached_property
    def clean_cuts(self) -> NDArray[np.bool_]:
        """`(n + 1,) bool`: whether the frames before a number are decoded before it.

        Only there can packets be cut without a frame being lost or left over.
        """
        foremost = np.maximum.accumulate(self.rank)
        clean = foremost == np.arange(len(self.rank))
        return np.concatenate([[True], clean])

    @cached_property
    def _keyframes(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.keyframe)


def build_index(info: MediaInfo, *, reporter: Reporter | None = None) -> FrameIndex:
    """Index the first video stream by demuxing it; nothing is decoded.

    Packets that an edit list hides are left out. Where a container stores no PTS
    (AVI), the decoding time stands for it.

    Raises:
        MediaError: The file has no pictures, or breaks off before its first frame.
    """
    if not info.video:
        raise MediaError(f"{info.path} has no pictures to index")
    stream = info.video[0]
    stamps: list[int] = []
    keys: list[bool] = []
    end = 0
    with open_input(info.path) as container:
        source = video_stream(container, stream.index)
        try:
            for packet in packets(container, source):
                stamp = packet.pts if packet.pts is not None else packet.dts
                if not packet.size or stamp is None or packet.is_discard:
                    continue
                stamps.append(stamp)
                keys.append(packet.is_keyframe)
                end = max(end, stamp + (packet.duration or 0))
                if reporter and len(stamps) % _REPORT_EVERY == 0:
                    reporter.report("index", len(stamps), stream.frame_count)
        except MediaError:
            # What came before the damage is kept: it can still be shown.
            if not stamps:
                raise
    if not stamps:
        raise MediaError(f"{info.path}: stream {stream.index} has no frames")
    return _sorted_index(info, stamps, keys, end)


def _sorted_index(
    info: MediaInfo, stamps: list[int], keys: list[bool], end: int
) -> FrameIndex:
    pts, first = np.unique(np.array(stamps, np.int64), return_index=True)
    stream = info.video[0]
    if end <= pts[-1]:
        step = int(np.median(np.diff(pts))) if len(pts) > 1 else 0
        end = int(pts[-1]) + (step or round(1 / (stream.rate * stream.time_base)) or 1)
    return FrameIndex(
        stream=stream.index,
        pts=pts,
        keyframe=np.array(keys, np.bool_)[first],
        rank=np.argsort(np.argsort(first)).astype(np.int64),
        end_pts=end,
        time_base=stream.time_base,
        start_time=info.start_time,
    )


def save_index(index: FrameIndex, path: Path) -> None:
    """Keep an index on disk."""
    facts = [_VERSION, index.stream, index.end_pts]
    clock = [*index.time_base.as_integer_ratio(), *index.start_time.as_integer_ratio()]
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez(
            file,
            pts=index.pts,
            keyframe=index.keyframe,
            rank=index.rank,
            facts=np.array(facts, np.int64),
            clock=np.array(clock, np.int64),
        )


def load_index(path: Path) -> FrameIndex | None:
    """An index kept on disk; None if there is none, or it is broken or too old."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            version, stream, end_pts = map(int, kept["facts"])
            clock = [int(number) for number in kept["clock"]]
            if version != _VERSION:
                return None
            return FrameIndex(
                stream=stream,
                pts=kept["pts"],
                keyframe=kept["keyframe"],
                rank=kept["rank"],
                end_pts=end_pts,
                time_base=Fraction(clock[0], clock[1]),
                start_time=Fraction(clock[2], clock[3]),
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, ZeroDivisionError):
        return None
