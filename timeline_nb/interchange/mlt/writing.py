"""Write an edit as MLT XML, which melt, Shotcut, Flowblade and Kdenlive open."""

from timeline_nb.core.bounded_xml import XmlElement, dump_xml
from timeline_nb.core.colors import parse_color
from timeline_nb.interchange import terms
from timeline_nb.interchange.bake_look import LookBook, with_looks
from timeline_nb.interchange.flat import FlatEdit
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.mlt.clock import clock_text
from timeline_nb.interchange.mlt.notes import OWN
from timeline_nb.interchange.mlt.parts import Document, set_properties
from timeline_nb.interchange.mlt.tracks_out import Writing
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import WriteRequest, Written

__all__ = ["write"]

_SIZE = (1920, 1080)


def write(request: WriteRequest) -> Written:
    """Return an edit as MLT XML.

    A picture is the same frame by frame where media have the edit's rate; where they
    do not, MLT shows the nearest frame. What is moved, scaled, turned or faded needs
    MLT's Qt module: `melt` without a screen then wants `DISPLAY` set to anything and
    `QT_QPA_PLATFORM=offscreen`.

    Args:
        request: The edit, and the report of what is lost.
    """
    edit = flatten(
        request.timeline,
        request.report,
        whole_frames=False,
        timecode_of=request.timecode_of,
    )
    book = LookBook(request)
    edit = with_looks(edit, book)
    document = Document(edit, edit.size or _SIZE, request.path.resolve().parent)
    tractor = Writing(document, request.report).tractor(edit, "main")
    set_properties(tractor, shotcut=1, shotcut__projectAudioChannels=2)
    _add_markers(tractor, edit, request.report)
    document.finish(tractor)
    return Written(dump_xml(document.root).encode(), book.files)


def _add_markers(tractor: XmlElement, edit: FlatEdit, report: Report) -> None:
    """Add the markers of an edit as Shotcut has them."""
    if not edit.markers:
        return
    listed = tractor.add("properties", name="shotcut:markers")
    for number, marker in enumerate(edit.markers):
        own = listed.add("properties", name=number)
        first = round(marker.start)
        last = max(first, round(marker.start + marker.duration))
        off = max(abs(first - marker.start), abs(last - marker.start - marker.duration))
        if off:
            detail = "it was put on the nearest frames"
            what = terms.marker(marker.name)
            report.add(terms.EDIT, what, "approximated", off, detail)
        set_properties(
            own,
            text=marker.name,
            start=clock_text(first, edit.rate),
            end=clock_text(last, edit.rate),
            color=_hex(marker.color),
        )
        # Another program shows the color by its number, and keeps no name of it.
        name = marker.color if marker.color.isalpha() else None
        own_notes = {f"{OWN}note": marker.note or None, f"{OWN}color": name}
        set_properties(own, **own_notes)


def _hex(color: str) -> str:
    try:
        return parse_color(color)[:7].upper()
    except ValueError:
        return "#FF0000"
