"""Tracks of MLT as those of an edit: shots become clips, and mixes transitions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatItem,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.mlt.applied import Applied
from timeline_nb.interchange.mlt.filters_in import apply_filters, filters_of
from timeline_nb.interchange.mlt.notes import OWN
from timeline_nb.interchange.mlt.shots import Mix, TrackPart, mixes_of, shots_of
from timeline_nb.interchange.mlt.sounds_in import track_level
from timeline_nb.interchange.mlt.sources_in import ServiceMedia, SourceReader
from timeline_nb.interchange.mlt.tree import Tree
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Outcome, Report
from timeline_nb.timeline.choices import TrackKind

__all__ = ["PlaylistReader", "tracks_of"]

_WIPES: Final = "a wipe by a picture is a dissolve here"


def tracks_of(tractor: XmlElement) -> Iterator[XmlElement]:
    """Yield the tracks of a tractor, in either form of the file."""
    yield from tractor.all("track")
    for inner in tractor.all("multitrack"):
        yield from inner.all("track")


@dataclass(frozen=True)
class _Row:
    """A track of the file, as it is shown here.

    Args:
        name: The name.
        kinds: What is shown of it: `video`, `audio` or both.
        enabled: Whether it is.
        locked: Whether edits are refused.
    """

    name: str
    kinds: tuple[TrackKind, ...]
    enabled: bool
    locked: bool


class PlaylistReader:
    """Reads the tracks of a document.

    Args:
        tree: The document.
        sources: Reads what services show.
        report: Takes what is not carried over.
        check: Called meanwhile; what it raises ends the work.
    """

    def __init__(
        self,
        tree: Tree,
        sources: SourceReader,
        report: Report,
        check: Callable[[], object],
    ) -> None:
        self._tree, self._sources = tree, sources
        self._report, self._check = report, check
        self._links = 0

    def tracks(self, track: XmlElement, number: int) -> list[FlatTrack]:
        """Return a track of the file: its pictures, its sound, or both.

        Raises:
            ProjectError: Something of it cannot be read.
        """
        service = self._tree.used_by(track)
        row = self._row(track, service)
        shots, mixes = self._shots(track, service)
        place = row.name or f"track {number}"
        made: dict[TrackKind, list[FlatItem]] = {kind: [] for kind in row.kinds}
        for shot, start, end in _cut(shots, mixes):
            self._check()
            self._add(row, place, made, shot, (start, end))
        for mix in mixes:
            for kind in row.kinds:
                made[kind].append(self._transition(mix, kind))
        gain, pan, others = track_level(self._tree, filters_of(self._tree, service))
        for name in others:
            self._report.add(
                place, f"the filter {name[:60]!r}", "lost", None, "it is not known"
            )
        return [
            FlatTrack(
                kind=kind,
                name=row.name if len(row.kinds) == 1 else "",
                items=tuple(items),
                enabled=row.enabled,
                locked=row.locked,
                gain_db=gain if kind == "audio" else 0.0,
                pan=pan if kind == "audio" else 0.0,
            )
            for kind, items in made.items()
            if len(row.kinds) == 1 or any(isinstance(one, FlatClip) for one in items)
        ]

    def is_background(self, track: XmlElement) -> bool:
        """Return whether a track is the black that is below all others."""
        service = self._tree.used_by(track)
        if service.tag == "playlist":
            entries = list(service.all("entry"))
            used = [self._tree.used_by(one) for one in entries]
        else:
            used = [service]
        return bool(used) and all(map(self._is_black, used))

    def _is_black(self, service: XmlElement) -> bool:
        values = self._tree.properties(service)
        kind, color = values.get("mlt_service", ""), values.get("resource", "").lower()
        blacks = {"black", "0", "#000000", "#ff000000", "#00000000", "0x000000ff"}
        return kind.startswith("colo") and color in blacks

    def _row(self, track: XmlElement, service: XmlElement) -> _Row:
        values = self._tree.properties(service)
        hidden = track.get("hide") or values.get("hide", "")
        hidden = {"1": "video", "2": "audio", "3": "both"}.get(hidden, hidden)
        inner = [one.get("hide") for one in tracks_of(service)]
        if service.tag == "tractor" and not hidden and inner:
            hidden = inner[0] if len(set(inner)) == 1 else ""
        sounds = "shotcut:audio" in values or values.get("kdenlive:audio_track") == "1"
        kinds: tuple[TrackKind, ...] = ("video", "audio")
        if sounds or hidden == "video":
            kinds = ("audio",)
        elif (
            hidden == "audio"
            or (hidden == "both" and "kdenlive:trackheight" in values)
            or (hidden == "both" and values.get("shotcut:video"))
        ):
            kinds = ("video",)
        name = values.get("shotcut:name") or values.get("kdenlive:track_name") or ""
        locked = values.get("shotcut:lock") or values.get("kdenlive:locked_track")
        return _Row(
            name[:60] if name else "",
            kinds,
            enabled=hidden != "both",
            locked=locked in {"1", "2"},
        )

    def _shots(
        self, track: XmlElement, service: XmlElement
    ) -> tuple[list[TrackPart], list[Mix]]:
        length = self._sources.length
        if service.tag == "playlist":
            return shots_of(self._tree, service, length)
        if service.tag == "tractor" and _is_lanes(self._tree, service):
            shots: list[TrackPart] = []
            for inner in tracks_of(service):
                lane = self._tree.used_by(inner)
                shots += shots_of(self._tree, lane, length)[0]
            shots.sort(key=lambda shot: (shot.start, shot.end))
            return shots, mixes_of(self._tree, service, shots)
        first = self._tree.frames(track, "in", 0)
        end = self._tree.frames(track, "out", length(service) - 1) - first + 1
        return [TrackPart(service, 0, end, first)] if end > 0 else [], []

    def _transition(self, mix: Mix, kind: TrackKind) -> FlatTransition:
        own = mix.kind
        if own == "wipe":
            at = f"the transition at frame {mix.cut}"
            self._report.add(at, "its shape", "approximated", None, _WIPES)
            own = "dissolve"
        if kind == "audio" and own not in {"dissolve", "equal_gain", "equal_power"}:
            own = "dissolve"
        return FlatTransition(
            kind=own,
            at=Fraction(mix.cut),
            in_offset=Fraction(mix.cut - mix.first),
            out_offset=Fraction(mix.end - mix.cut),
        )

    def _add(
        self,
        row: _Row,
        where: str,
        made: dict[TrackKind, list[FlatItem]],
        shot: TrackPart,
        span: tuple[int, int],
    ) -> None:
        source = self._sources(shot.service)
        shows = {"video": source.has_video, "audio": source.has_audio}
        kinds = [kind for kind in row.kinds if shows[kind]]
        link = ""
        if len(kinds) > 1:
            self._links += 1
            link = f"m{self._links}"
        for kind in kinds:
            clip = self._clip(where, shot, span, source, kind)
            made[kind].append(replace(clip, link=clip.link or link))

    def _clip(
        self,
        where: str,
        shot: TrackPart,
        span: tuple[int, int],
        source: ServiceMedia,
        kind: TrackKind,
    ) -> FlatClip:
        rate = self._tree.rate
        start, end = span
        frame = shot.frame + start - shot.start
        first = self._tree.frames(shot.service, "in", 0)
        notes: dict[str, str] = {}
        for owner in shot.owners:
            notes = {**self._tree.properties(owner), **notes}
        clip = FlatClip(
            start=Fraction(start),
            duration=Fraction(end - start),
            media=source.media,
            source_start=source.second(frame + first, rate),
            speed=source.speed,
            ramp=tuple(
                replace(key, frame=key.frame - frame - first) for key in source.ramp
            ),
            id=notes.get(f"{OWN}id", ""),
            name=notes.get(f"{OWN}name") or source.name,
            link=notes.get(f"{OWN}link", ""),
        )
        canvas = self._tree.size or source.media.size or (1920, 1080)
        applied = Applied(self._tree, clip, kind, frame, canvas)
        owners = [one for one in shot.owners if one.tag == "entry"]
        clip = apply_filters(applied, filters_of(self._tree, shot.service, *owners))
        found: list[tuple[Outcome, str, str]] = [
            ("lost", *one) for one in (*source.losses, *applied.losses)
        ]
        found += [("approximated", *one) for one in applied.approximations]
        for outcome, what, detail in found:
            place = clip_place(where, clip.name, clip.start / rate, rate)
            self._report.add(place, what, outcome, None, detail)
        return clip


def _is_lanes(tree: Tree, tractor: XmlElement) -> bool:
    """Return whether a tractor is a track: two playlists that take turns."""
    values = tree.properties(tractor)
    used = [tree.used_by(one) for one in tracks_of(tractor)]
    lanes = bool(used) and all(one.tag == "playlist" for one in used)
    own = any(name.startswith("kdenlive:") for name in values)
    return lanes and own and "kdenlive:uuid" not in values


def _cut(
    shots: list[TrackPart], mixes: list[Mix]
) -> Iterator[tuple[TrackPart, int, int]]:
    """Yield shots with the frames between the cuts: two of a mix meet at its cut."""
    ends = {mix.end: mix for mix in mixes}
    starts = {mix.first: mix for mix in mixes}
    for shot in shots:
        start, end = shot.start, shot.end
        before = starts.get(start)
        # The first clip of a mix ends where the mix does, the second begins with it.
        after = ends.get(end)
        if after is not None and (
            after is not before or end - start > after.end - after.first
        ):
            end = after.cut
        if before is not None and before is not after:
            start = before.cut
        elif before is not None:
            start, end = _whole(shots, shot, before)
        if end > start:
            yield shot, start, end


def _whole(shots: list[TrackPart], shot: TrackPart, mix: Mix) -> tuple[int, int]:
    """Return the part of a shot that lasts as long as its mix."""
    same = [one for one in shots if (one.start, one.end) == (shot.start, shot.end)]
    second = any(one.end == mix.end and one.start < mix.first for one in shots)
    is_first = same[0] is shot and not second
    return (mix.first, mix.cut) if is_first else (mix.cut, mix.end)
