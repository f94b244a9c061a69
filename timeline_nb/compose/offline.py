"""What of a timeline is offline: files that are missing, or that no person allowed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import scope_in_use
from timeline_nb.compose.file_uses import (
    FileUse,
    uses_of_effects,
    uses_of_item,
    uses_of_track,
)
from timeline_nb.compose.item_files import uses_of_suspects
from timeline_nb.compose.layers import Adjustment, Blend, Group, Layer
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import FileSequence, is_there, sequence_at
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import Gap, Timeline, Track, Transition

__all__ = [
    "OfflineFile",
    "are_offline",
    "check_uses",
    "is_shown",
    "offline_files",
    "offline_reason",
    "only_online",
    "refusal",
    "uses_of_layer",
]


@dataclass(frozen=True)
class OfflineFile:
    """A file of an edit that is not used: it is missing, or was not allowed.

    Args:
        path: As the edit has it.
        used_by: What uses it: `the media of clip 'street' (c1)`.
        reason: Why it is offline, and what brings it back.
    """

    path: str
    used_by: str
    reason: str

    def __str__(self) -> str:
        return f"{self.used_by} is offline: {self.reason}"


def offline_reason(path: str, scope: Scope | None) -> str:
    """Return why a file or a sequence is offline, and what to do; empty if it is not.

    A file that is not allowed is not looked for: on Windows a mere look at another
    machine's file sends the person's name and a hash of the password there.

    Args:
        path: Of a file, or of an image sequence.
        scope: What may be read; everything if None.
    """
    if scope is not None and (refused := refusal(path, scope)):
        return refused
    if is_there(path):
        return ""
    return Message("there is no {path}; relink it", path=path)


def offline_files(
    timeline: Timeline,
    scope: Scope | None,
    unreadable: Mapping[str, str] = MappingProxyType({}),
) -> list[OfflineFile]:
    """Return the files of a timeline that are offline, in the order of first use.

    Each file is listed once for each part of the timeline that uses it.

    Args:
        timeline: The timeline, with those nested in it.
        scope: What may be read; everything if None.
        unreadable: Why files that are there are no media, by path.
    """
    known = dict(unreadable)
    found: dict[OfflineFile, None] = {}

    def reason_of(path: str) -> str:
        return _known_reason(path, scope, known)

    for use in uses_of_suspects(timeline, reason_of):
        if reason := reason_of(use.path):
            used_by = Message("{what} of {owner}", what=use.what, owner=use.owner)
            found[OfflineFile(use.path, used_by, reason)] = None
    return list(found)


def uses_of_layer(layer: Layer) -> Iterator[FileUse]:
    """Yield the files that a layer of a picture is made of."""
    if isinstance(layer, Group):
        yield from uses_of_track(layer.track)
        yield from uses_of_layer(layer.layer)
    elif isinstance(layer, Blend):
        yield from uses_of_item(layer.transition)
        for shot in (layer.outgoing, layer.incoming):
            yield from uses_of_item(shot.clip)
    else:
        yield from uses_of_item(
            layer.shot.clip if isinstance(layer, Adjustment) else layer.clip
        )


def only_online(timeline: Timeline, frames: range) -> Timeline:
    """Return a timeline without the offline parts that some frames do not show.

    Clips that use a file which is offline become gaps, where no frame shows them.

    Args:
        timeline: At the rate that the frames count.
        frames: The frames that will be shown and heard.

    Raises:
        CompositionError: A frame shows what is offline; its owner and the reason are
            named.
    """
    check_uses(uses_of_effects(timeline.effects, "the timeline"))
    known: dict[str, str] = {}
    start, end = frames.start / timeline.rate, frames.stop / timeline.rate
    tracks = tuple(_online(track, start, end, known) for track in timeline.tracks)
    if all(own is other for own, other in zip(tracks, timeline.tracks, strict=True)):
        return timeline
    return replace(timeline, tracks=tracks)


def _online(
    track: Track, start: Fraction, end: Fraction, known: dict[str, str]
) -> Track:
    """Return a track without what of it is offline and is not shown."""
    gone: set[int] = set()
    seen = False
    for number, item in enumerate(track.items):
        counts = track.enabled and is_shown(track, number, start, end)
        seen = seen or counts
        uses = list(uses_of_item(item))
        if counts:
            check_uses(uses, known)
        elif are_offline(uses, known):
            gone.add(number)
    own = list(uses_of_track(track))
    if seen:
        check_uses(own, known)
    elif are_offline(own, known):
        track = replace(track, effects=(), style={})
    if not gone:
        return track
    items = tuple(
        Gap(duration=duration_of(item)) if number in gone else item
        for number, item in enumerate(track.items)
        if not (
            isinstance(item, Transition) and gone & {number - 1, number, number + 1}
        )
    )
    return replace(track, items=items)


def is_shown(track: Track, number: int, start: Fraction, end: Fraction) -> bool:
    """Return whether an item is shown in a range of time, its transitions included."""
    items, layout = track.items, layout_of(track.items)
    item, begins, ends = items[number], layout.start(number), layout.start(number + 1)
    before = items[number - 1] if number else None
    after = items[number + 1] if number + 1 < len(items) else None
    if isinstance(item, Transition):
        begins, ends = begins - item.in_offset, ends + item.out_offset
    if isinstance(before, Transition):
        begins -= before.in_offset
    if isinstance(after, Transition):
        ends += after.out_offset
    return begins < end and start < ends


def check_uses(uses: Iterable[FileUse], known: dict[str, str] | None = None) -> None:
    """Check that files are there, and that the scope in use allows them.

    Args:
        uses: The files, with what uses them.
        known: What was found of files before, by path; more is added.

    Raises:
        CompositionError: One is offline; its owner and the reason are named.
    """
    scope, known = scope_in_use(), {} if known is None else known
    for use in uses:
        if use.enabled and (reason := _known_reason(use.path, scope, known)):
            raise CompositionError(
                Message(
                    "{what} of {owner} is offline: {reason}",
                    what=use.what,
                    owner=use.owner,
                    reason=reason,
                )
            )


def are_offline(uses: Iterable[FileUse], known: dict[str, str] | None = None) -> bool:
    """Return whether a file that is used now is offline; as `check_uses`."""
    scope, known = scope_in_use(), {} if known is None else known
    return any(_known_reason(use.path, scope, known) for use in uses if use.enabled)


def _known_reason(path: str, scope: Scope | None, known: dict[str, str]) -> str:
    reason = known.get(path)
    if reason is None:
        reason = known[path] = offline_reason(path, scope)
    return reason


def refusal(path: str, scope: Scope) -> str:
    """Return why a scope refuses a file, or a file of a sequence; empty if it does not.

    Args:
        path: Of a file, or of an image sequence.
        scope: What may be read.
    """
    refused, sequence = scope.reason(path), FileSequence.parse(path)
    # A file may have the name of a sequence.
    if sequence is None or (not refused and sequence_at(path) is None):
        return refused
    try:
        files = sequence.files()
    except MediaError:
        return scope.reason(sequence.folder / sequence.name)
    return next(filter(None, map(scope.reason, files)), "")
