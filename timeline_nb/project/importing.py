"""Read a file of another format as an edit, by an importer that is not trusted."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file
from timeline_nb.compose.offline import offline_reason
from timeline_nb.compose.reference import reference_of
from timeline_nb.core.bounded_json import dump
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.offers import offer_errors
from timeline_nb.core.structs import to_canonical
from timeline_nb.errors import MediaError, PluginError, ProjectError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.sequence import title_of
from timeline_nb.project.document import parsed, refuse_faults
from timeline_nb.project.upgrade import CURRENT_VERSION, FORMAT
from timeline_nb.timeline.formats import Importer, ImportRequest
from timeline_nb.timeline.model import Clip, Item, MediaReference, Subtitle, Timeline

__all__ = ["checked_edit", "document_of", "import_edit"]

_NAME_LETTERS: Final = 200
_NUMBER: Final = re.compile(r"([0-9]{1,15})$")


def import_edit(  # noqa: PLR0913 - what is read, by whom, and what it may use
    importer: Importer,
    path: Path,
    args: dict[str, Any],
    *,
    library: MediaLibrary,
    scope: Scope,
    max_bytes: int,
    check: Callable[[], object],
) -> Timeline:
    """Return the edit that an importer makes of a file.

    It is checked as a project from elsewhere is: what it names outside the file's
    folder and the allowed ones is offline. Media that are there are probed, for what
    the importer did not say of them.

    Args:
        importer: Reads the file.
        path: The file, which a person named.
        args: The importer's arguments, checked.
        library: Opens media.
        scope: What may be read.
        max_bytes: The memory that the edit may take.
        check: Called several times a second meanwhile; what it raises ends the work.

    Raises:
        ProjectError: There is no such file, or the edit is not valid; the message names
            the importer and the place in its document.
        PluginError: The importer failed.
    """
    with file_errors(path, ProjectError, verb="opened"):
        open_file(path).close()
    name = f"{path.name}, as {importer.name} reads it"
    with offer_errors(importer.name, path.name):
        made = importer.read(ImportRequest(path=path, args=args, check=check))
    if not isinstance(made, (Timeline, bytes)):
        raise PluginError(f"{name}: it returned {kind_of(made)}, not an edit")
    return checked_edit(
        made,
        name,
        path.resolve().parent,
        library=library,
        scope=scope,
        max_bytes=max_bytes,
        check=check,
    )


def checked_edit(  # noqa: PLR0913 - what is checked, and what it may use
    made: Timeline | bytes,
    name: str,
    folder: Path,
    *,
    library: MediaLibrary,
    scope: Scope,
    max_bytes: int,
    check: Callable[[], object],
) -> Timeline:
    """Return an edit that was made of a file, checked as a stranger's project is.

    Args:
        made: The edit, or its document.
        name: How messages call it.
        folder: Relative paths in it begin there.
        library: Opens media.
        scope: What may be read.
        max_bytes: The memory that the edit may take.
        check: Called several times a second meanwhile; what it raises ends the work.

    Raises:
        ProjectError: The edit is not valid; the message has the place.
    """
    data = document_of(made) if isinstance(made, Timeline) else made
    timeline = parsed(data, name, folder, max_bytes=max_bytes, scope=scope)
    known: dict[str, MediaReference] = {}

    def whole(media: MediaReference) -> MediaReference:
        check()
        if media.path not in known:
            known[media.path] = _completed(media, library, scope)
        return replace(known[media.path], assumed=media.assumed)

    timeline = _numbered(_with_media(timeline, whole))
    refuse_faults(timeline, name)
    return timeline


def document_of(timeline: Timeline) -> bytes:
    """Return a timeline as a project document in JSON.

    Raises:
        ProjectError: It has a value that JSON has not.
    """
    content = to_canonical(timeline)
    try:
        return dump(
            {"format": FORMAT, "version": CURRENT_VERSION, "timeline": content}
        ).encode()
    except (TypeError, ValueError) as error:
        raise ProjectError(
            f"{timeline.name!r} cannot be written as JSON: {error}"
        ) from error


def _completed(
    media: MediaReference, library: MediaLibrary, scope: Scope
) -> MediaReference:
    """Return a reference with what a probe finds; as it is, if the file is offline."""
    if offline_reason(media.path, scope):
        return media
    try:
        return reference_of(library.probe(media.path), library)
    except MediaError:
        # What is no media is refused by who draws it, as in any project.
        return media


def _with_media(
    timeline: Timeline, change: Callable[[MediaReference], MediaReference]
) -> Timeline:
    """Return a timeline in which media of unknown content are changed."""
    return _with_items(timeline, lambda item: _with_own_media(item, change))


def _with_own_media(
    item: Item, change: Callable[[MediaReference], MediaReference]
) -> Item:
    if not isinstance(item, Clip):
        return item
    media = item.media
    if media.timeline is not None:
        inner = _numbered(_with_media(media.timeline, change))
        return replace(item, media=replace(media, timeline=inner))
    if not media.is_file or not media.path:
        return item
    name = item.name or title_of(media.path)[:_NAME_LETTERS]
    return replace(item, name=name, media=media if media.fingerprint else change(media))


def _with_items(timeline: Timeline, change: Callable[[Item], Item]) -> Timeline:
    tracks = (
        replace(track, items=tuple(map(change, track.items)))
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tuple(tracks))


def _numbered(timeline: Timeline) -> Timeline:
    """Return a timeline in which each clip and subtitle has an id."""
    items = [item for track in timeline.tracks for item in track.items]
    ids = {item.id for item in items if isinstance(item, (Clip, Subtitle))}
    # Ids are numbered, with letters before that tell kinds apart.
    numbers = [int(found[1]) for one in ids if (found := _NUMBER.search(one))]
    number = max(timeline.next_id, *(one + 1 for one in numbers), 1)

    def with_id(item: Item) -> Item:
        nonlocal number
        if not isinstance(item, (Clip, Subtitle)) or item.id:
            return item
        number += 1
        return replace(item, id=f"c{number - 1}")

    made = _with_items(timeline, with_id)
    return replace(made, next_id=number)
