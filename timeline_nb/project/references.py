"""What a document of a project refers to, before its timeline is built."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from timeline_nb.access.scope import Scope
from timeline_nb.errors import ProjectError
from timeline_nb.project.faults import path_fault
from timeline_nb.timeline.limits import MAX_TRACKS

__all__ = ["anchor", "refuse_crowd"]


def anchor(
    document: dict[str, Any], folder: Path, name: str, scope: Scope | None
) -> None:
    """Make the paths of media absolute, and refuse those that no file can have."""
    faults: dict[str, str] = {}
    for where, reference in _references(document.get("timeline"), "$.timeline"):
        own = reference.get("path")
        if not isinstance(own, str) or not own:
            continue
        whole = reference["path"] = str(folder / own)
        if whole not in faults:
            faults[whole] = path_fault(whole, scope)
        if faults[whole]:
            raise ProjectError(f"{name}: {where}.path {faults[whole]}")


def _references(content: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the JSON path and the fields of every media reference, valid or not.

    Args:
        content: A timeline of plain dicts.
        where: Its own JSON path.
    """
    for row, track in enumerate(_list_of(content, "tracks")):
        for number, item in enumerate(_list_of(track, "items")):
            if isinstance(item, dict) and isinstance(item.get("media"), dict):
                place = f"{where}.tracks[{row}].items[{number}].media"
                yield place, item["media"]
                yield from _references(
                    item["media"].get("timeline"), f"{place}.timeline"
                )


def _list_of(value: Any, name: str) -> list[Any]:
    own = value.get(name, []) if isinstance(value, dict) else []
    return own if isinstance(own, list) else []


def refuse_crowd(document: dict[str, Any], name: str) -> None:
    """Refuse more tracks than a timeline has before they are built."""
    content = document.get("timeline")
    tracks = content.get("tracks", ()) if isinstance(content, dict) else ()
    if isinstance(tracks, list) and len(tracks) > MAX_TRACKS:
        count = len(tracks)
        raise ProjectError(
            f"{name}: $.timeline.tracks: {count} tracks are more than {MAX_TRACKS}"
        )
