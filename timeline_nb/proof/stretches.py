"""Which stretches of its media an edit uses."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, Literal, TypeVar

from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.speed import speed_of

__all__ = ["Stretch", "heard_stretches", "shown_stretches", "used_stretches"]

# Of media time, from and to, in seconds.
Stretch = tuple[Fraction, Fraction]
K = TypeVar("K")
_Kind = Literal["video", "audio"]
# What filters of sound and pictures look at before and after.
_LEAST: Final = Fraction(1, 5)


def used_stretches(timeline: Timeline, handles: Fraction) -> dict[str, list[Stretch]]:
    """Return what an edit uses of each media file, by path: rising, none overlapping.

    Transitions count, and retimed clips by the media that they show.

    Args:
        timeline: The edit, with those nested in it.
        handles: Seconds of media that are kept before and after.
    """
    more = max(handles, _LEAST)
    return _stretches(_clips(timeline), more, lambda clip: clip.media.path)


def shown_stretches(timeline: Timeline) -> dict[str, list[Stretch]]:
    """Return of which stretches an edit shows the pictures, as `used_stretches`.

    Tracks that are switched off do not count, and a fifth of a second around does.
    """
    clips = _clips(timeline, "video")
    return _stretches(clips, _LEAST, lambda clip: clip.media.path)


def heard_stretches(
    timeline: Timeline,
) -> dict[tuple[str, AudioChoice], list[Stretch]]:
    """Return of which stretches an edit plays the sound, as `shown_stretches`.

    Those of which other streams of a file are heard have their own.
    """
    heard = (own for own in _clips(timeline, "audio") if own[0].media.has_audio)
    return _stretches(heard, _LEAST, lambda clip: (clip.media.path, clip.audio))


def _stretches(
    clips: Iterator[tuple[Clip, TimeRange]],
    more: Fraction,
    key: Callable[[Clip], K],
) -> dict[K, list[Stretch]]:
    found: dict[K, list[Stretch]] = {}
    for clip, span in clips:
        speed = speed_of(clip)
        low, high = (span.start, span.end) if speed is None else speed.shown(span)
        found.setdefault(key(clip), []).append(
            (max(Fraction(0), low - more), high + more)
        )
    return {name: _joined(parts) for name, parts in found.items()}


def _clips(
    timeline: Timeline, kind: _Kind | None = None
) -> Iterator[tuple[Clip, TimeRange]]:
    """Yield the clips of files, and what each shows of its own time.

    Args:
        timeline: The edit.
        kind: Of the tracks, of which those that are switched off are left out; all
            tracks if not given.
    """
    for track in timeline.tracks:
        if kind is not None and not (track.kind == kind and track.enabled):
            continue
        for number, item in enumerate(track.items):
            if not isinstance(item, Clip):
                continue
            if item.media.timeline is not None:
                yield from _clips(item.media.timeline, kind)
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
