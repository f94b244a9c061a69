"""Merge a clip, a subtitle or a transition, field by field."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.comparing.changes import in_words
from timeline_nb.timeline.merging.questions import Ask, joined
from timeline_nb.timeline.merging.values import (
    merge_effect,
    merge_effects,
    merge_markers,
)
from timeline_nb.timeline.model import (
    Clip,
    MediaReference,
    Subtitle,
    Timeline,
    Transform,
    Transition,
)
from timeline_nb.timeline.queries import duration

__all__ = ["MergeTimelines", "merge_clip", "merge_subtitle", "merge_transition"]

MergeTimelines = Callable[[Ask, Timeline, Timeline, Timeline], Timeline]

_FIELDS: Final = ("name", "link", "gain_db", "pan", "audio", "fade_in", "fade_out")


def merge_clip(
    ask: Ask, base: Clip, ours: Clip, theirs: Clip, nested: MergeTimelines
) -> Clip:
    """Merge a clip that all three have.

    Args:
        ask: Asks what cannot be joined.
        base: The clip before.
        ours: That of ours.
        theirs: That of theirs.
        nested: Merges nested timelines.
    """
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    three = base, ours, theirs
    # Picture and sound that are linked stay in step.
    linked = ask.beside(f"link {base.link}") if base.link else ask
    span = _source_range(linked, *(clip.source_range for clip in three))
    fields: dict[str, Any] = {
        name: ask.value(name, *(getattr(clip, name) for clip in three))
        for name in _FIELDS
    }
    return replace(
        ours,
        source_range=span,
        media=_media(ask, (base.media, ours.media, theirs.media), span, nested),
        transform=_transform(ask, *(clip.transform for clip in three)),
        keyframes=ask.mapping("keyframes of ", *(clip.keyframes for clip in three)),
        effects=merge_effects(ask, *(clip.effects for clip in three)),
        markers=merge_markers(ask, *(clip.markers for clip in three)),
        metadata=ask.mapping("metadata: ", *(clip.metadata for clip in three)),
        **fields,
    )


def _source_range(
    ask: Ask, base: TimeRange, ours: TimeRange, theirs: TimeRange
) -> TimeRange:
    """Merge the stretch of media: by its edges, or by its start and its length.

    A trim of the head and one of the tail join, and so do a slip and a trim.
    """
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    starts = joined(base.start, ours.start, theirs.start)
    ends = joined(base.end, ours.end, theirs.end)
    lengths = joined(base.duration, ours.duration, theirs.duration)
    if starts[0] and ends[0] and ends[1] > starts[1]:
        return TimeRange.between(starts[1], ends[1])
    if starts[0] and lengths[0]:
        return TimeRange(starts[1], lengths[1])
    return ask.value("stretch of media", base, ours, theirs)


def _transform(
    ask: Ask, base: Transform, ours: Transform, theirs: Transform
) -> Transform:
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    fields: dict[str, Any] = {
        name: ask.value(name, *(getattr(one, name) for one in (base, ours, theirs)))
        for name in Transform.__struct_fields__
    }
    return replace(base, **fields)


def _media(
    ask: Ask,
    three: tuple[MediaReference, MediaReference, MediaReference],
    span: TimeRange,
    nested: MergeTimelines,
) -> MediaReference:
    base, ours, theirs = three
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    inner = base.timeline, ours.timeline, theirs.timeline
    if inner[0] is not None and inner[1] is not None and inner[2] is not None:
        made = nested(ask.at("nested", ""), inner[0], inner[1], inner[2])
        if made == ours.timeline:
            return ours
        end = max(duration(made), span.end)
        has_audio = any(track.kind == "audio" and track.items for track in made.tracks)
        return replace(
            ours,
            timeline=made,
            available_range=TimeRange(Fraction(0), end),
            rate=made.rate,
            size=made.size,
            has_audio=ours.has_audio or theirs.has_audio or has_audio,
        )
    drawn = base.generator, ours.generator, theirs.generator
    if drawn[0] is not None and drawn[1] is not None and drawn[2] is not None:
        kinds = {effect.kind for effect in drawn if effect is not None}
        if len(kinds) == 1:
            effect = merge_effect(ask, drawn[0], drawn[1], drawn[2])
            return replace(ours, generator=effect)
    shown = [in_words(one.label) for one in (base, ours, theirs)]
    return theirs if ask.side("media", *shown) == "theirs" else ours


def merge_subtitle(
    ask: Ask, base: Subtitle, ours: Subtitle, theirs: Subtitle
) -> Subtitle:
    """Merge a line that all three have."""
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    return replace(
        ours,
        text=ask.value("text", base.text, ours.text, theirs.text),
        duration=ask.value("length", base.duration, ours.duration, theirs.duration),
        style=ask.mapping("style: ", base.style, ours.style, theirs.style),
        metadata=ask.mapping(
            "metadata: ", base.metadata, ours.metadata, theirs.metadata
        ),
    )


def merge_transition(
    ask: Ask, base: Transition | None, ours: Transition, theirs: Transition
) -> Transition:
    """Merge a transition between the same clips that both sides have."""
    if base is None:
        return ask.value("transition", base, ours, theirs) or ours
    is_clear, whole = joined(base, ours, theirs)
    if is_clear:
        return whole
    lengths = [(one.in_offset, one.out_offset) for one in (base, ours, theirs)]
    before, after = ask.value("length", *lengths)
    return Transition(
        kind=ask.value("kind", base.kind, ours.kind, theirs.kind),
        in_offset=before,
        out_offset=after,
        parameters=ask.mapping(
            "parameters: ", base.parameters, ours.parameters, theirs.parameters
        ),
    )
