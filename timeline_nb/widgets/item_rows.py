"""The items of a track as the browser reads them: an array, and curves of keyframes."""

from collections.abc import Callable
from contextlib import suppress
from math import inf
from typing import Final

import numpy as np

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    MediaReference,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import range_of
from timeline_nb.timeline.speed import Speed, available_of, speed_of
from timeline_nb.widgets.answers import CurveView, RampView
from timeline_nb.widgets.columns import ItemKind, ItemRow
from timeline_nb.widgets.keyframe_requests import Curved

__all__ = ["ItemRows", "curves_of", "ramps_of"]

# The parameters that are drawn on clips.
_CURVED: Final[tuple[Curved, ...]] = ("opacity", "gain_db")
# Steps in which the page follows a changing speed.
_RAMP_STEPS: Final = 64
# Where an item lies comes first in its row.
_PLACE: Final = (0.0, 0.0)


class ItemRows:
    """Makes arrays of items; what of an item is the same anywhere is read once.

    Args:
        media_number: Returns the number of a media reference, always the same.
        link_number: Returns the number of a link, always the same.
    """

    def __init__(
        self,
        media_number: Callable[[MediaReference], int],
        link_number: Callable[[str], int],
    ) -> None:
        self._media_number, self._link_number = media_number, link_number
        # By track and id() of the item, which is kept too: all but start and end.
        self._kept: dict[str, dict[int, tuple[Item, bytes]]] = {}

    def columns_of(self, track: Track) -> bytes:
        """Return a track's items without its gaps, as an array of `ITEM_DTYPE`."""
        items, layout = track.items, layout_of(track.items)
        numbers = [n for n, item in enumerate(items) if not isinstance(item, Gap)]
        before = self._kept.get(track.name, {})
        kept = {
            id(items[n]): before.get(id(items[n])) or (items[n], self._own(items[n]))
            for n in numbers
        }
        self._kept[track.name] = kept
        own = b"".join([kept[id(items[n])][1] for n in numbers])
        width = len(ItemRow._fields)
        table = np.empty((len(numbers), width), "<f8")
        table[:, len(_PLACE) :] = np.frombuffer(own, "<f8").reshape(
            len(numbers), width - len(_PLACE)
        )
        ticks, starts = layout.ticks_per_s, layout.starts
        table[:, 0] = [starts[n] / ticks for n in numbers]
        table[:, 1] = [starts[n + 1] / ticks for n in numbers]
        for row, n in enumerate(numbers):
            if isinstance(items[n], Transition):
                span = range_of(track, n)
                table[row, :2] = float(span.start), float(span.end)
        return table.tobytes()

    def _own(self, item: Item) -> bytes:
        row = _row_of(item, self._media_number, self._link_number)
        return np.array(row[len(_PLACE) :], "<f8").tobytes()


def curves_of(track: Track) -> list[CurveView]:
    """Return the keyframes of a track's clips that are drawn on them."""
    found = []
    for number, item in enumerate(track.items):
        if not isinstance(item, Clip) or not item.keyframes:
            continue
        shift = range_of(track, number).start - item.source_range.start
        found += [
            CurveView(
                item=item.id,
                parameter=name,
                times_s=[float(key.time + shift) for key in item.keyframes[name]],
                values=[float(key.value) for key in item.keyframes[name]],
                interpolations=[k.interpolation for k in item.keyframes[name]],
            )
            for name in _CURVED
            if name in item.keyframes
        ]
    return found


def ramps_of(track: Track) -> list[RampView]:
    """Return what a track's clips show while their speed changes."""
    found = []
    for item in track.items:
        if not isinstance(item, Clip):
            continue
        # A speed that cannot be used is named by the inspector and the player.
        with suppress(TimelineError):
            speed = speed_of(item)
            if speed is None or speed.ramp is None:
                continue
            own = item.source_range
            steps = (own.duration * n / _RAMP_STEPS for n in range(_RAMP_STEPS + 1))
            media_s = [float(speed.media_time(own.start + step)) for step in steps]
            found.append(RampView(item=item.id, media_s=media_s))
    return found


def _row_of(
    item: Item,
    media_number: Callable[[MediaReference], int],
    link_number: Callable[[str], int],
) -> ItemRow:
    """Return an item's row, as if it were nowhere."""
    if not isinstance(item, Clip):
        is_transition = isinstance(item, Transition)
        kind = ItemKind.TRANSITION if is_transition else ItemKind.SUBTITLE
        return ItemRow(*_PLACE, kind)
    own = item.source_range
    speed, room = None, None
    # A speed that cannot be used is named by the inspector and the player.
    with suppress(TimelineError):
        speed, room = speed_of(item), available_of(item)
    media_start_s, rate = _shown_media(item, speed)
    return ItemRow(
        *_PLACE,
        ItemKind.CLIP,
        media=media_number(item.media),
        media_start_s=media_start_s,
        fade_in_s=float(item.fade_in),
        fade_out_s=float(item.fade_out),
        link=link_number(item.link),
        rate=rate,
        ramps=float(speed is not None and speed.ramp is not None),
        head_room_s=inf if room is None else max(0.0, float(own.start - room.start)),
        tail_room_s=inf if room is None else max(0.0, float(room.end - own.end)),
        opacity=item.transform.opacity,
        gain_db=item.gain_db,
    )


def _shown_media(clip: Clip, speed: Speed | None) -> tuple[float, float]:
    """Return the media second at a clip's start, and its average rate."""
    own = clip.source_range
    if speed is None:
        return float(own.start), 1.0
    first, last = speed.media_time(own.start), speed.media_time(own.end)
    return float(first), float((last - first) / own.duration)
