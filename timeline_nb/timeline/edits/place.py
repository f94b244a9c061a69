"""Append, insert, overwrite: put clips on tracks, with their sound."""

from collections.abc import Iterable
from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.follow import make_room
from timeline_nb.timeline.edits.redaction import redacted, redactions_of
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.model import Clip, Gap, Item, Timeline, Transform

__all__ = ["append", "insert", "overwrite"]


def append(
    timeline: Timeline, clips: Iterable[Clip], *, track: str | None = None
) -> Timeline:
    """Put clips at the end of a track, one after another.

    A clip with pictures goes to the named video track, or the first unlocked one; if
    its media has sound, a linked clip with the same stretch goes to the first
    unlocked audio track, at the same time. A clip of sound alone goes to the named
    audio track, or the first. A clip of media that is redacted in the timeline is
    redacted as well.

    Raises:
        TimelineError: There is no such track, it is locked, or a clip is not valid.
    """
    draft = Draft(timeline)
    for parts in _placed(draft, clips, track):
        at = max(draft.end(number) for number, _ in parts)
        for number, clip in parts:
            draft.replace(number, TimeRange(at, clip.duration), [clip])
    return draft.finish()


def insert(
    timeline: Timeline,
    clips: Iterable[Clip],
    *,
    at: Fraction,
    track: str | None = None,
) -> Timeline:
    """Insert clips at a time; what follows moves later on all unlocked tracks.

    Clips of the tracks that take them are split there, with those linked to them; on
    other tracks what spans that time stays whole, unless their `sync_lock` is `on`.

    Raises:
        TimelineError: As `append`, or `at` is before 0, or within a transition.
    """
    draft = Draft(timeline)
    placed = _placed(draft, clips, track)
    _refuse_negative(at)
    length = sum((parts[0][1].duration for parts in placed), Fraction(0))
    instant = TimeRange(at, Fraction(0))
    targets = {number for parts in placed for number, _ in parts}
    for number in sorted(targets):
        draft.replace(number, instant, _row(number, placed))
    make_room(draft, at, length, targets)
    return draft.finish()


def overwrite(
    timeline: Timeline,
    clips: Iterable[Clip],
    *,
    at: Fraction,
    track: str | None = None,
) -> Timeline:
    """Overwrite what is at a time with clips; nothing else moves.

    Raises:
        TimelineError: As `append`, or `at` is before 0.
    """
    draft = Draft(timeline)
    placed = _placed(draft, clips, track)
    _refuse_negative(at)
    for parts in placed:
        for number, clip in parts:
            draft.replace(number, TimeRange(at, clip.duration), [clip])
        at += parts[0][1].duration
    return draft.finish()


def _row(number: int, placed: list[list[tuple[int, Clip]]]) -> list[Item]:
    """Return the clips of one track in a row, with gaps for those of other tracks."""
    row: list[Item] = []
    for parts in placed:
        own = [clip for target, clip in parts if target == number]
        row += own or [Gap(duration=duration_of(parts[0][1]))]
    return row


def _placed(
    draft: Draft, clips: Iterable[Clip], track: str | None
) -> list[list[tuple[int, Clip]]]:
    """Return each clip and its sound, with the numbers of their tracks and new ids."""
    wanted = list(clips)
    if not all(isinstance(clip, Clip) for clip in wanted):
        raise TimelineError("only clips can be placed: make one with media.clip(...)")
    for clip in wanted:
        _tracks_for(draft, clip, track)
    redactions = redactions_of(draft.tracks)
    placed = []
    for clip in wanted:
        # Asked again: a track made for a later clip may have moved the others.
        numbers = _tracks_for(draft, clip, track)
        item_id = draft.new_id("c")
        link = f"l{item_id[1:]}" if len(numbers) > 1 else ""
        shown = redacted(clip, redactions)
        parts = [(numbers[0], replace(shown, id=item_id, link=link))]
        if link:
            parts.append((numbers[1], _sound_of(clip, draft.new_id("c"), link)))
        placed.append(parts)
    return placed


def _tracks_for(draft: Draft, clip: Clip, track: str | None) -> list[int]:
    """Return the track of a clip, and that of its sound."""
    if clip.media.size is None:
        return [draft.track_for("audio", track)]
    numbers = [draft.track_for("video", track)]
    if clip.media.has_audio:
        numbers.append(draft.track_for("audio"))
    return numbers


def _sound_of(clip: Clip, item_id: str, link: str) -> Clip:
    return replace(clip, id=item_id, link=link, transform=Transform(), metadata={})


def _refuse_negative(at: Fraction) -> None:
    if at < 0:
        raise TimelineError(f"nothing can stand at {float(at):g} s, before the start")
