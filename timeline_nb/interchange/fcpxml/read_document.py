"""Read FCPXML as an edit."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement, parse_xml
from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcpxml.assemble import Assembly
from timeline_nb.interchange.fcpxml.clip_facts import STORIES
from timeline_nb.interchange.fcpxml.read_resources import ReadResources
from timeline_nb.interchange.fcpxml.read_story import Budget, Walk
from timeline_nb.interchange.flat import FlatEdit
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timebase import MAX_SECONDS
from timeline_nb.timeline.limits import MAX_NESTING

__all__ = ["edit_of"]

_ZERO: Final = Fraction(0)
_END: Final = Fraction(MAX_SECONDS)
_SIZE: Final = (1920, 1080)
_AUDIO_RATES: Final = {
    "32k": 32_000,
    "44.1k": 44_100,
    "48k": 48_000,
    "88.2k": 88_200,
    "96k": 96_000,
    "176.4k": 176_400,
    "192k": 192_000,
}


def edit_of(
    data: bytes,
    name: str,
    report: Report,
    find: Callable[[str], FoundMedia],
    *,
    project: str | None = None,
) -> FlatEdit:
    """Return the edit of a document.

    Args:
        data: The document.
        name: Of the file, for messages.
        report: Gets what is not ours.
        find: Finds media by their address.
        project: The name of the project; the first if None.

    Raises:
        ProjectError: It is no FCPXML, has no such project, refers to what is missing,
            to itself, or to more than can be read; the message has the line.
    """
    root = parse_xml(data, name)
    if root.tag != "fcpxml":
        raise ProjectError(
            f"{name} is not FCPXML: its root is <{root.tag[:40]}>, not <fcpxml>"
        )
    return _Document(root, name, report, find).edit(project)


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
        self._resources = ReadResources(root, name, find)
        self._budget = Budget(name)
        self._compounds: dict[str, tuple[FlatEdit, Fraction, int]] = {}
        self._open: list[str] = []

    def edit(self, wanted: str | None) -> FlatEdit:
        projects = [one for one in _descendants(self._root) if one.tag == "project"]
        names = [one.get("name") for one in projects]
        if wanted is not None:
            if wanted not in names:
                hint = suggestion(wanted, names)
                raise ProjectError(
                    f"{self._name} has no project {quoted(wanted)}{hint}"
                )
            chosen = projects[names.index(wanted)]
        elif projects:
            chosen = projects[0]
        else:
            return self._clips()
        others = len(projects) - 1
        if others and wanted is None:
            more = ", ".join(quoted(one[:40]) for one in names[1:4])
            detail = f"only the first was read: name another as project={more}"
            what = f"{others} more project{'s' * (others > 1)}"
            self._report.add("file", what, "lost", None, detail)
        sequence = chosen.first("sequence")
        if sequence is None:
            raise ProjectError(
                f"{self._name}, line {chosen.line}: the project has no sequence"
            )
        return self._sequence(sequence, chosen.get("name"), is_whole=True)

    def _sequence(self, sequence: XmlElement, name: str, *, is_whole: bool) -> FlatEdit:
        resources = self._resources
        frames = resources.format(sequence.get("format"))
        if frames.rate is None:
            raise ProjectError(
                f"{resources.where(sequence, 'format')} does not say how many frames "
                "a second it has"
            )
        begin = resources.time(sequence, "tcStart", _ZERO)
        walk = self._walk(frames.rate)
        for spine in sequence.all("spine"):
            walk.spine(spine, begin, _END)
            break
        edit = self._assembled(walk, frames.rate, frames.size, name)
        start = round(begin * frames.rate) if is_whole else 0
        rate_hz = _AUDIO_RATES.get(sequence.get("audioRate", "48k"), 48_000)
        return FlatEdit(
            name=edit.name,
            rate=edit.rate,
            size=edit.size,
            start_frame=max(0, start),
            is_drop_frame=sequence.get("tcFormat") == "DF",
            tracks=edit.tracks,
            markers=edit.markers,
            sample_rate_hz=rate_hz,
        )

    def _walk(self, rate: Fraction) -> Walk:
        return Walk(self._resources, rate, self._report, self._budget, self._compound)

    def _assembled(
        self,
        walk: Walk,
        rate: Fraction,
        size: tuple[int, int] | None,
        name: str,
    ) -> FlatEdit:
        canvas = size or _SIZE
        even = canvas[0] + canvas[0] % 2, canvas[1] + canvas[1] % 2
        if even != canvas:
            detail = f"{canvas[0]}x{canvas[1]} became even"
            self._report.add("project", terms.SIZE, "approximated", None, detail)
        assembly = Assembly(walk.found, rate, even, self._report)
        return FlatEdit(
            name=name,
            rate=rate,
            size=even if size else None,
            tracks=assembly.tracks(),
            markers=assembly.markers(),
        )

    def _clips(self) -> FlatEdit:
        """Return the clips of a document without a project, one after another."""
        clips = [
            one
            for owner in (self._root, *_descendants(self._root))
            if owner.tag in {"fcpxml", "event"}
            for one in owner.children
            if one.tag in STORIES
        ]
        if not clips:
            raise ProjectError(f"{self._name} has no project, and no clips")
        rate, size = self._format_of(clips)
        detail = "its clips follow one another"
        self._report.add("file", "a file without a project", "kept", None, detail)
        walk, at = self._walk(rate), _ZERO
        for clip in clips:
            at = walk.clip(clip, at, _END)
        return self._assembled(walk, rate, size, self._name.rpartition(".")[0])

    def _format_of(
        self, clips: list[XmlElement]
    ) -> tuple[Fraction, tuple[int, int] | None]:
        """Return the rate and size of the first clip that says them."""
        resources = self._resources
        for clip in clips:
            found = resources.get(clip.get("ref"), "asset", "media")
            owners = [clip] if found is None else [clip, found, *found.children]
            for owner in owners:
                frames = resources.format(owner.get("format"))
                if frames.rate is not None:
                    return frames.rate, frames.size
        raise ProjectError(f"{self._name} does not say how many frames a second it has")

    def _compound(
        self, clip: XmlElement, media: XmlElement
    ) -> tuple[FlatEdit, Fraction]:
        """Return the edit of a compound clip, and what it calls its start."""
        identity, where = media.get("id"), self._resources.where(clip, "ref")
        if identity in self._open:
            raise ProjectError(f"{where} is {quoted(identity)}, which shows itself")
        if len(self._open) >= MAX_NESTING - 1:
            raise ProjectError(
                f"{where}: compound clips are nested more than {MAX_NESTING - 1} deep"
            )
        if identity not in self._compounds:
            sequence = media.first("sequence")
            if sequence is None:
                raise ProjectError(f"{where} is {quoted(identity)}, which is empty")
            self._open.append(identity)
            name = media.get("name") or clip.get("name")
            edit = self._sequence(sequence, name, is_whole=False)
            self._open.pop()
            begin = self._resources.time(sequence, "tcStart", _ZERO)
            self._compounds[identity] = (edit, begin, _count(edit, self._compounds))
        edit, begin, count = self._compounds[identity]
        # Every use of it is written out.
        self._budget.take(count)
        return edit, begin


def _count(edit: FlatEdit, known: dict[str, tuple[FlatEdit, Fraction, int]]) -> int:
    """Return the items of an edit, with those of edits in it at each of their uses."""
    inner = {id(own): count for own, _, count in known.values()}
    count = 0
    for track in edit.tracks:
        count += len(track.items)
        for clip in track.clips:
            count += inner.get(id(clip.media.edit), 0)
    return count


def _descendants(root: XmlElement) -> Iterator[XmlElement]:
    """Yield the groups of a library, and what is in them, in order."""
    left = list(reversed(root.children))
    while left:
        element = left.pop()
        yield element
        if element.tag in {"library", "event"}:
            left += reversed(element.children)
