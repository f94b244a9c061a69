"""The clips of an OpenTimelineIO document, of ours and of other programs."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from timeline_nb.core.structs import to_canonical
from timeline_nb.errors import TimelineError
from timeline_nb.interchange.otio_media import address_of, foreign_media
from timeline_nb.interchange.otio_metadata import (
    kept_of,
    kept_struct,
    native_text,
    without_ours,
)
from timeline_nb.interchange.otio_objects import list_of, object_of, schema_of, text_of
from timeline_nb.interchange.otio_resolve import link_of, shown_name, with_inspector
from timeline_nb.interchange.otio_small import effects_of, marker_of, small_enough
from timeline_nb.interchange.otio_times import is_same_time, time_range_of
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.timebase import TimeRange, to_fraction
from timeline_nb.timeline.limits import MAX_NAME_LETTERS
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    MediaReference,
    Timeline,
    TrackKind,
)
from timeline_nb.timeline.queries import duration
from timeline_nb.timeline.speed import speed_of

__all__ = ["ClipReading", "Nested"]

# Makes a timeline of a stack or a track, and of what was kept of its clip.
Nested: TypeAlias = Callable[[dict[str, Any], dict[str, Any] | None], Timeline]

_ZERO: Final = Fraction(0)
_DEFAULT: Final = "DEFAULT_MEDIA"
_COMPOSITIONS: Final = frozenset({"Stack", "Track"})
# What the metadata hold beside the fields of a clip.
_BESIDE: Final = frozenset({"shown", "offset", "inner", "speed"})


class ClipReading:
    """The reading of clips of one track.

    Args:
        request: Finds media, and has the report.
        rate: Frames a second of the edit.
        kind: Of the track.
        nested: Makes timelines of what is nested.
    """

    def __init__(
        self, request: ReadRequest, rate: Fraction, kind: TrackKind, nested: Nested
    ) -> None:
        self._request, self._report = request, request.report
        self._rate, self._kind, self._nested = rate, kind, nested

    def of_ours(
        self, child: dict[str, Any], kept: dict[str, Any], native: TimeRange, place: str
    ) -> Clip:
        """Return a clip that was kept, with what another program changed."""
        fields = {name: own for name, own in kept.items() if name not in _BESIDE}
        own = kept_struct(fields, Clip)
        shown = _seconds(kept.get("shown"))
        media, offset = self._media_of_ours(child, kept, own, native, place)
        first = native.start - offset
        effects, others = effects_of(list_of(child, "effects"), first)
        start, length = first, own.source_range.duration
        if _speed_among(effects) == kept.get("speed"):
            moved = native.start - shown
            start = own.source_range.start
            if not is_same_time(shown, native.start):
                start += _clip_seconds(replace(own, effects=effects), moved)
        if not is_same_time(length, native.duration):
            length = native.duration
        name = text_of(child, "name")
        fade_in = min(own.fade_in, length)
        return replace(
            own,
            name=own.name if name == native_text(own.name) else name[:MAX_NAME_LETTERS],
            media=media,
            source_range=TimeRange(start, length),
            fade_in=fade_in,
            fade_out=min(own.fade_out, length - fade_in),
            effects=effects,
            markers=self._markers(child, offset, place),
            metadata={**own.metadata, **self._foreign_parts(child, others, place)},
        )

    def foreign(
        self,
        child: dict[str, Any],
        media: MediaReference,
        starts: list[Fraction],
        native: TimeRange,
        place: str,
    ) -> Clip:
        """Return a clip of another program.

        Args:
            child: The object.
            media: Its media.
            starts: Seconds that the media may begin at, the likeliest first.
            native: Its range, counted from there.
            place: Where it is, for the report.
        """
        offset = _offset(media, starts, native)
        first = native.start - offset
        effects, others = effects_of(list_of(child, "effects"), first)
        clip = Clip(
            name=text_of(child, "name")[:MAX_NAME_LETTERS],
            media=media,
            source_range=TimeRange(first, native.duration),
            link=link_of(object_of(child, "metadata")),
            effects=effects,
            markers=self._markers(child, offset, place),
            metadata=self._foreign_parts(child, others, place),
        )
        clip, unknown, straight = with_inspector(clip, others, self._rate)
        for one in unknown:
            detail = "it is not shown; the next export has it again"
            what = f"the effect {shown_name(one)!r}"
            self._report.add(place, what, "lost", None, detail)
        for what in straight:
            detail = "its key frames are joined by straight lines"
            self._report.add(
                place, f"the curve of {what}", "approximated", None, detail
            )
        return clip

    def media(
        self, child: dict[str, Any], place: str
    ) -> tuple[MediaReference, list[Fraction]]:
        """Return the media of another program's clip, and where they may begin."""
        if schema_of(child) in _COMPOSITIONS:
            inner = self._nested(child, None)
            has_audio = any(track.kind == "audio" for track in inner.tracks)
            made = MediaReference(timeline=inner, size=inner.size, has_audio=has_audio)
            return made, [_ZERO]
        _, reference, _ = _references(child)

        def lose(what: str, detail: str) -> None:
            self._report.add(place, what, "approximated", None, detail)

        name = text_of(child, "name")
        return foreign_media(reference, name, self._kind, self._request.find, lose)

    def range_of(
        self, child: dict[str, Any], media: MediaReference
    ) -> TimeRange | None:
        """Return the range of a clip that states none: all of its media."""
        if media.timeline is not None:
            return TimeRange(_ZERO, duration(media.timeline))
        available = _references(child)[1].get("available_range")
        if isinstance(available, dict):
            return time_range_of(available)
        return media.available_range

    def _media_of_ours(
        self,
        child: dict[str, Any],
        kept: dict[str, Any],
        own: Clip,
        native: TimeRange,
        place: str,
    ) -> tuple[MediaReference, Fraction]:
        offset = _seconds(kept.get("offset"))
        if schema_of(child) in _COMPOSITIONS:
            inner = self._nested(child, kept)
            return replace(own.media, timeline=inner), offset
        _, reference, _ = _references(child)
        schema = schema_of(reference)
        address = text_of(reference, "target_url")
        is_same = schema != "ExternalReference" or (
            address == address_of(own.media.path)
        )
        if is_same or not address:
            return own.media, offset
        media, starts = self.media(child, place)
        if not media.fingerprint:
            # It is offline: what was known of the file before is the best guess.
            return replace(own.media, path=media.path, fingerprint=""), offset
        return media, _offset(media, starts, native)

    def _markers(
        self, child: dict[str, Any], offset: Fraction, place: str
    ) -> tuple[Any, ...]:
        found = (
            marker_of(one, offset, self._report, place)
            for one in list_of(child, "markers")
        )
        return tuple(one for one in found if one is not None)

    def _foreign_parts(
        self, child: dict[str, Any], effects: list[dict[str, Any]], place: str
    ) -> dict[str, Any]:
        """Return metadata of what a clip has of other programs."""
        active, reference, others = _references(child)
        # Of ours, one that is missing has no path, which it says itself.
        is_missing = schema_of(reference) == "MissingReference" and (
            kept_of(object_of(child, "metadata")) is None
        )
        parts = {
            "metadata": without_ours(object_of(child, "metadata")),
            "effects": effects,
            "references": others,
            "active": "" if active == _DEFAULT else active,
            "media": object_of(reference, "metadata"),
            "schema": "MissingReference.1" if is_missing else "",
        }
        return small_enough(parts, place, self._report)


def _references(
    child: dict[str, Any],
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the key of a clip's media, the reference, and others by their keys."""
    if schema_of(child) in _COMPOSITIONS:
        return _DEFAULT, {}, {}
    several = object_of(child, "media_references")
    if not several:
        # Of the schema Clip.1.
        return _DEFAULT, object_of(child, "media_reference"), {}
    active = text_of(child, "active_media_reference_key") or _DEFAULT
    reference = several.get(active)
    others = {key: one for key, one in several.items() if key != active}
    return active, reference if isinstance(reference, dict) else {}, others


def _offset(
    media: MediaReference, starts: list[Fraction], native: TimeRange
) -> Fraction:
    """Return the second at which media begin, so that they have what is shown."""
    has = media.available_range
    for start in starts:
        span = TimeRange(native.start - start, native.duration)
        if span.start >= 0 and (has is None or has.encloses(span)):
            return start
    return starts[0]


def _speed_among(effects: tuple[Effect, ...]) -> Any:
    """Return the speed effect among effects as JSON; None if there is none."""
    found = next((e for e in effects if e.kind == "speed"), None)
    return None if found is None else to_canonical(found)


def _clip_seconds(clip: Clip, media_s: Fraction) -> Fraction:
    """Return how much of a clip's own time a way in its media takes."""
    try:
        speed = speed_of(clip)
    except TimelineError:
        return _ZERO
    if speed is None:
        return media_s
    rate = speed.rate_at(clip.source_range.start)
    return media_s / rate if rate else _ZERO


def _seconds(value: Any) -> Fraction:
    """Return a time that was kept as text.

    Raises:
        TimeError: It is no time.
    """
    return to_fraction(value if isinstance(value, str) else "0")
