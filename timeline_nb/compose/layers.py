"""Lowering: which clips are seen at a time, bottom to top, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.queries import duration

__all__ = ["Blend", "Layer", "Shot", "Span", "lower", "shots_of", "spans"]


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

    def media_time(self, time: Fraction) -> Fraction:
        """The second of the media that is shown at a second of the timeline."""
        return self.clip.source_range.start + time - self.start

    def level_at(self, time: Fraction) -> Fraction:
        """How far the clip has faded in or not yet out: 0 to 1, linear."""
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
        """Whether the level ever changes."""
        return bool(self.clip.fade_in or self.clip.fade_out)


@dataclass(frozen=True)
class Blend:
    """One clip becoming another.

    Args:
        outgoing: The clip before the cut.
        incoming: The clip behind it.
        range: Timeline seconds over which the one becomes the other.
    """

    outgoing: Shot
    incoming: Shot
    range: TimeRange

    def progress_at(self, time: Fraction) -> Fraction:
        """The share of the incoming clip, 0 at the first moment."""
        return (time - self.range.start) / self.range.duration


Layer: TypeAlias = Shot | Blend


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
    """The clips that a layer shows."""
    return (layer,) if isinstance(layer, Shot) else (layer.outgoing, layer.incoming)


def lower(timeline: Timeline, time: Fraction) -> tuple[Layer, ...]:
    """What is seen at a timeline second, bottom to top."""
    return tuple(
        layer
        for track in _seen(timeline)
        for place, layer in _track_layers(track)
        if place.contains(time)
    )


def spans(timeline: Timeline) -> list[Span]:
    """The whole timeline, cut where the set of its layers changes."""
    whole = duration(timeline)
    tracks = [list(_track_layers(track)) for track in _seen(timeline)]
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
    return (t for t in timeline.tracks if t.kind == "video" and t.enabled)


def _track_layers(track: Track) -> Iterator[tuple[TimeRange, Layer]]:
    """A track's layers in order of time, each with the seconds it is seen."""
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
            yield place, Blend(outgoing, Shot(after, begins), place)
