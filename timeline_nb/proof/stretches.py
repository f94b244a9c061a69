"""Which stretches of its media an edit uses."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.speed import speed_of

__all__ = ["Stretch", "used_stretches"]

# Of media time, from and to, in seconds.
Stretch = tuple[Fraction, Fraction]
# What filters of sound and pictures look at before and after.
_LEAST: Final = Fraction(1, 5)


def used_stretches(timeline: Timeline, handles: Fraction) -> dict[str, list[Stretch]]:
    """Return what an edit uses of each media file, by path: rising, none overlapping.

    Transitions count, and retimed clips by the media that they show.

    Args:
        timeline: The edit, with those nested in it.
        handles: Seconds of media that are kept before and after.
    """
    found: dict[str, list[Stretch]] = {}
    more = max(handles, _LEAST)
    for clip, span in _clips(timeline):
        speed = speed_of(clip)
        low, high = (span.start, span.end) if speed is None else speed.shown(span)
        found.setdefault(clip.media.path, []).append(
            (max(Fraction(0), low - more), high + more)
        )
    return {path: _joined(parts) for path, parts in found.items()}


def _clips(timeline: Timeline) -> Iterator[tuple[Clip, TimeRange]]:
    """Yield the clips of files, and what each shows of its own time."""
    for track in timeline.tracks:
        for number, item in enumerate(track.items):
            if not isinstance(item, Clip):
                continue
            if item.media.timeline is not None:
                yield from _clips(item.media.timeline)
            elif item.media.is_file:
                yield item, _shown(track, number, item)


def _shown(track: Track, number: int, clip: Clip) -> TimeRange:
    before = track.items[number - 1] if number else None
    after = track.items[number + 1] if number + 1 < len(track.items) else None
    start, end = clip.source_range.start, clip.source_range.end
    if isinstance(before, Transition):
        start -= before.in_offset
    if isinstance(after, Transition):
        end += after.out_offset
    return TimeRange.between(start, end)


def _joined(parts: list[Stretch]) -> list[Stretch]:
    made: list[Stretch] = []
    for low, high in sorted(parts):
        if made and low <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], high)
        else:
            made.append((low, high))
    return made
