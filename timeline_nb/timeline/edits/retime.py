"""Retime: play a clip faster, slower or backwards, and keep all tracks in step."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.placed import (
    Placed,
    placed_items,
    row_of,
    trim_overlaps,
    with_duration,
)
from timeline_nb.timeline.model import Clip, Effect, Subtitle, Timeline
from timeline_nb.timeline.queries import linked
from timeline_nb.timeline.speed import speed_of

__all__ = ["retime", "retimed", "with_speed"]


def retime(  # noqa: PLR0913 - how a clip is played, and what goes along
    timeline: Timeline,
    item_id: str,
    *,
    rate: Fraction,
    keep_pitch: bool = True,
    blend: bool = False,
    alone: bool = False,
) -> Timeline:
    """Play a clip and those linked to it at a rate; the same media is shown.

    At twice the rate a clip takes half the time. On all unlocked tracks:

    - what begins after the clip moves with its end, as in a ripple;
    - a clip that begins over it (a title, say) begins at the same picture as before
      and keeps its duration; its tail is trimmed where the next item begins;
    - a subtitle over it begins and ends at the same pictures as before;
    - what begins before it stays where it is.

    A rate of 1 plays the clip as it was shot.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the clip.
        rate: Media seconds a second; below 0 the clip runs backwards.
        keep_pitch: Whether the sound keeps its pitch.
        blend: Whether frames between those of the media are mixed of both.
        alone: Leave the speed of what is linked to it as it is.

    Raises:
        TimelineError: There is no such clip, the rate is 0 or beyond 100, an item of
            another track is in the way of what moves, or a track is locked.
    """
    if not rate or abs(rate) > 100:
        raise TimelineError(
            Message(
                "a rate of {rate} cannot be played: give one up to 100, "
                "below 0 to run backwards, or freeze a frame",
                rate=f"{float(rate):g}",
            )
        )
    draft = Draft(timeline)
    places = linked(timeline, item_id, alone=alone)
    changed = {}
    for place in places:
        clip = timeline.tracks[place.track].items[place.item]
        if not isinstance(clip, Clip):
            raise TimelineError(
                Message("{item} is a subtitle: only clips have a speed", item=item_id)
            )
        changed[clip.id] = retimed(clip, rate, keep_pitch=keep_pitch, blend=blend)
    span = draft.position(places[0].track, places[0].item)
    mapping = _Stretch(span, changed[item_id].duration / span.duration)
    for number in sorted({place.track for place in places} | set(draft.unlocked())):
        track = timeline.tracks[number]
        is_own = any(place.track == number for place in places)
        if draft.end(number) <= span.start or (track.sync_lock == "off" and not is_own):
            continue
        draft.rebuild(
            number, row_of(track, _in_step(placed_items(track), mapping, changed))
        )
    return draft.finish()


@dataclass(frozen=True)
class _Stretch:
    """Where timeline seconds go when a clip takes another time.

    Args:
        span: The seconds that the clip took.
        factor: Its new duration over the old one.
    """

    span: TimeRange
    factor: Fraction

    def within(self, time: Fraction) -> Fraction:
        """Return the new time of a picture of the clip, also beyond its edges."""
        return self.span.start + (time - self.span.start) * self.factor

    def moved(self, time: Fraction) -> Fraction:
        """Return the new time of what was at a time of any track."""
        if time <= self.span.start:
            return time
        if time < self.span.end:
            return self.within(time)
        return time + self.span.duration * (self.factor - 1)


def _in_step(
    placed: list[Placed], mapping: _Stretch, changed: dict[str, Clip]
) -> list[Placed]:
    """Return the items of a track, moved along with a clip that was retimed."""
    moved: list[Placed] = []
    for one in placed:
        start, item = mapping.moved(one.start), one.item
        if item.id in changed:
            start, item = mapping.within(one.start), changed[item.id]
        elif isinstance(item, Subtitle):
            item = with_duration(item, mapping.moved(one.end) - start)
        elif (
            one.transition
            and one.previous_id not in changed
            and mapping.span.contains(one.start)
        ):
            # What a transition joins stays together.
            start = moved[-1].end
        moved.append(Placed(start, item, one.transition, one.previous_id))
    return trim_overlaps(moved)


def retimed(
    clip: Clip, rate: Fraction, *, keep_pitch: bool = True, blend: bool = False
) -> Clip:
    """Return a clip that shows the same media at another rate."""
    speed, span = speed_of(clip), clip.source_range
    first = speed.media_time(span.start) if speed else span.start
    last = speed.media_time(span.end) if speed else span.end
    shown = abs(last - first)
    if not shown:
        raise TimelineError(
            Message("{clip} holds one frame: it has no speed", clip=clip.label)
        )
    begins = min(first, last) if rate > 0 else max(first, last)
    length = shown / abs(rate)
    changed = with_duration(clip, length)
    if rate == 1:
        plain = tuple(e for e in clip.effects if e.kind != "speed")
        return replace(changed, effects=plain, source_range=TimeRange(begins, length))
    parameters: dict[str, Any] = {
        "rate": float(rate),
        "time": str(span.start),
        "media": str(begins),
    }
    if not keep_pitch:
        parameters["keep_pitch"] = False
    if blend:
        parameters["blend"] = True
    return with_speed(changed, parameters)


def with_speed(clip: Clip, parameters: dict[str, Any]) -> Clip:
    """Return the clip with a speed effect in place of the one that it had."""
    others = tuple(effect for effect in clip.effects if effect.kind != "speed")
    effect = Effect(kind="speed", parameters=parameters)
    return replace(clip, effects=(effect, *others))
