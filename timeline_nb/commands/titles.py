"""Commands that add generated clips, subtitles and nested timelines."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

from msgspec import field
from msgspec.structs import replace

from timeline_nb.commands.command import Command, Duration, ItemId, Time, TrackName
from timeline_nb.effects.catalog import find
from timeline_nb.effects.chain import check_effect
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.checks import check_style
from timeline_nb.effects.titles.clips import generated_clip, nested_clip, title_clip
from timeline_nb.effects.titles.template_clips import template_clip
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Timeline
from timeline_nb.timeline.queries import clip_of, clips

__all__ = [
    "AddAdjustment",
    "AddGenerator",
    "AddSubtitle",
    "AddTemplate",
    "AddTitle",
    "Nest",
    "SetSubtitle",
    "SetTitle",
]


def _length(start: Fraction, end: Fraction) -> Fraction:
    """Return the time between a start and a later end."""
    if end <= start:
        raise TimelineError(
            f"end={float(end):g} s is not after start={float(start):g} s: "
            "give a later end"
        )
    return end - start


class AddTitle(Command, frozen=True, kw_only=True, tag="add_title"):
    """Add a title over the picture, on the first free track above it."""

    label: ClassVar = "title"
    method: ClassVar = "titles.add"
    positional: ClassVar = ("text",)
    unpacked: ClassVar = "style"

    text: str
    start: Time
    end: Time
    track: TrackName | None = None
    animation: str = ""
    style: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the title."""
        length, size = _length(self.start, self.end), timeline.size
        clip = title_clip(
            self.text, length, size, animation=self.animation, **self.style
        )
        return edits.overlay(timeline, clip, at=self.start, track=self.track)


class SetTitle(Command, frozen=True, kw_only=True, tag="set_title"):
    """Change the text or the style of a title, or of a template's titles."""

    label: ClassVar = "set title"
    method: ClassVar = "titles.set"
    positional: ClassVar = ("clip",)
    unpacked: ClassVar = "style"

    clip: ItemId
    text: str | None = None
    layer: int | None = None
    style: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the title changed."""
        changed = edits.set_title(
            timeline, self.clip, text=self.text, layer=self.layer, **self.style
        )
        for generator in _generators(clip_of(changed, self.clip)):
            values_of(find(generator.kind, "generator"), generator)
        return changed


def _generators(clip: Clip) -> Iterator[Effect]:
    """Yield the generators of a clip, and of the clips of a timeline nested in it."""
    if clip.media.generator is not None:
        yield clip.media.generator
    if clip.media.timeline is not None:
        for inner in clips(clip.media.timeline):
            yield from _generators(inner)


class AddGenerator(Command, frozen=True, kw_only=True, tag="add_generator"):
    """Add a generated picture, such as a solid color, over the tracks below."""

    label: ClassVar = "generator"
    method: ClassVar = "titles.generate"
    positional: ClassVar = ("kind",)
    unpacked: ClassVar = "parameters"

    kind: str
    start: Time
    end: Time
    track: TrackName | None = None
    parameters: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the generated picture."""
        length = _length(self.start, self.end)
        clip = generated_clip(self.kind, length, timeline.size, **self.parameters)
        return edits.overlay(timeline, clip, at=self.start, track=self.track)


class AddAdjustment(Command, frozen=True, kw_only=True, tag="add_adjustment"):
    """Add an adjustment layer: effects on everything that lies below it."""

    label: ClassVar = "adjustment"
    method: ClassVar = "titles.adjust"
    unpacked: ClassVar = "effects"

    effects: tuple[Effect, ...]
    start: Time
    end: Time
    track: TrackName | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the adjustment layer."""
        effects = tuple(check_effect(effect, timeline) for effect in self.effects)
        length = _length(self.start, self.end)
        layer = generated_clip("adjustment", length, timeline.size)
        clip = replace(layer, effects=effects)
        return edits.overlay(timeline, clip, at=self.start, track=self.track)


class AddTemplate(Command, frozen=True, kw_only=True, tag="add_template"):
    """Add an intro, a lower third or an outro over the picture."""

    label: ClassVar = "template"
    method: ClassVar = "titles.template"
    positional: ClassVar = ("name",)
    unpacked: ClassVar = "values"

    name: str
    start: Time
    duration: Duration | None = None
    track: TrackName | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the template's clip."""
        clip = template_clip(
            self.name,
            rate=timeline.rate,
            size=timeline.size,
            duration=self.duration,
            **self.values,
        )
        return edits.overlay(timeline, clip, at=self.start, track=self.track)


class Nest(Command, frozen=True, kw_only=True, tag="nest"):
    """Place another timeline over the picture as one clip."""

    label: ClassVar = "nest"
    method: ClassVar = "nest"
    positional: ClassVar = ("timeline",)

    timeline: Timeline
    at: Time
    track: TrackName | None = None

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the other one as a clip."""
        clip = nested_clip(self.timeline)
        return edits.overlay(timeline, clip, at=self.at, track=self.track)


class AddSubtitle(Command, frozen=True, kw_only=True, tag="add_subtitle"):
    """Add a line of text to a subtitle track."""

    label: ClassVar = "subtitle"
    method: ClassVar = "subtitles.add"
    positional: ClassVar = ("text",)
    unpacked: ClassVar = "style"

    text: str
    start: Time
    end: Time
    track: TrackName | None = None
    style: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the new line."""
        style = check_style(self.style) if self.style else None
        return edits.add_subtitle(
            timeline,
            self.text,
            at=TimeRange(self.start, _length(self.start, self.end)),
            track=self.track,
            style=style,
        )


class SetSubtitle(Command, frozen=True, kw_only=True, tag="set_subtitle"):
    """Change the text, the times or the style of one line of subtitles."""

    label: ClassVar = "set subtitle"
    method: ClassVar = "subtitles.set"
    positional: ClassVar = ("line",)
    unpacked: ClassVar = "style"

    line: ItemId
    text: str | None = None
    start: Time | None = None
    end: Time | None = None
    style: dict[str, Any] = field(default_factory=dict)

    def apply(self, timeline: Timeline) -> Timeline:
        """Return the timeline with the line changed."""
        given = {name: value for name, value in self.style.items() if value is not None}
        style = {**self.style, **(check_style(given) if given else {})}
        return edits.set_subtitle(
            timeline,
            self.line,
            text=self.text,
            start=self.start,
            end=self.end,
            style=style,
        )
