"""What the browser is sent while something is dragged."""

import msgspec

from timeline_nb.widgets.answer import Answer

__all__ = ["DragPlan", "PlannedItem", "PlannedLoss", "PlannedPush", "TrimFrame"]


class PlannedItem(msgspec.Struct, frozen=True, rename="camel"):
    """Where an item would lie; `id` is empty if it is not on the timeline yet."""

    id: str
    name: str
    track: str
    start_s: float
    end_s: float
    media_start_s: float


class PlannedLoss(msgspec.Struct, frozen=True, rename="camel"):
    """A range of a track, as it is now, that would be overwritten."""

    track: str
    start_s: float
    end_s: float


class PlannedPush(msgspec.Struct, frozen=True, rename="camel"):
    """The items of a track from a time on that would move, and by how much."""

    track: str
    from_s: float
    by_s: float


class DragPlan(Answer, frozen=True, kw_only=True, tag="planned"):
    """What a request would change."""

    placed: list[PlannedItem]
    lost: list[PlannedLoss]
    pushed: list[PlannedPush]


class TrimFrame(Answer, frozen=True, kw_only=True, tag="trimFrame"):
    """A frame of the trim view as a JPEG buffer."""

    side: int
    at_s: float
