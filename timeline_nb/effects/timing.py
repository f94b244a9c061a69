"""Timing: what `timeline.speed` reads of a clip; nothing is done to its pictures."""

from timeline_nb.effects.parameters import boolean, number, text
from timeline_nb.effects.registry import time

__all__ = ["speed"]


@time(
    "time",
    rate=number(1.0, -100, 100, doc="Media seconds a second; 0 is a still."),
    time=text("0", "A moment of the clip's time, exact: '12/25'."),
    media=text("0", "The second of the media that it shows."),
    keep_pitch=boolean(default=True, doc="Of the sound."),
    blend=boolean(doc="Frames between those of the media are mixed of both."),
)
def speed() -> None:
    """Faster, slower, backwards or still; keyframes of `rate` make a ramp."""
