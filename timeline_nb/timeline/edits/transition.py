"""Transitions: let one clip become the next across their cut."""

from fractions import Fraction
from typing import Any

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.queries import linked

__all__ = ["remove_transition", "transition"]


def transition(  # noqa: PLR0913 - a cut and what happens there
    timeline: Timeline,
    *,
    at: int,
    duration: Fraction,
    kind: str = "dissolve",
    sound: str = "dissolve",
    track: str | None = None,
    **parameters: Any,
) -> Timeline:
    """Let one clip become the next across a cut, half on either side, sound with it.

    Both clips must have as much media outside what they show. A transition that is
    there already is replaced.

    Args:
        timeline: What is edited.
        at: The number of the cut: 1 lies between the first clip and the second.
        duration: Seconds in all.
        kind: What it looks like.
        sound: What linked sound does: `dissolve` keeps the power, `equal_gain` the sum.
        track: On which track; the first unlocked video track if None.
        parameters: What the kind takes.

    Raises:
        TimelineError: There is no such cut, a gap lies there, media is missing (both
            clips and the missing frames are named), or a track is locked.
    """
    draft = Draft(timeline)
    number = _track_number(draft, track)
    shown = draft.tracks[number]
    first, second = _cut(shown, at)
    half = duration / 2
    made = Transition(kind=kind, in_offset=half, out_offset=half, parameters=parameters)
    heard = Transition(kind=sound, in_offset=half, out_offset=half)
    draft.splice(number, first + 1, second, [made])
    if shown.kind == "video":
        for place, before, after in _sound_pairs(timeline, shown, first, second):
            draft.splice(place, before + 1, after, [heard])
    return draft.finish()


def remove_transition(
    timeline: Timeline, *, at: int, track: str | None = None
) -> Timeline:
    """Make a cut hard again, in linked sound too.

    Raises:
        TimelineError: There is no such cut, or a track is locked.
    """
    draft = Draft(timeline)
    number = _track_number(draft, track)
    shown = draft.tracks[number]
    first, second = _cut(shown, at)
    draft.splice(number, first + 1, second, [])
    if shown.kind == "video":
        for place, before, after in _sound_pairs(timeline, shown, first, second):
            draft.splice(place, before + 1, after, [])
    return draft.finish()


def _track_number(draft: Draft, track: str | None) -> int:
    kinds = {t.name: t.kind for t in draft.tracks}
    kind = kinds.get(track or "", "video")
    return draft.track_for("audio" if kind == "audio" else "video", track)


def _cut(track: Track, at: int) -> tuple[int, int]:
    """The numbers of the items on either side of a cut."""
    numbers = [n for n, item in enumerate(track.items) if isinstance(item, Clip)]
    if not 1 <= at < len(numbers):
        raise TimelineError(
            f"track {track.name!r} has {max(0, len(numbers) - 1)} cuts between clips: "
            f"there is no cut {at}"
        )
    first, second = numbers[at - 1], numbers[at]
    if not _touch(track, first, second):
        raise TimelineError(
            f"track {track.name!r}: a gap lies between clips {at - 1} and {at}: "
            "there is nothing to dissolve"
        )
    return first, second


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
