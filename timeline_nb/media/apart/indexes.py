"""Frame indexes to messages and back."""

import numpy as np
from numpy.typing import NDArray

from timeline_nb.media.apart.messages import IndexData
from timeline_nb.media.index import ClockBreak, FrameIndex
from timeline_nb.media.packets import PacketNames

__all__ = ["data_of", "index_of"]


def data_of(index: FrameIndex) -> IndexData:
    """Return an index as a message has it."""
    return IndexData(
        stream=index.stream,
        pts=_bytes(index.pts),
        keyframe=np.ascontiguousarray(index.keyframe, np.uint8).tobytes(),
        packet=_bytes(index.packet),
        stamp=_bytes(index.stamp),
        end_pts=index.end_pts,
        time_base=index.time_base,
        start_time=index.start_time,
        rate=index.rate,
        is_vfr=index.is_vfr,
        places=_bytes(index.packets.places),
        sizes=_bytes(index.packets.sizes),
        breaks=tuple((part.frame, part.shift) for part in index.breaks),
    )


def index_of(data: IndexData) -> FrameIndex:
    """Return the index of a message.

    Raises:
        ValueError: It is none: its arrays do not fit each other.
    """
    pts, packet, stamp = map(_numbers, (data.pts, data.packet, data.stamp))
    places, sizes = map(_numbers, (data.places, data.sizes))
    keyframe = np.frombuffer(data.keyframe, np.uint8).astype(np.bool_)
    count = len(pts)
    fits = (
        count > 0
        and len(packet) == len(stamp) == len(keyframe) == count
        and len(places) == len(sizes)
        and bool((np.diff(pts) > 0).all())
        and int(packet.min()) >= 0
        and int(packet.max()) < len(places)
        and data.time_base > 0
        and data.rate > 0
        and all(0 <= frame < count for frame, _ in data.breaks)
    )
    if not fits:
        raise ValueError("an index whose parts do not fit each other")
    return FrameIndex(
        stream=data.stream,
        pts=pts,
        keyframe=keyframe,
        packet=packet,
        stamp=stamp,
        end_pts=data.end_pts,
        time_base=data.time_base,
        start_time=data.start_time,
        rate=data.rate,
        is_vfr=data.is_vfr,
        packets=PacketNames(places, sizes),
        breaks=tuple(ClockBreak(frame, shift) for frame, shift in data.breaks),
    )


def _bytes(numbers: NDArray[np.int64]) -> bytes:
    return np.ascontiguousarray(numbers, "<i8").tobytes()


def _numbers(data: bytes) -> NDArray[np.int64]:
    return np.frombuffer(data, "<i8").astype(np.int64)
