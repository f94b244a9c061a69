"""Slates in place of what is offline, so that a preview shows all the rest."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.compose.file_uses import uses_of_effects, uses_of_item, uses_of_track
from timeline_nb.compose.item_files import files_of_items
from timeline_nb.compose.lost_parts import kept_part
from timeline_nb.compose.offline import offline_reason
from timeline_nb.i18n import Message, translations
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.kept_by_items import KeptByItems
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    MediaReference,
    Timeline,
    Track,
    Transition,
)

__all__ = ["with_slates"]

# A slate is longer than what it stands for, as transitions reach beyond a clip.
_HANDLE_S: Final = Fraction(60)
# What a slate says below the name of its file.
_OFFLINE: Final = Message("is offline")
_SHORT: Final = Message("ends before")
_SOUND_ONLY: Final = Message("has no pictures")
_ZERO: Final = Fraction(0)
_BACKGROUND: Final = "#3a1d20"


_NOTHING: Final[Mapping[str, MediaReference]] = MappingProxyType({})


def with_slates(
    timeline: Timeline,
    scope: Scope | None,
    unreadable: Collection[str] = (),
    replaced: Mapping[str, MediaReference] = _NOTHING,
    *,
    language: str = "en",
) -> Timeline:
    """Return a timeline in which nothing is offline.

    A clip whose file is missing or not allowed shows a slate with the file's name, and
    is silent on a sound track; effects and styles that use such a file are left out.
    Of a clip whose file holds less than it shows, only that part is replaced.

    Args:
        timeline: What is previewed.
        scope: What may be read; everything if None.
        unreadable: Files that are there, but cannot be read as media.
        replaced: What files are now that lack what the timeline has of them, by path.
        language: Of the slates; English where no font here has its letters.

    Returns:
        The same timeline if nothing is offline.
    """
    return _Slates(scope, unreadable, replaced, language).timeline(timeline)


class _Slates:
    """Replaces what is offline; each file is looked for once."""

    def __init__(
        self,
        scope: Scope | None,
        unreadable: Collection[str],
        replaced: Mapping[str, MediaReference],
        language: str,
    ) -> None:
        self._scope, self._language = scope, language
        self._replaced = replaced
        self._known = dict.fromkeys(unreadable, True)

    def timeline(self, timeline: Timeline) -> Timeline:
        tracks = tuple(self._track(track, timeline) for track in timeline.tracks)
        effects = self._effects(timeline.effects)
        same = all(a is b for a, b in zip(tracks, timeline.tracks, strict=True))
        if same and effects is timeline.effects:
            return timeline
        return replace(timeline, tracks=tracks, effects=effects)

    def _track(self, track: Track, timeline: Timeline) -> Track:
        items = self._items(track, timeline)
        if self._are_offline(use.path for use in uses_of_track(track)):
            track = replace(track, effects=self._effects(track.effects), style={})
        return track if items is track.items else replace(track, items=items)

    def _items(self, track: Track, timeline: Timeline) -> tuple[Item, ...]:
        """Return a track's items; all are looked at only if a medium is offline."""
        items = track.items
        files = files_of_items(items)
        looks_at_all = self._is_any_meant(files.media)
        numbers = range(len(items)) if looks_at_all else files.others
        shown = {n: self._parts(n, track, timeline) for n in numbers}
        if all(parts == (items[number],) for number, parts in shown.items()):
            return _tight.of(items)
        return _without_loose_transitions(
            tuple(
                part
                for number, item in enumerate(items)
                for part in shown.get(number, (item,))
            )
        )

    def _parts(self, number: int, track: Track, timeline: Timeline) -> tuple[Item, ...]:
        """Return what is shown in an item's place: a part of it and slates, or one."""
        clip = track.items[number]
        shown = self._item(clip, track, timeline)
        if not isinstance(clip, Clip) or not isinstance(shown, Clip):
            return (shown,)
        now = self._replaced.get(clip.media.path) if shown.media.is_file else None
        kept = None if now is None else kept_part(track, number, now, timeline.rate)
        if kept is None:
            return (shown,)
        own = clip.source_range
        spans = (
            TimeRange.between(own.start, kept.start),
            kept,
            TimeRange.between(kept.end, own.end),
        )
        is_sound = now is not None and now.size is None
        why = self._said(_SOUND_ONLY if is_sound else _SHORT)
        return tuple(
            _part(shown, span, timeline, None if span is kept else track, why)
            for span in spans
            if span.duration
        )

    def _item(self, item: Item, track: Track, timeline: Timeline) -> Item:
        uses = [use.path for use in uses_of_item(item)]
        if not self._is_any_meant(uses):
            return item
        if isinstance(item, Clip):
            return self._clip(item, track, timeline)
        if isinstance(item, Transition):
            return replace(item, kind="dissolve", parameters={})
        return item if isinstance(item, Gap) else replace(item, style={})

    def _clip(self, clip: Clip, track: Track, timeline: Timeline) -> Clip | Gap:
        media = clip.media
        effects = self._effects(clip.effects)
        if media.timeline is not None:
            shown = replace(media, timeline=self.timeline(media.timeline))
            return replace(clip, media=shown, effects=effects)
        own = uses_of_item(replace(clip, effects=()))
        if not self._are_offline(use.path for use in own):
            return replace(clip, effects=effects)
        if track.kind == "audio":
            return Gap(duration=duration_of(clip))
        return _slate(clip, timeline, self._said(_OFFLINE))

    def _said(self, why: Message) -> str:
        """Return a text in the language, if a font here has all of its letters."""
        if self._language == "en":
            return str(why)
        from timeline_nb.effects.titles.fonts import DEFAULT, find_face, missing_letters

        text = translations(self._language).said(why)
        return str(why) if missing_letters(text, find_face(DEFAULT)) else text

    def _effects(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Return the effects that are not offline; the same tuple if all are there."""
        kept = tuple(
            effect
            for effect in effects
            if not self._are_offline(use.path for use in uses_of_effects([effect], ""))
        )
        return effects if len(kept) == len(effects) else kept

    def _is_any_meant(self, paths: Iterable[str]) -> bool:
        """Return whether a path is offline, or its file lacks something."""
        return any(p in self._replaced or self._is_offline(p) for p in paths)

    def _are_offline(self, paths: Iterable[str]) -> bool:
        return any(map(self._is_offline, paths))

    def _is_offline(self, path: str) -> bool:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = bool(offline_reason(path, self._scope))
        return known


def _without_loose_transitions(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return items without the transitions that meet a gap."""
    gaps = {number for number, item in enumerate(items) if isinstance(item, Gap)}
    loose = {
        number
        for number, item in enumerate(items)
        if isinstance(item, Transition) and gaps & {number - 1, number + 1}
    }
    if not loose:
        return items
    return tuple(item for number, item in enumerate(items) if number not in loose)


# Where nothing is offline, the same at every change.
_tight = KeptByItems("transitions that meet no gap", _without_loose_transitions)


def _part(
    clip: Clip, span: TimeRange, timeline: Timeline, lost_on: Track | None, why: str
) -> Clip | Gap:
    """Return a part of a clip; what is lost of it on a track is a slate, or silence."""
    own = clip.source_range
    if lost_on is not None and lost_on.kind == "audio":
        return Gap(duration=span.duration)
    part = replace(
        clip,
        source_range=span,
        fade_in=min(clip.fade_in, span.duration) if span.start == own.start else _ZERO,
        fade_out=min(clip.fade_out, span.duration) if span.end == own.end else _ZERO,
    )
    if lost_on is None:
        return part
    # Decoders are kept by the ids of clips.
    lost = replace(part, id=f"{clip.id} lost at {span.start}")
    return _slate(lost, timeline, why)


def _slate(clip: Clip, timeline: Timeline, why: str) -> Clip:
    """Return a clip in the place of another, which shows the name of its file."""
    length = clip.source_range.duration + 2 * _HANDLE_S
    whole = TimeRange(Fraction(0), length)
    name = PurePath(clip.media.path).name or clip.media.label
    layers = (
        Effect(kind="solid", parameters={"color": _BACKGROUND}),
        Effect(
            kind="title",
            parameters={
                "text": f"{name}\n{why}",
                "size": 0.07,
                "substitute": True,
            },
        ),
    )
    tracks = tuple(
        Track(
            kind="video",
            name=f"V{number}",
            items=(
                Clip(
                    id=f"slate{number}",
                    media=MediaReference(generator=layer),
                    source_range=whole,
                ),
            ),
        )
        for number, layer in enumerate(layers, 1)
    )
    shown = Timeline(
        name="slate", rate=timeline.rate, size=timeline.size, tracks=tracks
    )
    return replace(
        clip,
        media=MediaReference(timeline=shown, available_range=whole),
        source_range=TimeRange(_HANDLE_S, clip.source_range.duration),
        effects=(),
        keyframes={},
        metadata={},
    )
