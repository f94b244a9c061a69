"""Changes of what a project keeps for the editor beside the film: guides, and bins."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from timeline_nb.core.and_more import and_more
from timeline_nb.i18n import Message
from timeline_nb.timeline.comparing.changes import (
    Change,
    changed,
    in_words,
    quote,
)
from timeline_nb.timeline.model import Clip, Timeline

__all__ = ["kept_changes"]

_AXES: Final = {"x": Message("Vertical"), "y": Message("Horizontal")}
_BIN: Final = Message("Media bin")
_MOST_NAMES: Final = 4


def kept_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], *timelines: Timeline
) -> Iterator[Change]:
    """Yield what changed of the fields that a project keeps for the editor.

    Args:
        old: The fields before, as a file has them.
        new: The fields after.
        timelines: Those that name the media of bins.
    """
    for field in dict.fromkeys([*old, *new]):
        before, after = old.get(field), new.get(field)
        if before == after:
            continue
        if field == "guides":
            yield from _guide_changes(_as_fields(before), _as_fields(after))
        elif field == "bins":
            names = _names_of(timelines)
            yield from _bin_changes(_as_fields(before), _as_fields(after), names)
        else:
            # Of a later version.
            yield Change("editor", field, in_words(before), in_words(after))


def _guide_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for axis in dict.fromkeys([*old, *new]):
        # Of a later version, it may hold anything.
        in_text = _places if axis in _AXES else in_words
        shown = [in_text(side.get(axis)) for side in (old, new)]
        if shown[0] != shown[1]:
            yield changed(Message("Guides"), _AXES.get(axis, axis), shown)


def _places(value: Sequence[float] | None) -> str:
    return ", ".join(f"{place:g}" for place in sorted(value or ()))


def _bin_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        where = Message("{outer} > {inner}", outer=_BIN, inner=quote(name))
        if before is None:
            yield Change(where, Message("added"), "", _media(after or (), names))
        elif after is None:
            yield Change(where, Message("removed"), _media(before, names))
        else:
            were, are = set(before), set(after)
            gone = [one for one in before if one not in are]
            come = [one for one in after if one not in were]
            # Of the same media in another order, all are shown.
            two = (gone, come) if gone or come else (before, after)
            yield changed(where, Message("media"), [_media(own, names) for own in two])


def _media(fingerprints: Sequence[str], names: Mapping[str, str]) -> str:
    shown = ", ".join(names.get(one, one[:12]) for one in fingerprints[:_MOST_NAMES])
    return and_more(shown, len(fingerprints) - _MOST_NAMES)


def _names_of(timelines: Sequence[Timeline]) -> dict[str, str]:
    return {
        item.media.fingerprint: item.media.label
        for timeline in timelines
        for track in timeline.tracks
        for item in track.items
        if isinstance(item, Clip) and item.media.fingerprint
    }


def _as_fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
