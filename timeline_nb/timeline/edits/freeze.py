"""Freeze: hold a frame of a clip, and keep all tracks in step."""

from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange, frame_count, frame_time
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.follow import make_room
from timeline_nb.timeline.edits.named import named
from timeline_nb.timeline.edits.retime import with_speed
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import Clip, Item, Keyframes, Subtitle, Timeline
from timeline_nb.timeline.queries import find
from timeline_nb.timeline.speed import speed_of

__all__ = ["freeze"]

_ZERO = Fraction(0)


def freeze(
    timeline: Timeline, item_id: str, *, at: Fraction, duration: Fraction
) -> Timeline:
    """Hold a frame of a clip for a while; what follows on all unlocked tracks moves.

    The clip is split at the frame. Titles and subtitles that are shown at that time
    are shown for so much longer, and linked sound is split there.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the clip, on a video track.
        at: The timeline second of the frame. After the start of the clip's last
            frame, up to its end, the last frame is held behind the clip.
        duration: Seconds for which the frame is held.

    Raises:
        TimelineError: The clip is not there at that time, `duration` is not more than
            0, a transition plays there, or the track is locked.
    """
    place = find(timeline, item_id)
    track = timeline.tracks[place.track]
    clip, start = track.items[place.item], layout_of(track.items).start(place.item)
    if not isinstance(clip, Clip) or track.kind != "video":
        raise TimelineError(
            Message("{item} has no frame to hold", item=named(timeline, item_id))
        )
    end = start + clip.duration
    if not start <= at <= end:
        raise TimelineError(
            Message(
                "{clip} is shown from {start} s to {end} s: it has no frame at {at} s",
                clip=clip.label,
                start=f"{float(start):g}",
                end=f"{float(end):g}",
                at=f"{float(at):g}",
            )
        )
    if duration <= 0:
        raise TimelineError(
            Message(
                "a frame cannot be held for {duration} s",
                duration=f"{float(duration):g}",
            )
        )
    last = frame_time(frame_count(end, timeline.rate) - 1, timeline.rate)
    shown = at
    if at > max(last, start):
        at, shown = end, max(last, start)
    draft = Draft(timeline)
    parts = _parts(draft, clip, at - start, shown - start, duration)
    draft.splice(place.track, place.item, place.item + 1, parts)
    done = {place.track}
    for number in draft.unlocked():
        follows = number != place.track and draft.tracks[number].sync_lock != "off"
        if follows and _shown_longer(draft, number, at, duration):
            done.add(number)
    make_room(draft, at, duration, done)
    return draft.finish()


def _parts(
    draft: Draft, clip: Clip, split: Fraction, shown: Fraction, duration: Fraction
) -> list[Item]:
    """Return the clip up to the split, the held frame, and the rest.

    Args:
        draft: Where new ids come from.
        clip: The clip.
        split: Seconds into the clip at which the frame is put in.
        shown: Seconds into the clip of the frame.
        duration: Seconds for which it is held.
    """
    span, speed = clip.source_range, speed_of(clip)
    moment = span.start + split
    frame = span.start + shown
    media = speed.frame_time(frame) if speed else frame
    held = replace(
        with_speed(clip, {"rate": 0, "time": str(moment), "media": str(media)}),
        id=draft.new_id("c"),
        link="",
        source_range=TimeRange(moment, duration),
        fade_in=_ZERO,
        fade_out=_ZERO,
    )
    parts: list[Item] = [held]
    if split:
        head = TimeRange(span.start, split)
        fade_in = min(clip.fade_in, split)
        parts.insert(
            0, replace(clip, source_range=head, fade_in=fade_in, fade_out=_ZERO)
        )
    rest = span.duration - split
    if rest:
        own, link = clip.id, clip.link
        if split:
            own, link = draft.new_id("c"), draft.tail_link(clip.link)
        tail = replace(
            clip,
            id=own,
            link=link,
            source_range=TimeRange(moment, rest),
            fade_in=_ZERO,
            fade_out=min(clip.fade_out, rest),
        )
        parts.append(tail)
    return parts


def _shown_longer(draft: Draft, number: int, at: Fraction, by: Fraction) -> bool:
    """Show a title or subtitle across a time for longer; tell whether there is one."""
    items = draft.tracks[number].items
    layout = layout_of(items)
    if at >= layout.end:
        return False
    index = layout.index_at(at)
    item, start = items[index], layout.start(index)
    if not start < at < start + duration_of(item):
        return False
    if isinstance(item, Subtitle):
        longer: Item = replace(item, duration=item.duration + by)
    elif isinstance(item, Clip) and item.media.generator is not None:
        longer = _held_longer(item, item.source_range.start + at - start, by)
    else:
        return False
    draft.splice(number, index, index + 1, [longer])
    return True


def _held_longer(clip: Clip, moment: Fraction, duration: Fraction) -> Clip:
    """Return a generated clip that stays as it is at a moment for so much longer."""
    span = clip.source_range
    generator = clip.media.generator
    if generator is not None:
        keys = _delayed(generator.keyframes, moment, duration)
        generator = replace(generator, keyframes=keys)
    effects = tuple(
        replace(e, keyframes=_delayed(e.keyframes, moment, duration))
        for e in clip.effects
    )
    return replace(
        clip,
        media=replace(clip.media, generator=generator),
        source_range=TimeRange(span.start, span.duration + duration),
        keyframes=_delayed(clip.keyframes, moment, duration),
        effects=effects,
    )


def _delayed(keyframes: Keyframes, moment: Fraction, by: Fraction) -> Keyframes:
    """Return keyframes of which those after a moment come later."""
    return {
        name: tuple(
            replace(key, time=key.time + by) if key.time > moment else key
            for key in keys
        )
        for name, keys in keyframes.items()
    }
