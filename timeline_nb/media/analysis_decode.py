"""Decode frames for analysis: in order, fast, without deblocking."""

from collections.abc import Iterator
from typing import Final

from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo

__all__ = ["AnalysisDecoder", "keyframe_parts"]

# Shorter parts would spend their time on opening the file.
_LEAST_FRAMES: Final = 120
# The share of frames that may fail to decode.
_MOST_LOST: Final = 0.05


class AnalysisDecoder(VideoDecoder):
    """Decodes on one thread, without the filter that smooths block edges.

    For analysis of downscaled pictures; what is shown or rendered needs `VideoDecoder`.

    Args:
        info: The file, probed.
        index: Its frames.
        anchors_only: Leave out frames that no other frame needs to be whole (B-frames),
            where the codec has such.
    """

    def __init__(
        self, info: MediaInfo, index: FrameIndex, *, anchors_only: bool = False
    ) -> None:
        self._anchors_only = anchors_only
        super().__init__(info, index, threads=1)

    def _open(self) -> None:
        super()._open()
        context = self._context
        context.options = {**context.options, "skip_loop_filter": "all"}
        if self._anchors_only:
            self._skips = "BIDIR"

    def skim(self, first: int, last: int) -> Iterator[Frame]:
        """Yield the frames from keyframe `first` up to `last`, as far as they decode.

        Raises:
            DamagedFrameError: More than a few in a hundred do not; the first is named.
        """
        lost: list[int] = []
        expected = first
        self._seek(first, first)
        for frame in self._decoded or ():
            if frame.number >= last:
                break
            lost += range(expected, frame.number)
            expected = frame.number + 1
            yield frame
        lost += range(expected, last)
        if len(lost) > _MOST_LOST * (last - first) and not self._anchors_only:
            raise self._undecodable(lost[0])


def keyframe_parts(index: FrameIndex, count: int) -> list[tuple[int, int]]:
    """Split the frames into at most `count` ranges that begin with keyframes."""
    frames = len(index)
    count = max(1, min(count, frames // _LEAST_FRAMES))
    wanted = [frames * part // count for part in range(1, count)]
    begins = sorted({0, *(index.keyframe_before(number) for number in wanted)})
    return list(zip(begins, [*begins[1:], frames], strict=True))
