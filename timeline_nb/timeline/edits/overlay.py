"""Overlay: put a clip over the picture, on the first track that is free there."""

from fractions import Fraction

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.place import overwrite
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Gap, Timeline, Track

__all__ = ["overlay"]


def overlay(
    timeline: Timeline, clip: Clip, *, at: Fraction, track: str | None = None
) -> Timeline:
    """Put a generated clip, or a nested timeline, over the picture.

    Without a track's name it goes on the lowest unlocked video track that is above
    all that is shown in that time, is empty there, and holds nothing but such clips;
    a new track above all others is made if there is none. Titles one after another
    share one track.

    Args:
        timeline: The timeline to edit.
        clip: The clip.
        at: Timeline seconds at which it begins.
        track: The name of a video track: the clip is put over whatever is there.

    Raises:
        TimelineError: There is no such track, it is locked, `at` is before 0, or the
            clip is not valid.
    """
    if track is None:
        draft = Draft(timeline)
        number = _free_track(timeline, TimeRange(at, clip.duration))
        if number is None:
            number = draft.add_track("video")
        timeline, track = draft.finish(), draft.tracks[number].name
    return overwrite(timeline, [clip], at=at, track=track)


def _free_track(timeline: Timeline, span: TimeRange) -> int | None:
    """Return the number of the lowest track that can take an overlay, or None."""
    numbers = [n for n, track in enumerate(timeline.tracks) if track.kind == "video"]
    shown = [n for n in numbers if not _is_empty(timeline.tracks[n], span)]
    above = [n for n in numbers if n > max(shown, default=-1)]
    for number in above:
        track = timeline.tracks[number]
        # Footage is still to come on a lowest track without items.
        waits = number == numbers[0] and not track.items
        if not track.locked and not waits and _holds_overlays(track):
            return number
    return None


def _holds_overlays(track: Track) -> bool:
    return all(not item.media.is_file for item in track.items if isinstance(item, Clip))


def _is_empty(track: Track, span: TimeRange) -> bool:
    """Tell whether a track shows nothing in a stretch of time."""
    layout = layout_of(track.items)
    if span.start >= layout.end:
        return True
    index = layout.index_at(max(span.start, Fraction(0)))
    while index < len(track.items) and layout.start(index) < span.end:
        begins, ends = layout.start(index), layout.start(index + 1)
        if ends > begins and not isinstance(track.items[index], Gap):
            return False
        index += 1
    return True
