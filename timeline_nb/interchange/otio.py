"""OpenTimelineIO's own files, `.otio`, read and written without its library.

Documented at https://opentimelineio.readthedocs.io (file format: JSON, schemas).
"""

from typing import Any, Final

from timeline_nb.core.bounded_json import dump, parse
from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.interchange.otio_objects import (
    list_of,
    refuse_large_integers,
    schema_of,
    text_of,
)
from timeline_nb.interchange.otio_read import timeline_of
from timeline_nb.interchange.otio_write import timeline_object
from timeline_nb.interchange.requests import ReadRequest, WriteRequest, Written
from timeline_nb.timeline.model import Timeline

__all__ = ["read", "write"]

_LONG: Final = frozenset({"children"})
_WHAT: Final = "an OpenTimelineIO file"


def read(request: ReadRequest, *, timeline: str | int | None = None) -> Timeline:
    """Return the timeline of a file.

    Args:
        request: The file.
        timeline: The name or the number, from 0, of one of several timelines that the
            file holds; the first if not given.

    Raises:
        ProjectError: It is not OpenTimelineIO's, broken, or too large; or it has no
            such timeline.
    """
    document = parse(request.data, request.name, what=_WHAT)
    if not schema_of(document):
        raise ProjectError(f"{request.name} is not {_WHAT}: it has no OTIO_SCHEMA")
    try:
        refuse_large_integers(document)
        return timeline_of(_chosen(document, timeline, request), request)
    except TimelineNbError as error:
        raise ProjectError(f"{request.name}: {error}") from None


def write(request: WriteRequest) -> Written:
    """Return a timeline as a file."""
    made = timeline_object(request.timeline, request.report, request.timecode_of)
    text = dump(made, long=_LONG, inside="children")
    return Written(text.encode())


def _chosen(
    document: dict[str, Any], wanted: str | int | None, request: ReadRequest
) -> dict[str, Any]:
    """Return a document's timeline; one around what stands without one."""
    schema = schema_of(document)
    if schema == "Timeline":
        _number(wanted, [document])
        return document
    if schema in {"Stack", "Track", "Clip"}:
        stack = document if schema == "Stack" else {"children": [document]}
        name = text_of(document, "name")
        return {"OTIO_SCHEMA": "Timeline.1", "name": name, "tracks": stack}
    if schema != "SerializableCollection":
        raise ProjectError(f"its schema {schema[:40]!r} is no timeline")
    children = list_of(document, "children")
    several = [one for one in children if schema_of(one) == "Timeline"]
    if not several:
        request.report.add("the file", "a bin of clips", "kept", None, "as one track")
        track = {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": children}
        name = text_of(document, "name")
        return {"name": name, "tracks": {"children": [track]}}
    number = _number(wanted, several)
    for other in several:
        if other is not several[number]:
            what = f"the timeline {text_of(other, 'name')[:40]!r}"
            detail = "a file is one edit: timeline= chooses another"
            request.report.add("the file", what, "lost", None, detail)
    return several[number]


def _number(wanted: str | int | None, several: list[dict[str, Any]]) -> int:
    if wanted is None:
        return 0
    names = [text_of(one, "name") for one in several]
    if isinstance(wanted, int) and 0 <= wanted < len(several):
        return wanted
    if wanted in names:
        return names.index(str(wanted))
    raise ProjectError(
        f"it has no timeline {quoted(wanted)}{suggestion(wanted, names)}"
    )
