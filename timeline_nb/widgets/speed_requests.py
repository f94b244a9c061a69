"""Requests of the inspector about the speed of clips."""

from typing import Annotated

from msgspec import Meta

from timeline_nb.widgets.bounds import ItemIds, Name, Seconds
from timeline_nb.widgets.request import Request

__all__ = ["FreezeFrameRequest", "RampRequest", "RetimeRequest"]

# Media seconds a second.
SpeedRate = Annotated[float, Meta(ge=-100, le=100)]


class RetimeRequest(Request, frozen=True, kw_only=True, tag="retime"):
    """Play clips at a speed; what follows closes up or makes room.

    What is linked to them follows, unless they are changed `alone`.
    """

    items: ItemIds
    alone: bool = False
    speed: SpeedRate
    keep_pitch: bool = True
    blend_frames: bool = False


class RampRequest(Request, frozen=True, kw_only=True, tag="ramp"):
    """Let a clip's speed change: pairs of a timeline second and a speed.

    What is linked to it follows, unless it is changed `alone`.
    """

    item: Name
    alone: bool = False
    points: Annotated[list[tuple[Seconds, SpeedRate]], Meta(max_length=200)]


class FreezeFrameRequest(Request, frozen=True, kw_only=True, tag="freezeFrame"):
    """Hold the frame that a clip shows at a time; what follows makes room."""

    item: Name
    at_s: Seconds
    duration_s: Seconds
