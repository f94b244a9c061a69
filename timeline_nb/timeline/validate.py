"""Validation of timelines: every fault is named by its track and item."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final

from cachetools import LRUCache

from timeline_nb.core.audio_choice import choice_fault
from timeline_nb.core.locks import new_lock
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import MAX_RATE, MAX_SECONDS, frame_count
from timeline_nb.timeline.attributes import transform_faults
from timeline_nb.timeline.fields import field_faults
from timeline_nb.timeline.keyframe_values import keyframe_faults, placement_faults
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.limits import MAX_RATE_KEYFRAMES, MAX_TRACKS
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Marker,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.nesting import nesting_fault
from timeline_nb.timeline.speed import available_of, speed_of

__all__ = [
    "Problem",
    "head_problems",
    "item_problems",
    "joint_problems",
    "marker_problems",
    "problems",
    "validate",
]

MAX_SIZE_PX: Final = 16_384
# 24-bit sound has a range of 144 dB: any more is silence or clipping.
MAX_GAIN_DB: Final = 200
_ALLOWED: Final = {
    "video": (Clip, Gap, Transition),
    "audio": (Clip, Gap, Transition),
    "subtitle": (Subtitle, Gap),
}
_SHOWN: Final = 5
_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
# Nested timelines that were found valid, for many clips show one.
_sound: LRUCache[int, Timeline] = LRUCache(256)
_lock = new_lock("nested timelines that are valid")
# Known without loading Pillow.
_MARKER_COLORS: Final = {"red", "green", "blue", "yellow", "orange", "purple"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a timeline.

    Args:
        where: A path such as `tracks[0].items[3]`.
        message: What is wrong, naming the track and the item.
    """

    where: str
    message: str


def validate(timeline: Timeline) -> None:
    """Check that a timeline is valid.

    Raises:
        TimelineError: It is not valid; the message names the first few faults.
    """
    found = problems(timeline)
    if found:
        more = f" (and {len(found) - _SHOWN} more)" if len(found) > _SHOWN else ""
        shown = "; ".join(f"{p.where}: {p.message}" for p in found[:_SHOWN])
        raise TimelineError(
            f"{quoted(timeline.name)} is not a valid timeline: {shown}{more}"
        )


def problems(timeline: Timeline, *, check_types: bool = True) -> tuple[Problem, ...]:
    """Return every fault of a timeline, in its order.

    Args:
        timeline: The timeline.
        check_types: Whether types of fields may be wrong too: not of what was decoded.
    """
    if check_types:
        wrong = list(field_faults(timeline))
        if wrong:
            return tuple(Problem(fault.partition(" ")[0], fault) for fault in wrong)
    found = [Problem(where, message) for where, message in head_problems(timeline)]
    for number, track in enumerate(timeline.tracks):
        path = f"tracks[{number}]"
        for index, message in _track_problems(
            track, timeline.rate, check_types=check_types
        ):
            where = path if index is None else f"{path}.items[{index}]"
            found.append(Problem(where, f"track {quoted(track.name)}: {message}"))
    return tuple(found)


def head_problems(timeline: Timeline) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a timeline beside its tracks: the field, the fault."""
    if not 0 < timeline.rate <= MAX_RATE:
        yield "rate", f"{timeline.rate} frames/s is not between 0 and {MAX_RATE}"
    for side in timeline.size:
        if side % 2 or not 0 < side <= MAX_SIZE_PX:
            yield "size", f"{side} px is not even and between 2 and {MAX_SIZE_PX}"
    if not 8_000 <= timeline.sample_rate_hz <= 384_000:
        yield "sample_rate_hz", f"{timeline.sample_rate_hz} is not 8,000 to 384,000"
    if len(timeline.tracks) > MAX_TRACKS:
        yield "tracks", f"{len(timeline.tracks)} tracks are more than {MAX_TRACKS}"
    if fault := nesting_fault(timeline):
        yield "tracks", fault
    yield from _repeated("tracks", "track name", (t.name for t in timeline.tracks))
    ids = (
        item.id
        for track in timeline.tracks
        for item in track.items
        if isinstance(item, (Clip, Subtitle))
    )
    yield from _repeated("tracks", "item id", ids)
    yield from (("effects", fault) for fault in effect_faults(timeline.effects))
    for index, marker in enumerate(timeline.markers):
        for message in marker_problems(marker):
            yield f"markers[{index}]", message


def _repeated(
    where: str, what: str, values: Iterator[Any]
) -> Iterator[tuple[str, str]]:
    # What is no text is named by the check of types.
    texts = (value for value in values if isinstance(value, str))
    for value, count in Counter(texts).items():
        if count > 1 or not value:
            yield where, f"the {what} {quoted(value)} is empty or stands {count} times"


def _track_problems(
    track: Track, rate: Fraction, *, check_types: bool
) -> Iterator[tuple[int | None, str]]:
    if check_types:
        wrong = list(field_faults(track))
        yield from ((None, fault) for fault in wrong)
        if wrong:
            return
    if not abs(track.gain_db) <= MAX_GAIN_DB:
        yield None, f"gain_db {track.gain_db} is not within {MAX_GAIN_DB} dB"
    if not abs(track.pan) <= 1:
        yield None, f"pan {track.pan} is not between -1 and 1"
    yield from ((None, fault) for fault in effect_faults(track.effects))
    yield from _row_problems(track, rate, check_types=check_types)
    try:
        if layout_of(track.items).end > MAX_SECONDS:
            yield None, "it is longer than a century"
    except TimelineError as error:
        yield None, str(error)


def _row_problems(
    track: Track, rate: Fraction, *, check_types: bool
) -> Iterator[tuple[int, str]]:
    for index, item in enumerate(track.items):
        is_right = True
        for message in item_problems(track, item, check_types=check_types):
            is_right = False
            yield index, message
        if not is_right:
            continue
        for message in joint_problems(track, index, rate):
            yield index, message


def item_problems(
    track: Track, item: Item, *, check_types: bool = True
) -> Iterator[str]:
    """Yield what is wrong with an item by itself on such a track.

    Args:
        track: The track.
        item: The item.
        check_types: Whether types of fields may be wrong too: not of what was decoded.
    """
    kind = type(item).__name__.lower()
    if not isinstance(item, _ALLOWED[track.kind]):
        yield f"a {track.kind} track cannot hold a {kind}"
    if check_types:
        found = list(field_faults(item))
        yield from (f"{_name_of(item)}: {fault}" for fault in found)
        if found:
            # The checks below compare numbers, and need the right types.
            return
    if isinstance(item, Clip):
        yield from (f"clip {item.id!r}: {fault}" for fault in _clip_faults(item))
    elif isinstance(item, Transition):
        if min(item.in_offset, item.out_offset) < 0:
            yield f"a {item.kind} has a negative offset"
        if item.in_offset + item.out_offset <= 0:
            yield f"a {item.kind} has no duration"
    elif item.duration <= 0:
        yield f"a {kind} lasts {float(item.duration):g} s, which is not more than 0"


def _name_of(item: Item) -> str:
    if isinstance(item, Clip):
        return f"clip {quoted(item.id)}"
    if isinstance(item, Subtitle):
        return f"subtitle {quoted(item.id)}"
    return f"a {type(item).__name__.lower()}"


def _clip_faults(clip: Clip) -> Iterator[str]:
    yield from _range_faults(clip)
    if min(clip.fade_in, clip.fade_out) < 0:
        yield "a fade is negative"
    if clip.fade_in + clip.fade_out > clip.source_range.duration:
        yield "its fades are longer than the clip"
    if not abs(clip.gain_db) <= MAX_GAIN_DB:
        yield f"gain_db {clip.gain_db} is not within {MAX_GAIN_DB} dB"
    if not abs(clip.pan) <= 1:
        yield f"pan {clip.pan} is not between -1 and 1"
    if fault := choice_fault(clip.audio):
        yield f"audio {clip.audio!r}: {fault}"
    yield from transform_faults(clip.transform)
    yield from keyframe_faults("it", clip.keyframes)
    yield from placement_faults(clip.keyframes)
    yield from effect_faults(clip.effects)
    for marker in clip.markers:
        yield from marker_problems(marker)


def _range_faults(clip: Clip) -> Iterator[str]:
    span = clip.source_range
    if span.duration <= 0:
        yield f"source_range lasts {float(span.duration):g} s, not more than 0"
        return
    if clip.media.timeline is not None and (fault := _nested_fault(clip)):
        yield f"its timeline: {fault}"
    try:
        available = available_of(clip)
    except TimelineError as error:
        yield str(error)
        return
    if available is not None and not available.encloses(span):
        if fault := _speed_fault(clip):
            yield fault
            return
        yield f"source_range {span} reaches outside the media, which has {available}"


def _nested_fault(clip: Clip) -> str:
    nested = clip.media.timeline
    if nested is None:
        return ""
    with _lock:
        if _sound.get(id(nested)) is nested:
            return ""
    # Before it is walked: it may go deeper than Python does.
    fault = nesting_fault(nested, above=1)
    if not fault:
        found = problems(nested)
        fault = f"{found[0].where}: {found[0].message}" if found else ""
    if not fault:
        with _lock:
            _sound[id(nested)] = nested
    return fault


def _speed_fault(clip: Clip) -> str:
    """Say how much media a retimed clip needs and has; empty for one that is not."""
    speed, span, media = speed_of(clip), clip.source_range, clip.media.available_range
    if speed is None or media is None:
        return ""
    lowest, highest = speed.shown(span)
    return (
        f"it needs {float(lowest):.2f} to {float(highest):.2f} s of "
        f"its media at this speed, and the media has {float(media.start):.2f} to "
        f"{float(media.end):.2f} s: make the clip shorter, or the rate smaller"
    )


def effect_faults(effects: tuple[Effect, ...]) -> Iterator[str]:
    """Yield what is wrong with the keyframes of effects, each by its kind."""
    for effect in effects:
        yield from keyframe_faults(
            f"the effect {quoted(effect.kind)}", effect.keyframes
        )
        count = len(effect.keyframes.get("rate", ())) if effect.kind == "speed" else 0
        if count > MAX_RATE_KEYFRAMES:
            yield (
                f"the effect 'speed' has {count:,} keyframes of its rate: at most "
                f"{MAX_RATE_KEYFRAMES:,} are allowed"
            )


def marker_problems(marker: Marker) -> Iterator[str]:
    """Yield what is wrong with a marker."""
    wrong = list(field_faults(marker))
    yield from (f"the marker {quoted(marker.name)}: {fault}" for fault in wrong)
    if wrong:
        return
    if marker.marked_range.start < 0:
        yield f"the marker {quoted(marker.name)} begins before 0"
    if fault := color_fault(marker.color):
        yield f"the marker {quoted(marker.name)}: color {fault}"


def color_fault(color: str) -> str:
    """Return what is wrong with a CSS color by name or `#rrggbb`; empty if nothing."""
    if color in _MARKER_COLORS or _HEX.fullmatch(color):
        return ""
    from PIL.ImageColor import colormap

    if color.lower() in colormap:
        return ""
    near = get_close_matches(color.lower(), colormap, 1, 0.6)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"is not known: {hint}write a name such as 'red', or '#rrggbb'"


def joint_problems(track: Track, index: int, rate: Fraction) -> Iterator[str]:
    """Yield what is wrong with a transition between its clips; nothing for others."""
    item = track.items[index]
    if not isinstance(item, Transition):
        return
    before = track.items[index - 1] if index else None
    after = track.items[index + 1] if index + 1 < len(track.items) else None
    if not isinstance(before, Clip) or not isinstance(after, Clip):
        yield f"a {item.kind} does not stand between two clips"
        return
    pair = f"the {item.kind} between {before.label} and {after.label}"
    yield from _handle_problems(pair, before, item, after, rate)
    following = track.items[index + 2] if index + 2 < len(track.items) else None
    played, need = item.out_offset, "needs"
    if isinstance(following, Transition):
        played, need = played + following.in_offset, "and the next need"
    if played > after.duration:
        yield f"{pair} {need} more than all of {after.label}"
    leading = track.items[index - 2] if index >= 2 else None
    if not isinstance(leading, Transition) and item.in_offset > before.duration:
        yield f"{pair} needs more than all of {before.label}"


def _handle_problems(
    pair: str, before: Clip, item: Transition, after: Clip, rate: Fraction
) -> Iterator[str]:
    missing = []
    tail, head = available_of(before), available_of(after)
    if tail is not None:
        lacking = before.source_range.end + item.out_offset - tail.end
        missing.append((before, lacking, "after its end"))
    if head is not None:
        lacking = head.start - (after.source_range.start - item.in_offset)
        missing.append((after, lacking, "before its start"))
    for clip, lacking, side in missing:
        if lacking > 0:
            frames = frame_count(lacking, rate)
            yield f"{pair} needs {frames} more frames of {clip.label} {side}"
