"""Make a timeline of a flat edit that a reader made of a foreign file.

What does not fit is fitted and reported: ranges beyond the media, dissolves longer than
their handles, transitions beside a gap, clips that overlap.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace as changed
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.interchange import terms
from timeline_nb.interchange.fitting import fitted, with_transitions
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatGap,
    FlatKey,
    FlatMarker,
    FlatMedia,
    FlatText,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.start_timecode import start_metadata
from timeline_nb.timebase import MAX_DENOMINATOR, TimeRange
from timeline_nb.timeline.limits import MAX_NAME_LETTERS, MAX_TEXT_LETTERS
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Keyframe,
    Marker,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transition,
)

__all__ = ["unflatten"]

_LETTERS: Final = {"video": "V", "audio": "A", "subtitle": "S"}
_SIZE: Final = (1920, 1080)


def unflatten(flat: FlatEdit, report: Report) -> Timeline:
    """Return the timeline of a flat edit.

    Args:
        flat: The edit. Its size is that of the first media with one, else 1920x1080,
            if it does not say it.
        report: Gets what was fitted.
    """
    used: set[str] = set()
    ids: set[str] = set()
    tracks = tuple(_track(one, flat, report, used, ids) for one in flat.tracks)
    return Timeline(
        name=_short(flat.name) or "untitled",
        rate=flat.rate,
        size=flat.size or _size_of(flat) or _SIZE,
        sample_rate_hz=flat.sample_rate_hz,
        tracks=tracks,
        effects=flat.effects,
        markers=tuple(
            _markers(flat.markers, Fraction(0), flat.rate, report, terms.EDIT)
        ),
        metadata=start_metadata(
            flat.start_frame, flat.rate, is_drop_frame=flat.is_drop_frame
        ),
    )


def _size_of(flat: FlatEdit) -> tuple[int, int] | None:
    for track in flat.tracks:
        for clip in track.clips:
            size = clip.media.size
            if track.kind == "video" and size and min(size) > 1:
                return size[0] - size[0] % 2, size[1] - size[1] % 2
    return None


def _track(
    flat: FlatTrack, edit: FlatEdit, report: Report, used: set[str], ids: set[str]
) -> Track:
    name = _free_name(flat, used)
    items = list(_items(flat, name, edit, report, ids))
    return Track(
        kind=flat.kind,
        name=name,
        items=tuple(with_transitions(items, name, edit.rate, report)),
        enabled=flat.enabled,
        locked=flat.locked,
        gain_db=flat.gain_db,
        pan=flat.pan,
        effects=flat.effects,
    )


def _free_name(flat: FlatTrack, used: set[str]) -> str:
    name, number = _short(flat.name), 1
    while not name or name in used:
        name, number = f"{_LETTERS[flat.kind]}{number}", number + 1
    used.add(name)
    return name


def _items(
    flat: FlatTrack, name: str, edit: FlatEdit, report: Report, ids: set[str]
) -> Iterator[Item]:
    """Yield the items of a track; what is empty between them is filled with gaps."""
    end = Fraction(0)
    for own in sorted(flat.items, key=_order):
        if isinstance(own, FlatTransition):
            yield Transition(
                kind=_short(own.kind),
                in_offset=own.in_offset / edit.rate,
                out_offset=own.out_offset / edit.rate,
                parameters=dict(own.parameters),
            )
            continue
        if isinstance(own, FlatGap):
            continue
        shown = _after(own, end, name, edit.rate, report)
        if shown is None:
            continue
        if shown.start > end:
            yield Gap(duration=(shown.start - end) / edit.rate)
        end = shown.end
        if isinstance(shown, FlatText):
            yield _line(shown, edit.rate, ids)
        else:
            yield from _clip(shown, name, edit, report, ids)


def _order(item: FlatClip | FlatGap | FlatText | FlatTransition) -> tuple[Any, int]:
    """Put a transition between the clips that meet at its cut."""
    if isinstance(item, FlatTransition):
        return item.at, 0
    return item.start, 1


def _after(
    item: FlatClip | FlatText, end: Fraction, track: str, rate: Fraction, report: Report
) -> FlatClip | FlatText | None:
    """Return what of an item is after the one before it; None if that is nothing."""
    what = item.name if isinstance(item, FlatClip) else item.text
    place = clip_place(track, what, item.start / rate, rate)
    if item.duration <= 0:
        report.add(place, terms.CLIP, "lost", None, "it lasts no frame")
        return None
    over = end - item.start
    if over <= 0:
        return item
    if over >= item.duration:
        report.add(place, terms.CLIP, "lost", None, "it is behind the one before it")
        return None
    detail = "its start is behind the clip before it, and was cut off"
    report.add(place, terms.CLIP, "approximated", over, detail)
    if isinstance(item, FlatText):
        return changed(item, start=end, duration=item.duration - over)
    return changed(
        item,
        start=end,
        duration=item.duration - over,
        source_start=item.source_at(over, rate),
    )


def _line(flat: FlatText, rate: Fraction, ids: set[str]) -> Subtitle:
    return Subtitle(
        id=_free_id(flat.id, ids),
        text=flat.text[:MAX_TEXT_LETTERS],
        duration=flat.duration / rate,
        style=dict(flat.style),
    )


def _clip(
    flat: FlatClip, track: str, edit: FlatEdit, report: Report, ids: set[str]
) -> Iterator[Item]:
    rate = edit.rate
    place = clip_place(track, flat.name, flat.start / rate, rate)
    length = flat.duration / rate
    if not flat.enabled:
        report.add(
            place, terms.CLIP, "lost", None, "it is disabled: a gap stands there"
        )
        yield Gap(duration=length)
        return
    first = flat.source_start
    fade_in = min(max(flat.fade_in, Fraction(0)) / rate, length)
    clip = Clip(
        id=_free_id(flat.id, ids),
        name=_short(flat.name),
        media=_media(flat.media, report, place),
        source_range=TimeRange(first, length),
        link=_short(flat.link),
        transform=flat.transform,
        gain_db=flat.gain_db,
        pan=flat.pan,
        keyframes={n: _keys(keys, first, rate) for n, keys in flat.keyframes if keys},
        fade_in=fade_in,
        fade_out=min(max(flat.fade_out, Fraction(0)) / rate, length - fade_in),
        effects=(*_speed(flat, first, rate), *flat.effects),
        metadata=dict(flat.metadata),
    )
    marks = _clip_markers(flat, rate, report, place)
    yield from fitted(replace(clip, markers=tuple(marks)), rate, report, place)


def _speed(flat: FlatClip, first: Fraction, rate: Fraction) -> tuple[Effect, ...]:
    if flat.ramp:
        anchor = {"time": str(first), "media": str(first)}
        keys = {"rate": _keys(flat.ramp, first, rate)}
        return (Effect(kind="speed", parameters=anchor, keyframes=keys),)
    if flat.speed == 1:
        return ()
    return (
        Effect(
            kind="speed",
            parameters={
                "rate": float(flat.speed),
                "time": str(first),
                "media": str(first),
            },
        ),
    )


def _keys(
    keys: tuple[FlatKey, ...], origin: Fraction, rate: Fraction
) -> tuple[Keyframe, ...]:
    return tuple(key.at(origin + key.frame / rate) for key in keys)


def _clip_markers(
    flat: FlatClip, rate: Fraction, report: Report, place: str
) -> Iterator[Marker]:
    """Yield markers in media time."""
    for one in flat.markers:
        at = flat.source_at(one.start, rate)
        yield from _markers((one,), at - one.start / rate, rate, report, place)


def _markers(
    flat: Iterable[FlatMarker],
    origin: Fraction,
    rate: Fraction,
    report: Report,
    place: str,
) -> Iterator[Marker]:
    for one in flat:
        start = origin + one.start / rate
        if start.denominator > MAX_DENOMINATOR:
            # A moment of media that run at a crooked speed.
            start = start.limit_denominator(MAX_DENOMINATOR)
        if start < 0:
            where = time_place(f'{place}, marker "{one.name[:40]}"', start, rate)
            report.add(
                where, terms.marker(one.name), "lost", None, "it is before the start"
            )
            continue
        yield Marker(
            name=_short(one.name),
            marked_range=TimeRange(start, max(Fraction(0), one.duration) / rate),
            color=one.color,
            note=one.note[:MAX_TEXT_LETTERS],
        )


def _media(flat: FlatMedia, report: Report, place: str) -> MediaReference:
    if flat.generator is not None:
        return MediaReference(generator=flat.generator, size=flat.size or _SIZE)
    if flat.edit is not None:
        inside = Report(report.path, report.format, report.direction)
        inner = unflatten(flat.edit, inside)
        for one in inside:
            where = f"{place}, inside: {one.where}"
            report.add(where, one.what, one.outcome, one.by_how_much, one.detail)
        return MediaReference(timeline=inner, size=inner.size, has_audio=flat.has_audio)
    return MediaReference(
        path=flat.path,
        fingerprint=flat.fingerprint,
        available_range=flat.available,
        rate=flat.rate,
        size=flat.size or (_SIZE if flat.has_video else None),
        has_audio=flat.has_audio,
    )


def _free_id(wanted: str, ids: set[str]) -> str:
    """Return an id unless it stands already; the import numbers what has none."""
    if not wanted or wanted in ids or len(wanted) > MAX_NAME_LETTERS:
        return ""
    ids.add(wanted)
    return wanted


def _short(name: str) -> str:
    return name[:MAX_NAME_LETTERS]
