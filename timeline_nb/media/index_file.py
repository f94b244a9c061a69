"""Save and load frame indexes."""

from fractions import Fraction
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.files import replacing
from timeline_nb.media.index import READING, ClockBreak, FrameIndex
from timeline_nb.media.packets import PacketNames

__all__ = ["keep_index", "load_index", "save_index"]


def save_index(index: FrameIndex, path: Path) -> None:
    """Save an index to disk."""
    fractions = (
        index.time_base,
        index.start_time,
        index.rate,
        *(part.shift for part in index.breaks),
    )
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez(
            file,
            pts=index.pts,
            keyframe=index.keyframe,
            packet=index.packet,
            stamp=index.stamp,
            places=index.packets.places,
            sizes=index.packets.sizes.astype(np.int32),
            facts=np.array([READING, index.stream, index.end_pts, index.is_vfr]),
            fractions=np.array([f.as_integer_ratio() for f in fractions], np.int64),
            breaks=np.array([part.frame for part in index.breaks], np.int64),
        )


def keep_index(index: FrameIndex, path: Path) -> None:
    """Save an index if the folder can be written; else it is built again."""
    with cached_if_possible(path.parents[1]):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_index(index, path)


def load_index(path: Path) -> FrameIndex | None:
    """Load an index from disk; None if there is none, or it is damaged or outdated."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            version, stream, end_pts, is_vfr = map(int, kept["facts"])
            if version != READING:
                return None
            base, start, rate, *shifts = (
                Fraction(int(above), int(below)) for above, below in kept["fractions"]
            )
            frames = map(int, kept["breaks"])
            return FrameIndex(
                stream=stream,
                pts=kept["pts"],
                keyframe=kept["keyframe"],
                packet=kept["packet"],
                stamp=kept["stamp"],
                end_pts=end_pts,
                time_base=base,
                start_time=start,
                rate=rate,
                is_vfr=bool(is_vfr),
                packets=PacketNames(kept["places"], kept["sizes"].astype(np.int64)),
                breaks=tuple(map(ClockBreak, frames, shifts)),
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, ZeroDivisionError):
        return None
