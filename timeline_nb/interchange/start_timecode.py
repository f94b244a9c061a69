"""The timecode of an edit's first frame, which its metadata keep.

The model counts from 0. Other programs begin at 01:00:00:00 or elsewhere, and an edit
that came from there goes back there.
"""

from fractions import Fraction
from typing import Any, Final

from timeline_nb.errors import TimeError
from timeline_nb.timebase import MAX_SECONDS, format_timecode, parse_time
from timeline_nb.timeline.model import Timeline

__all__ = ["START_TIMECODE", "start_frame_of", "start_metadata"]

START_TIMECODE: Final = "start_timecode"


def start_frame_of(timeline: Timeline) -> tuple[int, bool]:
    """Return the number of an edit's first frame, and whether it drops numbers."""
    told = timeline.metadata.get(START_TIMECODE)
    if not isinstance(told, str):
        return 0, False
    try:
        return round(parse_time(told, timeline.rate) * timeline.rate), ";" in told
    except TimeError:
        return 0, False


def start_metadata(
    frame: int, rate: Fraction, *, is_drop_frame: bool
) -> dict[str, Any]:
    """Return the metadata of an edit that begins at a frame; none if that is 0."""
    if not 0 < frame / rate < MAX_SECONDS:
        return {}
    try:
        text = format_timecode(frame / rate, rate, drop_frame=is_drop_frame)
    except TimeError:
        # The rate has no numbers that are dropped.
        text = format_timecode(frame / rate, rate)
    return {START_TIMECODE: text}
