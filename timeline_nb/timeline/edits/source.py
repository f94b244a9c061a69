"""Source: edits that take a clip of other media and fit it into the timeline."""

from fractions import Fraction

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.edits.named import spoken
from timeline_nb.timeline.edits.place import Part, overwrite
from timeline_nb.timeline.edits.redaction import redacted, redactions_of
from timeline_nb.timeline.edits.retime import retimed
from timeline_nb.timeline.keyframes import shifted
from timeline_nb.timeline.model import Clip, Effect, Gap, Keyframes, Timeline
from timeline_nb.timeline.queries import backwards, linked
from timeline_nb.timeline.speed import available_of

__all__ = ["fit_to_fill", "replace_media"]


def replace_media(timeline: Timeline, item_id: str, *, by: Clip) -> Timeline:
    """Show other media in place of a clip's, from the start of another clip on.

    The clip keeps its place, duration, effects and keyframes, but not its speed.
    Linked sound is replaced by the sound of the other media, and removed if that has
    none.

    Args:
        timeline: The timeline to edit.
        item_id: The id of the clip.
        by: A clip of the other media; it begins where this begins.

    Raises:
        TimelineError: There is no such clip, the other media are too short, or a track
            is locked.
    """
    draft = Draft(timeline)
    redactions = redactions_of(timeline.tracks)
    places = linked(timeline, item_id)
    first = draft.tracks[places[0].track].items[places[0].item]
    for place in backwards(places):
        track = draft.tracks[place.track]
        old = track.items[place.item]
        if not isinstance(old, Clip) or not isinstance(first, Clip):
            raise TimelineError(
                Message("a subtitle shows no media: choose a clip to replace")
            )
        is_picture = track.kind == "video"
        if not (by.media.size is not None if is_picture else by.media.has_audio):
            if place is places[0]:
                text = Message("a picture") if is_picture else Message("a sound")
                raise TimelineError(
                    Message(
                        "{item} lacks {what} to put in place of {other}",
                        item=spoken(by),
                        what=text,
                        other=spoken(old),
                    )
                )
            gap = Gap(duration=old.duration)
            draft.splice(place.track, place.item, place.item + 1, [gap])
            continue
        # What is linked begins as much earlier or later as it did.
        begin = by.source_range.start + (
            old.source_range.start - first.source_range.start
        )
        new = _replaced(old, by, TimeRange(begin, old.duration))
        if is_picture:
            new = redacted(new, redactions)
        draft.splice(place.track, place.item, place.item + 1, [new])
    return draft.finish()


def _replaced(old: Clip, by: Clip, span: TimeRange) -> Clip:
    """Return a clip with a range of other media; keyframes keep their places."""
    later = span.start - old.source_range.start
    effects = tuple(
        _delayed(effect, later) for effect in old.effects if effect.kind != "speed"
    )
    new = replace(
        old,
        name=by.name,
        media=by.media,
        source_range=span,
        keyframes=_moved(old.keyframes, later),
        effects=effects,
        markers=(),
        metadata=by.metadata,
        audio=by.audio,
    )
    available = available_of(new)
    if available is not None and not available.encloses(span):
        raise TimelineError(
            Message(
                "{item} is too short: {other} takes {wanted} s, and there are {left} s "
                "from its in point on: set the in point earlier, or fit it to fill",
                item=spoken(by),
                other=spoken(old),
                wanted=f"{float(span.duration):g}",
                left=f"{float(max(Fraction(0), available.end - span.start)):g}",
            )
        )
    return new


def _moved(keyframes: Keyframes, by: Fraction) -> Keyframes:
    return {name: shifted(keys, by) for name, keys in keyframes.items()}


def _delayed(effect: Effect, by: Fraction) -> Effect:
    return replace(effect, keyframes=_moved(effect.keyframes, by))


def fit_to_fill(  # noqa: PLR0913 - what is placed, when, and on which tracks
    timeline: Timeline,
    clip: Clip,
    *,
    start: Fraction,
    end: Fraction,
    track: str | None = None,
    sound: str | None = None,
    only: Part | None = None,
) -> Timeline:
    """Overwrite a range with a clip that is played at the speed that fills it.

    Args:
        timeline: The timeline to edit.
        clip: The clip.
        start: Timeline seconds.
        end: Timeline seconds at which the range ends.
        track: As in `overwrite`, and likewise `sound` and `only`.
        sound: The audio track of its sound.
        only: Which part of it is taken.

    Raises:
        TimelineError: The range is empty, the speed would be beyond 100, or as
            `overwrite`.
    """
    if end <= start:
        raise TimelineError(
            Message(
                "there is nothing to fill from {start} s to {end} s: set an in point "
                "and a later out point",
                start=f"{float(start):g}",
                end=f"{float(end):g}",
            )
        )
    rate = clip.duration / (end - start)
    if rate > 100:
        raise TimelineError(
            Message(
                "{item} would be played {factor} times as fast: at most 100 times is "
                "possible, so choose a shorter part of it",
                item=spoken(clip),
                factor=f"{float(rate):g}",
            )
        )
    filling = retimed(clip, rate) if rate != 1 else clip
    return overwrite(timeline, [filling], at=start, track=track, sound=sound, only=only)
