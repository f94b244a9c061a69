"""What clips lack of files that got other contents: where those hold nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.compose.item_files import files_of_items
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    MediaReference,
    Timeline,
    Track,
    TrackKind,
    Transition,
)
from timeline_nb.timeline.queries import media
from timeline_nb.timeline.speed import available_of

__all__ = ["LostPart", "kept_part", "lacks", "lost_parts"]

_ZERO: Final = Fraction(0)


@dataclass(frozen=True)
class LostPart:
    """A clip that shows or sounds like more than its file holds.

    Args:
        path: Of the file.
        clip: The clip; of a nested timeline, the one of the outermost.
        track: The name of the clip's track.
        number: The clip's, among the items of its track.
        at: The timeline second from which on it lacks something.
        end: The timeline second until which it does.
    """

    path: str
    clip: Clip
    track: str
    number: int
    at: Fraction
    end: Fraction


def lacks(was: MediaReference, now: MediaReference) -> bool:
    """Return whether a file lacks what it held: pictures, sound, or its last seconds.

    Args:
        was: As an edit has it.
        now: As the file is.
    """
    had, has = was.available_range, now.available_range
    is_short = has is not None and (had is None or has.end < had.end)
    has_no_picture = was.size is not None and now.size is None
    return is_short or has_no_picture or (was.has_audio and not now.has_audio)


def kept_part(
    track: Track, number: int, now: MediaReference, rate: Fraction
) -> TimeRange | None:
    """Return what is left of a clip where its file is as it is now.

    A transition needs the whole of what it plays over: where a part of that is lost,
    it is lost as a whole.

    Args:
        track: The clip's.
        number: The clip's, among the items of the track.
        now: What the file is now.
        rate: Frames a second of the timeline: less than one is not missed.

    Returns:
        Clip seconds, of no duration if nothing is left; None if nothing is lost.
    """
    clip = track.items[number]
    if not isinstance(clip, Clip):
        return None
    own, reach = clip.source_range, _reach(clip, track.kind, now)
    if reach is None:
        return None
    # Seconds over which a transition plays before and after each edge.
    before_start, after_start = _bridge(track, number - 1)
    before_end, after_end = _bridge(track, number + 1)
    first, last = own.start, own.end
    if reach.start - (own.start - before_start) >= 1 / rate:
        first = max(reach.start, own.start + after_start)
    if own.end + after_end - reach.end >= 1 / rate:
        last = min(reach.end, own.end - before_end)
    if (first, last) == (own.start, own.end):
        return None
    if last <= first or last - first < max(after_start, before_end):
        return TimeRange(own.start, _ZERO)
    return TimeRange.between(first, last)


def _bridge(track: Track, number: int) -> tuple[Fraction, Fraction]:
    """Return the seconds of a transition before and after its cut; 0 without one."""
    item = track.items[number] if 0 <= number < len(track.items) else None
    if isinstance(item, Transition):
        return item.in_offset, item.out_offset
    return _ZERO, _ZERO


def _reach(clip: Clip, kind: TrackKind, now: MediaReference) -> TimeRange | None:
    """Return the range of a clip's time that a file has; None if it has no end."""
    if now.size is None if kind == "video" else not now.has_audio:
        return TimeRange(clip.source_range.start, _ZERO)
    try:
        return available_of(replace(clip, media=now))
    except TimelineError:
        # A speed that cannot be used is named by the player.
        return None


def lost_parts(
    timeline: Timeline, replaced: Mapping[str, MediaReference]
) -> Iterator[LostPart]:
    """Yield the clips on enabled tracks that lack something, track by track.

    Args:
        timeline: The timeline, with those nested in it.
        replaced: What files are now that are not as the timeline has them, by path.
    """
    if not replaced:
        return
    for track in timeline.tracks:
        if not track.enabled:
            continue
        files = files_of_items(track.items)
        is_meant = any(path in replaced for path in files.media)
        for number in range(len(track.items)) if is_meant else files.others:
            yield from _lost(track, number, replaced, timeline.rate)


def _lost(
    track: Track, number: int, replaced: Mapping[str, MediaReference], rate: Fraction
) -> Iterator[LostPart]:
    clip = track.items[number]
    if not isinstance(clip, Clip):
        return
    start, own = layout_of(track.items).start(number), clip.source_range
    end = start + own.duration
    if clip.media.timeline is not None:
        inner = clip.media.timeline
        paths = {one.path for one in lost_parts(inner, replaced)}
        for path in media(inner):
            if path in paths:
                yield LostPart(path, clip, track.name, number, start, end)
        return
    now = replaced.get(clip.media.path) if clip.media.is_file else None
    kept = None if now is None else kept_part(track, number, now, rate)
    if kept is None:
        return
    if kept.start == own.start:
        yield LostPart(
            clip.media.path, clip, track.name, number, start + kept.duration, end
        )
    else:
        until = end if kept.end < own.end else start + kept.start - own.start
        yield LostPart(clip.media.path, clip, track.name, number, start, until)
