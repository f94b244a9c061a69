"""Changes of clips, subtitles and transitions."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.core.and_more import and_more
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange, format_timecode
from timeline_nb.timeline.comparing.changes import (
    Change,
    Keys,
    changed,
    field_changes,
    in_words,
    mapping_changes,
    metadata_of,
    quote,
    style_of,
)
from timeline_nb.timeline.comparing.effects import (
    effect_changes,
    keyframe_changes,
    parameter_changes,
)
from timeline_nb.timeline.comparing.marks import marker_changes
from timeline_nb.timeline.comparing.matching import Spot, same_media
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
)
from timeline_nb.timeline.speed import speed_of

__all__ = [
    "clip_changes",
    "place_changes",
    "subtitle_changes",
    "where_of",
    "without_track",
]

_FADES: Final = {"fade_in": Message("fade in"), "fade_out": Message("fade out")}
# What a speed has beside its rate, and how it is by itself.
_SPEED_SWITCHES: Final = {"keep_pitch": True, "blend": False}
# Of a ramp that are listed.
_MOST_RATES: Final = 4
# What is compared on its own below, or in another module.
_OWN: Final = frozenset(
    {
        *("id", "media", "source_range", "link", "transform", "keyframes"),
        *("fade_in", "fade_out", "effects", "markers", "metadata"),
    }
)
_FILE_FIELDS: Final = frozenset(
    {
        *("path", "fingerprint", "available_range", "rate", "size", "has_audio"),
        *("generator", "timeline"),
    }
)

NestedChanges = Callable[[str, Timeline, Timeline], Iterator[Change]]


def where_of(spot: Spot, rate: Fraction) -> str:
    """Return how a person names an item: `V1, clip "bikes" at 00:00:04:12`."""
    item, at = spot.item, format_timecode(spot.place.start, rate)
    name = item.name if isinstance(item, Clip) else item.text
    track, shown = spot.track.name, quote(name)
    if isinstance(item, Clip):
        return Message(
            "{track}, clip {name} at {time}", track=track, name=shown, time=at
        )
    return Message(
        "{track}, subtitle {name} at {time}", track=track, name=shown, time=at
    )


def without_track(where: str) -> str:
    """Return how an item is named where its track is known."""
    if not isinstance(where, Message):
        return where.partition(", ")[2]
    is_clip = where.template.startswith("{track}, clip")
    values = {name: text for name, text in where.values.items() if name != "track"}
    if is_clip:
        return Message("clip {name} at {time}", **values)
    return Message("subtitle {name} at {time}", **values)


def place_changes(
    where: str,
    old: Spot,
    new: Spot,
    rates: tuple[Fraction, Fraction],
    track: Track | None,
) -> Iterator[Change]:
    """Yield whether an item is on another track, or at another time.

    Args:
        where: The item as it is named.
        old: Its place before.
        new: Its place after.
        rates: Frames a second, before and after.
        track: The track before, as it is now; None if it is there no more.
    """
    keys = (old.item.id,), (new.item.id,)
    start = old.place.start, new.place.start
    times = [format_timecode(t, rate) for t, rate in zip(start, rates, strict=True)]
    by = (start[1] - start[0]) * rates[1]
    if track is not new.track:
        shown = f"{old.track.name} {times[0]}", f"{new.track.name} {times[1]}"
        yield changed(where, Message("moved to another track"), shown, keys)
    elif by:
        yield changed(where, Message("moved"), times, keys, by)


def subtitle_changes(
    where: str, old: Subtitle, new: Subtitle, rate: Fraction
) -> Iterator[Change]:
    """Yield what changed of a subtitle, apart from its place."""
    keys = (old.id,), (new.id,)
    by = (new.duration - old.duration) * rate
    if by:
        what = Message("longer") if by > 0 else Message("shorter")
        yield Change(where, what, "", "", abs(by), keys)
    if old.text != new.text:
        shown = in_words(old.text), in_words(new.text)
        yield changed(where, Message("text"), shown, keys)
    yield from mapping_changes(where, style_of, old.style, new.style, keys)
    yield from mapping_changes(where, metadata_of, old.metadata, new.metadata, keys)


def clip_changes(
    where: str, old: Clip, new: Clip, rate: Fraction, nested: NestedChanges
) -> Iterator[Change]:
    """Yield what changed of a clip, apart from its place and its links.

    Args:
        where: The clip as it is named.
        old: The clip before.
        new: The clip after.
        rate: Frames a second.
        nested: Yields the changes of a nested timeline.
    """
    if old is new:
        return
    keys = (old.id,), (new.id,)
    yield from _range_changes(where, old.source_range, new.source_range, rate, keys)
    yield from _media_changes(where, old.media, new.media, keys, nested)
    yield from _speed_changes(where, old, new, keys)
    yield from field_changes(where, old, new, without=_OWN, keys=keys)
    yield from field_changes(
        where, old.transform, new.transform, without=frozenset(), keys=keys
    )
    yield from keyframe_changes(
        where, _keyframes_of, old.keyframes, new.keyframes, keys
    )
    for name, what in _FADES.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            shown = [f"{float(time):.6g} s" for time in (before, after)]
            yield changed(where, what, shown, keys)
    effects = [
        tuple(effect for effect in clip.effects if effect.kind != "speed")
        for clip in (old, new)
    ]
    yield from effect_changes(where, effects[0], effects[1], keys)
    yield from marker_changes(where, old.markers, new.markers, rate, keys)
    yield from mapping_changes(where, metadata_of, old.metadata, new.metadata, keys)


def _keyframes_of(name: str) -> str:
    return Message("keyframes of {parameter}", parameter=name)


def _range_changes(
    where: str,
    old: TimeRange,
    new: TimeRange,
    rate: Fraction,
    keys: Keys,
) -> Iterator[Change]:
    """Yield how the stretch of media changed: slipped, or trimmed at an edge."""
    head, tail = new.start - old.start, new.end - old.end
    if head and head == tail:
        times = [
            Message("from {time} s", time=f"{float(span.start):.6g}")
            for span in (old, new)
        ]
        yield changed(where, Message("slipped"), times, keys, head * rate)
        return
    for shorter, longer, by in (
        (Message("head trimmed"), Message("head extended"), head),
        (Message("tail trimmed"), Message("tail extended"), -tail),
    ):
        if by:
            what = shorter if by > 0 else longer
            yield Change(where, what, "", "", abs(by) * rate, keys)


def _media_changes(
    where: str,
    old: MediaReference,
    new: MediaReference,
    keys: Keys,
    nested: NestedChanges,
) -> Iterator[Change]:
    if old is new or old == new:
        return
    if old.timeline is not None and new.timeline is not None:
        yield from nested(where, old.timeline, new.timeline)
    elif old.generator is not None and new.generator is not None:
        is_title = old.generator.kind == new.generator.kind == "title"
        for change in parameter_changes(
            where, new.generator.kind, old.generator, new.generator, keys
        ):
            is_text = is_title and change.what == "title: text"
            what = Message("text") if is_text else change.what
            yield Change(where, what, change.before, change.after, keys=keys)
    elif not same_media(old, new):
        yield changed(where, Message("media"), _named_media(old, new), keys)
    elif old.fingerprint != new.fingerprint:
        unknown = Message("unknown")
        shown = old.fingerprint or unknown, new.fingerprint or unknown
        yield changed(where, Message("content of the media"), shown, keys)
    yield from field_changes(where, old, new, without=_FILE_FIELDS, keys=keys)


def _named_media(old: MediaReference, new: MediaReference) -> tuple[str, str]:
    """Return the names of two media; of files of one name, with what differs."""
    if old.label != new.label or not (old.is_file and new.is_file):
        return in_words(old.label), in_words(new.label)
    parts = PurePath(old.path).parts, PurePath(new.path).parts
    same = 0
    for one, other in zip(*parts, strict=False):
        if one != other:
            break
        same += 1
    # A path that begins the other shows its name at least.
    same = min(same, *(len(side) - 1 for side in parts))
    first, second = (PurePath(*side[same:]).as_posix() for side in parts)
    return in_words(first), in_words(second)


def _speed_changes(where: str, old: Clip, new: Clip, keys: Keys) -> Iterator[Change]:
    effects = [
        [effect for effect in clip.effects if effect.kind == "speed"]
        for clip in (old, new)
    ]
    if effects[0] == effects[1]:
        return
    for name, preset in _SPEED_SWITCHES.items():
        before, after = (_switch(own, name, preset=preset) for own in effects)
        if before != after:
            what = Message("{owner}: {parameter}", owner="speed", parameter=name)
            yield changed(where, what, (in_words(before), in_words(after)), keys)
    if _speed_curve(old) == _speed_curve(new):
        return
    shown = [_speed_in_words(clip) for clip in (old, new)]
    if shown[0] == shown[1]:
        # Keyframes of one value and time, on the way to which the rates differ.
        shown[1] = Message("{speed}, by other curves", speed=shown[1])
    yield changed(where, Message("speed"), shown, keys)


def _switch(effects: Sequence[Effect], name: str, *, preset: bool) -> Any:
    """Return a switch of a clip's speed; without one, as it is by itself."""
    return next((one.parameters.get(name, preset) for one in effects), preset)


def _speed_curve(clip: Clip) -> object:
    """Return a clip's speed, whatever it shows first; None if it has none."""
    speed = speed_of(clip)
    if speed is None or speed.ramp is None:
        return speed and speed.rate
    start = clip.source_range.start
    return tuple(
        replace(key, time=key.time - start)
        for effect in clip.effects
        if effect.kind == "speed" and effect.enabled
        for key in effect.keyframes.get("rate", ())
    )


def _speed_in_words(clip: Clip) -> str:
    speed = speed_of(clip)
    if speed is None:
        return "100%"
    start = clip.source_range.start
    if speed.ramp is None:
        return _percent(speed.rate) if speed.rate else Message("frozen")
    keys = list(zip(speed.ramp.times, speed.ramp.rates, strict=True))
    shown = ", ".join(
        f"{_percent(rate)} at {float(time - start):.4g} s"
        for time, rate in keys[:_MOST_RATES]
    )
    points = and_more(shown, len(keys) - _MOST_RATES)
    return Message("a ramp: {points}", points=points)


def _percent(rate: Fraction) -> str:
    return f"{float(rate * 100):.6g}%"
