"""Find which clips are seen at a time, bottom to top, and for how long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from cachetools import LRUCache
from msgspec.structs import replace

from timeline_nb.core.locks import new_lock
from timeline_nb.effects.titles.styles import SUBTITLE
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import duration
from timeline_nb.timeline.speed import speed_of

__all__ = [
    "Adjustment",
    "Blend",
    "Group",
    "Layer",
    "Shot",
    "Span",
    "as_titles",
    "lower",
    "shots_of",
    "spans",
    "spans_from",
]


@dataclass(frozen=True)
class Shot:
    """A clip in its place.

    Args:
        clip: What is shown.
        start: The timeline second at which its source range begins; a transition
            shows it earlier.
    """

    clip: Clip
    start: Fraction

    def clip_time(self, time: Fraction) -> Fraction:
        """Return the clip's own time, in which keyframes count, at a timeline time."""
        return self.clip.source_range.start + time - self.start

    def media_time(self, time: Fraction) -> Fraction:
        """Return the media time that is shown at a timeline time."""
        own, speed = self.clip_time(time), speed_of(self.clip)
        return own if speed is None else speed.media_time(own)

    def shown_time(self, time: Fraction) -> Fraction:
        """Return the media time whose frame is shown at a timeline time."""
        own, speed = self.clip_time(time), speed_of(self.clip)
        return own if speed is None else speed.frame_time(own)

    def opacity_at(self, time: Fraction) -> float:
        """Return the clip's opacity, without its fades."""
        keys = self.clip.keyframes.get("opacity")
        if keys:
            return float(min(1, max(0, value_at(keys, self.clip_time(time)))))
        return self.clip.transform.opacity

    def level_at(self, time: Fraction) -> Fraction:
        """Return how far the clip has faded in or not yet out: 0 to 1, linear."""
        clip, passed = self.clip, time - self.start
        left = clip.duration - passed
        level = Fraction(1)
        if clip.fade_in and passed < clip.fade_in:
            level = passed / clip.fade_in
        if clip.fade_out and left < clip.fade_out:
            level = min(level, left / clip.fade_out)
        return max(Fraction(0), level)

    @property
    def fades(self) -> bool:
        """Whether level or opacity ever change."""
        clip = self.clip
        return bool(clip.fade_in or clip.fade_out or "opacity" in clip.keyframes)


@dataclass(frozen=True)
class Blend:
    """One clip becoming another.

    Args:
        outgoing: The clip before the cut.
        incoming: The clip after it.
        range: Timeline seconds over which the one becomes the other.
        transition: How.
    """

    outgoing: Shot
    incoming: Shot
    range: TimeRange
    transition: Transition

    def progress_at(self, time: Fraction) -> Fraction:
        """Return the share of the incoming clip, 0 at the first moment."""
        return (time - self.range.start) / self.range.duration


@dataclass(frozen=True)
class Adjustment:
    """The layers below, with a clip's effects applied.

    Args:
        shot: The clip.
        below: The timeline without its track and those above it.
    """

    shot: Shot
    below: Timeline


@dataclass(frozen=True)
class Group:
    """What a track shows, with the track's own effects.

    Args:
        layer: What it shows now.
        track: The track.
        alone: The timeline with nothing but this track, without its effects.
    """

    layer: "Shot | Blend"
    track: Track
    alone: Timeline


Layer: TypeAlias = Shot | Blend | Adjustment | Group

# Of the timelines that are shown, and of a few steps of their history.
_KEPT: Final = 64
_parts: LRUCache[tuple[int, int, str], tuple[Timeline, Track, Timeline]] = LRUCache(
    _KEPT
)
_lock = new_lock("parts of timelines")


@dataclass(frozen=True)
class Span:
    """A stretch in which the same layers are seen.

    Args:
        range: Timeline seconds.
        layers: Bottom to top; none where there is only black.
    """

    range: TimeRange
    layers: tuple[Layer, ...]


def shots_of(layer: Layer) -> tuple[Shot, ...]:
    """Return the clips that a layer shows, of which an adjustment is none."""
    if isinstance(layer, Adjustment):
        return ()
    if isinstance(layer, Group):
        return shots_of(layer.layer)
    return (layer,) if isinstance(layer, Shot) else (layer.outgoing, layer.incoming)


def lower(timeline: Timeline, time: Fraction) -> tuple[Layer, ...]:
    """Return the layers seen at a timeline time, bottom to top."""
    rows = (_Row(_layers_of(timeline, track, time)) for track in _seen(timeline))
    found = (row.go_to(time).at(time) for row in rows)
    return tuple(layer for layer in found if layer is not None)


def spans(timeline: Timeline) -> list[Span]:
    """Return the whole timeline, cut where the set of its layers changes."""
    return list(spans_from(timeline, Fraction(0)))


def spans_from(timeline: Timeline, time: Fraction) -> Iterator[Span]:
    """Yield the spans from the one that holds a time on, each when it is needed.

    Only the items near a span are looked at for it.
    """
    whole = duration(timeline)
    rows = [_Row(_layers_of(timeline, track, time)) for track in _seen(timeline)]
    start = max((row.go_to(time).edge for row in rows), default=Fraction(0))
    while time < whole and start < whole:
        end = min((row.edge_after(start, whole) for row in rows), default=whole)
        seen = (row.at(start) for row in rows)
        layers = tuple(layer for layer in seen if layer is not None)
        yield Span(TimeRange.between(start, end), layers)
        start = end
        for row in rows:
            row.go_to(start)


class _Row:
    """Goes along the layers of a track.

    Args:
        layers: In order of time, each with the seconds it is seen.

    Attributes:
        edge: When the last layer that was passed ended, or the current one began.
    """

    def __init__(self, layers: Iterator[tuple[TimeRange, Layer]]) -> None:
        self._layers = layers
        self._now = next(layers, None)
        self.edge = Fraction(0)

    def go_to(self, time: Fraction) -> "_Row":
        """Go to the first layer that ends after a time."""
        while self._now is not None and self._now[0].end <= time:
            self.edge = self._now[0].end
            self._now = next(self._layers, None)
        if self._now is not None and self._now[0].start <= time:
            self.edge = self._now[0].start
        return self

    def at(self, time: Fraction) -> Layer | None:
        """Return the current layer, if it is seen at a time."""
        if self._now is None or not self._now[0].contains(time):
            return None
        return self._now[1]

    def edge_after(self, time: Fraction, whole: Fraction) -> Fraction:
        """Return when the current layer begins or ends after a time, else `whole`."""
        if self._now is None:
            return whole
        place = self._now[0]
        return place.start if place.start > time else place.end


def _seen(timeline: Timeline) -> Iterator[Track]:
    """Yield the enabled video tracks, then the subtitle tracks, which are on top."""
    for kind in ("video", "subtitle"):
        yield from (t for t in timeline.tracks if t.kind == kind and t.enabled)


def _layers_of(
    timeline: Timeline, track: Track, time: Fraction
) -> Iterator[tuple[TimeRange, Layer]]:
    """Yield a track's layers with its effects, and adjustment clips, applied.

    The first is one that ends before a time, if there is any.
    """
    for place, layer in _track_layers(track, _first_near(track, time)):
        if isinstance(layer, Shot) and layer.clip.media.is_adjustment:
            yield place, Adjustment(layer, _kept_part(timeline, track, _below))
        elif track.effects:
            yield place, Group(layer, track, _kept_part(timeline, track, _alone))
        else:
            yield place, layer


def _below(timeline: Timeline, track: Track) -> Timeline:
    before = timeline.tracks.index(track)
    return replace(timeline, tracks=timeline.tracks[:before], effects=())


def _alone(timeline: Timeline, track: Track) -> Timeline:
    return replace(timeline, tracks=(replace(track, effects=()),), effects=())


def _kept_part(
    timeline: Timeline, track: Track, part: Callable[[Timeline, Track], Timeline]
) -> Timeline:
    """Return a part of a timeline, the same each time: it is compared by identity."""
    key = (id(timeline), id(track), part.__name__)
    with _lock:
        entry = _parts.get(key)
    if entry is not None and entry[0] is timeline and entry[1] is track:
        return entry[2]
    found = part(timeline, track)
    with _lock:
        # Those that it is of are kept too, so that their id() is not reused.
        _parts[key] = (timeline, track, found)
    return found


def _first_near(track: Track, time: Fraction) -> int:
    """Return the number of an item whose layer ends at or before a time; 0 if none."""
    number = min(layout_of(track.items).index_at(time), len(track.items)) - 1
    while number > 0 and isinstance(track.items[number], Gap):
        number -= 1
    # A clip between two transitions may be seen in them alone.
    return max(0, number - 3)


def as_titles(track: Track) -> Track:
    """Return a subtitle track as a video track of titles."""
    items = tuple(
        _title_of(item, track) if isinstance(item, Subtitle) else item
        for item in track.items
    )
    return replace(track, kind="video", items=items)


def _title_of(line: Subtitle, track: Track) -> Clip:
    style = {**SUBTITLE, **track.style, **line.style, "text": line.text}
    title = Effect(kind="title", parameters=style)
    return Clip(
        id=line.id,
        name=line.text,
        media=MediaReference(generator=title),
        source_range=TimeRange(Fraction(0), line.duration),
    )


def _track_layers(track: Track, first: int) -> Iterator[tuple[TimeRange, Shot | Blend]]:
    """Yield a track's layers from an item on, each with the seconds it is seen."""
    layout, count = layout_of(track.items), len(track.items)

    def shown(number: int) -> Item | None:
        item = track.items[number] if 0 <= number < count else None
        return _title_of(item, track) if isinstance(item, Subtitle) else item

    for number in range(first, count):
        before, item, after = shown(number - 1), shown(number), shown(number + 1)
        begins, ends = layout.start(number), layout.start(number + 1)
        if isinstance(item, Clip):
            start = (
                begins + before.out_offset if isinstance(before, Transition) else begins
            )
            end = ends - after.in_offset if isinstance(after, Transition) else ends
            if start < end:
                yield TimeRange.between(start, end), Shot(item, begins)
        elif (
            isinstance(item, Transition)
            and isinstance(before, Clip)
            and isinstance(after, Clip)
        ):
            place = TimeRange(begins - item.in_offset, item.in_offset + item.out_offset)
            outgoing = Shot(before, begins - before.duration)
            yield place, Blend(outgoing, Shot(after, begins), place, item)
