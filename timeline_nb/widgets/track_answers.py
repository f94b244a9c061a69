"""Tracks, markers and curves of keyframes, as the browser is sent them."""

from typing import Literal

import msgspec

__all__ = [
    "ClipMarkerView",
    "CurveView",
    "KeyMarksView",
    "MarkerView",
    "RampView",
    "TrackView",
]


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


class CurveView(msgspec.Struct, frozen=True, rename="camel"):
    """A parameter of a clip that has keyframes: timeline seconds, and values."""

    item: str
    parameter: Literal["opacity", "gain_db"]
    times_s: list[float]
    values: list[float]
    interpolations: list[str]


class KeyMarksView(msgspec.Struct, frozen=True, rename="camel"):
    """The timeline seconds at which a clip has keyframes that no line on it shows."""

    item: str
    times_s: list[float]


class RampView(msgspec.Struct, frozen=True, rename="camel"):
    """The media seconds that a clip shows at even steps, where its speed changes.

    The first is shown at the clip's start, the last at its end.
    """

    item: str
    media_s: list[float]


class TrackView(msgspec.Struct, frozen=True, rename="camel"):
    """A track, and the number of the buffer that holds its items.

    A buffer has an `ITEM_DTYPE` for each item; gaps are left out. `buffer` is -1 if
    the items are unchanged since they were sent last. So many of those come before the
    new ones as `head` says, and after them as `tail` says; the others are gone.
    """

    name: str
    type: Literal["video", "audio", "subtitle"]
    enabled: bool
    locked: bool
    sync_lock: Literal["auto", "on", "off"]
    gain_db: float
    buffer: int
    head: int
    tail: int
    ids: list[str]
    names: list[str]
    markers: list[ClipMarkerView]
    curves: list[CurveView]
    key_marks: list[KeyMarksView]
    ramps: list[RampView]
