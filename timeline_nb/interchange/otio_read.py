"""An OpenTimelineIO document as a timeline.

Native values are used where they differ from what was written: another program changed
them. All else is as this program kept it in the metadata.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.otio_items import ItemReading, cut_items
from timeline_nb.interchange.otio_media import size_of
from timeline_nb.interchange.otio_metadata import (
    kept_struct,
    native_text,
    without_ours,
)
from timeline_nb.interchange.otio_objects import list_of, object_of, schema_of, text_of
from timeline_nb.interchange.otio_resolve import shown_name
from timeline_nb.interchange.otio_small import (
    effects_of,
    marker_of,
    own_or_none,
    small_enough,
)
from timeline_nb.interchange.otio_times import exact_rate, seconds_of, time_range_of
from timeline_nb.interchange.otio_write import KINDS
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.start_timecode import (
    START_TIMECODE,
    start_frame_of,
    start_metadata,
)
from timeline_nb.timebase import MAX_RATE
from timeline_nb.timeline.limits import MAX_NAME_LETTERS
from timeline_nb.timeline.model import Timeline, Track, TrackKind

__all__ = ["timeline_of"]

_KINDS: Final[dict[str, TrackKind]] = {
    "video": "video",
    "audio": "audio",
    "subtitle": "subtitle",
}
_LETTERS: Final = {"video": "V", "audio": "A", "subtitle": "S"}
_SIZE: Final = (1920, 1080)
_RATE: Final = Fraction(24)


def timeline_of(document: dict[str, Any], request: ReadRequest) -> Timeline:
    """Return the timeline of an object of the schema Timeline.

    Args:
        document: The object.
        request: Finds media, and has the report.

    Raises:
        ProjectError: It is broken: a value has the wrong type or is out of range.
    """
    stack = object_of(document, "tracks")
    metadata = object_of(document, "metadata")
    kept = own_or_none(metadata, "the timeline", request.report)
    head = None if kept is None else _kept_timeline(kept)
    rate = head.rate if head else _rate_of(document)
    made = _Reading(request, rate).timeline(stack, head)
    made = replace(
        made, name=_name(text_of(document, "name"), head.name if head else "")
    )
    foreign = {"metadata": without_ours(metadata)}
    foreign["stack"] = without_ours(object_of(stack, "metadata"))
    made = replace(
        made,
        metadata={
            **made.metadata,
            **small_enough(foreign, "the timeline", request.report),
        },
    )
    return _with_start(made, document, head)


def _kept_timeline(kept: dict[str, Any]) -> Timeline:
    """Return what was kept of a timeline, whose rate all its places are counted by."""
    head = kept_struct(kept, Timeline)
    if not 0 < head.rate <= MAX_RATE:
        raise ProjectError(
            f"a Timeline of timeline_nb has a rate of {float(head.rate):g}, which is "
            f"not between 0 and {MAX_RATE}"
        )
    return head


def _with_start(
    made: Timeline, document: dict[str, Any], head: Timeline | None
) -> Timeline:
    start = object_of(document, "global_start_time")
    if not start:
        return made
    frame = round(seconds_of(start) * made.rate)
    kept, is_drop = start_frame_of(head) if head else (0, False)
    if frame == kept:
        return made
    rest = {n: value for n, value in made.metadata.items() if n != START_TIMECODE}
    began = start_metadata(frame, made.rate, is_drop_frame=is_drop)
    return replace(made, metadata={**rest, **began})


def _name(native: str, kept: str) -> str:
    """Return the name that another program gave; else the one that was kept."""
    return kept if native == native_text(kept) else native[:MAX_NAME_LETTERS]


def _rate_of(document: dict[str, Any]) -> Fraction:
    """Return the rate of a foreign timeline: of its start, or most of its clips."""
    start = document.get("global_start_time")
    if isinstance(start, dict) and isinstance(start.get("rate"), (int, float)):
        return exact_rate(float(start["rate"]))
    counts: dict[str, Counter[Fraction]] = {"video": Counter(), "": Counter()}
    for track in list_of(object_of(document, "tracks"), "children"):
        kind = "video" if text_of(track, "kind") == KINDS["video"] else ""
        counts[kind].update(_rates_of(track))
    for kind in ("video", ""):
        if counts[kind]:
            return counts[kind].most_common(1)[0][0]
    return _RATE


def _rates_of(track: dict[str, Any]) -> Iterator[Fraction]:
    is_track = schema_of(track) == "Track"
    for child in list_of(track, "children") if is_track else [track]:
        span = child.get("source_range")
        duration = span.get("duration") if isinstance(span, dict) else None
        rate = duration.get("rate") if isinstance(duration, dict) else None
        if isinstance(rate, (int, float)) and not isinstance(rate, bool):
            # Sound may be counted in samples, which are no frames.
            found = exact_rate(float(rate))
            if found <= 1000:
                yield found


class _Reading:
    """The reading of the stack of one timeline, or of one that is nested."""

    def __init__(self, request: ReadRequest, rate: Fraction) -> None:
        self._request, self._rate = request, rate
        self._names: set[str] = set()
        self._ids: set[str] = set()

    def timeline(self, stack: dict[str, Any], head: Timeline | None) -> Timeline:
        """Return the timeline of a stack, without the name and metadata of others."""
        report, rate = self._request.report, self._rate
        markers = [
            marker_of(m, Fraction(0), report, "the timeline")
            for m in list_of(stack, "markers")
        ]
        effects, others = effects_of(list_of(stack, "effects"), None)
        for one in others:
            report.add("the timeline", _effect_name(one), "lost")
        tracks = [
            made
            for child in list_of(stack, "children")
            if (made := self._track(child)) is not None
        ]
        if stack.get("source_range") is not None:
            span = time_range_of(object_of(stack, "source_range"))
            tracks = [
                replace(t, items=tuple(cut_items(list(t.items), span))) for t in tracks
            ]
        found = Timeline(name="", rate=rate, size=self._size(stack), tracks=())
        return replace(
            head or found,
            tracks=tuple(tracks),
            markers=tuple(m for m in markers if m is not None),
            effects=effects,
        )

    def _size(self, stack: dict[str, Any]) -> tuple[int, int]:
        for track in list_of(stack, "children"):
            for child in list_of(track, "children"):
                for media in object_of(child, "media_references").values():
                    if isinstance(media, dict) and (size := size_of(media)):
                        return size
        return _SIZE

    def _track(self, child: dict[str, Any]) -> Track | None:
        report = self._request.report
        if schema_of(child) != "Track":
            # A clip or a stack in place of a track shows over those below it.
            child = {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [child]}
        metadata = object_of(child, "metadata")
        where = f"track {text_of(child, 'name')!r}"
        kept = own_or_none(metadata, where, report)
        head = None if kept is None else kept_struct(kept, Track)
        kind = head.kind if head else _KINDS.get(text_of(child, "kind").casefold())
        if kind is None:
            what = f"of the kind {text_of(child, 'kind')[:40]!r}"
            report.add(where, terms.TRACK, "lost", None, what)
            return None
        name = self._free_name(
            _name(text_of(child, "name"), head.name if head else ""), kind
        )
        reading = ItemReading(
            self._request,
            rate=self._rate,
            track=name,
            kind=kind,
            ids=self._ids,
            nested=self._nested,
        )
        items = reading.items(list_of(child, "children"))
        effects, others = effects_of(list_of(child, "effects"), None)
        for one in others:
            report.add(where, _effect_name(one), "lost")
        if list_of(child, "markers"):
            report.add(where, "markers of the track", "lost")
        if child.get("source_range") is not None:
            items = cut_items(items, time_range_of(object_of(child, "source_range")))
        foreign = {"metadata": without_ours(metadata)}
        own = head or Track(kind=kind, name=name)
        return replace(
            own,
            name=name,
            items=tuple(items),
            enabled=child.get("enabled") is not False,
            effects=effects,
            metadata={**own.metadata, **small_enough(foreign, where, report)},
        )

    def _nested(self, stack: dict[str, Any], kept: dict[str, Any] | None) -> Timeline:
        """Return the timeline of a stack or track that stands as a clip."""
        head = None
        if kept is not None and isinstance(kept.get("inner"), dict):
            head = _kept_timeline(kept["inner"])
        if schema_of(stack) == "Track":
            stack = {"children": [{**stack, "source_range": None, "effects": []}]}
        else:
            stack = {"children": list_of(stack, "children")}
        inner = _Reading(self._request, head.rate if head else self._rate)
        made = inner.timeline(stack, head)
        if head is None:
            return replace(made, name=text_of(stack, "name") or "nested")
        return replace(made, markers=head.markers, effects=head.effects)

    def _free_name(self, wanted: str, kind: str) -> str:
        name, number = wanted[:MAX_NAME_LETTERS], 1
        while not name or name in self._names:
            name, number = f"{_LETTERS[kind]}{number}", number + 1
        self._names.add(name)
        return name


def _effect_name(effect: dict[str, Any]) -> str:
    return f"the effect {shown_name(effect)!r}"
