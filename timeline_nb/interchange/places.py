"""Where something is in an edit, as a report says it."""

from fractions import Fraction

from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.model import Clip, Item, Subtitle

__all__ = ["clip_place", "item_place", "time_place"]

_LONGEST = 40


def clip_place(track: str, name: str, at: Fraction, rate: Fraction) -> str:
    """Return the place of a clip.

    Args:
        track: The track's name.
        name: The clip's.
        at: The second of the edit at which it begins.
        rate: Frames a second of the edit.

    Example:
        >>> clip_place("V1", "bikes", Fraction(112, 25), Fraction(25))
        'V1, clip "bikes" at 00:00:04:12'
    """
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    clip = f'clip "{short}"' if short else "a clip"
    return time_place(f"{track}, {clip}", at, rate)


def item_place(track: str, item: Item, at: Fraction, rate: Fraction) -> str:
    """Return the place of an item of any kind, as `clip_place`."""
    if isinstance(item, Clip):
        return clip_place(track, item.name or item.media.label, at, rate)
    what = "the line " if isinstance(item, Subtitle) else ""
    return time_place(f"{track}, {what}{spoken(item)}", at, rate)


def time_place(what: str, at: Fraction, rate: Fraction) -> str:
    """Return a thing and its timecode in the edit."""
    return f"{what} at {format_timecode(at, rate)}"
