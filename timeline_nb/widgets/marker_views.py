"""Markers as views show them."""

import msgspec

__all__ = ["ClipMarkerView", "MarkerView"]


class MarkerView(msgspec.Struct, frozen=True, rename="camel"):
    """A marker of the timeline."""

    name: str
    start_s: float
    duration_s: float
    color: str
    note: str


class ClipMarkerView(msgspec.Struct, frozen=True, rename="camel"):
    """A marker of a clip, at the timeline second at which it is shown."""

    item: str
    name: str
    color: str
    note: str
    start_s: float
