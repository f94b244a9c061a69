"""An edit whose media are other files of the same pictures: shorter, or elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from timeline_nb.compose.file_uses import with_paths
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    MediaReference,
    Timeline,
)

__all__ = ["Replacement", "with_replacements"]


@dataclass(frozen=True)
class Replacement:
    """What stands in an edit for a media file.

    Args:
        fingerprint: Of the new file.
        available: What it has of the old file's time; the same as before if None.
    """

    fingerprint: str
    available: TimeRange | None = None


def with_replacements(
    timeline: Timeline,
    media: Mapping[str, Replacement],
    path_of: Callable[[str], str],
) -> Timeline:
    """Return an edit of other files.

    Effects that are bound to a file by its fingerprint are bound to the new one.

    Args:
        timeline: The edit.
        media: What replaces the file of each path; others stay.
        path_of: Returns the new path for a path.
    """
    return with_paths(_replaced(timeline, media), path_of)


def _replaced(timeline: Timeline, media: Mapping[str, Replacement]) -> Timeline:
    return replace(
        timeline,
        tracks=tuple(
            replace(track, items=tuple(_item(item, media) for item in track.items))
            for track in timeline.tracks
        ),
    )


def _item(item: Item, media: Mapping[str, Replacement]) -> Item:
    if not isinstance(item, Clip):
        return item
    if item.media.timeline is not None:
        inner = _replaced(item.media.timeline, media)
        return replace(item, media=replace(item.media, timeline=inner))
    made = media.get(item.media.path)
    if made is None or not item.media.is_file:
        return item
    old = item.media.fingerprint
    return replace(
        item,
        media=_reference(item.media, made),
        effects=tuple(_effect(one, old, made.fingerprint) for one in item.effects),
    )


def _reference(media: MediaReference, made: Replacement) -> MediaReference:
    span = media.available_range
    if span is not None and made.available is not None:
        span = TimeRange.between(
            max(span.start, made.available.start), min(span.end, made.available.end)
        )
    fingerprint = made.fingerprint if media.fingerprint else ""
    return replace(media, fingerprint=fingerprint, available_range=span)


def _effect(effect: Effect, old: str, new: str) -> Effect:
    if not old or effect.parameters.get("fingerprint") != old:
        return effect
    return replace(effect, parameters={**effect.parameters, "fingerprint": new})
