"""The layouts of the arrays that travel beside messages.

`protocol` writes them into `protocol.ts`: Python and the browser read one definition.
"""

from enum import IntEnum
from math import inf
from typing import Final, NamedTuple

import numpy as np

__all__ = ["BOX_DTYPE", "ITEM_DTYPE", "ItemKind", "ItemRow"]


class ItemKind(IntEnum):
    """The kinds of items on a track."""

    CLIP = 0
    TRANSITION = 1
    SUBTITLE = 2


class ItemRow(NamedTuple):
    """An item of a track; times are seconds.

    Args:
        start_s: On the timeline.
        end_s: On the timeline.
        kind: An `ItemKind`.
        media: The number of its media, or -1.
        media_start_s: The media second at the start.
        fade_in_s: How long it fades in.
        fade_out_s: How long it fades out.
        link: The number of its link, which what is linked to it has too; 0 for none.
        rate: Media seconds a second, on average: -1 runs backwards, 0 is frozen.
        ramps: 1 if its speed changes.
        head_room_s: How much earlier it can begin, for the media there is.
        tail_room_s: How much later it can end.
        opacity: 0 to 1, where it has no keyframes.
        gain_db: Gain of its sound, where it has no keyframes.
    """

    start_s: float
    end_s: float
    kind: float
    media: float = -1.0
    media_start_s: float = 0.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    link: float = 0.0
    rate: float = 1.0
    ramps: float = 0.0
    head_room_s: float = inf
    tail_room_s: float = inf
    opacity: float = 1.0
    gain_db: float = 0.0


# All float64, so that the browser reads them through one typed array.
ITEM_DTYPE: Final = np.dtype([(name, "<f8") for name in ItemRow._fields])

# `frame` counts from the first that was asked for; the corners are pixels of what the
# player shows; `track` is -1 where there is none, `row` where a person drew the box.
BOX_DTYPE: Final = np.dtype(
    [
        ("frame", "<i4"),
        ("x1", "<f4"),
        ("y1", "<f4"),
        ("x2", "<f4"),
        ("y2", "<f4"),
        ("score", "<f4"),
        ("label", "<i4"),
        ("track", "<i4"),
        ("row", "<i4"),
    ]
)
