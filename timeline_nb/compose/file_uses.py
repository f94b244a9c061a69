"""The files that a timeline uses: media, tables of colors, masks and fonts.

A path of a project may name anything, so that everything which judges, moves or
compares the paths of an edit asks here. What has a path is found by its type: the
model's media references, and the effects' parameters that are declared as files or
fonts (`Parameter.names_file`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.effects.catalog import specs_of
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.spec import Medium
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transition,
)

__all__ = [
    "FileUse",
    "file_uses",
    "uses_of_clip",
    "uses_of_effects",
    "uses_of_item",
    "uses_of_track",
    "with_paths",
]

_EFFECTS: Final[tuple[Medium, ...]] = ("picture", "sound", "time")
_TRANSITIONS: Final[tuple[Medium, ...]] = ("transition", "crossfade")


@dataclass(frozen=True)
class FileUse:
    """A file that a part of a timeline uses.

    Args:
        path: As the timeline has it; of an image sequence with its rate.
        what: What it is there, as `the media` or `the table or mask of the effect`.
        owner: Whose it is, as messages have it: `clip 'street' (c1)`.
        enabled: Whether it is used now; an effect may be switched off.
    """

    path: str
    what: str
    owner: str
    enabled: bool = True


def file_uses(timeline: Timeline) -> Iterator[FileUse]:
    """Yield every file that a timeline uses, those of nested timelines included.

    Example:
        >>> from timeline_nb.timeline.model import Effect, Timeline
        >>> grade = Effect(kind="lut", parameters={"path": "warm.cube"})
        >>> cut = Timeline(name="a", rate=25, size=(64, 48), effects=(grade,))
        >>> [(use.path, use.what, use.owner) for use in file_uses(cut)]
        [('warm.cube', "the file of the effect 'lut'", 'the timeline')]
    """
    yield from uses_of_effects(timeline.effects, "the timeline")
    for track in timeline.tracks:
        yield from uses_of_track(track)
        for item in track.items:
            yield from uses_of_item(item)


def uses_of_track(track: Track) -> Iterator[FileUse]:
    """Yield the files of a track's own effects and style, not those of its items."""
    owner = f"track {track.name!r}"
    yield from uses_of_effects(track.effects, owner)
    yield from _uses_of_style(track.style, owner)


def uses_of_item(item: Item) -> Iterator[FileUse]:
    """Yield the files of a clip, a subtitle or a transition."""
    if isinstance(item, Clip):
        yield from uses_of_clip(item)
    elif isinstance(item, Subtitle):
        yield from _uses_of_style(item.style, f"the subtitle {item.id!r}")
    elif isinstance(item, Transition):
        made = Effect(kind=item.kind, parameters=item.parameters)
        what = f"the file of the transition {item.kind!r}"
        yield from _uses(made, _TRANSITIONS, what, "the track")


def uses_of_clip(clip: Clip) -> Iterator[FileUse]:
    """Yield the files of a clip: of its media, its effects, its generator."""
    owner, media = f"clip {clip.label}", clip.media
    if media.is_file:
        yield FileUse(media.path, "the media", owner)
    if media.generator is not None:
        what = f"the font or file of the generator {media.generator.kind!r}"
        yield from _uses(media.generator, ("generator",), what, owner)
    yield from uses_of_effects(clip.effects, owner)
    if media.timeline is not None:
        for use in file_uses(media.timeline):
            yield FileUse(use.path, use.what, f"{owner}: {use.owner}", use.enabled)


def uses_of_effects(effects: Iterable[Effect], owner: str) -> Iterator[FileUse]:
    """Yield the files of an owner's effects."""
    for effect in effects:
        what = f"the file of the effect {effect.kind!r}"
        yield from _uses(effect, _EFFECTS, what, owner)


def with_paths(timeline: Timeline, change: Callable[[str], str]) -> Timeline:
    """Return a timeline in which each path of a file is changed.

    Args:
        timeline: What is changed.
        change: Returns the new path for a path.
    """
    tracks = tuple(_track_with(track, change) for track in timeline.tracks)
    effects = _effects_with(timeline.effects, change)
    if effects == timeline.effects and all(map(_is, tracks, timeline.tracks)):
        return timeline
    return replace(timeline, tracks=tracks, effects=effects)


def _uses(
    effect: Effect, media: tuple[Medium, ...], what: str, owner: str
) -> Iterator[FileUse]:
    for parameter, value in _values(effect, media):
        path = parameter.file_of(value)
        if path:
            yield FileUse(path, what, owner, effect.enabled)


def _uses_of_style(style: Mapping[str, Any], owner: str) -> Iterator[FileUse]:
    if style:
        made = Effect(kind="title", parameters=dict(style))
        yield from _uses(made, ("generator",), "the font", owner)


def _values(
    effect: Effect, media: tuple[Medium, ...]
) -> Iterator[tuple[Parameter, Any]]:
    """Yield the values, keyframes included, of parameters that name files."""
    for name, parameter in _file_parameters(effect.kind, media):
        if name in effect.parameters:
            yield parameter, effect.parameters[name]
        for key in effect.keyframes.get(name, ()):
            yield parameter, key.value


def _file_parameters(
    kind: str, media: tuple[Medium, ...]
) -> Iterator[tuple[str, Parameter]]:
    # A kind may be registered for pictures and for sound, and later in the session.
    for spec in specs_of(kind, *media):
        for name, parameter in spec.parameters.items():
            if parameter.names_file:
                yield name, parameter


def _is(one: object, other: object) -> bool:
    return one is other


def _track_with(track: Track, change: Callable[[str], str]) -> Track:
    items = tuple(_item_with(item, change) for item in track.items)
    effects = _effects_with(track.effects, change)
    style = _style_with(track.style, change)
    same = effects == track.effects and style == track.style
    if same and all(map(_is, items, track.items)):
        return track
    return replace(track, items=items, effects=effects, style=style)


def _item_with(item: Item, change: Callable[[str], str]) -> Item:
    if isinstance(item, Subtitle):
        style = _style_with(item.style, change)
        return item if style == item.style else replace(item, style=style)
    if isinstance(item, Transition):
        made = Effect(kind=item.kind, parameters=item.parameters)
        moved = _effect_with(made, _TRANSITIONS, change)
        return item if moved is made else replace(item, parameters=moved.parameters)
    if not isinstance(item, Clip):
        return item
    media = _media_with(item.media, change)
    effects = _effects_with(item.effects, change)
    if media is item.media and effects == item.effects:
        return item
    return replace(item, media=media, effects=effects)


def _media_with(media: MediaReference, change: Callable[[str], str]) -> MediaReference:
    if media.timeline is not None:
        inner = with_paths(media.timeline, change)
        return media if inner is media.timeline else replace(media, timeline=inner)
    if media.generator is not None:
        made = _effect_with(media.generator, ("generator",), change)
        return media if made is media.generator else replace(media, generator=made)
    path = change(media.path) if media.path else ""
    return media if path == media.path else replace(media, path=path)


def _effects_with(
    effects: tuple[Effect, ...], change: Callable[[str], str]
) -> tuple[Effect, ...]:
    return tuple(_effect_with(effect, _EFFECTS, change) for effect in effects)


def _style_with(style: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    if not style:
        return style
    made = Effect(kind="title", parameters=style)
    return _effect_with(made, ("generator",), change).parameters


def _effect_with(
    effect: Effect, media: tuple[Medium, ...], change: Callable[[str], str]
) -> Effect:
    parameters, keyframes = dict(effect.parameters), dict(effect.keyframes)
    for name, parameter in _file_parameters(effect.kind, media):
        if (path := parameter.file_of(parameters.get(name))) is not None:
            parameters[name] = change(path)
        if name in keyframes:
            keyframes[name] = tuple(
                key
                if (path := parameter.file_of(key.value)) is None
                else replace(key, value=change(path))
                for key in keyframes[name]
            )
    if parameters == effect.parameters and keyframes == effect.keyframes:
        return effect
    return replace(effect, parameters=parameters, keyframes=keyframes)
