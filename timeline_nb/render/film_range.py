"""The frames of a timeline that a film has: at a rate, from a start to an end."""

from fractions import Fraction
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.render.containers import container_of
from timeline_nb.render.profile import Profile
from timeline_nb.timebase import frame_at, frame_count
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["at_film_rate", "find_span", "is_whole", "refuse_empty"]

# 100 hours. Planning costs a millisecond for each two seconds, and a century has
# 1,600 million such.
_LONGEST_S: Final = 360_000


def at_film_rate(
    timeline: Timeline, path: Path, profile: Profile
) -> tuple[Timeline, list[str]]:
    """Return the timeline at the rate of its film, and warnings about that rate.

    Frame `n` shows what the timeline shows at `n / rate` seconds: sources are read at
    that exact time, whatever the rate that the timeline is edited at.

    Args:
        timeline: What is rendered.
        path: The film's name; some containers limit the rate.
        profile: May ask for a rate.
    """
    rate = profile.rate or timeline.rate
    most = container_of(path).most_rate
    warnings: list[str] = []
    if most and rate > most:
        warnings.append(
            Message(
                "{suffix} at {rate} frames a second would be slowed down by browsers: "
                "it is written at {most}, the nearest rate that they play",
                suffix=path.suffix,
                rate=f"{float(rate):g}",
                most=most,
            )
        )
        rate = Fraction(most)
    if rate == timeline.rate:
        return timeline, warnings
    return replace(timeline, rate=rate), warnings


def find_span(
    timeline: Timeline, start: Fraction | None, end: Fraction | None
) -> range:
    """Return the frames from the one shown at `start` to before the one at `end`.

    Adjacent ranges have every frame once.

    Args:
        timeline: What is rendered, at the film's rate.
        start: Timeline seconds; the timeline's start if None.
        end: Timeline seconds; the timeline's end if None.

    Raises:
        RenderError: A time is outside the timeline, no frame is between them, or they
            are more than 100 hours apart.
    """
    length = duration(timeline)
    for name, time in (("start", start), ("end", end)):
        if time is not None and not 0 <= time <= length:
            raise RenderError(
                Message(
                    "{name}={time} s is outside {edit}, which is {length} s long",
                    name=name,
                    time=f"{float(time):g}",
                    edit=repr(timeline.name),
                    length=f"{float(length):g}",
                )
            )
    count = frame_count(length, timeline.rate)
    first = 0 if start is None else frame_at(start, timeline.rate)
    last = count if end is None or end == length else frame_at(end, timeline.rate)
    if first >= last and (start is not None or end is not None):
        raise RenderError(
            Message(
                "no frame of {name} lies between start={start} s and end={end} s",
                name=repr(timeline.name),
                start=f"{float(start or 0):g}",
                end=f"{float(length if end is None else end):g}",
            )
        )
    seconds = float((last - first) / timeline.rate)
    if seconds > _LONGEST_S:
        raise RenderError(
            Message(
                "{name} would be a film of {seconds} s, and the longest "
                "has {longest} (100 hours): render parts of it with "
                "start and end",
                name=repr(timeline.name),
                seconds=f"{seconds:,.0f}",
                longest=f"{_LONGEST_S:,}",
            )
        )
    return range(first, last)


def is_whole(span: range, timeline: Timeline) -> bool:
    """Return whether a span has all frames of a timeline."""
    return len(span) == frame_count(duration(timeline), timeline.rate)


def refuse_empty(timeline: Timeline, span: range) -> None:
    """Refuse a film without a frame.

    Raises:
        RenderError: The span has none.
    """
    if not span:
        raise RenderError(
            Message(
                "{name} is empty: there is nothing to render", name=repr(timeline.name)
            )
        )
