"""Read Final Cut Pro 7's XML, as Premiere Pro and DaVinci Resolve write it."""

from collections.abc import Callable
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement, parse_xml
from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcp7.read_files import ReadFiles
from timeline_nb.interchange.fcp7.read_markers import read_marker
from timeline_nb.interchange.fcp7.read_track import Fcp7TrackReader
from timeline_nb.interchange.fcp7.values import (
    child_text,
    number_of,
    rate_of,
    words_of,
)
from timeline_nb.interchange.flat import FlatEdit, FlatMarker, FlatTrack
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timeline.limits import MAX_NESTING

__all__ = ["edit_of_xmeml"]

# Clips that are shown, with those of nested sequences at each of their uses.
_MOST_CLIPS: Final = 50_000
_SAMPLE_RATES: Final = frozenset({32_000, 44_100, 48_000, 88_200, 96_000})


def edit_of_xmeml(
    data: bytes,
    name: str,
    report: Report,
    find: Callable[[str], FoundMedia],
    *,
    sequence: str | None = None,
) -> FlatEdit:
    """Return the edit of a document.

    Args:
        data: The document.
        name: Of the file, for messages.
        report: Gets the findings.
        find: Finds media by their address.
        sequence: The name of the sequence; the first if None.

    Raises:
        ProjectError: It is no such XML, has no such sequence, or a sequence shows
            itself; the message has the line.
    """
    root = parse_xml(data, name)
    if root.tag != "xmeml":
        raise ProjectError(
            f"{name} is not Final Cut Pro 7's XML: its root is <{root.tag[:40]}>"
        )
    return _Document(root, name, report, find).edit(sequence)


def _sample_rate(media: XmlElement | None) -> int:
    audio = None if media is None else media.first("audio")
    text = child_text(audio, "format", "samplecharacteristics", "samplerate")
    is_number = text.isascii() and text.isdigit() and len(text) <= 6
    found = int(text) if is_number else 0
    return found if found in _SAMPLE_RATES else 48_000


class _Document:
    """The reading of one document."""

    def __init__(
        self,
        root: XmlElement,
        name: str,
        report: Report,
        find: Callable[[str], FoundMedia],
    ) -> None:
        self._root, self._name, self._report = root, name, report
        self._known: dict[str, XmlElement] = {}
        self._top: list[XmlElement] = []
        described: dict[str, XmlElement] = {}
        self._collect(described)
        self._files = ReadFiles(described, name, find)
        self._edits: dict[int, tuple[FlatEdit, int]] = {}
        self._open: list[int] = []
        self._left = _MOST_CLIPS

    def _collect(self, files: dict[str, XmlElement]) -> None:
        """Find sequences and files where they are described, not referred to."""
        left = [(self._root, True)]
        while left:
            element, is_outer = left.pop()
            left += [
                (child, is_outer and element.tag != "sequence")
                for child in reversed(element.children)
            ]
            if element.tag == "file" and element.children:
                files.setdefault(element.get("id"), element)
            if element.tag == "sequence" and element.first("media") is not None:
                self._known.setdefault(element.get("id"), element)
                if is_outer:
                    self._top.append(element)

    def edit(self, wanted: str | None) -> FlatEdit:
        tops = self._top
        names = [words_of(one, "name") for one in tops]
        if not tops:
            raise ProjectError(f"{self._name} has no sequence")
        number = 0
        if wanted is not None:
            if wanted not in names:
                hint = suggestion(wanted, names)
                raise ProjectError(
                    f"{self._name} has no sequence {quoted(wanted)}{hint}"
                )
            number = names.index(wanted)
        elif len(tops) > 1:
            more = ", ".join(quoted(one[:40]) for one in names[1:4])
            detail = f"only the first was read: name another as sequence={more}"
            others = len(tops) - 1
            what = f"{others} more sequence{'s' * (others > 1)}"
            self._report.add("file", what, "lost", None, detail)
        self._open.append(id(tops[number]))
        return self._edit(tops[number], "")

    def _edit(self, sequence: XmlElement, inside: str) -> FlatEdit:
        rate = rate_of(sequence, self._name)
        if rate is None:
            raise ProjectError(
                f"{self._name}, line {sequence.line}: the sequence does not say how "
                "many frames a second it has"
            )
        media = sequence.first("media")
        size = self._size(media)
        reader = Fcp7TrackReader(
            name=self._name,
            rate=rate,
            canvas=size,
            report=self._report,
            files=self._files,
            nested=self._nested,
            inside=inside,
        )
        tracks: list[FlatTrack] = []
        for kind in ("video", "audio"):
            for group in media.all(kind) if media is not None else ():
                tracks += reader.tracks(group, kind)
        timecode = sequence.first("timecode")
        start = 0
        if timecode is not None:
            start = round(number_of(timecode, "frame", self._name) or 0)
        return FlatEdit(
            name=words_of(sequence, "name"),
            rate=rate,
            size=size,
            start_frame=max(0, start),
            is_drop_frame=child_text(timecode, "displayformat") == "DF",
            tracks=tuple(tracks),
            markers=tuple(self._markers(sequence)),
            sample_rate_hz=_sample_rate(media),
        )

    def _size(self, media: XmlElement | None) -> tuple[int, int] | None:
        video = None if media is None else media.first("video")
        sides = []
        for tag in ("width", "height"):
            text = child_text(video, "format", "samplecharacteristics", tag)
            side = (
                int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
            )
            sides.append(side + side % 2)
        return (sides[0], sides[1]) if all(sides) else None

    def _markers(self, sequence: XmlElement) -> list[FlatMarker]:
        found = [read_marker(one, self._name) for one in sequence.all("marker")]
        return sorted(found, key=lambda marker: marker.start)

    def _nested(self, clip: XmlElement, sequence: XmlElement) -> FlatEdit:
        """Return the edit of a sequence that a clip shows.

        Raises:
            ProjectError: It is not in the document, shows itself, or is too deep.
        """
        own = sequence
        if own.first("media") is None:
            found = self._known.get(own.get("id"))
            if found is None:
                raise ProjectError(
                    f"{self._name}, line {clip.line}: there is no sequence "
                    f"{quoted(own.get('id'))}"
                )
            own = found
        if id(own) in self._open:
            raise ProjectError(
                f"{self._name}, line {clip.line}: the sequence "
                f"{quoted(own.get('id'))} shows itself"
            )
        if len(self._open) >= MAX_NESTING:
            raise ProjectError(
                f"{self._name}, line {clip.line}: sequences are nested more than "
                f"{MAX_NESTING - 1} deep"
            )
        if id(own) not in self._edits:
            before = self._left
            self._open.append(id(own))
            edit = self._edit(own, f"{child_text(clip, 'name')[:40]}, inside: ")
            self._open.pop()
            count = sum(len(track.items) for track in edit.tracks) + before - self._left
            self._edits[id(own)] = edit, count
        edit, count = self._edits[id(own)]
        self._left -= count
        if self._left < 0:
            raise ProjectError(
                f"{self._name} shows more than {_MOST_CLIPS:,} clips, counting those "
                "of nested sequences at each of their uses"
            )
        return edit
