"""Tracks as playlists, transitions as tractors, and all of them under one tractor."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

import numpy as np

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.effects.catalog import find
from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.mlt.blends import BLENDS
from timeline_nb.interchange.mlt.curves import Curve
from timeline_nb.interchange.mlt.filters_out import Stretch, balance_of, needs_blending
from timeline_nb.interchange.mlt.losses import tell_losses
from timeline_nb.interchange.mlt.notes import OWN
from timeline_nb.interchange.mlt.parts import Document, number_text, set_properties
from timeline_nb.interchange.mlt.sources_out import ClipServices, Use
from timeline_nb.interchange.places import time_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.choices import TrackKind

__all__ = ["Writing"]


@dataclass(frozen=True)
class _Cut:
    """A transition: the frames of the edit that it takes, and its kind."""

    first: int
    end: int
    own: FlatTransition


class Writing:
    """The work on one document.

    Args:
        document: Takes what is written.
        report: Takes what is not carried over.
    """

    def __init__(self, document: Document, report: Report) -> None:
        self._document, self._report = document, report
        self._inside: list[FlatEdit] = []
        self._sources = ClipServices(document, report, self._inner)

    def tractor(
        self, edit: FlatEdit, id_: str = "", *, only: TrackKind | None = None
    ) -> XmlElement:
        """Return an edit as a tractor, which is not in the document yet.

        Args:
            edit: The edit, at the document's rate.
            id_: Of the tractor; a number if empty.
            only: The kind of tracks that are written; all but subtitles if None.
        """
        frames = max(1, ceil(edit.duration))
        service = self._document.new("tractor", id_, in_=0, out=frames - 1)
        kinds: tuple[TrackKind, ...] = (only,) if only else ("video", "audio")
        tracks = [track for track in edit.tracks if track.kind in kinds]
        service.add("track", producer=self._background(frames))
        lowest = next((t for t in tracks if t.kind == "video" and t.enabled), None)
        for track in tracks:
            playlist = self._playlist(track, is_lowest=track is lowest)
            service.add("track", producer=playlist, hide=_hidden(track))
        self._blend(service, tracks)
        tell_losses(edit, self._report)
        return service

    def _inner(self, edit: FlatEdit, kind: TrackKind) -> XmlElement:
        # (What is hidden of a tractor within another ends melt 7.12.)
        made = self.tractor(edit, only=kind)
        if edit not in self._inside:
            self._inside.append(edit)
        number = self._inside.index(edit)
        set_properties(made, **{f"{OWN}title": edit.name, f"{OWN}nest": number})
        return made

    def _background(self, frames: int) -> str:
        black = self._document.color("black", frames, **{"set.test_audio": 0})
        playlist = self._document.new("playlist")
        playlist.add("entry", producer=black, in_=0, out=frames - 1)
        return self._document.finish(playlist)

    def _blend(self, service: XmlElement, tracks: list[FlatTrack]) -> None:
        pictures = [track for track in tracks if track.kind == "video"]
        blends = len(pictures) > 1 or any(
            needs_blending(clip, self._document.size)
            for track in pictures
            for clip in track.clips
        )
        for number, track in enumerate(tracks, 1):
            transition = None
            if track.kind == "audio":
                transition = {"mlt_service": "mix", "sum": 1, "accepts_blanks": 1}
            elif blends:
                mode = self._mode(track)
                transition = {"mlt_service": "qtblend", "compositing": mode}
            if transition is not None:
                own = service.add("transition", id=f"{service.get('id')}_{number}")
                set_properties(
                    own, a_track=0, b_track=number, always_active=1, **transition
                )

    def _mode(self, track: FlatTrack) -> int:
        modes = {clip.transform.blend for clip in track.clips}
        if len(modes) > 1 or modes - BLENDS.keys():
            detail = "MLT has one for a track, and no 'subtract': clips are 'normal'"
            self._report.add(track.name, terms.BLEND, "lost", None, detail)
            return 0
        return BLENDS[modes.pop()] if modes else 0

    def _playlist(self, track: FlatTrack, *, is_lowest: bool) -> str:
        playlist = self._document.new("playlist")
        kind = "shotcut__audio" if track.kind == "audio" else "shotcut__video"
        set_properties(playlist, **{kind: 1}, shotcut__name=track.name)
        if track.locked:
            set_properties(playlist, shotcut__lock=1)
        end = 0
        for start, length, id_, at, clip in self._pieces(track, is_lowest=is_lowest):
            if start > end:
                playlist.add("blank", length=start - end)
            entry = playlist.add("entry", producer=id_, in_=at, out=at + length - 1)
            if clip is not None:
                self._note(entry, clip)
            end = start + length
        self._add_level(playlist, track)
        return self._document.finish(playlist)

    def _note(self, entry: XmlElement, clip: FlatClip) -> None:
        """Put down what MLT has no place for, to be read here again."""
        names = {f"{OWN}id": clip.id, f"{OWN}link": clip.link, f"{OWN}name": clip.name}
        set_properties(entry, **{name: text or None for name, text in names.items()})

    def _add_level(self, playlist: XmlElement, track: FlatTrack) -> None:
        if track.kind != "audio":
            return
        share, factor = balance_of(track.pan)
        level = track.gain_db + 20 * math.log10(factor)
        if abs(level) > 1e-6:
            values: list[tuple[str, object]] = [("level", number_text(level))]
            values.append((f"{OWN}gain_db", number_text(track.gain_db)))
            self._document.filter(playlist, "volume", None, values)
        if track.pan:
            values = [("channel", -1), ("start", number_text(share))]
            values.append((f"{OWN}pan", number_text(track.pan)))
            self._document.filter(playlist, "panner", None, values)

    def _pieces(
        self, track: FlatTrack, *, is_lowest: bool
    ) -> Iterator[tuple[int, int, str, int, FlatClip | None]]:
        """Yield what a playlist holds: start, length, service, its frame, the clip."""
        clips = track.clips
        cuts = {
            item.at: item for item in track.items if isinstance(item, FlatTransition)
        }
        spans = {at: _span(one) for at, one in cuts.items()}
        for number, clip in enumerate(clips):
            before, after = spans.get(clip.start), spans.get(clip.end)
            first = before.end if before else ceil(clip.start)
            last = after.first if after else ceil(clip.end)
            base = (before.first if before else first) - ceil(clip.start)
            if last > first:
                own = first - ceil(clip.start)
                stretch = Stretch(own, own + last - first - 1, 0)
                use = Use(clip, track.name, track.kind, stretch, base=base)
                id_, at = self._sources.service(use)
                yield first, last - first, id_, at, clip
            if after is not None and after.end > after.first:
                two = (clip, base), (clips[number + 1], after.first - ceil(clip.end))
                yield self._transition(track, two, after, is_lowest=is_lowest)

    def _transition(
        self,
        track: FlatTrack,
        clips: tuple[tuple[FlatClip, int], tuple[FlatClip, int]],
        cut: _Cut,
        *,
        is_lowest: bool,
    ) -> tuple[int, int, str, int, FlatClip | None]:
        length = cut.end - cut.first
        if not is_lowest:
            self._tell_mix(track, cut, [clip for clip, _ in clips])
        service = self._document.new("tractor", in_=0, out=length - 1)
        set_properties(service, shotcut__transition="lumaMix")
        own = cut.own
        set_properties(
            service,
            **{f"{OWN}kind": own.kind, f"{OWN}cut": ceil(own.at) - cut.first},
        )
        for lane, (clip, base) in enumerate(clips):
            # MLT mixes pictures and their opacity, and so takes the opacity twice.
            use = self._mixed(track, clip, cut, lane)
            black = replace(use.stretch, over_black=is_lowest)
            use = replace(use, base=base, stretch=black)
            id_, at = self._sources.service(use)
            part = service.add("track", producer=id_, in_=at, out=at + length - 1)
            self._note(part, clip)
        mix = service.add(
            "transition", id=f"mix_{service.get('id')}", in_=0, out=length - 1
        )
        values = {"mlt_service": "luma", "factory": "loader"}
        if track.kind == "audio":
            values = {"mlt_service": "mix", "start": "-1", "accepts_blanks": "1"}
            if own.kind != "linear":
                values = {"mlt_service": "mix", "sum": "1", "accepts_blanks": "1"}
        set_properties(mix, a_track=0, b_track=1, **values)
        return cut.first, length, self._document.finish(service), 0, None

    def _tell_mix(self, track: FlatTrack, cut: _Cut, clips: list[FlatClip]) -> None:
        size = self._document.size
        if track.kind == "video" and any(needs_blending(one, size) for one in clips):
            rate = self._document.rate
            place = time_place(
                f"{track.name}, the {cut.own.kind}", cut.own.at / rate, rate
            )
            what = terms.transition(cut.own.kind)
            detail = "MLT shows less of what does not cover the tracks below"
            self._report.add(place, what, "approximated", None, detail)

    def _mixed(self, track: FlatTrack, clip: FlatClip, cut: _Cut, lane: int) -> Use:
        begin = cut.first - ceil(clip.start)
        last = begin + cut.end - cut.first - 1
        gains: tuple[tuple[Curve, frozenset[int]], ...] = ()
        if track.kind == "audio" and cut.own.kind != "linear":
            curve = _crossfade(cut, Fraction(begin), falls=lane == 0)
            gains = ((curve, frozenset({begin, last + 1})),)
        stretch = Stretch(begin, last, 0, gains)
        return Use(clip, track.name, track.kind, stretch, lane)


def _hidden(track: FlatTrack) -> str:
    if not track.enabled:
        return "both"
    return "video" if track.kind == "audio" else "audio"


def _span(own: FlatTransition) -> _Cut:
    first, end = ceil(own.at - own.in_offset), ceil(own.at + own.out_offset)
    return _Cut(first, end, own)


def _crossfade(cut: _Cut, begin: Fraction, *, falls: bool) -> Curve:
    """Return the gain of one of two sounds while the one becomes the other."""
    law = find(cut.own.kind, "crossfade").make
    length = cut.end - cut.first

    def gain(frame: Fraction) -> tuple[float, ...]:
        share = min(1.0, max(0.0, float((frame - begin) / length)))
        return (float(np.asarray(law(1 - share if falls else share))),)

    return gain
