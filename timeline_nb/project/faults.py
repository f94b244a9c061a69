"""Faults of a project that show where values are used: paths, and values of effects.

They are found when the project is read, so that no render fails an hour later.
"""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from numbers import Real
from typing import Any, Final, TypeAlias

from timeline_nb.access.names import text_fault
from timeline_nb.access.scope import Scope
from timeline_nb.compose.offline import refusal
from timeline_nb.core.plain import kind_of_value
from timeline_nb.effects.catalog import specs_of
from timeline_nb.effects.spec import Medium
from timeline_nb.media.sequence import FileSequence
from timeline_nb.timeline.fields import value_fault
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    Subtitle,
    Timeline,
    Transition,
)

__all__ = ["free_value_faults", "path_fault"]

# What a path can never be; a file that is only missing is offline.
_IMPOSSIBLE: Final = {errno.ENAMETOOLONG, errno.ELOOP}


def path_fault(path: str, scope: Scope | None = None) -> str:
    """Return why there can be no file of a path; empty if there may be one.

    Args:
        path: Of a file, or of an image sequence.
        scope: What may be read: no file that it refuses is looked for.
    """
    if fault := text_fault(path, windows=False):
        return f"is {path[:80]!r}, no path: it {fault}"
    if scope is not None and refusal(path, scope):
        return ""
    sequence = FileSequence.parse(path)
    # All files of a sequence are in one folder, and are numbered alike.
    probed = path if sequence is None else sequence.folder / sequence.name
    try:
        os.stat(probed)  # noqa: PTH116 - a path may hold NUL, which pathlib hides
    except ValueError as error:
        return f"is {path[:80]!r}, no path: {error}"
    except OSError as error:
        if error.errno in _IMPOSSIBLE:
            return f"is {path[:80]!r}: {error.strerror}"
    return ""


def free_value_faults(timeline: Timeline, where: str) -> Iterator[tuple[str, str]]:
    """Yield the JSON path and the fault of values whose types the model leaves open.

    Args:
        timeline: A timeline as it was decoded.
        where: Its own JSON path.
    """
    yield from _Walk().timeline(timeline, where)


_Fault: TypeAlias = tuple[str, str]
_EFFECTS: Final[tuple[Medium, ...]] = ("picture", "sound", "time")
_GENERATORS: Final[tuple[Medium, ...]] = ("generator",)
_TRANSITIONS: Final[tuple[Medium, ...]] = ("transition", "crossfade")


class _Walk:
    """Walks through a timeline; the catalog is loaded where there are effects."""

    def __init__(self) -> None:
        # The kind of each parameter, of each effect that was met.
        self._known: dict[tuple[str, tuple[Medium, ...]], Mapping[str, str]] = {}

    def _kinds(self, kind: str, media: tuple[Medium, ...]) -> Mapping[str, str]:
        known = self._known.get((kind, media))
        if known is None:
            # Of two kinds of one name, the first is found, as in `catalog.find`.
            spec = next(specs_of(kind, *media), None)
            parameters = spec.parameters if spec is not None else {}
            known = {name: own.kind for name, own in parameters.items()}
            self._known[kind, media] = known
        return known

    def timeline(self, timeline: Timeline, where: str) -> Iterator[_Fault]:
        """Yield the faults of a timeline, and of those nested in it."""
        yield from _free(timeline.metadata, f"{where}.metadata")
        yield from self._all(timeline.effects, f"{where}.effects")
        for number, marker in enumerate(timeline.markers):
            yield from _free(marker.metadata, f"{where}.markers[{number}].metadata")
        for number, track in enumerate(timeline.tracks):
            place = f"{where}.tracks[{number}]"
            yield from _free(track.metadata, f"{place}.metadata")
            yield from self._style(track.style, f"{place}.style")
            yield from self._all(track.effects, f"{place}.effects")
            for index, item in enumerate(track.items):
                yield from self._item(item, f"{place}.items[{index}]")

    def _item(self, item: Item, where: str) -> Iterator[_Fault]:
        if isinstance(item, Subtitle):
            yield from self._style(item.style, f"{where}.style")
            yield from _free(item.metadata, f"{where}.metadata")
        elif isinstance(item, Transition):
            if item.parameters:
                kinds = self._kinds(item.kind, _TRANSITIONS)
                yield from _values(kinds, item.parameters, f"{where}.parameters")
        elif isinstance(item, Clip):
            yield from self._clip(item, where)

    def _clip(self, clip: Clip, where: str) -> Iterator[_Fault]:
        yield from _free(clip.metadata, f"{where}.metadata")
        yield from self._all(clip.effects, f"{where}.effects")
        for number, marker in enumerate(clip.markers):
            yield from _free(marker.metadata, f"{where}.markers[{number}].metadata")
        shown, place = clip.media, f"{where}.media"
        if shown.generator is not None:
            kinds = self._kinds(shown.generator.kind, _GENERATORS)
            yield from _effect(kinds, shown.generator, f"{place}.generator")
        if shown.timeline is not None:
            yield from self.timeline(shown.timeline, f"{place}.timeline")

    def _all(self, effects: tuple[Effect, ...], where: str) -> Iterator[_Fault]:
        for number, effect in enumerate(effects):
            kinds = self._kinds(effect.kind, _EFFECTS)
            yield from _effect(kinds, effect, f"{where}[{number}]")

    def _style(self, style: Mapping[str, Any], where: str) -> Iterator[_Fault]:
        if style:
            yield from _values(self._kinds("title", _GENERATORS), style, where)


def _free(value: dict[str, Any], where: str) -> Iterator[_Fault]:
    if value and (found := value_fault(value)):
        yield where + found[0], found[1]


def _effect(kinds: Mapping[str, str], effect: Effect, where: str) -> Iterator[_Fault]:
    yield from _values(kinds, effect.parameters, f"{where}.parameters")
    for name, keys in effect.keyframes.items():
        kind = kinds.get(name, "")
        for number, key in enumerate(keys):
            place = f"{where}.keyframes.{name}[{number}].value"
            yield from _value(kind, key.value, place)


def _values(
    kinds: Mapping[str, str], values: Mapping[str, Any], where: str
) -> Iterator[_Fault]:
    for name, value in values.items():
        yield from _value(kinds.get(name, ""), value, f"{where}.{name}")


def _value(kind: str, value: Any, where: str) -> Iterator[_Fault]:
    if found := value_fault(value):
        yield where + found[0], found[1]
    elif kind in _TYPES and not _TYPES[kind][0](value):
        yield where, f"is {kind_of_value(value)}: it must be {_TYPES[kind][1]}"


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and all(map(_is_number, value))
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


# Types alone: a value out of range is named by the call that draws it, and a project
# of another version, whose ranges were wider, can still be opened and mended.
_TYPES: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "number": (_is_number, "a number"),
    "integer": (_is_number, "a number"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "color": (lambda value: isinstance(value, (str, list)), "a color"),
    "choice": (_is_text, "text"),
    "text": (_is_text, "text"),
    "file": (_is_text, "the path of a file"),
    "point": (_is_point, "two numbers"),
    "points": (
        lambda value: isinstance(value, list) and all(map(_is_point, value)),
        "a list of pairs of numbers",
    ),
    "spans": (lambda value: isinstance(value, list), "a list of parts of the text"),
}
