"""Walk through a sequence and find what it shows, and when."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.fcpxml.clip_facts import STORIES, ClipFacts
from timeline_nb.interchange.fcpxml.conforming import conform_factor
from timeline_nb.interchange.fcpxml.pieces import (
    Joint,
    Piece,
    ReadMarker,
    SequenceContents,
)
from timeline_nb.interchange.fcpxml.placed_element import PlacedElement, Surroundings
from timeline_nb.interchange.fcpxml.read_adjustments import picture_look
from timeline_nb.interchange.fcpxml.read_leaves import LeafReader, Nested
from timeline_nb.interchange.fcpxml.read_marks import UNREAD_MARKS, marks_of
from timeline_nb.interchange.fcpxml.read_resources import ReadResources
from timeline_nb.interchange.fcpxml.source_maps import Axis, read_time_map
from timeline_nb.interchange.report import Report

__all__ = ["Budget", "Walk"]

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
# Levels of clips within clips; Final Cut makes a few.
_MOST_LEVELS: Final = 50
# Clips that are shown, with those of multicam and compound clips at each of their uses;
# each takes half a millisecond. And clips that are looked at and left out, as they lie
# outside of what a multicam clip shows.
_MOST_SHOWN: Final = 50_000
_LOOKS_PER_STEP: Final = 50
# Sums of times that share no denominator grow without end.
_CROOKED: Final = 2**40
_FINE: Final = 10**6
_CONTAINERS: Final = {"clip", "sync-clip", "mc-clip"}
# Where the own time of a transition begins, if its markers tell that it is not its
# offset.
_HOLD_START: Final = Fraction(3600)


class Budget:
    """How many story elements may still be looked at.

    Args:
        name: Of the file, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name, self._left = name, _MOST_SHOWN * _LOOKS_PER_STEP

    def take(self, count: int = 1) -> None:
        """Count some that are shown.

        Raises:
            ProjectError: There were too many.
        """
        self.look(count * _LOOKS_PER_STEP)

    def look(self, count: int) -> None:
        """Count some that are looked at.

        Raises:
            ProjectError: There were too many.
        """
        self._left -= count
        if self._left < 0:
            raise ProjectError(
                f"{self._name} shows more than {_MOST_SHOWN:,} clips, counting those "
                "of multicam and compound clips at each of their uses"
            )


class Walk:
    """A walk through one sequence.

    Args:
        resources: Of the document.
        rate: Frames a second of the sequence.
        report: Gets the findings.
        budget: Of the document.
        nested: Returns the edit of a compound clip.
    """

    def __init__(
        self,
        resources: ReadResources,
        rate: Fraction,
        report: Report,
        budget: Budget,
        nested: Nested,
    ) -> None:
        self._resources, self._rate, self._report = resources, rate, report
        self._budget = budget
        self._time = resources.time
        self._facts = ClipFacts(resources)
        self.found: Final = SequenceContents()
        self._leaves = LeafReader(resources, rate, report, nested, self.found)

    def spine(self, spine: XmlElement, begin: Fraction, end: Fraction) -> None:
        """Walk through the primary storyline of a sequence.

        Args:
            spine: Its spine.
            begin: The second by which the sequence calls its start.
            end: The edit second after which nothing is looked at.
        """
        axis = Axis(_ONE, -begin, _ZERO, end)
        self._row(spine, Surroundings(axis, self._rate), begin)

    def clip(self, clip: XmlElement, at: Fraction, end: Fraction) -> Fraction:
        """Walk through a clip that stands alone; return the second at which it ends."""
        context = Surroundings(Axis(_ONE, at, _ZERO, end), self._rate)
        self._story(clip, context, _ZERO)
        return at + self._facts.duration(clip)

    def _row(self, spine: XmlElement, context: Surroundings, begin: Fraction) -> None:
        """Walk through elements that follow one another."""
        at = begin
        for child in spine.children:
            if child.tag == "transition":
                length = self._time(child, "duration")
                start = self._time(child, "offset", at - length)
                if "offset" not in child.attributes:
                    at = start
                self._transition(child, context, start, length)
            elif child.tag in STORIES:
                start = self._time(child, "offset", at)
                self._story(child, context, start)
                at = start + self._facts.duration(child)
            if at.denominator > _CROOKED:
                at = at.limit_denominator(_FINE)

    def _story(
        self, element: XmlElement, context: Surroundings, offset: Fraction
    ) -> None:
        """Look at an element that begins at an own time of what it stands on."""
        self._budget.take()
        if context.level > _MOST_LEVELS:
            where = self._resources.where(element, "place")
            raise ProjectError(f"{where}: it is {_MOST_LEVELS} clips deep in others")
        context = replace(context, level=context.level + 1)
        if lane := self._facts.lane(element):
            context = replace(context, lane=(*context.lane, lane))
        if element.get("enabled") == "0":
            context = replace(context, enabled=False)
        if element.tag == "spine":
            axis = context.axis.inner(offset, _ZERO, _ONE)
            self._row(element, replace(context, axis=axis), _ZERO)
        elif element.tag == "audition":
            self._audition(element, context, offset)
        else:
            self._clip(element, context, offset)

    def _audition(
        self, element: XmlElement, context: Surroundings, offset: Fraction
    ) -> None:
        choices = [child for child in element.children if child.tag in STORIES]
        if choices:
            self._story(choices[0], context, offset)
        if len(choices) > 1:
            where = self._leaves.place(choices[0], context.axis.at(offset))
            detail = "the one that is picked was read"
            what = f"{len(choices) - 1} more choices of the audition"
            self._report.add(where, what, "lost", None, detail)

    def _clip(
        self, element: XmlElement, context: Surroundings, offset: Fraction
    ) -> None:
        facts, outer = self._facts, context.axis
        length, start = facts.duration(element), facts.start(element)
        factor = conform_factor(element, facts.rate(element), context.rate)
        first, last = sorted((outer.at(offset), outer.at(offset + length)))
        low, high = max(first, outer.low), min(last, outer.high)
        axis = outer.inner(offset, start, factor)
        shown = PlacedElement(element, axis, low, high, (first, last), context)
        if factor != 1 and low < high:
            detail = f"Final Cut plays it at {float(1 / factor):.4f} of its speed"
            where = self._leaves.place(element, low)
            self._report.add(where, "rate conforming", "kept", None, detail)
        before = len(self.found.pieces)
        if low < high and element.tag in _CONTAINERS:
            self._container(shown)
        elif low < high and element.tag != "gap":
            self._leaves.read(shown)
        self._marks(shown, self.found.pieces[before:])
        self._connected(shown)

    def _connected(self, shown: PlacedElement) -> None:
        """Look at what is connected to a clip, which may reach beyond it."""
        rate = self._facts.rate(shown.element) or shown.context.rate
        context = replace(shown.context, axis=shown.axis, rate=rate)
        for child in shown.element.children:
            if child.tag in STORIES and self._facts.lane(child):
                self._story(child, context, self._time(child, "offset", _ZERO))

    def _container(self, shown: PlacedElement) -> None:
        """Look at what is in a clip, cut to it, at its speed."""
        time_map = read_time_map(shown.element, self._time)
        first, last = sorted((shown.axis.own(shown.low), shown.axis.own(shown.high)))
        parts = [(first, last, _ONE)]
        if time_map is not None:
            parts = list(time_map.parts(first, last))
        context = self._inside(shown)
        for left, right, speed in parts:
            value = left if time_map is None else time_map.at(left)
            edges = sorted((shown.axis.at(left), shown.axis.at(right)))
            # A held picture is one frame that takes the whole time.
            rate = speed or 1 / (context.rate * (right - left))
            scale = shown.axis.scale / rate
            shift = shown.axis.at(left) - value * scale
            axis = Axis(scale, shift, edges[0], edges[1])
            self._inner(shown, replace(context, axis=axis))

    def _inner(self, shown: PlacedElement, context: Surroundings) -> None:
        for row, inner in self._rows(shown.element, context):
            self._budget.look(len(row))
            for child in row:
                if child.tag in STORIES and not self._facts.lane(child):
                    at, end = self._facts.span(child)
                    if self._facts.is_alone(child) and _is_outside(inner.axis, at, end):
                        continue
                    self._story(child, inner, at)

    def _inside(self, shown: PlacedElement) -> Surroundings:
        """Return the context of what is in a clip."""
        context, element = shown.context, shown.element
        only = element.get("srcEnable", "all")
        look = picture_look(element, self._time, shown.axis.at)
        return replace(
            context,
            picture=context.picture and only != "audio",
            sound=context.sound and only != "video",
            link=context.link or self._leaves.new_link(),
            look=context.look.over(look),
            heard=context.heard.over(self._leaves.heard(element, shown.axis.at)),
            rate=self._facts.rate(element) or context.rate,
        )

    def _rows(
        self, element: XmlElement, context: Surroundings
    ) -> Iterator[tuple[list[XmlElement], Surroundings]]:
        """Yield what stands in a clip: its own elements, or those of its angles."""
        if element.tag != "mc-clip":
            yield element.children, context
            return
        media = self._resources.needed(element, "media")
        multicam = media.first("multicam")
        angles = list(multicam.all("mc-angle")) if multicam is not None else []
        by_id = {angle.get("angleID"): angle for angle in angles}
        sources = list(element.all("mc-source"))
        if not sources and angles:
            yield angles[0].children, context
        for source in sources:
            angle, only = by_id.get(source.get("angleID")), source.get("srcEnable")
            if angle is None:
                continue
            look = picture_look(source, self._time, context.axis.at)
            heard = self._leaves.heard(source, context.axis.at)
            inner = replace(
                context,
                picture=context.picture and only in {"", "all", "video"},
                sound=context.sound and only in {"", "all", "audio"},
                look=context.look.over(look),
                heard=context.heard.over(heard),
            )
            yield angle.children, inner

    def _transition(
        self,
        element: XmlElement,
        context: Surroundings,
        start: Fraction,
        length: Fraction,
    ) -> None:
        self._budget.take()
        low, high = sorted((context.axis.at(start), context.axis.at(start + length)))
        filters = {child.tag for child in element.children}
        has_none = not filters & {"filter-video", "filter-audio"}
        joint = Joint(
            lane=context.lane,
            low=low,
            high=high,
            kind=element.get("name"),
            picture=has_none or "filter-video" in filters,
            sound=has_none or "filter-audio" in filters,
        )
        self.found.joints.append(joint)
        times = [self._time(m, "start", start) for m in element.all("marker")]
        own = _HOLD_START if times and min(times) < start else start
        axis = context.axis.inner(start, own, _ONE)
        self.found.marks += marks_of(element, self._time, axis.at, self._rate)

    def _marks(self, shown: PlacedElement, pieces: list[Piece]) -> None:
        element, axis = shown.element, shown.axis
        for mark in marks_of(element, self._time, axis.at, self._rate):
            if not mark.is_chapter and pieces:
                _marked(pieces, mark)
            elif axis.low <= mark.at < axis.high:
                self.found.marks.append(mark)
        for tag, what in UNREAD_MARKS.items():
            if pieces and element.first(tag) is not None:
                where = self._leaves.place(element, shown.low)
                self._report.add(where, what, "lost")


def _is_outside(axis: Axis, start: Fraction, end: Fraction) -> bool:
    """Return whether a range of own time is not seen."""
    edges = axis.at(start), axis.at(end)
    return max(edges) <= axis.low or min(edges) >= axis.high


def _marked(pieces: list[Piece], mark: ReadMarker) -> None:
    """Put a marker on the piece that is there: on the picture, of both."""
    there = [piece for piece in pieces if piece.low <= mark.at < piece.high]
    pictures = [piece for piece in there if piece.kind == "video"]
    (pictures or there or pieces)[0].marks.append(mark)
