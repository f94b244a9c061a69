"""Nested: edit the timeline that a clip shows, where it is shown."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.model import Clip, MediaReference, Timeline, Track, Transition
from timeline_nb.timeline.queries import duration, find
from timeline_nb.timeline.speed import speed_of
from timeline_nb.timeline.validate import validate

__all__ = ["edit_nested", "nested_timeline"]


def nested_timeline(timeline: Timeline, clip: str) -> Timeline:
    """Return the timeline that a clip shows.

    Raises:
        TimelineError: There is no such clip, or it shows no timeline.
    """
    place = find(timeline, clip)
    item = timeline.tracks[place.track].items[place.item]
    inner = item.media.timeline if isinstance(item, Clip) else None
    if inner is None:
        raise TimelineError(
            Message(
                "{item} shows no timeline: only a nested timeline can be opened",
                item=named(timeline, clip),
            )
        )
    return inner


def edit_nested(
    timeline: Timeline, clips: Sequence[str], edit: Callable[[Timeline], Timeline]
) -> Timeline:
    """Edit a nested timeline.

    All clips that show the same timeline, such as both halves of one that was split,
    show the changed one. They keep their times: where it has become shorter than they
    are, its last frame stays.

    Args:
        timeline: The timeline to edit.
        clips: The ids of the clips that lead there, from the outside; none for the
            timeline itself.
        edit: Returns the nested timeline, changed.

    Raises:
        TimelineError: There is no such clip, it shows no timeline, or the change
            cannot be made.
    """
    if not clips:
        return edit(timeline)
    old = nested_timeline(timeline, clips[0])
    new = edit_nested(old, clips[1:], edit)
    if new is old:
        return timeline
    tracks = tuple(_track(track, old, new) for track in timeline.tracks)
    changed = replace(timeline, tracks=tracks)
    validate(changed)
    return changed


def _track(track: Track, old: Timeline, new: Timeline) -> Track:
    if not any(_shows(item, old) for item in track.items):
        return track
    items = list(track.items)
    for number, item in enumerate(items):
        if isinstance(item, Clip) and _shows(item, old):
            following = items[number + 1] if number + 1 < len(items) else None
            media = _media(item, new, _handle(following))
            items[number] = replace(item, media=media)
    return replace(track, items=tuple(items))


def _shows(item: object, timeline: Timeline) -> bool:
    return isinstance(item, Clip) and item.media.timeline == timeline


def _handle(following: object) -> Fraction:
    """Return how much of a clip is shown after its end."""
    return following.out_offset if isinstance(following, Transition) else Fraction(0)


def _media(clip: Clip, new: Timeline, handle: Fraction) -> MediaReference:
    """Return what a clip shows of the changed timeline: at least what it showed."""
    available = clip.media.available_range
    end = duration(new)
    if available is not None and end < available.end:
        is_retimed = speed_of(clip) is not None
        shown = available.end if is_retimed else clip.source_range.end + handle
        end = max(end, min(available.end, shown))
    has_audio = any(track.kind == "audio" and track.items for track in new.tracks)
    return replace(
        clip.media,
        available_range=TimeRange(Fraction(0), end),
        rate=new.rate,
        size=new.size,
        has_audio=clip.media.has_audio or has_audio,
        timeline=new,
    )
