"""The speed effect, which `timeline.speed` reads; it does not change pictures."""

from timeline_nb.effects.parameters import boolean, number, text
from timeline_nb.effects.registry import time

__all__ = ["speed"]


@time(
    "time",
    rate=number(1.0, -100, 100, doc="Media seconds per clip second; 0 is a still."),
    time=text("0", "Reference time of the clip, as an exact fraction: '12/25'."),
    media=text("0", "Media time shown at the reference time, as a fraction."),
    keep_pitch=boolean(default=True, doc="Keep the pitch of the sound."),
    blend=boolean(doc="Mix neighboring frames where the media has none."),
)
def speed() -> None:
    """Play a clip faster, slower, backwards, as a still, or as a speed ramp."""
