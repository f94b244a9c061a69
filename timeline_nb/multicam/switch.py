"""Switch: clips of the camera that is shown at each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Effect

__all__ = ["Angle", "switched"]

_MILLIONTH = Fraction(1, 1_000_000)


@dataclass(frozen=True)
class Angle:
    """A camera.

    Args:
        name: The name of the camera.
        clip: Its whole recording.
        offset: The second of the common time at which the recording begins.
        drift_ppm: Clock drift in parts per million, above 0 if its clock runs slow.
    """

    name: str
    clip: Clip
    offset: Fraction = Fraction(0)
    drift_ppm: float = 0.0

    def between(self, start: Fraction, end: Fraction) -> Clip:
        """Return a clip of what it recorded between two seconds of the common time.

        Raises:
            TimelineError: It was not recording all that time.
        """
        own = self.clip.source_range
        speed = 1 / (1 + Fraction(round(self.drift_ppm * 1000), 1000) * _MILLIONTH)
        first = own.start + (start - self.offset) * speed
        last = first + (end - start) * speed
        if first < own.start - _MILLIONTH or last > own.end + _MILLIONTH:
            raise TimelineError(
                f"{self.name!r} was not running from {float(start):g} s to "
                f"{float(end):g} s: it has {float(self.offset):g} s to "
                f"{float(self.offset + own.duration / speed):g} s"
            )
        span = TimeRange(max(first, own.start), end - start)
        effects = self.clip.effects
        # Less than 10 ms over the whole clip is under a frame: not worth resampling.
        if abs(1 - speed) * (end - start) > Fraction(1, 100):
            parameters: dict[str, Any] = {
                "rate": float(speed),
                "time": str(span.start),
                "media": str(span.start),
            }
            effects = (Effect(kind="speed", parameters=parameters), *effects)
        elif span.end > own.end:
            span = TimeRange(own.end - span.duration, span.duration)
        return replace(
            self.clip, name=self.name, source_range=span, effects=effects, link=""
        )


def switched(
    angles: Sequence[Angle], cuts: Sequence[tuple[Fraction, str]], end: Fraction
) -> list[Clip]:
    """Return clips in a row: at each time, of the angle that was switched to last.

    Args:
        angles: The cameras.
        cuts: When, in common time, and to which angle; in order of time.
        end: When the last one ends.

    Raises:
        TimelineError: An angle is unknown or was not recording, or times are not in
            order.
    """
    known = {angle.name: angle for angle in angles}
    clips = []
    for place, (start, name) in enumerate(cuts):
        until = cuts[place + 1][0] if place + 1 < len(cuts) else end
        if name not in known:
            near = get_close_matches(name, known, 1, 0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise TimelineError(
                f"there is no angle {name!r}: {hint}there are {', '.join(known)}"
            )
        if until <= start:
            raise TimelineError(
                f"the cut to {name!r} at {float(start):g} s is not before the next, at "
                f"{float(until):g} s"
            )
        clips.append(known[name].between(start, until))
    return clips
