"""Find which clips are seen at a time, bottom to top, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from msgspec.structs import replace

from timeline_nb.effects.titles.styles import SUBTITLE
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    Effect,
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
    return tuple(
        layer
        for track in _seen(timeline)
        for place, layer in _layers_of(timeline, track)
        if place.contains(time)
    )


def spans(timeline: Timeline) -> list[Span]:
    """Return the whole timeline, cut where the set of its layers changes."""
    whole = duration(timeline)
    tracks = [list(_layers_of(timeline, track)) for track in _seen(timeline)]
    edges = {Fraction(0), whole}
    for row in tracks:
        for place, _ in row:
            edges |= {place.start, place.end}
    times = sorted(edges)
    turns = [0] * len(tracks)
    found = []
    for start, end in pairwise(times):
        layers = []
        for number, row in enumerate(tracks):
            while turns[number] < len(row) and row[turns[number]][0].end <= start:
                turns[number] += 1
            if turns[number] < len(row) and row[turns[number]][0].contains(start):
                layers.append(row[turns[number]][1])
        found.append(Span(TimeRange.between(start, end), tuple(layers)))
    return found


def _seen(timeline: Timeline) -> Iterator[Track]:
    """Yield the enabled video tracks, then the subtitle tracks, which are on top."""
    for kind in ("video", "subtitle"):
        yield from (t for t in timeline.tracks if t.kind == kind and t.enabled)


def _layers_of(timeline: Timeline, track: Track) -> Iterator[tuple[TimeRange, Layer]]:
    """Yield a track's layers with its effects, and adjustment clips, applied."""
    if track.kind == "subtitle":
        track = as_titles(track)
    alone = None
    for place, layer in _track_layers(track):
        if isinstance(layer, Shot) and layer.clip.media.is_adjustment:
            before = timeline.tracks.index(track)
            below = replace(timeline, tracks=timeline.tracks[:before], effects=())
            yield place, Adjustment(layer, below)
        elif track.effects:
            if alone is None:
                bare = replace(track, effects=())
                alone = replace(timeline, tracks=(bare,), effects=())
            yield place, Group(layer, track, alone)
        else:
            yield place, layer


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


def _track_layers(track: Track) -> Iterator[tuple[TimeRange, Shot | Blend]]:
    """Yield a track's layers in order of time, each with the seconds it is seen."""
    items, layout = track.items, layout_of(track.items)
    for number, item in enumerate(items):
        begins, ends = layout.start(number), layout.start(number + 1)
        before = items[number - 1] if number else None
        after = items[number + 1] if number + 1 < len(items) else None
        if isinstance(item, Clip):
            if isinstance(before, Transition):
                start = begins + before.out_offset
            else:
                start = begins
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
