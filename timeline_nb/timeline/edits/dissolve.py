"""Dissolve: let one clip become the next across their cut."""

from fractions import Fraction

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.queries import linked

__all__ = ["dissolve"]


def dissolve(
    timeline: Timeline, *, at: int, duration: Fraction, track: str | None = None
) -> Timeline:
    """Dissolve across a cut, half on either side, in picture and linked sound.

    Both clips must have as much media outside what they show. A transition that is
    there already is replaced.

    Args:
        timeline: What is edited.
        at: The number of the cut: 1 lies between the first clip and the second.
        duration: Seconds in all.
        track: On which video track; the first unlocked one if None.

    Raises:
        TimelineError: There is no such cut, a gap lies there, media is missing (both
            clips and the missing frames are named), or a track is locked.
    """
    draft = Draft(timeline)
    number = draft.track_for("video", track)
    shown = draft.tracks[number]
    numbers = [n for n, item in enumerate(shown.items) if isinstance(item, Clip)]
    if not 1 <= at < len(numbers):
        raise TimelineError(
            f"track {shown.name!r} has {max(0, len(numbers) - 1)} cuts between clips: "
            f"there is no cut {at}"
        )
    first, second = numbers[at - 1], numbers[at]
    if not _touch(shown, first, second):
        raise TimelineError(
            f"track {shown.name!r}: a gap lies between clips {at - 1} and {at}: "
            "there is nothing to dissolve"
        )
    pairs = [(number, first, second)]
    pairs += _sound_pairs(timeline, shown, first, second)
    transition = Transition(in_offset=duration / 2, out_offset=duration / 2)
    for place, before, after in pairs:
        draft.splice(place, before + 1, after, [transition])
    return draft.finish()


def _touch(track: Track, first: int, second: int) -> bool:
    between = track.items[first + 1 : second]
    return all(isinstance(item, Transition) for item in between)


def _sound_pairs(
    timeline: Timeline, track: Track, first: int, second: int
) -> list[tuple[int, int, int]]:
    """Pairs of linked sound that meet at the same cut."""
    ends = [
        {
            place.track: place.item
            for place in linked(timeline, item.id)
            if timeline.tracks[place.track].kind == "audio"
        }
        for item in (track.items[first], track.items[second])
        if isinstance(item, Clip)
    ]
    return [
        (number, before, ends[1][number])
        for number, before in ends[0].items()
        if number in ends[1]
        and before < ends[1][number]
        and _touch(timeline.tracks[number], before, ends[1][number])
    ]
