"""The tracks of an EDL: its events as clips and transitions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from timeline_nb.errors import ProjectError
from timeline_nb.interchange.edl.generators import is_generator, noted_generator
from timeline_nb.interchange.edl.media import EdlMedia
from timeline_nb.interchange.edl.placing import PlacedEvent, placed_events
from timeline_nb.interchange.edl.remarks import fraction_of
from timeline_nb.interchange.edl.rows import EventList
from timeline_nb.interchange.edl.tracks import TrackKey, track_keys
from timeline_nb.interchange.edl.wipes import wipe_of
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatItem,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["EdlTracks"]

_METADATA: Final = "edl"
_MOST_TRACKS: Final = 100


class EdlTracks:
    """The events of a file, laid on tracks.

    Args:
        request: The file.
        found: Its events.
        media: Their media.
        clock: Counts their timecode.
    """

    def __init__(
        self,
        request: ReadRequest,
        found: EventList,
        media: EdlMedia,
        clock: TimecodeClock,
    ) -> None:
        self._request, self._report = request, request.report
        self._media, self._clock, self._rate = media, clock, clock.rate
        self._placed = list(placed_events(found, clock.rate, request.report))
        self._start = 0

    @property
    def first(self) -> int:
        """The frame of record timecode at which the first event begins."""
        return min((one.start for one in self._placed), default=0)

    def tracks(self, start: int, names: dict[TrackKey, str]) -> Iterator[FlatTrack]:
        """Yield the tracks: picture, and then sound.

        Args:
            start: The frame of record timecode at which the edit begins.
            names: Of tracks that have other ones than their numbers say.
        """
        self._start = start
        rows = self._by_track()
        sound = 0
        for kind, number in sorted(rows, key=lambda key: (key[0] != "V", key[1])):
            sound += kind == "A"
            # Channels 1 and 2 are the first track of sound, 3 and 4 the second.
            name = f"V{number}" if kind == "V" else f"A{sound}"
            yield FlatTrack(
                kind="video" if kind == "V" else "audio",
                name=names.get((kind, number), name),
                items=tuple(self._items(rows[kind, number], is_video=kind == "V")),
            )

    def _by_track(self) -> dict[TrackKey, list[PlacedEvent]]:
        rows: dict[TrackKey, list[PlacedEvent]] = {}
        keys = track_keys(one.row.channels for one in self._placed)
        for one in self._placed:
            if one.start < self._start:
                where = f"row {one.row.row}"
                detail = f"it begins before {self._clock.text(self._start)}"
                self._report.add(where, "the event", "lost", None, detail)
                continue
            for key in keys[one.row.channels]:
                rows.setdefault(key, []).append(one)
        if len(rows) > _MOST_TRACKS:
            raise ProjectError(
                f"{self._request.name} has {len(rows)} tracks, more than {_MOST_TRACKS}"
            )
        return rows

    def _items(
        self, placed: Iterable[PlacedEvent], *, is_video: bool
    ) -> Iterator[FlatItem]:
        clips: list[FlatClip] = []
        joints: list[FlatTransition] = []
        for one in sorted(placed, key=lambda own: own.start):
            self._request.check()
            before = clips[-1] if clips else None
            start = Fraction(one.start - self._start)
            touches = before is not None and before.end == start
            if one.row.is_black:
                if one.length and before is not None and touches:
                    clips[-1] = _faded_out(before, one)
                continue
            clip = self._clip(one, start, is_video=is_video)
            if clip is None:
                continue
            if one.length and before is not None and touches and not one.is_from_black:
                joint, clip = self._joint(one, clip)
                clips[-1] = replace(before, duration=before.duration + joint.in_offset)
                joints.append(joint)
            elif one.length:
                clip = replace(clip, fade_in=Fraction(one.length))
            clips.append(clip)
        yield from clips
        yield from joints

    def _joint(
        self, one: PlacedEvent, clip: FlatClip
    ) -> tuple[FlatTransition, FlatClip]:
        """Return a transition, and the clip behind it from the cut on."""
        into = Fraction(0)
        parts = [fraction_of(p) for p in one.remark.get("dissolve", "").split("+")]
        if len(parts) == 2 and parts[0] is not None and parts[1] is not None:
            agree = parts[0] + parts[1] == one.length and min(parts[0], parts[1]) >= 0
            if agree and parts[0] < clip.duration:
                into = parts[0]
        kind, parameters = wipe_of(one.row, self._report)
        joint = FlatTransition(
            kind=kind,
            at=clip.start + into,
            in_offset=into,
            out_offset=one.length - into,
            parameters=parameters,
        )
        later = replace(
            clip,
            start=clip.start + into,
            duration=clip.duration - into,
            source_start=clip.source_at(into, self._rate),
        )
        return joint, later

    def _clip(
        self, one: PlacedEvent, start: Fraction, *, is_video: bool
    ) -> FlatClip | None:
        if one.end <= one.start:
            detail = "it lasts no frame"
            self._report.add(f"row {one.row.row}", "the event", "lost", None, detail)
            return None
        own: dict[str, Any] = {"reel": one.row.reel}
        if is_video and is_generator(one):
            made = noted_generator(one)
            if made is None:
                detail = "its remark of timeline_nb cannot be read: a gap stands there"
                what = f"the generator {one.name[:40]!r}"
                self._report.add(f"row {one.row.row}", what, "lost", None, detail)
                return None
            media, name, first = made, one.name, Fraction(one.source) / self._rate
            own = {}
        else:
            media, name, first = self._media.of(one, self._rate, is_video=is_video)
        channels = one.row.channels
        linked = channels.video and channels.audio
        both = f"event {one.number + 1}" if linked else ""
        own |= {key.lower(): value for key, value in one.grades.items()}
        if one.texts:
            own["remarks"] = [text for _, text in one.texts]
        for key in one.grades if is_video else ():
            detail = "it is not applied: the clip's metadata keep it"
            self._report.add(f"row {one.row.row}", key, "kept", None, detail)
        return FlatClip(
            start=start,
            duration=Fraction(one.end - one.start),
            media=media,
            source_start=first,
            speed=one.speed,
            id=one.remark.get("id" if is_video else "sound", ""),
            name=name,
            link=one.remark.get("link", "") or both,
            metadata=((_METADATA, own),) if own else (),
        )


def _faded_out(clip: FlatClip, black: PlacedEvent) -> FlatClip:
    length = Fraction(min(black.length, black.end - black.start))
    return replace(clip, duration=clip.duration + length, fade_out=length)
