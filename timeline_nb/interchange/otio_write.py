"""A timeline as an OpenTimelineIO document.

What OpenTimelineIO can say stands where it says it: times, gaps, transitions, markers,
media, constant speeds, nesting. All of ours stands in metadata beside it.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.core.structs import to_canonical
from timeline_nb.errors import TimelineError
from timeline_nb.interchange import terms
from timeline_nb.interchange.otio_media import reference_object
from timeline_nb.interchange.otio_metadata import (
    OURS,
    foreign_of,
    native_text,
    without_foreign,
    wrapped,
)
from timeline_nb.interchange.otio_times import range_object, time_object
from timeline_nb.interchange.places import item_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.start_timecode import start_frame_of
from timeline_nb.timebase import TimeRange, to_fraction
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Marker,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.speed import speed_of

__all__ = [
    "DISSOLVES",
    "KINDS",
    "constant_rate",
    "native_color",
    "native_start",
    "timeline_object",
]

KINDS: Final = {"video": "Video", "audio": "Audio", "subtitle": "Subtitle"}
# Kinds of ours that SMPTE_Dissolve says.
DISSOLVES: Final = frozenset({"dissolve", "equal_gain", "equal_power", "linear"})
# OpenTimelineIO's colors of markers; others become red there.
_COLORS: Final = frozenset(
    {
        *("pink", "red", "orange", "yellow", "green", "cyan", "blue", "purple"),
        *("magenta", "black", "white"),
    }
)
_LABEL_LETTERS: Final = 40
_START: Final = Fraction(0)

TimecodeOf = Callable[[str], Fraction | None]


def timeline_object(
    timeline: Timeline, report: Report, timecode_of: TimecodeOf
) -> dict[str, Any]:
    """Return the document of a timeline.

    Args:
        timeline: The timeline.
        report: Gets what stands in metadata alone, which other programs do not show.
        timecode_of: Returns the timecode of media by their path.

    Raises:
        ProjectError: It holds what JSON has not.
    """
    foreign = foreign_of(timeline.metadata)
    start, _ = start_frame_of(timeline)
    writing = _Writing(timeline.rate, report, timecode_of)
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {
            **foreign.get("metadata", {}),
            OURS: wrapped(_head(timeline)),
        },
        "name": native_text(timeline.name),
        "global_start_time": {
            "OTIO_SCHEMA": "RationalTime.1",
            "rate": float(timeline.rate),
            "value": float(start),
        },
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "metadata": foreign.get("stack", {}),
            "name": "tracks",
            "source_range": None,
            "effects": [writing.effect(e) for e in timeline.effects],
            "markers": [writing.marker(m, timeline.rate) for m in timeline.markers],
            "enabled": True,
            "children": [writing.track(track) for track in timeline.tracks],
        },
    }


def _head(timeline: Timeline) -> dict[str, Any]:
    """Return what of a timeline is not said by its tracks, markers and effects."""
    own: dict[str, Any] = to_canonical(
        replace(
            timeline,
            tracks=(),
            markers=(),
            effects=(),
            metadata=without_foreign(timeline.metadata),
        )
    )
    return own


def native_start(clip: Clip) -> Fraction:
    """Return the media second that a clip shows first."""
    try:
        speed = speed_of(clip)
    except TimelineError:
        speed = None
    start = clip.source_range.start
    return start if speed is None else speed.media_time(start)


def native_color(color: str) -> str:
    """Return the color of a marker as OpenTimelineIO names it."""
    return color.upper() if color.lower() in _COLORS else "RED"


class _Writing:
    """The writing of the tracks of one timeline."""

    def __init__(self, rate: Fraction, report: Report, timecode_of: TimecodeOf) -> None:
        self._rate, self._report, self._timecode_of = rate, report, timecode_of

    def track(self, track: Track) -> dict[str, Any]:
        kept = to_canonical(
            replace(
                track, items=(), effects=(), metadata=without_foreign(track.metadata)
            )
        )
        layout = layout_of(track.items)
        return {
            "OTIO_SCHEMA": "Track.1",
            "metadata": {
                **foreign_of(track.metadata).get("metadata", {}),
                OURS: wrapped(kept),
            },
            "name": native_text(track.name),
            "source_range": None,
            "effects": [self.effect(e) for e in track.effects],
            "markers": [],
            "enabled": track.enabled,
            "children": [
                self._item(item, track, layout.start(number))
                for number, item in enumerate(track.items)
            ],
            "kind": KINDS[track.kind],
        }

    def effect(self, effect: Effect) -> dict[str, Any]:
        common = {
            "metadata": {OURS: wrapped(to_canonical(effect))},
            "name": native_text(effect.kind),
            "enabled": effect.enabled,
        }
        if effect.kind != "speed":
            name = f"timeline_nb.{native_text(effect.kind)}"
            return {"OTIO_SCHEMA": "Effect.1", **common, "effect_name": name}
        rate = constant_rate(effect)
        if rate is None:
            name = "timeline_nb.ramp"
            return {"OTIO_SCHEMA": "TimeEffect.1", **common, "effect_name": name}
        schema = "LinearTimeWarp" if rate else "FreezeFrame"
        return {
            "OTIO_SCHEMA": f"{schema}.1",
            **common,
            "effect_name": schema,
            "time_scalar": float(rate),
        }

    def marker(
        self, marker: Marker, rate: Fraction, offset: Fraction = _START
    ) -> dict[str, Any]:
        span = marker.marked_range
        placed = TimeRange(span.start + offset, span.duration)
        metadata = without_foreign(marker.metadata)
        return {
            "OTIO_SCHEMA": "Marker.2",
            "metadata": {
                **foreign_of(marker.metadata).get("metadata", {}),
                OURS: wrapped(to_canonical(replace(marker, metadata=metadata))),
            },
            "name": native_text(marker.name),
            "color": native_color(marker.color),
            "marked_range": range_object(placed, rate),
            "comment": native_text(marker.note),
        }

    def _item(self, item: Item, track: Track, at: Fraction) -> dict[str, Any]:
        if isinstance(item, Gap):
            return {
                "OTIO_SCHEMA": "Gap.1",
                **self._common("", item.duration),
                "metadata": {OURS: wrapped({"duration": str(item.duration)})},
            }
        place = item_place(track.name, item, at, self._rate)
        if isinstance(item, Subtitle):
            return self._line(item)
        if isinstance(item, Transition):
            return self._transition(item, place)
        return self._clip(item, place)

    def _common(self, name: str, duration: Fraction) -> dict[str, Any]:
        span = TimeRange(Fraction(0), duration)
        return {
            "metadata": {},
            "name": native_text(name),
            "source_range": range_object(span, self._rate),
            "effects": [],
            "markers": [],
            "enabled": True,
        }

    def _line(self, item: Subtitle) -> dict[str, Any]:
        text = native_text(item.text)
        return {
            "OTIO_SCHEMA": "Clip.2",
            **self._common(" ".join(text.split())[:_LABEL_LETTERS], item.duration),
            "metadata": {OURS: wrapped(to_canonical(item))},
            "media_references": {
                "DEFAULT_MEDIA": {
                    "OTIO_SCHEMA": "GeneratorReference.1",
                    "metadata": {},
                    "name": "text",
                    "available_range": None,
                    "available_image_bounds": None,
                    "generator_kind": "timeline_nb.subtitle",
                    "parameters": {"text": text},
                }
            },
            "active_media_reference_key": "DEFAULT_MEDIA",
        }

    def _transition(self, item: Transition, place: str) -> dict[str, Any]:
        is_dissolve = item.kind in DISSOLVES
        if not is_dissolve:
            detail = "its kind stands in metadata: others may show a dissolve"
            self._report.add(place, terms.transition(item.kind), "kept", None, detail)
        return {
            "OTIO_SCHEMA": "Transition.1",
            "metadata": {OURS: wrapped(to_canonical(item))},
            "name": native_text(item.kind),
            "in_offset": time_object(item.in_offset, self._rate),
            "out_offset": time_object(item.out_offset, self._rate),
            "transition_type": "SMPTE_Dissolve" if is_dissolve else "Custom_Transition",
        }

    def _clip(self, clip: Clip, place: str) -> dict[str, Any]:
        self._tell_hidden(clip, place)
        media = clip.media
        rate = media.rate or self._rate
        offset = Fraction(0)
        if media.timeline is None and media.path:
            offset = self._timecode_of(media.path) or Fraction(0)
        start = native_start(clip) + offset
        kept = to_canonical(
            replace(
                clip, effects=(), markers=(), metadata=without_foreign(clip.metadata)
            )
        )
        kept |= {"shown": str(start), "offset": str(offset)}
        speed = next((e for e in clip.effects if e.kind == "speed"), None)
        if speed is not None:
            kept["speed"] = to_canonical(speed)
        foreign = foreign_of(clip.metadata)
        common = {
            "metadata": foreign.get("metadata", {}),
            "name": native_text(clip.name),
            "effects": [
                *(self.effect(effect) for effect in clip.effects),
                *foreign.get("effects", []),
            ],
            "markers": [self.marker(m, rate, offset) for m in clip.markers],
            "enabled": True,
        }
        span = TimeRange(start, clip.source_range.duration)
        if media.timeline is not None:
            return self._nested(clip, kept, common, span)
        common["metadata"] = {**common["metadata"], OURS: wrapped(kept)}
        active = foreign.get("active") or "DEFAULT_MEDIA"
        reference = reference_object(media, rate, offset)
        reference["metadata"] = foreign.get("media", {})
        reference["OTIO_SCHEMA"] = foreign.get("schema") or reference["OTIO_SCHEMA"]
        return {
            "OTIO_SCHEMA": "Clip.2",
            **common,
            "source_range": range_object(span, rate),
            "media_references": {active: reference, **foreign.get("references", {})},
            "active_media_reference_key": active,
        }

    def _nested(
        self, clip: Clip, kept: dict[str, Any], common: dict[str, Any], span: TimeRange
    ) -> dict[str, Any]:
        """Return a stack: its own metadata hold the clip and the timeline's head."""
        inner = clip.media.timeline
        if inner is None:
            raise TypeError(clip)
        document = timeline_object(inner, self._report, self._timecode_of)
        kept["media"] = to_canonical(replace(clip.media, timeline=None))
        kept["inner"] = to_canonical(replace(inner, tracks=()))
        return {
            "OTIO_SCHEMA": "Stack.1",
            **common,
            "metadata": {**common["metadata"], OURS: wrapped(kept)},
            "source_range": range_object(span, self._rate),
            "children": document["tracks"]["children"],
        }

    def _tell_hidden(self, clip: Clip, place: str) -> None:
        """Report what of a clip stands in metadata, which others do not show."""
        plain = Clip(media=clip.media, source_range=clip.source_range)
        kinds = [e.kind for e in clip.effects if e.enabled and e.kind != "speed"]
        hidden = list(map(terms.effect, kinds))
        if any(e.kind == "speed" and constant_rate(e) is None for e in clip.effects):
            hidden.append(terms.SPEED)
        for what, names in _HIDDEN.items():
            if any(getattr(clip, name) != getattr(plain, name) for name in names):
                hidden.append(what)
        if clip.media.generator is not None:
            hidden.append(terms.generator(clip.media.generator.kind))
        hidden += map(terms.keyframes, clip.keyframes)
        for what in hidden:
            detail = "in metadata, which other programs do not show"
            self._report.add(place, what, "kept", None, detail)


_HIDDEN: Final = {
    terms.PLACEMENT: ("transform",),
    terms.GAIN: ("gain_db",),
    terms.PAN: ("pan",),
    terms.FADES: ("fade_in", "fade_out"),
}


def constant_rate(effect: Effect) -> Fraction | None:
    """Return the rate of a speed effect; None of a ramp, or of what is no rate."""
    if effect.keyframes.get("rate"):
        return None
    try:
        return to_fraction(effect.parameters.get("rate", 1))
    except (TypeError, ValueError, ArithmeticError):
        return None
