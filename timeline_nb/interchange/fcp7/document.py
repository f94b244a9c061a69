"""Final Cut Pro 7's XML as a format of edits."""

from timeline_nb.core.bounded_xml import XmlElement, dump_xml
from timeline_nb.interchange.fcp7.read_document import edit_of_xmeml
from timeline_nb.interchange.fcp7.write_sequence import SequenceWriter
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.requests import ReadRequest, WriteRequest, Written
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.model import Timeline

__all__ = ["read", "write"]


def read(request: ReadRequest, *, sequence: str | None = None) -> Timeline:
    """Return the edit of a file of Premiere Pro, DaVinci Resolve or Final Cut Pro 7.

    Args:
        request: The file.
        sequence: The name of the sequence; the first of the file if None.

    Raises:
        ProjectError: As `edit_of_xmeml`.
    """
    edit = edit_of_xmeml(
        request.data, request.name, request.report, request.find, sequence=sequence
    )
    return unflatten(edit, request.report)


def write(request: WriteRequest) -> Written:
    """Return an edit as a file for Premiere Pro and DaVinci Resolve.

    Raises:
        ProjectError: The format has no such frame rate.
    """
    edit = flatten(
        request.timeline,
        request.report,
        timecode_of=request.timecode_of,
        channels_of=request.channels_of,
    )
    root = XmlElement("xmeml", {"version": "5"})
    root.children.append(SequenceWriter(request.report, edit.rate).element(edit))
    return Written(dump_xml(root, doctype="xmeml").encode())
