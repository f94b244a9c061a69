"""Write an edit as FCPXML 1.10."""

from timeline_nb.core.bounded_xml import XmlElement, dump_xml
from timeline_nb.interchange.fcpxml.write_resources import Resources
from timeline_nb.interchange.fcpxml.write_story import StoryWriter
from timeline_nb.interchange.flat import FlatEdit
from timeline_nb.interchange.report import Report

__all__ = ["VERSION", "fcpxml_of"]

VERSION = "1.10"


def fcpxml_of(edit: FlatEdit, report: Report) -> str:
    """Return an edit as the text of a document.

    Args:
        edit: The edit.
        report: Gets what Final Cut cannot hold.
    """
    root = XmlElement("fcpxml", {"version": VERSION})
    resources = Resources()
    sequence = StoryWriter(edit, resources, report).sequence()
    root.children.append(resources.element)
    event = root.add("library").add("event", name=edit.name)
    event.add("project", name=edit.name).children.append(sequence)
    return dump_xml(root, doctype="fcpxml")
