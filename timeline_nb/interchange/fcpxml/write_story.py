"""The sequence of an edit: its primary storyline, and what is connected to it."""

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcpxml.sound_pairs import pairs_of, unpaired
from timeline_nb.interchange.fcpxml.times import format_time
from timeline_nb.interchange.fcpxml.write_clips import ClipWriter, Story
from timeline_nb.interchange.fcpxml.write_resources import Resources
from timeline_nb.interchange.fcpxml.write_titles import caption_language
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatGap,
    FlatItem,
    FlatText,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import time_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.track_levels import tell_joined_levels

__all__ = ["StoryWriter"]

_ZERO: Final = Fraction(0)
_AUDIO_RATES: Final = {
    32_000: "32k",
    44_100: "44.1k",
    48_000: "48k",
    88_200: "88.2k",
    96_000: "96k",
    176_400: "176.4k",
    192_000: "192k",
}
_SMOOTH: Final = {"dissolve", "equal_power"}


class StoryWriter:
    """Writes an edit as a sequence.

    The first video track is the primary storyline; clips of the others, of sound and
    lines of subtitles are connected to it, in lanes.

    Args:
        edit: The edit.
        resources: Of the document.
        report: Gets the findings.
        inside: What stands before the places of a nested edit.
    """

    def __init__(
        self,
        edit: FlatEdit,
        resources: Resources,
        report: Report,
        inside: str = "",
    ) -> None:
        self._edit, self._resources, self._report = edit, resources, report
        self._inside = inside

        def nested(inner: FlatEdit, where: str) -> XmlElement:
            return StoryWriter(inner, resources, report, where).sequence()

        self._clips = ClipWriter(edit, resources, report, nested, inside)
        self._pairs = pairs_of(edit)
        self._primary: list[Story | XmlElement] = []
        self._parents: list[Story] = []
        self._starts: list[Fraction] = []

    def sequence(self) -> XmlElement:
        """Return the element `sequence`."""
        edit = self._edit
        videos = [track for track in edit.tracks if track.kind == "video"]
        self._tell_tracks()
        end = max([edit.duration, *(m.start + 1 for m in edit.markers)])
        self._write_primary(videos[0] if videos else FlatTrack(kind="video"), end)
        for lane, track in enumerate(videos[1:], 1):
            self._connect(track, lane)
        sounds = [track for track in edit.tracks if track.kind == "audio"]
        for number, track in enumerate(sounds, 1):
            self._connect(track, -number)
        captions = [track for track in edit.tracks if track.kind == "subtitle"]
        for number, track in enumerate(captions):
            self._caption(track, max(1, len(videos)) + number)
        self._mark()
        return self._whole(end)

    def _whole(self, end: Fraction) -> XmlElement:
        edit = self._edit
        has_rate = edit.sample_rate_hz in _AUDIO_RATES
        if not has_rate:
            detail = f"{edit.sample_rate_hz} became 48000"
            self._tell(terms.EDIT, terms.SAMPLE_RATE, "approximated", detail)
        sequence = XmlElement("sequence")
        sequence.attributes |= {
            "format": self._resources.format_of(edit.size, edit.rate),
            "duration": format_time(end / edit.rate),
            "tcStart": format_time(self._zero),
            "tcFormat": "DF" if edit.is_drop_frame else "NDF",
            "audioLayout": "stereo",
            "audioRate": _AUDIO_RATES.get(edit.sample_rate_hz, "48k"),
        }
        spine = sequence.add("spine")
        for one in self._primary:
            spine.children.append(one.finish() if isinstance(one, Story) else one)
        return sequence

    @property
    def _zero(self) -> Fraction:
        """The second by which the edit calls its start; 0 of a nested one."""
        return _ZERO if self._inside else self._edit.start_frame / self._edit.rate

    def _write_primary(self, track: FlatTrack, end: Fraction) -> None:
        """Write the primary storyline, without a hole up to the edit's end."""
        at = _ZERO
        for number, item in enumerate(track.items):
            if isinstance(item, FlatTransition):
                self._primary.append(self._transition(track, number, self._zero))
                continue
            if isinstance(item, FlatGap) or not isinstance(item, FlatClip):
                continue
            story = self._picture(track, number)
            if story is None:
                continue
            self._fill(at, item.start)
            self._place(story)
            at = item.end
        self._fill(at, end)

    def _fill(self, start: Fraction, end: Fraction) -> None:
        if end > start:
            self._place(self._clips.gap(start, end - start))

    def _place(self, story: Story) -> None:
        at = self._zero + story.start / self._edit.rate
        _with_offset(story.element, at)
        self._primary.append(story)
        self._parents.append(story)
        self._starts.append(story.start)

    def _parent(self, start: Fraction) -> Story:
        """Return what of the primary storyline is there at a frame."""
        return self._parents[max(0, bisect_right(self._starts, start) - 1)]

    def _attach(self, element: XmlElement, start: Fraction, lane: int) -> None:
        parent = self._parent(start)
        offset = parent.second(start, self._edit.rate)
        _with_offset(element, offset, lane)
        parent.anchored.append(element)

    def _connect(self, track: FlatTrack, lane: int) -> None:
        """Connect a track's clips; those that a transition joins, as a storyline."""
        for first, last in _runs(track.items):
            if last - first == 1:
                story = self._story(track, first)
                if story is not None:
                    self._attach(story.finish(), story.start, lane)
                continue
            begin = track.items[first]
            start = begin.start if isinstance(begin, FlatClip) else _ZERO
            spine = XmlElement("spine")
            for number in range(first, last):
                item = track.items[number]
                if isinstance(item, FlatTransition):
                    zero = -start / self._edit.rate
                    spine.children.append(self._transition(track, number, zero))
                elif isinstance(item, FlatClip):
                    inner = self._story(track, number)
                    inner = inner or self._clips.gap(item.start, item.duration)
                    offset = (item.start - start) / self._edit.rate
                    spine.children.append(_with_offset(inner.finish(), offset))
            self._attach(spine, start, lane)

    def _story(self, track: FlatTrack, number: int) -> Story | None:
        item = track.items[number]
        if not isinstance(item, FlatClip) or id(item) in self._pairs.taken:
            return None
        if track.kind == "video":
            return self._picture(track, number)
        return self._clips.sound(track, item, _handles(track.items, number))

    def _picture(self, track: FlatTrack, number: int) -> Story | None:
        item = track.items[number]
        if not isinstance(item, FlatClip):
            return None
        sound = self._pairs.sounds.get(id(item))
        handles = _handles(track.items, number)
        return self._clips.picture(track, item, sound, handles)

    def _transition(self, track: FlatTrack, number: int, zero: Fraction) -> XmlElement:
        item = track.items[number]
        if not isinstance(item, FlatTransition):
            raise TypeError("not a transition")
        rate = self._edit.rate
        begin = item.at - item.in_offset
        name = "Cross Dissolve"
        if item.kind == "equal_power":
            where = time_place(f"{self._inside}{track.name}", item.at / rate, rate)
            detail = "it is Final Cut's own crossfade"
            self._report.add(where, terms.transition(item.kind), "kept", None, detail)
        if item.kind not in _SMOOTH:
            name = item.kind
            where = time_place(f"{self._inside}{track.name}", item.at / rate, rate)
            detail = "it became a cross dissolve"
            if track.kind == "audio":
                detail = "it became Final Cut's audio crossfade"
            what = terms.transition(item.kind)
            self._report.add(where, what, "approximated", None, detail)
        element = XmlElement("transition", {"name": name})
        _with_offset(element, zero + begin / rate)
        element.attributes["duration"] = format_time(item.duration / rate)
        before, after = track.items[number - 1], track.items[number + 1]
        if track.kind == "video":
            reference = self._resources.effect("Cross Dissolve")
            element.add("filter-video", ref=reference, name="Cross Dissolve")
        if track.kind == "audio" or self._pairs.crossfades(before, after):
            reference = self._resources.effect("Audio Crossfade")
            element.add("filter-audio", ref=reference, name="Audio Crossfade")
        return element

    def _caption(self, track: FlatTrack, lane: int) -> None:
        language = caption_language(track.name)
        for item in track.items:
            if isinstance(item, FlatText):
                story = self._clips.caption(track, item, language)
                self._attach(story.finish(), item.start, lane)

    def _mark(self) -> None:
        """Put the edit's markers on what is there, as chapters of the whole."""
        for marker in self._edit.markers:
            parent = self._parent(marker.start)
            at = parent.second(marker.start, self._edit.rate)
            where = f"{self._inside}{terms.EDIT}"
            made = self._clips.marker("chapter-marker", marker, at, where)
            parent.markers.append(made)

    def _tell_tracks(self) -> None:
        for track, clip in unpaired(self._edit, self._pairs):
            where = self._clips.place(track, clip.name, clip.start)
            detail = "picture and sound are clips of their own"
            self._report.add(where, terms.LINK, "lost", None, detail)
        for effect in self._edit.effects:
            self._tell(terms.EDIT, terms.effect(effect.kind), "lost")
        for track in self._edit.tracks:
            for effect in track.effects:
                self._tell(track.name, terms.effect(effect.kind), "lost")
            tell_joined_levels(track, f"{self._inside}{track.name}", self._report)
            if track.locked:
                self._tell(track.name, terms.LOCK, "lost")
            if not any(isinstance(i, (FlatClip, FlatText)) for i in track.items):
                self._tell(track.name, terms.TRACK, "lost")

    def _tell(self, where: str, what: str, outcome: str, detail: str = "") -> None:
        place = f"{self._inside}{where}"
        if outcome == "lost":
            self._report.add(place, what, "lost", None, detail)
        else:
            self._report.add(place, what, "approximated", None, detail)


def _with_offset(element: XmlElement, offset: Fraction, lane: int = 0) -> XmlElement:
    place = {"lane": str(lane)} if lane else {}
    place["offset"] = format_time(offset)
    head = {k: v for k, v in element.attributes.items() if k == "ref"}
    element.attributes = {**head, **place, **element.attributes}
    return element


def _runs(items: tuple[FlatItem, ...]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of clips that follow one another by transitions, and beyond."""
    first = 0
    while first < len(items):
        last = first + 1
        if isinstance(items[first], FlatClip):
            while last + 1 < len(items) and isinstance(items[last], FlatTransition):
                last += 2
            yield first, last
        first = last


def _handles(items: tuple[FlatItem, ...], number: int) -> tuple[Fraction, Fraction]:
    """Return the frames outside of a clip that transitions show of it."""
    before = items[number - 1] if number else None
    after = items[number + 1] if number + 1 < len(items) else None
    return (
        before.in_offset if isinstance(before, FlatTransition) else _ZERO,
        after.out_offset if isinstance(after, FlatTransition) else _ZERO,
    )
