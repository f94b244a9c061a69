"""What keeps a film from being made: offline files, missing plugins, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from timeline_nb.access.scope import Scope
from timeline_nb.compose.file_uses import (
    FileUse,
    uses_of_effects,
    uses_of_item,
    uses_of_track,
)
from timeline_nb.compose.lost_parts import lost_parts
from timeline_nb.compose.missing_effects import missing_in, missing_in_item
from timeline_nb.compose.offline import is_shown, offline_reason
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import MediaReference, Timeline

__all__ = ["Hindrance", "hindrances"]


@dataclass(frozen=True)
class Hindrance:
    """Something that a film needs and that is not there.

    Args:
        path: Of the file; empty for an effect.
        effect: The kind of an effect whose plugin is missing; empty for a file.
        track: The name of the track; empty if it is the timeline's own.
        at: Timeline seconds of the item that needs it; None if no item does.
        is_lacking: Whether the file is there, but lacks what a clip shows from there.
    """

    path: str = ""
    effect: str = ""
    track: str = ""
    at: Fraction | None = None
    is_lacking: bool = False


def hindrances(  # noqa: PLR0913 - what is asked for, and what is known of files
    timeline: Timeline,
    start: Fraction,
    end: Fraction,
    scope: Scope | None,
    *,
    unreadable: Mapping[str, str] = MappingProxyType({}),
    replaced: Mapping[str, MediaReference] = MappingProxyType({}),
) -> Iterator[Hindrance]:
    """Yield what is shown or heard from `start` to `end` and is not there.

    Each file and each kind of effect is named once, where it is needed first on the
    first track that needs it.

    Args:
        timeline: Any.
        start: Timeline seconds.
        end: Timeline seconds.
        scope: What may be read; everything if None.
        unreadable: Why files that are there are no media, by path.
        replaced: What files are now that lack what the timeline has of them, by path.
    """
    known: dict[str, bool] = dict.fromkeys(unreadable, True)
    found: set[tuple[str, str]] = set()
    for one in _all(timeline, start, end):
        if one.path and one.path not in known:
            known[one.path] = bool(offline_reason(one.path, scope))
        if one.path and not known[one.path]:
            continue
        if (one.path, one.effect) not in found:
            found.add((one.path, one.effect))
            yield one
    for part in lost_parts(timeline, replaced):
        is_new = (part.path, "") not in found
        if is_new and part.at < end and start < part.end:
            found.add((part.path, ""))
            yield Hindrance(
                path=part.path, track=part.track, at=part.at, is_lacking=True
            )


def _all(timeline: Timeline, start: Fraction, end: Fraction) -> Iterator[Hindrance]:
    """Yield all files that are used, and all effects that are missing."""
    yield from _files(uses_of_effects(timeline.effects, ""))
    for missing in missing_in("", timeline.effects):
        yield Hindrance(effect=missing.kind)
    for track in timeline.tracks:
        if not track.enabled or layout_of(track.items).end <= start:
            continue
        yield from _files(uses_of_track(track), track.name)
        for missing in missing_in("", track.effects):
            yield Hindrance(effect=missing.kind, track=track.name)
        layout = layout_of(track.items)
        for number, item in enumerate(track.items):
            if not is_shown(track, number, start, end):
                continue
            at = layout.start(number)
            yield from _files(uses_of_item(item), track.name, at)
            for missing in missing_in_item(track, item):
                yield Hindrance(effect=missing.kind, track=track.name, at=at)


def _files(
    uses: Iterator[FileUse], track: str = "", at: Fraction | None = None
) -> Iterator[Hindrance]:
    for use in uses:
        if use.enabled:
            yield Hindrance(path=use.path, track=track, at=at)
