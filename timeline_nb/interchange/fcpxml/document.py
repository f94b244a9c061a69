"""FCPXML as a format of edits."""

from timeline_nb.interchange.fcpxml.read_document import edit_of
from timeline_nb.interchange.fcpxml.write_document import fcpxml_of
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.requests import ReadRequest, WriteRequest, Written
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.model import Timeline

__all__ = ["read", "write"]


def read(request: ReadRequest, *, project: str | None = None) -> Timeline:
    """Return the edit of a project of Final Cut Pro or DaVinci Resolve.

    Args:
        request: What is read.
        project: The name of the project; the first of the file if None.

    Raises:
        ProjectError: As `edit_of`.
    """
    edit = edit_of(
        request.data, request.name, request.report, request.find, project=project
    )
    return unflatten(edit, request.report)


def write(request: WriteRequest) -> Written:
    """Return an edit as a file for Final Cut Pro and DaVinci Resolve."""
    edit = flatten(
        request.timeline,
        request.report,
        timecode_of=request.timecode_of,
        channels_of=request.channels_of,
    )
    return Written(fcpxml_of(edit, request.report).encode())
