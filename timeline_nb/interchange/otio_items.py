"""The items of a track of an OpenTimelineIO document."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.interchange import terms
from timeline_nb.interchange.fitting import fitted, with_transitions
from timeline_nb.interchange.otio_clips import ClipReading, Nested
from timeline_nb.interchange.otio_metadata import kept_struct
from timeline_nb.interchange.otio_objects import (
    flag,
    is_newer,
    object_of,
    schema_of,
    text_of,
)
from timeline_nb.interchange.otio_small import own_or_none
from timeline_nb.interchange.otio_times import (
    is_same_time,
    seconds_of,
    time_range_of,
)
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.limits import MAX_TEXT_LETTERS
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    TrackKind,
    Transition,
)

__all__ = ["ItemReading", "cut_items"]

_ZERO: Final = Fraction(0)
_COMPOSITIONS: Final = frozenset({"Stack", "Track"})


class ItemReading:
    """The reading of one track.

    Args:
        request: Finds media, and has the report.
        rate: Frames a second of the edit.
        track: The track's name.
        kind: Its kind.
        ids: Those that stand already; another program may copy a clip with its id.
        nested: Makes a timeline of a stack.
    """

    def __init__(  # noqa: PLR0913 - where the items are, and what they may use
        self,
        request: ReadRequest,
        *,
        rate: Fraction,
        track: str,
        kind: TrackKind,
        ids: set[str],
        nested: Nested,
    ) -> None:
        self._request, self._report = request, request.report
        self._rate, self._track, self._kind = rate, track, kind
        self._ids, self._nested = ids, nested
        self._at = _ZERO

    def items(self, children: list[dict[str, Any]]) -> list[Item]:
        """Return the items that the children of a track are."""
        items: list[Item] = []
        for number, child in enumerate(children):
            if not number % 64:
                self._request.check()
            for item in self._item(child):
                self._at += duration_of(item)
                items.append(item)
        return with_transitions(items, self._track, self._rate, self._report)

    def _item(self, child: dict[str, Any]) -> Iterator[Item]:
        schema, place = schema_of(child), self._place(child)
        if is_newer(child):
            what = f"an object of the schema {child['OTIO_SCHEMA'][:40]}"
            self._report.add(
                place, what, "approximated", None, "it is newer than known"
            )
        if schema == "Transition":
            yield from self._transition(child, place)
        elif schema == "Gap":
            yield from self._gap(child, place)
        elif schema != "Clip" and schema not in _COMPOSITIONS:
            what = f"an object of the schema {(schema or 'none')[:40]}"
            self._report.add(place, what, "lost", None, "its schema is not known")
            yield from self._gap(child, place)
        elif not flag(child, "enabled"):
            detail = "it is disabled: a gap stands there"
            self._report.add(place, terms.CLIP, "lost", None, detail)
            yield from self._gap(child, place)
        elif self._kind == "subtitle":
            yield from self._line(child, place)
        else:
            yield from self._clip(child, place)

    def _place(self, child: dict[str, Any]) -> str:
        return clip_place(self._track, text_of(child, "name"), self._at, self._rate)

    def _gap(self, child: dict[str, Any], place: str) -> Iterator[Item]:
        if not isinstance(child.get("source_range"), dict):
            return
        native = time_range_of(child["source_range"]).duration
        kept = own_or_none(object_of(child, "metadata"), place, self._report)
        if kept is not None and set(kept) == {"duration"}:
            own = kept_struct({"type": "gap", **kept}, Gap).duration
            native = own if is_same_time(own, native) else native
        if native > 0:
            yield Gap(duration=native)

    def _line(self, child: dict[str, Any], place: str) -> Iterator[Item]:
        kept = own_or_none(object_of(child, "metadata"), place, self._report)
        native = self._span(child, None, place)
        if native is None:
            return
        if kept is not None and kept.get("type") == "subtitle":
            own = kept_struct(kept, Subtitle)
            length = own.duration
            if not is_same_time(length, native.duration):
                length = native.duration
            yield replace(own, id=self._free_id(own.id), duration=length)
            return
        text = text_of(child, "name")
        for media in object_of(child, "media_references").values():
            given = media.get("parameters") if isinstance(media, dict) else None
            if isinstance(given, dict) and isinstance(given.get("text"), str):
                text = given["text"]
        yield Subtitle(text=text[:MAX_TEXT_LETTERS], duration=native.duration)

    def _transition(self, child: dict[str, Any], place: str) -> Iterator[Item]:
        into, out = (
            max(_ZERO, seconds_of(object_of(child, name)) if child.get(name) else _ZERO)
            for name in ("in_offset", "out_offset")
        )
        kept = own_or_none(object_of(child, "metadata"), place, self._report)
        if kept is not None:
            own = kept_struct(kept, Transition)
            yield replace(
                own,
                in_offset=own.in_offset if is_same_time(own.in_offset, into) else into,
                out_offset=own.out_offset if is_same_time(own.out_offset, out) else out,
            )
        elif into + out > 0:
            native = text_of(child, "transition_type")
            if native != "SMPTE_Dissolve":
                what = f"the transition {(text_of(child, 'name') or native)[:40]!r}"
                detail = "it became a dissolve"
                self._report.add(place, what, "approximated", None, detail)
            yield Transition(in_offset=into, out_offset=out)

    def _span(
        self, child: dict[str, Any], media: TimeRange | None, place: str
    ) -> TimeRange | None:
        """Return the source range of a child; None, with a finding, if it has none."""
        if isinstance(child.get("source_range"), dict):
            span = time_range_of(child["source_range"])
        elif media is not None:
            span = media
        else:
            self._report.add(place, terms.CLIP, "lost", None, "it has no range")
            return None
        if span.duration <= 0:
            self._report.add(place, terms.CLIP, "lost", None, "it lasts no time")
            return None
        return span

    def _clip(self, child: dict[str, Any], place: str) -> Iterator[Item]:
        kept = own_or_none(object_of(child, "metadata"), place, self._report)
        reading = ClipReading(self._request, self._rate, self._kind, self._nested)
        if kept is not None and kept.get("type") == "clip":
            native = self._span(child, None, place)
            if native is None:
                return
            made = reading.of_ours(child, kept, native, place)
        else:
            media, starts = reading.media(child, place)
            native = self._span(child, reading.range_of(child, media), place)
            if native is None:
                return
            made = reading.foreign(child, media, starts, native, place)
        free = self._free_id(made.id)
        # A clip that another program copied is not linked to what it is a copy of.
        link = made.link if free or not made.id else ""
        made = replace(made, id=free, link=link)
        yield from fitted(made, self._rate, self._report, place)

    def _free_id(self, wanted: str) -> str:
        if not wanted or wanted in self._ids:
            return ""
        self._ids.add(wanted)
        return wanted


def cut_items(items: list[Item], span: TimeRange) -> list[Item]:
    """Return the items of a track within a range of its time; all if none is there."""
    out: list[Item] = []
    at = _ZERO
    if span.end <= 0 or span.start >= sum(map(duration_of, items)):
        # Some programs write a timecode there.
        return items
    for item in items:
        if isinstance(item, Transition):
            if span.start < at < span.end:
                out.append(item)
            continue
        length = duration_of(item)
        start, end = max(at, span.start), min(at + length, span.end)
        if start < end:
            out.append(_part(item, start - at, end - start))
        at += length
    return out


def _part(item: Item, head: Fraction, length: Fraction) -> Item:
    if isinstance(item, Clip):
        whole = item.source_range
        fade_in = min(item.fade_in, length)
        return replace(
            item,
            source_range=TimeRange(whole.start + head, length),
            fade_in=fade_in,
            fade_out=min(item.fade_out, length - fade_in),
        )
    if isinstance(item, Transition):
        return item
    return replace(item, duration=length)
