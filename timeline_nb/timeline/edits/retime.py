"""Retime: play a clip faster, slower, backwards, or as a still."""

from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Effect, Gap, Timeline
from timeline_nb.timeline.queries import linked
from timeline_nb.timeline.speed import speed_of

__all__ = ["freeze", "retime"]


def retime(
    timeline: Timeline,
    item_id: str,
    *,
    rate: Fraction,
    keep_pitch: bool = True,
    blend: bool = False,
) -> Timeline:
    """Play a clip and those linked to it at a rate; what is shown stays the same.

    At twice the speed a clip takes half the time: what follows on its track closes up,
    or makes room. A rate of 1 plays it as it was shot.

    Args:
        timeline: What is edited.
        item_id: The clip.
        rate: Media seconds a second; below 0 it runs backwards.
        keep_pitch: Whether the sound keeps its pitch.
        blend: Whether frames between those of the media are mixed of both.

    Raises:
        TimelineError: There is no such clip, the rate is 0 or beyond 100, or a track
            is locked.
    """
    if not rate or abs(rate) > 100:
        raise TimelineError(
            f"a rate of {float(rate):g} cannot be played: give one up to 100, below 0 "
            "to run backwards, or freeze a frame"
        )
    draft = Draft(timeline)
    for place in linked(timeline, item_id):
        clip = timeline.tracks[place.track].items[place.item]
        if isinstance(clip, Clip):
            changed = _retimed(clip, rate, keep_pitch=keep_pitch, blend=blend)
            _put(draft, place.track, clip.id, changed)
    return draft.finish()


def freeze(
    timeline: Timeline, item_id: str, *, at: Fraction, duration: Fraction
) -> Timeline:
    """Hold a frame of a clip for a while: what follows on its track makes room.

    Args:
        timeline: What is edited.
        item_id: The clip, on a video track.
        at: The timeline second of the frame, within the clip.
        duration: Seconds for which it is held.

    Raises:
        TimelineError: The clip is not there at that time, `duration` is not more than
            0, or the track is locked.
    """
    draft = Draft(timeline)
    place = linked(timeline, item_id)[0]
    items = timeline.tracks[place.track].items
    clip, start = items[place.item], layout_of(items).start(place.item)
    if not isinstance(clip, Clip) or not start <= at < start + clip.duration:
        raise TimelineError(f"{item_id!r} is no clip that shows {float(at):g} s")
    if duration <= 0:
        raise TimelineError(f"a frame cannot be held for {float(duration):g} s")
    moment = clip.source_range.start + at - start
    speed = speed_of(clip)
    media = speed.media_time(moment) if speed else moment
    hold = _with_speed(clip, {"rate": 0, "time": str(moment), "media": str(media)})
    held = replace(
        hold,
        id=draft.new_id("c"),
        link="",
        source_range=TimeRange(moment, duration),
        fade_in=Fraction(0),
        fade_out=Fraction(0),
    )
    parts = [held]
    first, last = at - start, clip.source_range.end - moment
    span = clip.source_range
    if first:
        head = replace(
            clip, source_range=TimeRange(span.start, first), fade_out=Fraction(0)
        )
        parts.insert(0, head)
    if last:
        own = clip.id if not first else draft.new_id("c")
        tail = TimeRange(moment, last)
        rest = replace(clip, id=own, link="", source_range=tail, fade_in=Fraction(0))
        parts.append(rest)
    draft.splice(place.track, place.item, place.item + 1, parts)
    # What lies beside stays in step: other tracks get as much of a gap.
    for number in draft.unlocked():
        track = draft.tracks[number]
        if number != place.track and track.kind != "subtitle":
            end = layout_of(track.items).end
            if at < end:
                gap = [Gap(duration=duration)]
                draft.replace(number, TimeRange(at, Fraction(0)), gap)
    return draft.finish()


def _retimed(clip: Clip, rate: Fraction, *, keep_pitch: bool, blend: bool) -> Clip:
    speed, span = speed_of(clip), clip.source_range
    first = speed.media_time(span.start) if speed else span.start
    last = speed.media_time(span.end) if speed else span.end
    shown = abs(last - first)
    if not shown:
        raise TimelineError(f"{clip.label} holds one frame: it has no speed")
    begins = min(first, last) if rate > 0 else max(first, last)
    parameters: dict[str, Any] = {
        "rate": float(rate),
        "time": str(span.start),
        "media": str(begins),
    }
    if not keep_pitch:
        parameters["keep_pitch"] = False
    if blend:
        parameters["blend"] = True
    length = TimeRange(span.start, shown / abs(rate))
    fades = (min(clip.fade_in, length.duration), Fraction(0))
    if clip.fade_in + clip.fade_out <= length.duration:
        fades = (clip.fade_in, clip.fade_out)
    changed = replace(clip, source_range=length, fade_in=fades[0], fade_out=fades[1])
    if rate == 1:
        plain = tuple(e for e in clip.effects if e.kind != "speed")
        return replace(
            changed, effects=plain, source_range=TimeRange(begins, length.duration)
        )
    return _with_speed(changed, parameters)


def _with_speed(clip: Clip, parameters: dict[str, Any]) -> Clip:
    others = tuple(effect for effect in clip.effects if effect.kind != "speed")
    effect = Effect(kind="speed", parameters=parameters)
    return replace(clip, effects=(effect, *others))


def _put(draft: Draft, number: int, item_id: str, clip: Clip) -> None:
    items = draft.tracks[number].items
    ids = [item.id if isinstance(item, Clip) else "" for item in items]
    place = ids.index(item_id)
    draft.splice(number, place, place + 1, [clip])
