"""Flatten a timeline: its items in frames, with speeds and fades worked out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePath
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatGap,
    FlatItem,
    FlatKey,
    FlatMarker,
    FlatMedia,
    FlatText,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import item_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.start_timecode import start_frame_of
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Keyframe,
    Marker,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.speed import Speed, speed_of

__all__ = ["flatten"]

_HALF: Final = Fraction(1, 2)

TimecodeOf = Callable[[str], Fraction | None]
ChannelsOf = Callable[[str], int]


def _unknown(_: str) -> Fraction | None:
    return None


def _not_known(_: str) -> int:
    return 0


def flatten(
    timeline: Timeline,
    report: Report,
    *,
    whole_frames: bool = True,
    timecode_of: TimecodeOf = _unknown,
    channels_of: ChannelsOf = _not_known,
) -> FlatEdit:
    """Return the flat edit of a timeline.

    Args:
        timeline: The timeline.
        report: Gets times that were rounded, and of clips that vanish so.
        whole_frames: Whether edges are put on the nearest frame. Else all is exact.
        timecode_of: Returns the timecode of media by their path.
        channels_of: Returns how many channels the sound of media has; 0 if unknown.
    """
    start, is_drop = start_frame_of(timeline)
    of_media = timecode_of, channels_of
    work = _Flattening(timeline.rate, report, of_media, whole=whole_frames)
    return FlatEdit(
        name=timeline.name,
        rate=timeline.rate,
        size=timeline.size,
        start_frame=start,
        is_drop_frame=is_drop,
        tracks=tuple(map(work.track, timeline.tracks)),
        markers=tuple(map(work.own_marker, timeline.markers)),
        effects=tuple(e for e in timeline.effects if e.enabled),
        sample_rate_hz=timeline.sample_rate_hz,
    )


class _Flattening:
    """The work on one timeline."""

    def __init__(
        self,
        rate: Fraction,
        report: Report,
        of_media: tuple[TimecodeOf, ChannelsOf],
        *,
        whole: bool,
    ) -> None:
        self._rate, self._report, self._whole = rate, report, whole
        self._timecode_of, self._channels_of = of_media

    def track(self, track: Track) -> FlatTrack:
        return FlatTrack(
            kind=track.kind,
            name=track.name,
            items=tuple(self._items(track)),
            enabled=track.enabled,
            locked=track.locked,
            gain_db=track.gain_db,
            pan=track.pan,
            effects=tuple(e for e in track.effects if e.enabled),
        )

    def marker(self, marker: Marker, origin: Fraction) -> FlatMarker:
        span = marker.marked_range
        return FlatMarker(
            name=marker.name,
            start=self._near((span.start - origin) * self._rate),
            duration=self._near(span.duration * self._rate),
            color=marker.color,
            note=marker.note,
        )

    def own_marker(self, marker: Marker) -> FlatMarker:
        """Return a marker of the edit, and tell if it was between frames."""
        flat, span = self.marker(marker, Fraction(0)), marker.marked_range
        self._tell_near(
            terms.EDIT,
            terms.marker(marker.name),
            (flat.start, span.start * self._rate),
            (flat.duration, span.duration * self._rate),
        )
        return flat

    def _tell_near(
        self, place: str, what: str, *pairs: tuple[Fraction, Fraction]
    ) -> None:
        """Tell by how much frames differ from exact ones."""
        if most := max(abs(frames - exact) for frames, exact in pairs):
            detail = "it was put on the nearest frames"
            self._report.add(place, what, "approximated", most, detail)

    def _items(self, track: Track) -> Iterator[FlatItem]:
        layout = layout_of(track.items)
        for number, item in enumerate(track.items):
            at = layout.start(number)
            start, end = (
                self._near(layout.start(n) * self._rate) for n in (number, number + 1)
            )
            place = item_place(track.name, item, at, self._rate)
            if isinstance(item, Transition):
                yield self._transition(item, at * self._rate, start, place)
                continue
            self._tell_rounding(place, item, at, (start, end))
            if end <= start:
                self._vanished(place, item)
            elif isinstance(item, Gap):
                yield FlatGap(start=start, duration=end - start)
            elif isinstance(item, Subtitle):
                yield FlatText(
                    start=start,
                    duration=end - start,
                    text=item.text,
                    id=item.id,
                    style=tuple(item.style.items()),
                )
            else:
                moved = start / self._rate - at
                yield self._clip(item, moved, (start, end), track, place)

    def _vanished(self, place: str, item: Item) -> None:
        if not isinstance(item, Gap):
            what = terms.LINES if isinstance(item, Subtitle) else terms.CLIP
            self._report.add(place, what, "lost", None, "it is shorter than a frame")

    def _tell_rounding(
        self, place: str, item: Item, at: Fraction, edges: tuple[Fraction, Fraction]
    ) -> None:
        if isinstance(item, (Gap, Transition)):
            return
        exact = at * self._rate, (at + duration_of(item)) * self._rate
        most = max(abs(a - b) for a, b in zip(edges, exact, strict=True))
        if most:
            detail = "its edges were put on the nearest frames"
            self._report.add(place, terms.TIMES, "approximated", most, detail)

    def _transition(
        self, item: Transition, exact: Fraction, at: Fraction, place: str
    ) -> FlatTransition:
        before = at - self._near(exact - item.in_offset * self._rate)
        after = self._near(exact + item.out_offset * self._rate) - at
        flat = FlatTransition(
            kind=item.kind,
            at=at,
            in_offset=max(Fraction(0), before),
            out_offset=max(Fraction(0), after),
            parameters=tuple(item.parameters.items()),
        )
        self._tell_near(
            place,
            terms.transition(item.kind),
            (flat.in_offset, item.in_offset * self._rate),
            (flat.out_offset, item.out_offset * self._rate),
        )
        return flat

    def _clip(
        self,
        clip: Clip,
        moved: Fraction,
        edges: tuple[Fraction, Fraction],
        track: Track,
        place: str,
    ) -> FlatClip:
        start, end = edges
        first = clip.source_range.start + moved
        speed = self._speed(clip, place)
        mean, source = Fraction(1), first
        ramp: tuple[FlatKey, ...] = ()
        if speed is not None:
            source = speed.media_time(first)
            mean, ramp = self._rates(speed, clip, first, (end - start) / self._rate)
        fades = (
            self._near(clip.fade_in * self._rate),
            self._near(clip.fade_out * self._rate),
        )
        self._tell_near(
            place,
            terms.FADES,
            (fades[0], clip.fade_in * self._rate),
            (fades[1], clip.fade_out * self._rate),
        )
        return FlatClip(
            start=start,
            duration=end - start,
            media=self._media(clip.media, track, place),
            source_start=source,
            speed=mean,
            ramp=ramp,
            id=clip.id,
            name=clip.name or clip.media.label,
            link=clip.link,
            transform=clip.transform,
            gain_db=clip.gain_db,
            pan=clip.pan,
            keyframes=tuple(
                (name, self._keys(keys, first)) for name, keys in clip.keyframes.items()
            ),
            fade_in=fades[0],
            fade_out=fades[1],
            effects=tuple(e for e in clip.effects if _is_look(e)),
            markers=tuple(self._clip_marker(m, first, speed) for m in clip.markers),
            metadata=tuple(clip.metadata.items()),
        )

    def _speed(self, clip: Clip, place: str) -> Speed | None:
        try:
            return speed_of(clip)
        except TimelineError as error:
            self._report.add(place, terms.SPEED, "lost", None, str(error))
            return None

    def _rates(
        self, speed: Speed, clip: Clip, first: Fraction, length: Fraction
    ) -> tuple[Fraction, tuple[FlatKey, ...]]:
        if speed.ramp is None:
            return speed.rate, ()
        passed = speed.media_time(first + length) - speed.media_time(first)
        keys: tuple[Keyframe, ...] = next(
            e.keyframes["rate"] for e in clip.effects if e.kind == "speed" and e.enabled
        )
        return passed / length, self._keys(keys, first)

    def _keys(
        self, keys: tuple[Keyframe, ...], origin: Fraction
    ) -> tuple[FlatKey, ...]:
        return tuple(
            FlatKey(
                frame=(key.time - origin) * self._rate,
                value=key.value,
                interpolation=key.interpolation,
                handles=key.handles,
            )
            for key in keys
        )

    def _clip_marker(
        self, marker: Marker, first: Fraction, speed: Speed | None
    ) -> FlatMarker:
        """Count a marker of media time from the clip's start on its track."""
        flat = self.marker(marker, first)
        if speed is None or speed.ramp is not None or not speed.rate:
            return flat
        shown = speed.media_time(first)
        frames = (marker.marked_range.start - shown) / speed.rate * self._rate
        return replace(flat, start=self._near(frames))

    def _media(self, media: MediaReference, track: Track, place: str) -> FlatMedia:
        inner = None
        if media.timeline is not None:
            own = media.timeline
            inside = Report(self._report.path, self._report.format, "export")
            inner = flatten(
                own,
                inside,
                whole_frames=self._whole,
                timecode_of=self._timecode_of,
                channels_of=self._channels_of,
            )
            for one in inside:
                where = f"{place}, inside: {one.where}"
                self._report.add(
                    where, one.what, one.outcome, one.by_how_much, one.detail
                )
        return FlatMedia(
            path=media.path,
            name=PurePath(media.path).name or media.label,
            rate=media.rate,
            size=media.size,
            has_video=media.size is not None or track.kind == "video",
            has_audio=media.has_audio,
            available=media.available_range,
            timecode=self._timecode_of(media.path) if media.path else None,
            fingerprint=media.fingerprint,
            channels=self._channels_of(media.path) if media.has_audio else 0,
            generator=media.generator,
            edit=inner,
        )

    def _near(self, frames: Fraction) -> Fraction:
        return Fraction((frames + _HALF) // 1) if self._whole else frames


def _is_look(effect: Effect) -> bool:
    return effect.enabled and effect.kind != "speed"
