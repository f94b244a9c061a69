"""Markers of sequences and clips."""

from fractions import Fraction

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import FlatMarker
from timeline_nb.interchange.report import Report

__all__ = ["marker_element"]


def marker_element(
    marker: FlatMarker, first: Fraction, report: Report, where: str
) -> XmlElement:
    """Return a marker, counted from a frame of its owner's own time."""
    element = XmlElement("marker")
    element.add("name", marker.name)
    element.add("comment", marker.note)
    start = round(first + marker.start)
    element.add("in", str(start))
    end = start + round(marker.duration) if marker.duration else -1
    element.add("out", str(end))
    if marker.color != "green":
        what = terms.marker(marker.name)
        detail = f"its color {marker.color} is that of the other program"
        report.add(where, what, "approximated", None, detail)
    return element
