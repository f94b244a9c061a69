"""What of a timeline is offline: files that are missing, or that no person allowed."""

from collections.abc import Iterable
from dataclasses import dataclass

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import scope_in_use
from timeline_nb.compose.file_uses import (
    FileUse,
    file_uses,
    uses_of_effects,
    uses_of_item,
    uses_of_track,
)
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.media.sequence import FileSequence, is_there, sequence_at
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Timeline, Transition

__all__ = ["OfflineFile", "check_uses", "offline_files", "offline_reason", "shown_uses"]


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
    if scope is not None and (refused := _refusal(path, scope)):
        return refused
    if is_there(path):
        return ""
    return f"there is no {path}; relink it"


def offline_files(timeline: Timeline, scope: Scope | None) -> list[OfflineFile]:
    """Return the files of a timeline that are offline, in the order of first use.

    Each file is listed once for each part of the timeline that uses it.

    Args:
        timeline: The timeline, with those nested in it.
        scope: What may be read; everything if None.
    """
    known: dict[str, str] = {}
    found: dict[OfflineFile, None] = {}
    for use in file_uses(timeline):
        reason = _known_reason(use, scope, known)
        if reason:
            used_by = f"{use.what} of {use.owner}"
            found[OfflineFile(use.path, used_by, reason)] = None
    return list(found)


def shown_uses(timeline: Timeline, first: int, last: int) -> list[FileUse]:
    """Return the files that frames `first:last` of a timeline are made of.

    Tracks and effects that are switched off use none.
    """
    start, end = first / timeline.rate, last / timeline.rate
    uses = list(uses_of_effects(timeline.effects, "the timeline"))
    for track in timeline.tracks:
        if not track.enabled:
            continue
        layout, seen = layout_of(track.items), False
        for number, item in enumerate(track.items):
            begins, ends = layout.start(number), layout.start(number + 1)
            before = track.items[number - 1] if number else None
            after = track.items[number + 1] if number + 1 < len(track.items) else None
            if isinstance(item, Transition):
                begins, ends = begins - item.in_offset, ends + item.out_offset
            if isinstance(before, Transition):
                begins -= before.in_offset
            if isinstance(after, Transition):
                ends += after.out_offset
            if begins < end and start < ends:
                seen = True
                uses += uses_of_item(item)
        if seen:
            uses += uses_of_track(track)
    return uses


def check_uses(uses: Iterable[FileUse]) -> None:
    """Check that files are there, and that the scope in use allows them.

    Raises:
        CompositionError: One is offline; its owner and the reason are named.
    """
    scope, known = scope_in_use(), dict[str, str]()
    for use in uses:
        if use.enabled and (reason := _known_reason(use, scope, known)):
            raise CompositionError(f"{use.what} of {use.owner} is offline: {reason}")


def _known_reason(use: FileUse, scope: Scope | None, known: dict[str, str]) -> str:
    reason = known.get(use.path)
    if reason is None:
        reason = known[use.path] = offline_reason(use.path, scope)
    return reason


def _refusal(path: str, scope: Scope) -> str:
    """Return why a scope refuses a file, or a file of a sequence."""
    refused, sequence = scope.reason(path), FileSequence.parse(path)
    # A file may have the name of a sequence.
    if sequence is None or (not refused and sequence_at(path) is None):
        return refused
    try:
        files = sequence.files()
    except MediaError:
        return scope.reason(sequence.folder / sequence.name)
    return next(filter(None, map(scope.reason, files)), "")
