"""Tracks that are read: clips, generators, transitions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcp7.read_effects import (
    ClipEffects,
    clip_effects,
    generator_of,
)
from timeline_nb.interchange.fcp7.read_files import ReadFiles
from timeline_nb.interchange.fcp7.read_markers import read_marker
from timeline_nb.interchange.fcp7.values import (
    child_text,
    end_of,
    is_true,
    number_of,
    rate_of,
    words_of,
)
from timeline_nb.interchange.fcpxml.source_maps import TimeMap
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatItem,
    FlatKey,
    FlatMedia,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.choices import TrackKind

__all__ = ["Fcp7TrackReader"]

_ZERO: Final = Fraction(0)
_FINE: Final = 10**6
_SMOOTH: Final = ("dissolve", "cross fade", "crossfade")

Nested = Callable[[XmlElement, XmlElement], FlatEdit]
Spans = tuple[Fraction, Fraction, Fraction]


class Fcp7TrackReader:
    """Reads the tracks of one sequence.

    Args:
        name: Of the document, for messages.
        rate: Frames a second of the sequence.
        canvas: Width and height of it.
        report: Gets the findings.
        files: Of the document.
        nested: Returns the edit of a nested sequence.
        inside: What stands before the places of a nested sequence.
    """

    def __init__(  # noqa: PLR0913 - of what, and what it asks
        self,
        *,
        name: str,
        rate: Fraction,
        canvas: tuple[int, int] | None,
        report: Report,
        files: ReadFiles,
        nested: Nested,
        inside: str,
    ) -> None:
        self._name, self._rate, self._canvas = name, rate, canvas or (1920, 1080)
        self._report, self._files, self._nested = report, files, nested
        self._inside = inside

    def tracks(self, group: XmlElement, kind: TrackKind) -> Iterator[FlatTrack]:
        """Yield the tracks of a `video` or an `audio`; a stereo sound has one."""
        before: FlatTrack | None = None
        number = 0
        for element in group.all("track"):
            if element.get("premiereTrackType") == "Stereo" and (
                element.get("currentExplodedTrackIndex", "0") != "0"
            ):
                continue
            number += 1
            place = f"{self._inside}{'V' if kind == 'video' else 'A'}{number}"
            track = FlatTrack(
                kind=kind,
                name=words_of(element, "name"),
                items=tuple(self._items(element, kind, place)),
                enabled=is_true(element, "enabled", default=True),
                locked=is_true(element, "locked", default=False),
            )
            if kind == "audio" and before is not None and _alike(before, track):
                detail = "both are in one clip, which has all channels of the file"
                self._report.add(place, "the channel", "kept", None, detail)
                number -= 1
                continue
            yield track
            before = track

    def _items(
        self, track: XmlElement, kind: TrackKind, place: str
    ) -> Iterator[FlatItem]:
        rows = [
            one
            for one in track.children
            if one.tag in {"clipitem", "generatoritem", "transitionitem"}
        ]
        for number, element in enumerate(rows):
            if element.tag == "transitionitem":
                yield self._transition(element, place)
                continue
            before = rows[number - 1] if number else None
            after = rows[number + 1] if number + 1 < len(rows) else None
            clip = self._clip(element, kind, place, (before, after))
            if clip is not None:
                yield clip

    def _transition(self, element: XmlElement, place: str) -> FlatTransition:
        start, cut, end = self._span(element)
        name = child_text(element, "effect", "name")
        if name and not any(word in name.lower() for word in _SMOOTH):
            where = time_place(place, max(_ZERO, cut) / self._rate, self._rate)
            what = terms.transition(name)
            self._report.add(where, what, "approximated", None, "it became a dissolve")
        return FlatTransition(at=cut, in_offset=cut - start, out_offset=end - cut)

    def _span(self, element: XmlElement) -> Spans:
        """Return the start, the cut and the end of a transition, in frames."""
        start = self._number(element, "start") or _ZERO
        end = max(start, self._number(element, "end") or start)
        alignment = child_text(element, "alignment")
        if alignment.startswith("start"):
            return start, start, end
        if alignment.startswith("end"):
            return start, end, end
        return start, start + (end - start) // 2, end

    def _clip(
        self,
        element: XmlElement,
        kind: TrackKind,
        place: str,
        beside: tuple[XmlElement | None, XmlElement | None],
    ) -> FlatClip | None:
        edges = self._edges(element, beside)
        name = words_of(element, "name")
        if edges is None or edges[1] <= edges[0]:
            self._report.add(f'{place}, clip "{name[:40]}"', terms.CLIP, "lost")
            return None
        start, end, lead = edges
        where = clip_place(place, name, start / self._rate, self._rate)
        media = self._media(element)
        if media is None:
            detail = "a gap stands there"
            self._report.add(where, "what it shows", "lost", None, detail)
            return None
        rate = rate_of(element, self._name) or media.rate or self._rate
        own = (self._number(element, "in") or _ZERO) + lead * rate / self._rate
        effects = clip_effects(element, media.size or self._canvas, self._canvas)
        for what in effects.lost:
            self._report.add(where, terms.effect(what), "lost")
        clip = FlatClip(
            start=start,
            duration=end - start,
            media=media,
            # What is generated has no time of its own.
            source_start=_ZERO if media.generator is not None else _fine(own / rate),
            name=name or media.name,
            link=_link(element),
            enabled=is_true(element, "enabled", default=True),
            keyframes=tuple(self._keys(effects, own, rate, kind)),
            markers=tuple(
                replace(one, start=(one.start - own) * self._rate / rate)
                for one in (read_marker(m, self._name) for m in element.all("marker"))
            ),
        )
        if kind == "video":
            clip = replace(clip, transform=effects.transform)
        else:
            clip = replace(clip, gain_db=effects.gain_db, pan=effects.pan)
        return clip if media.generator else self._retimed(clip, effects, own, rate)

    def _edges(
        self, element: XmlElement, beside: tuple[XmlElement | None, XmlElement | None]
    ) -> tuple[Fraction, Fraction, Fraction] | None:
        """Return start and end, and how far the start is behind a transition's."""
        start, end = self._number(element, "start"), self._number(element, "end")
        lead = _ZERO
        if start is None or start < 0:
            if beside[0] is None or beside[0].tag != "transitionitem":
                return None
            first, start, _ = self._span(beside[0])
            lead = start - first
        if end is None or end < 0:
            if beside[1] is None or beside[1].tag != "transitionitem":
                return None
            _, end, _ = self._span(beside[1])
        return start, end, lead

    def _media(self, element: XmlElement) -> FlatMedia | None:
        """Return what a clip shows; None if that is not ours."""
        if element.tag == "generatoritem":
            effect = element.first("effect")
            generator = None if effect is None else generator_of(effect)
            if generator is None:
                return None
            name = words_of(element, "name")
            # It fills the canvas: another size would scale it at the next export.
            return FlatMedia(name=name, generator=generator, size=self._canvas)
        sequence, file = element.first("sequence"), element.first("file")
        if sequence is not None:
            edit = self._nested(element, sequence)
            has_audio = any(one.kind == "audio" for one in edit.tracks)
            return FlatMedia(
                name=edit.name,
                rate=edit.rate,
                size=edit.size,
                has_audio=has_audio,
                edit=edit,
            )
        return None if file is None else self._files.media(file)

    def _retimed(
        self, clip: FlatClip, effects: ClipEffects, own: Fraction, rate: Fraction
    ) -> FlatClip:
        """Return a clip at the speed that its filter says."""
        if effects.points:
            return self._ramped(clip, effects.points, own, rate)
        speed, first = effects.speed, own / rate
        if speed == 1:
            return clip
        start = first * abs(speed)
        if speed < 0:
            end = end_of(clip.media)
            start = (start if end is None else end) - start
        return replace(clip, source_start=_fine(start), speed=speed)

    def _ramped(
        self,
        clip: FlatClip,
        points: tuple[tuple[Fraction, Fraction], ...],
        own: Fraction,
        rate: Fraction,
    ) -> FlatClip:
        found = TimeMap(points)
        last = own + clip.duration * rate / self._rate
        parts = list(found.parts(own, last))
        start = _fine(found.at(own) / rate)
        speeds = {speed for _, _, speed in parts}
        if len(speeds) == 1:
            return replace(clip, source_start=start, speed=_fine(speeds.pop()))
        ramp = tuple(
            FlatKey(
                frame=(left - own) * self._rate / rate,
                value=float(speed),
                interpolation="hold",
            )
            for left, _, speed in parts
        )
        mean = (found.at(last) - found.at(own)) / (last - own)
        return replace(clip, source_start=start, speed=mean, ramp=ramp)

    def _keys(
        self, effects: ClipEffects, own: Fraction, rate: Fraction, kind: TrackKind
    ) -> Iterator[tuple[str, tuple[FlatKey, ...]]]:
        heard = {"gain_db", "pan"}
        for name, keys in effects.keys.items():
            if (name in heard) == (kind == "audio"):
                moved = (
                    replace(key, frame=(key.frame - own) * self._rate / rate)
                    for key in keys
                )
                yield name, tuple(moved)

    def _number(self, element: XmlElement, tag: str) -> Fraction | None:
        return number_of(element, tag, self._name)


def _link(element: XmlElement) -> str:
    """Return what clips that are linked have in common; empty of one alone."""
    references = [child_text(one, "linkclipref") for one in element.all("link")]
    return f"l {references[0][:100]}" if len(references) > 1 else ""


def _alike(one: FlatTrack, other: FlatTrack) -> bool:
    """Return whether two tracks have the channels of one sound."""
    spans = [
        [(c.start, c.duration, c.media.path, c.source_start) for c in track.clips]
        for track in (one, other)
    ]
    return bool(spans[0]) and spans[0] == spans[1]


def _fine(seconds: Fraction) -> Fraction:
    return seconds.limit_denominator(_FINE)
