"""Append, insert, overwrite: put clips on tracks, with their sound."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.follow import make_room
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.edits.redaction import redacted, redactions_of
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Timeline,
    Track,
    TrackKind,
    Transform,
    Transition,
)

__all__ = ["Part", "append", "insert", "overwrite"]

Part: TypeAlias = Literal["picture", "sound"]


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
    for parts in _placed(draft, clips, _Target(track)):
        at = max(draft.end(number) for number, _ in parts)
        for number, clip in parts:
            draft.replace(number, TimeRange(at, clip.duration), [clip])
    return draft.finish()


def insert(  # noqa: PLR0913 - what is placed, when, and on which tracks
    timeline: Timeline,
    clips: Iterable[Clip],
    *,
    at: Fraction,
    track: str | None = None,
    sound: str | None = None,
    only: Part | None = None,
) -> Timeline:
    """Insert clips at a time; what follows moves later on all unlocked tracks.

    Clips of the tracks that take them are split there, with those linked to them; on
    other tracks what spans that time stays whole, unless their `sync_lock` is `on`.
    The sound of what goes over the picture, on a video track but the first, goes to
    an audio track on which nothing would be split, which is made if there is none.

    Args:
        timeline: The timeline to edit.
        clips: The clips.
        at: Timeline seconds.
        track: The track of the clips: of their picture if they have one.
        sound: The audio track of their sound.
        only: Which part of them is taken: `picture` or `sound`; both if not given.

    Raises:
        TimelineError: As `append`, or `at` is before 0, or within a transition.
    """
    draft = Draft(timeline)
    _refuse_negative(at)
    target = _Target(track, sound, only, TimeRange(at, Fraction(0)))
    placed = _placed(draft, clips, target)
    length = sum((parts[0][1].duration for parts in placed), Fraction(0))
    instant = TimeRange(at, Fraction(0))
    targets = {number for parts in placed for number, _ in parts}
    for number in sorted(targets):
        draft.replace(number, instant, _row(number, placed))
    make_room(draft, at, length, targets)
    return draft.finish()


def overwrite(  # noqa: PLR0913 - what is placed, when, and on which tracks
    timeline: Timeline,
    clips: Iterable[Clip],
    *,
    at: Fraction,
    track: str | None = None,
    sound: str | None = None,
    only: Part | None = None,
) -> Timeline:
    """Overwrite what is at a time with clips; nothing else moves.

    The sound of what goes over the picture, on a video track but the first, goes to
    an audio track that is free there, which is made if there is none.

    Args:
        timeline: The timeline to edit.
        clips: The clips.
        at: Timeline seconds.
        track: The track of the clips: of their picture if they have one.
        sound: The audio track of their sound.
        only: Which part of them is taken: `picture` or `sound`; both if not given.

    Raises:
        TimelineError: As `append`, or `at` is before 0.
    """
    draft = Draft(timeline)
    _refuse_negative(at)
    wanted = list(clips)
    length = sum((getattr(clip, "duration", Fraction(0)) for clip in wanted), at - at)
    target = _Target(track, sound, only, TimeRange(at, length))
    for parts in _placed(draft, wanted, target):
        for number, clip in parts:
            draft.replace(number, TimeRange(at, clip.duration), [clip])
        at += parts[0][1].duration
    return draft.finish()


@dataclass(frozen=True)
class _Target:
    """Where clips go.

    Args:
        track: The track of the clips: of their picture if they have one.
        sound: The audio track of their sound.
        only: Which part of them is taken.
        span: The timeline seconds that they take; None at the end of the tracks.
    """

    track: str | None = None
    sound: str | None = None
    only: Part | None = None
    span: TimeRange | None = None


def _row(number: int, placed: list[list[tuple[int, Clip]]]) -> list[Item]:
    """Return the clips of one track in a row, with gaps for those of other tracks."""
    row: list[Item] = []
    for parts in placed:
        own = [clip for target, clip in parts if target == number]
        row += own or [Gap(duration=duration_of(parts[0][1]))]
    return row


def _placed(
    draft: Draft, clips: Iterable[Clip], target: _Target
) -> list[list[tuple[int, Clip]]]:
    """Return each clip and its sound, with the numbers of their tracks and new ids."""
    wanted = list(clips)
    if not all(isinstance(clip, Clip) for clip in wanted):
        raise TimelineError("only clips can be placed: make one with media.clip(...)")
    for clip in wanted:
        _tracks_for(draft, clip, target)
    redactions = redactions_of(draft.tracks)
    placed = []
    for clip in wanted:
        # Asked again: a track made for a later clip may have moved the others.
        numbers = _tracks_for(draft, clip, target)
        item_id = draft.new_id("c")
        link = f"l{item_id[1:]}" if len(numbers) > 1 else ""
        if draft.tracks[numbers[0]].kind == "audio" and clip.media.size is not None:
            placed.append([(numbers[0], _sound_of(clip, item_id, ""))])
            continue
        shown = redacted(clip, redactions)
        parts = [(numbers[0], replace(shown, id=item_id, link=link))]
        if link:
            parts.append((numbers[1], _sound_of(clip, draft.new_id("c"), link)))
        placed.append(parts)
    return placed


def _tracks_for(draft: Draft, clip: Clip, target: _Target) -> list[int]:
    """Return the track of a clip, and that of its sound."""
    has_picture, has_sound = clip.media.size is not None, clip.media.has_audio
    if not has_picture:
        if target.only == "picture":
            raise TimelineError(
                Message("{item} has no picture: take its sound", item=spoken(clip))
            )
        return [draft.track_for("audio", target.sound or target.track)]
    if target.only == "sound":
        if not has_sound:
            raise TimelineError(
                Message("{item} has no sound: take its picture", item=spoken(clip))
            )
        return [draft.track_for("audio", target.sound)]
    numbers = [draft.track_for("video", target.track)]
    if has_sound and target.only is None:
        is_over = target.track is not None and numbers[0] != _first(draft, "video")
        if target.sound is None and is_over and target.span is not None:
            numbers.append(_free_audio(draft, target.span))
        else:
            numbers.append(draft.track_for("audio", target.sound))
    return numbers


def _first(draft: Draft, kind: TrackKind) -> int:
    """Return the first unlocked track of a kind; -1 if there is none."""
    kinds = (n for n in draft.unlocked() if draft.tracks[n].kind == kind)
    return next(kinds, -1)


def _free_audio(draft: Draft, span: TimeRange) -> int:
    """Return the first unlocked audio track that is free in a range, or a new one."""
    for number in draft.unlocked():
        track = draft.tracks[number]
        if track.kind == "audio" and _is_free(track, span):
            return number
    return draft.add_track("audio")


def _is_free(track: Track, span: TimeRange) -> bool:
    """Tell whether nothing lies in a range, or across it if it is an instant."""
    layout = layout_of(track.items)
    if span.start >= layout.end:
        return True
    index = layout.index_at(span.start)
    if isinstance(track.items[index], Gap):
        return span.end <= layout.start(index + 1)
    is_edge = layout.start(index) == span.start
    before = track.items[index - 1] if index else None
    return is_edge and not span.duration and not isinstance(before, Transition)


def _sound_of(clip: Clip, item_id: str, link: str) -> Clip:
    return replace(clip, id=item_id, link=link, transform=Transform(), metadata={})


def _refuse_negative(at: Fraction) -> None:
    if at < 0:
        raise TimelineError(
            Message(
                "nothing can stand at {at} s, before the start", at=f"{float(at):g}"
            )
        )
