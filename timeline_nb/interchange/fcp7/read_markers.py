"""Markers that are read."""

from fractions import Fraction

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcp7.values import number_of, words_of
from timeline_nb.interchange.flat import FlatMarker

__all__ = ["read_marker"]


def read_marker(element: XmlElement, name: str) -> FlatMarker:
    """Return a marker, counted in frames of its owner's own time.

    Raises:
        ProjectError: Its frames are no numbers.
    """
    start = number_of(element, "in", name) or Fraction(0)
    end = number_of(element, "out", name)
    length = Fraction(0) if end is None or end < start else end - start
    return FlatMarker(
        name=words_of(element, "name"),
        start=start,
        duration=length,
        color="green",
        note=words_of(element, "comment"),
    )
