"""Messages to the inspector: the settings of the selected clips."""

import msgspec

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.effect_answers import KeyView

__all__ = ["ClipDetails", "InspectorView"]


class ClipDetails(msgspec.Struct, frozen=True, rename="camel"):
    """A clip's settings, as they are at the playhead.

    Args:
        media: The name of what it shows.
        track: The name of its track.
        has_pictures: Whether it lies on a track of pictures.
        has_sound: Whether it lies on a track of sound.
        crop: Shares cut off at the left, top, right and bottom.
        speed: Media seconds a second, below 0 backwards, 0 for a held frame.
        ramp: The keyframes of its speed.
        rates: Its speed at even steps, where that changes.
        keys: The keyframes of its own parameters, by name.
    """

    id: str
    name: str
    media: str
    track: str
    start_s: float
    duration_s: float
    source_start_s: float
    has_pictures: bool
    has_sound: bool
    x: float
    y: float
    scale: float
    rotation_deg: float
    opacity: float
    fit: str
    blend: str
    crop: list[float]
    gain_db: float
    pan: float
    fade_in_s: float
    fade_out_s: float
    speed: float
    keep_pitch: bool
    blend_frames: bool
    ramp: list[KeyView]
    rates: list[float]
    keys: dict[str, list[KeyView]]


class InspectorView(Answer, frozen=True, kw_only=True, tag="inspector"):
    """The settings of the selected clips."""

    clips: list[ClipDetails]
