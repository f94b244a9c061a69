"""Nested timelines: how deep they go, and how many items they are when written out.

A project file repeats a nested timeline wherever it is shown, and a frame is composed
of all of them: a few clips of clips of timelines may stand for billions of items.
"""

from typing import Final

from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.timeline.limits import MAX_NESTING, MAX_WRITTEN_ITEMS
from timeline_nb.timeline.model import Clip, Timeline

__all__ = ["nesting_fault"]

_measured: Final[LRUCache[int, tuple[Timeline, int, int]]] = LRUCache(256)
_lock = new_lock("sizes of nested timelines")


def nesting_fault(timeline: Timeline, *, above: int = 0) -> str:
    """Return what is wrong with a timeline and those nested in it; empty if nothing.

    Args:
        timeline: The timeline, the first of at most `MAX_NESTING` levels.
        above: Levels of timelines that it is nested in.
    """
    depth, count = _measure(timeline, MAX_NESTING - above + 1)
    if depth > MAX_NESTING - above:
        return f"nests timelines more than {MAX_NESTING} deep"
    if count > MAX_WRITTEN_ITEMS:
        return (
            f"has {count:,} items with those of its nested timelines: at most "
            f"{MAX_WRITTEN_ITEMS:,} are allowed"
        )
    return ""


def _measure(timeline: Timeline, most: int) -> tuple[int, int]:
    """Return the levels of a timeline, counted up to `most`, and the items in them."""
    if most <= 0:
        return 0, 0
    with _lock:
        known = _measured.get(id(timeline))
    if known is not None and known[0] is timeline:
        return known[1], known[2]
    depth, count = 0, 0
    for track in timeline.tracks:
        count += len(track.items)
        for item in track.items:
            if isinstance(item, Clip) and item.media.timeline is not None:
                inner_depth, inner_count = _measure(item.media.timeline, most - 1)
                depth, count = max(depth, inner_depth), count + inner_count
    if depth + 1 < most:
        # What was cut short was not measured.
        with _lock:
            _measured[id(timeline)] = (timeline, depth + 1, count)
    return depth + 1, count
