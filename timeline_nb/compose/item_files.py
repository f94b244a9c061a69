"""Which items of a track may use which files: found without a look at each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from timeline_nb.compose.file_uses import (
    FileUse,
    uses_of_effects,
    uses_of_item,
    uses_of_track,
)
from timeline_nb.timeline.kept_by_items import KeptByItems
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Item,
    Subtitle,
    Timeline,
    Transition,
)

__all__ = ["ItemFiles", "files_of_items", "uses_of_suspects"]


@dataclass(frozen=True, slots=True)
class ItemFiles:
    """The files of a track's items, as far as the items alone tell them.

    Args:
        media: The paths of the clips' media.
        others: The numbers of the items that may use further files, as the catalog of
            effects has it: those with parameters, and nested timelines.
    """

    media: tuple[str, ...]
    others: tuple[int, ...]


def files_of_items(items: tuple[Item, ...]) -> ItemFiles:
    """Return the files of a track's items; they are looked at once."""
    return _files.of(items)


def uses_of_suspects(
    timeline: Timeline, is_suspect: Callable[[str], object]
) -> Iterator[FileUse]:
    """Yield the uses of suspected files, and some of others, in the order of use.

    Args:
        timeline: The timeline, with those nested in it.
        is_suspect: Whether a path is meant.
    """
    yield from uses_of_effects(timeline.effects, "the timeline")
    for track in timeline.tracks:
        yield from uses_of_track(track)
        files = files_of_items(track.items)
        looks_at_all = any(map(is_suspect, files.media))
        for number in range(len(track.items)) if looks_at_all else files.others:
            yield from uses_of_item(track.items[number])


def _files_of(items: tuple[Item, ...]) -> ItemFiles:
    clips = (item for item in items if isinstance(item, Clip))
    media = dict.fromkeys(clip.media.path for clip in clips if clip.media.is_file)
    others = (number for number, item in enumerate(items) if _has_others(item))
    return ItemFiles(tuple(media), tuple(others))


def _has_others(item: Item) -> bool:
    if isinstance(item, Clip):
        made = item.media.generator
        return (
            item.media.timeline is not None
            or (made is not None and _has_values(made))
            or any(map(_has_values, item.effects))
        )
    if isinstance(item, Subtitle):
        return bool(item.style)
    return isinstance(item, Transition) and bool(item.parameters)


def _has_values(effect: Effect) -> bool:
    return bool(effect.parameters or effect.keyframes)


_files = KeptByItems("the files of tracks", _files_of)
