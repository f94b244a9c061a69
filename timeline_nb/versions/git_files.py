"""Projects as git hands them over: to be compared, shown as text, and merged."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.core.structs import to_canonical
from timeline_nb.errors import ProjectError
from timeline_nb.project.document import editor_of, parsed, refuse_faults
from timeline_nb.project.writing import project_text
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.comparing.changes import in_words, quote
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.merging.merged import MergedTimelines
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Transition,
)
from timeline_nb.timeline.queries import range_of

__all__ = [
    "difference_of",
    "merge_bytes",
    "read_version",
    "shown_as_text",
    "written_version",
]

_PLAIN: Final = frozenset({"type", "id", "name", "media", "source_range", "text"})


def read_version(data: bytes, name: str, folder: Path) -> Timeline:
    """Return the timeline of a project that git handed over.

    Anyone may have written it: no file that it names is looked for.

    Args:
        data: The file's content.
        name: How messages call it.
        folder: Where the project lies in the working tree.

    Raises:
        ProjectError: It is no valid project.
    """
    timeline = parsed(data, name, folder.resolve(), scope=Scope())
    refuse_faults(timeline, name)
    return timeline


def written_version(
    timeline: Timeline, path: Path, editor: Mapping[str, Any] | None = None
) -> bytes:
    """Return a project as a file in the working tree.

    Args:
        timeline: The edit.
        path: The file.
        editor: What it keeps for the editor, by field.
    """
    return project_text(timeline, path, path.resolve().parent, editor)


def difference_of(old: bytes, new: bytes, path: Path) -> Diff:
    """Return what changed in a project; an empty file is an edit of nothing.

    Raises:
        ProjectError: One is no valid project.
    """
    folder = path.parent
    two = [
        read_version(data, path.name, folder) if data else None for data in (old, new)
    ]
    there = two[0] or two[1]
    if there is None:
        raise ProjectError(f"{path} is empty in both versions")
    one, other = (own if own is not None else _emptied(there) for own in two)
    kept = [editor_of(data, path.name) if data else {} for data in (old, new)]
    return Diff(one, other, kept=(kept[0], kept[1]))


def _emptied(timeline: Timeline) -> Timeline:
    """Return an edit of nothing, of the same name, size and rate."""
    return replace(timeline, tracks=(), effects=(), markers=(), metadata={})


def merge_bytes(base: bytes, ours: bytes, theirs: bytes, path: Path) -> MergedTimelines:
    """Return the merge of three versions of a project; the base may be empty.

    Raises:
        ProjectError: One is no valid project.
    """
    folder = path.parent
    named = ((ours, "ours"), (theirs, "theirs"))
    one, other = (
        read_version(data, f"{path.name} ({side})", folder) for data, side in named
    )
    before = read_version(base, f"{path.name} (base)", folder) if base else None
    kept = (
        editor_of(base, path.name) if base else {},
        editor_of(ours, path.name),
        editor_of(theirs, path.name),
    )
    return MergedTimelines(before or _emptied(one), one, other, kept=kept)


def shown_as_text(timeline: Timeline) -> Iterator[str]:
    """Yield a project as lines for people: a line for each item."""
    width, height = timeline.size
    yield f"{quote(timeline.name)} {width}x{height} {float(timeline.rate):.6g} fps"
    yield from _rest("", timeline, {"name", "size", "rate", "tracks", "next_id"})
    for track in timeline.tracks:
        yield f"track {track.name} ({track.kind})"
        yield from _rest("  ", track, {"name", "kind", "items"})
        for number, item in enumerate(track.items):
            at = format_timecode(
                max(range_of(track, number).start, timeline.rate * 0), timeline.rate
            )
            yield f"  {at} {_item(item)}"


def _item(item: Item) -> str:
    if isinstance(item, Gap):
        return f"gap of {in_words(item.duration)} s"
    if isinstance(item, Transition):
        length = in_words(item.in_offset + item.out_offset)
        rest = _fields(item, {"kind", "in_offset", "out_offset"})
        return f"{item.kind} of {length} s{rest}"
    rest = _fields(
        item, _PLAIN | ({"duration"} if isinstance(item, Subtitle) else set())
    )
    if isinstance(item, Subtitle):
        return f"subtitle {in_words(item.text)} for {in_words(item.duration)} s{rest}"
    return _clip(item, _fields(item, _PLAIN))


def _clip(clip: Clip, rest: str) -> str:
    shown = quote(clip.media.label)
    if clip.media.generator is not None:
        shown += f" {in_words(clip.media.generator.parameters)}"
    return f"clip {quote(clip.name)}: {in_words(clip.source_range)} of {shown}{rest}"


def _fields(item: Item, without: frozenset[str] | set[str]) -> str:
    fields = to_canonical(item)
    shown = (
        f"{name} {in_words(value)}"
        for name, value in fields.items()
        if name not in without and name != "type"
    )
    return "".join(f", {text}" for text in shown)


def _rest(indent: str, owner: object, without: set[str]) -> Iterator[str]:
    for name, value in to_canonical(owner).items():
        if name in without:
            continue
        for part in value if isinstance(value, list) else [value]:
            yield f"{indent}{name}: {in_words(part)}"
