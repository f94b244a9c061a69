"""Clips of Final Cut Pro 7's XML: where they are, what they show, and their filters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcp7.values import add_rate, end_of
from timeline_nb.interchange.fcp7.write_effects import (
    BLENDS,
    picture_filters,
    sound_filters,
    speed_filter,
)
from timeline_nb.interchange.fcp7.write_files import FileList, generator_effect
from timeline_nb.interchange.fcp7.write_markers import marker_element
from timeline_nb.interchange.fcpxml.time_maps import written_speed
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report

__all__ = ["ClipItems"]

_ZERO: Final = Fraction(0)


@dataclass(frozen=True)
class _Source:
    """What a clip shows.

    Args:
        first: The frame of its own time at which it begins, on the track.
        filters: Those that change its speed.
    """

    first: Fraction
    filters: tuple[XmlElement, ...] = ()


@dataclass(frozen=True)
class _Linked:
    """A clip that may be linked to others."""

    element: XmlElement
    medium: str
    track: int
    clip: int


@dataclass(frozen=True)
class _Place:
    """Where a clip is, and the report that gets the findings."""

    where: str
    report: Report


class ClipItems:
    """Writes the clips of one edit.

    Args:
        edit: The edit.
        files: Of the document.
        nested: Returns the sequence of a nested edit.
        new_id: Returns the id of a new clip.
        inside: What stands before the places of nested edits.
    """

    def __init__(
        self,
        edit: FlatEdit,
        files: FileList,
        nested: Callable[[FlatEdit, str], XmlElement],
        new_id: Callable[[], str],
        inside: str,
    ) -> None:
        self._edit, self._files, self._inside = edit, files, inside
        self._nested, self._new_id = nested, new_id
        self._links: dict[str, list[_Linked]] = {}
        self._places = {
            id(clip): number
            for track in edit.tracks
            for number, clip in enumerate(track.clips, 1)
        }

    def element(
        self, track: FlatTrack, number: int, channel: int, report: Report
    ) -> XmlElement | None:
        """Return the element of a clip; None of what the format has not.

        Args:
            track: The track.
            number: Of the clip, among its items.
            channel: Of its sound; 1 of a picture.
            report: Gets the findings.
        """
        clip = track.items[number]
        if not isinstance(clip, FlatClip):
            return None
        at = clip.start / self._edit.rate
        where = self._inside + clip_place(track.name, clip.name, at, self._edit.rate)
        generator = None
        if clip.media.generator is not None:
            generator = generator_effect(clip.media.generator)
            kind = clip.media.generator.kind
            if generator is None or track.kind == "audio":
                what = terms.generator(kind)
                report.add(where, what, "lost", None, terms.GAP_THERE)
                return None
            if kind == "title":
                detail = "its text, font, size and color are kept"
                report.add(where, "the title's look", "approximated", None, detail)
        tag = "clipitem" if generator is None else "generatoritem"
        element = XmlElement(tag, {"id": self._new_id()})
        teller = _Place(where, report)
        first = self._write(element, (track, number), clip, channel, teller)
        if generator is not None:
            element.children.append(generator)
        element.children += self._filters(track, clip, first, teller)
        return element

    def link(self) -> None:
        """Write the links between clips, now that all are known."""
        for group in self._links.values():
            if len(group) < 2:
                continue
            for owner in group:
                for one in group:
                    link = owner.element.add("link")
                    link.add("linkclipref", one.element.get("id"))
                    link.add("mediatype", one.medium)
                    link.add("trackindex", str(one.track))
                    link.add("clipindex", str(one.clip))

    def _write(
        self,
        element: XmlElement,
        place: tuple[FlatTrack, int],
        clip: FlatClip,
        channel: int,
        teller: _Place,
    ) -> Fraction:
        """Write all but filters, and return the own frame at which a clip begins."""
        track, number = place
        where, report = teller.where, teller.report
        rate, media = self._edit.rate, clip.media
        before, after = _joints(track, number)
        into = before.in_offset if before is not None else _ZERO
        out = after.out_offset if after is not None else _ZERO
        source = self._source(clip, (into, out), report, where)
        element.add("name", clip.name)
        element.add("enabled", "TRUE" if clip.enabled else "FALSE")
        whole = media.available.duration * rate if media.available else clip.duration
        element.add("duration", str(round(whole)))
        add_rate(element, rate)
        # Where a transition begins and ends, a clip says -1.
        element.add("start", "-1" if before is not None else str(round(clip.start)))
        element.add("end", "-1" if after is not None else str(round(clip.end)))
        first = round(source.first - into)
        element.add("in", str(first))
        element.add("out", str(first + round(into + clip.duration + out)))
        if media.edit is not None:
            inside = f"{where}, inside: "
            element.children.append(self._nested(media.edit, inside))
        elif media.is_file:
            shown = clip.source_start + (clip.duration + out) / rate * abs(clip.speed)
            element.children.append(self._files.element(media, shown))
        medium = "audio" if track.kind == "audio" else "video"
        if media.generator is None:
            tracked = element.add("sourcetrack")
            tracked.add("mediatype", medium)
            tracked.add("trackindex", str(channel))
        blend = BLENDS.get(clip.transform.blend)
        if blend is None:
            report.add(where, terms.BLEND, "lost")
        elif blend != "normal":
            element.add("compositemode", blend)
        element.children += source.filters
        for marker in clip.markers if channel == 1 else ():
            element.children.append(marker_element(marker, source.first, report, where))
        self._note_link(element, track, clip, medium, channel)
        return first + into

    def _note_link(
        self,
        element: XmlElement,
        track: FlatTrack,
        clip: FlatClip,
        medium: str,
        channel: int,
    ) -> None:
        if not clip.link:
            return
        kind = [one for one in self._edit.tracks if one.kind == track.kind]
        number = next(n for n, one in enumerate(kind) if one is track)
        if medium == "audio":
            number = 2 * number + channel - 1
        group = self._links.setdefault(clip.link, [])
        group.append(_Linked(element, medium, number + 1, self._places[id(clip)]))

    def _source(
        self,
        clip: FlatClip,
        handles: tuple[Fraction, Fraction],
        report: Report,
        where: str,
    ) -> _Source:
        """Return the frame of a clip's own time at which it begins, and its speed."""
        rate = self._edit.rate
        if clip.media.generator is not None:
            return _Source(Fraction(86_400))
        if not clip.ramp and clip.speed == 1:
            self._report_rounding(clip.source_start * rate, 1, report, where)
            return _Source(clip.source_start * rate)
        end = end_of(clip.media)
        # Backwards is counted from the end of the media, where it is known.
        if not clip.ramp and (clip.speed > 0 or (clip.speed and end is not None)):
            speed = abs(clip.speed)
            first = clip.source_start * rate / speed
            if clip.speed < 0 and end is not None:
                first = (end - clip.source_start) * rate / speed
            self._report_rounding(first, speed, report, where)
            made = speed_filter(100 * speed, reverse=clip.speed < 0, points=())
            return _Source(first, (made,))
        written = written_speed(clip, _ZERO, rate, handles)
        if written.error:
            detail = "the ramp became straight parts"
            report.add(where, terms.SPEED, "approximated", written.error, detail)
        points = [(time * rate, value * rate) for time, value in written.points]
        mean = max(Fraction(1), 100 * abs(clip.speed))
        made = speed_filter(mean, reverse=clip.speed < 0, points=points)
        return _Source(written.first * rate, (made,))

    def _report_rounding(
        self, first: Fraction, speed: Fraction | int, report: Report, where: str
    ) -> None:
        off = abs(first - round(first)) * speed
        if off:
            detail = "media begin at a whole frame"
            report.add(where, terms.FIRST_FRAME, "approximated", off, detail)

    def _filters(
        self, track: FlatTrack, clip: FlatClip, first: Fraction, teller: _Place
    ) -> Iterator[XmlElement]:
        where, report = teller.where, teller.report
        canvas = self._edit.size or (1920, 1080)
        if track.kind == "video":
            yield from picture_filters(clip, canvas, first, report, where)
        else:
            yield from sound_filters(clip, track, first, report, where)
        for effect in clip.effects:
            report.add(where, terms.effect(effect.kind), "lost", None, terms.BAKE)


def _joints(
    track: FlatTrack, number: int
) -> tuple[FlatTransition | None, FlatTransition | None]:
    """Return the transitions before and after a clip."""
    before = track.items[number - 1] if number else None
    after = track.items[number + 1] if number + 1 < len(track.items) else None
    return (
        before if isinstance(before, FlatTransition) else None,
        after if isinstance(after, FlatTransition) else None,
    )
