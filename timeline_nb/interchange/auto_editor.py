"""Timelines of auto-editor: its JSON, versions 1 to 3.

The formats are described at auto-editor.com under "The v1 format" and so on. In version
3 an offset counts frames of the sped-up source, so that it is multiplied by the speed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log10
from pathlib import Path
from typing import Any, Final

from timeline_nb.core.bounded_json import parse
from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.cuts import (
    Cut,
    edit_of_cuts,
    flat_media,
    rate_of_media,
)
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatItem,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.list_text import MAX_LIST_CLIPS
from timeline_nb.interchange.requests import FoundMedia, ReadRequest
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timebase import parse_rate
from timeline_nb.timeline.choices import TrackKind
from timeline_nb.timeline.model import Timeline

__all__ = ["read"]

_CUT_SPEED: Final = 99_999
_MOST: Final = 2**53
_TIMEBASE: Final = re.compile(r"[0-9]{1,9}(?:/[0-9]{1,9})?")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_LEAST_GAIN_DB: Final = -100.0


@dataclass(frozen=True)
class _Actions:
    """What is done to a stretch."""

    speed: Fraction = Fraction(1)
    gain_db: float = 0.0
    is_cut: bool = False


def read(request: ReadRequest, *, rate: Any = None) -> Timeline:
    """Return the edit of a timeline of auto-editor.

    Args:
        request: The file.
        rate: Frames a second, for a file of version 1 without a timebase; those of its
            media if not given.

    Raises:
        ProjectError: The file is none, or says what cannot be.
    """
    document = parse(request.data, request.name, what="a timeline of auto-editor")
    version = str(document.get("version"))
    reading = _Reading(request, document)
    made = {"1": reading.first, "2": reading.second, "3": reading.third}.get(version)
    if made is None:
        raise ProjectError(
            f"{request.name} is no timeline of auto-editor of a version that is known: "
            "those are 1, 2 and 3"
        )
    return unflatten(made(rate), request.report)


class _Reading:
    """The reading of a document."""

    def __init__(self, request: ReadRequest, document: Mapping[str, Any]) -> None:
        self._request, self._report = request, request.report
        self._document = document

    def _fault(self, what: str) -> ProjectError:
        return ProjectError(f"{self._request.name}: {what}")

    def _list(self, value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise self._fault(f"{where} is no list")
        if len(value) > MAX_LIST_CLIPS.value:
            raise self._fault(f"{where} has {MAX_LIST_CLIPS.excess}")
        return value

    def _frame(self, value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._fault(f"{where} is no number of a frame")
        if not 0 <= value < _MOST or value != int(value):
            raise self._fault(f"{where} is no number of a frame")
        return int(value)

    def _timebase(self, name: str) -> Fraction | None:
        value = self._document.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not _TIMEBASE.fullmatch(value):
            raise self._fault(f"$.{name} is no rate, as '30000/1001'")
        try:
            return parse_rate(Fraction(value))
        except (ValueError, ZeroDivisionError):
            raise self._fault(f"$.{name} is no rate, as '30000/1001'") from None

    def _source(self) -> FoundMedia:
        source = self._document.get("source")
        if not isinstance(source, str) or not source:
            raise self._fault("$.source names no media")
        return self._request.find(source)

    @property
    def _name(self) -> str:
        return Path(self._request.name).stem

    def first(self, rate: Any) -> FlatEdit:
        """Return the edit of version 1: chunks with a speed."""
        found = self._source()
        own = self._timebase("timebase")
        own = own or rate_of_media(rate, [found], self._report, Fraction(30))
        cuts = []
        for number, chunk in enumerate(self._list(self._document.get("chunks"), "$")):
            where = f"$.chunks[{number}]"
            speed = chunk[2] if isinstance(chunk, list) and len(chunk) == 3 else None
            if isinstance(speed, bool) or not isinstance(speed, (int, float)):
                raise self._fault(f"{where} is not start, end and speed")
            if 0 < speed < _CUT_SPEED:
                actions = _Actions(Fraction(speed).limit_denominator(10_000))
                cuts.append(self._cut(found, own, chunk, where, actions))
        return edit_of_cuts(filter(None, cuts), self._name, own)

    def second(self, _: Any) -> FlatEdit:
        """Return the edit of version 2: stretches with groups of actions."""
        found = self._source()
        own = self._timebase("tb")
        if own is None:
            raise self._fault("$.tb is missing")
        groups = [
            self._actions(group, f"$.effects[{number}]")
            for number, group in enumerate(
                self._list(self._document.get("effects"), "$.effects")
            )
        ]
        cuts = []
        clips = self._list(self._document.get("clips"), "$.clips")
        for number, clip in enumerate(clips):
            where = f"$.clips[{number}]"
            if not isinstance(clip, list) or len(clip) < 3:
                raise self._fault(f"{where} is not start, end and effect")
            group = self._frame(clip[2], where)
            if group >= len(groups):
                raise self._fault(f"{where}: there is no effect {group}")
            if not groups[group].is_cut:
                cuts.append(self._cut(found, own, clip, where, groups[group]))
        return edit_of_cuts(filter(None, cuts), self._name, own)

    def _cut(
        self,
        found: FoundMedia,
        rate: Fraction,
        edges: list[Any],
        where: str,
        actions: _Actions,
    ) -> Cut | None:
        start, end = (self._frame(edges[n], where) for n in (0, 1))
        if end <= start:
            raise self._fault(f"{where} ends before it begins")
        # As auto-editor, which counts whole frames of what is sped up.
        frames = round(Fraction(end - start) / actions.speed)
        if not frames:
            return None
        return Cut(found, start / rate, frames / rate, speed=actions.speed)

    def _actions(self, group: Any, where: str) -> _Actions:
        """Return what a list of actions does; others are lost, and reported."""
        found = _Actions()
        for action in self._list(group, where):
            if not isinstance(action, str):
                raise self._fault(f"{where} has what is no action")
            name, _, value = action.partition(":")
            number = _NUMBER.fullmatch(value)
            if name == "cut":
                return _Actions(is_cut=True)
            if name in {"speed", "varispeed"} and number and Fraction(value) > 0:
                found = replace(found, speed=found.speed * Fraction(value))
                if name == "varispeed":
                    detail = "the pitch of its sound stays"
                    self._report.add(where, name, "approximated", None, detail)
            elif name == "volume" and number and float(value) >= 0:
                loud = float(value)
                gain = 20 * log10(loud) if loud else _LEAST_GAIN_DB
                found = replace(found, gain_db=max(_LEAST_GAIN_DB, round(gain, 6)))
            elif name != "nil":
                self._report.add(where, f"the action {name[:40]!r}", "lost")
        return found

    def third(self, _: Any) -> FlatEdit:
        """Return the edit of version 3: layers of clips."""
        own = self._timebase("timebase")
        if own is None:
            raise self._fault("$.timebase is missing")
        joints = self._document.get("transitions")
        kinds: tuple[tuple[str, TrackKind], ...] = (("v", "video"), ("a", "audio"))
        tracks: list[FlatTrack] = []
        for letter, kind in kinds:
            layers = self._list(self._document.get(letter, []), f"$.{letter}")
            rows = joints.get(letter, []) if isinstance(joints, dict) else []
            for number, layer in enumerate(layers):
                where = f"$.{letter}[{number}]"
                items: list[FlatItem] = list(self._clips(layer, where, own, kind))
                if isinstance(rows, list) and number < len(rows):
                    items += self._joints(rows[number], where)
                name = f"{letter.upper()}{number + 1}"
                tracks.append(FlatTrack(kind=kind, name=name, items=tuple(items)))
        if not any(track.items for track in tracks):
            raise self._fault("it has no clip")
        background = self._document.get("background", "#000")
        if background not in {"#000", "#000000"}:
            self._report.add(terms.EDIT, "the background", "lost", None, "it is black")
        return FlatEdit(
            name=self._name,
            rate=own,
            size=self._size(),
            tracks=tuple(_linked(tracks)),
            sample_rate_hz=self._sample_rate(),
        )

    def _size(self) -> tuple[int, int] | None:
        value = self._document.get("resolution")
        if not isinstance(value, list) or len(value) < 2:
            return None
        wide, high = (self._frame(one, "$.resolution") for one in value[:2])
        if min(wide, high) < 2 or (wide | high) % 2 or max(wide, high) > 65_536:
            raise self._fault("$.resolution is no size: two even numbers")
        return wide, high

    def _sample_rate(self) -> int:
        value = self._document.get("samplerate", 48_000)
        if isinstance(value, int) and 8_000 <= value <= 192_000:
            return value
        detail = "it is 48000"
        self._report.add(terms.EDIT, terms.SAMPLE_RATE, "approximated", None, detail)
        return 48_000

    def _clips(
        self, layer: Any, where: str, rate: Fraction, kind: TrackKind
    ) -> Iterator[FlatClip]:
        for number, own in enumerate(self._list(layer, where)):
            self._request.check()
            place = f"{where}[{number}]"
            if not isinstance(own, dict):
                raise self._fault(f"{place} is no clip")
            actions = self._actions(own.get("effects", []), place)
            source = own.get("src")
            if actions.is_cut or source is None:
                continue
            if not isinstance(source, str) or not source:
                raise self._fault(f"{place}.src names no media")
            start, length, offset = (
                self._frame(own.get(name), f"{place}.{name}")
                for name in ("start", "dur", "offset")
            )
            if not length:
                raise self._fault(f"{place}.dur is 0")
            if own.get("stream", 0) != 0:
                detail = f"the file's first {kind} stream is taken"
                self._report.add(place, "the stream", "lost", None, detail)
            found = self._request.find(source)
            yield FlatClip(
                start=Fraction(start),
                duration=Fraction(length),
                media=flat_media(found, is_sound=kind == "audio"),
                source_start=offset * actions.speed / rate,
                speed=actions.speed,
                gain_db=actions.gain_db,
                name=Path(source).stem,
            )

    def _joints(self, row: Any, where: str) -> Iterator[FlatTransition]:
        for number, own in enumerate(self._list(row, where)):
            place = f"{where}, transition {number}"
            if not isinstance(own, dict):
                raise self._fault(f"{place} is no transition")
            at = self._frame(own.get("at"), place)
            length = self._frame(own.get("dur"), place)
            shares = {"start": 0, "center": length // 2, "end": length}
            into = shares.get(str(own.get("alignment")))
            if into is None or not length:
                raise self._fault(f"{place} has no alignment, or no length")
            yield FlatTransition(
                at=Fraction(at),
                in_offset=Fraction(into),
                out_offset=Fraction(length - into),
            )


def _linked(tracks: Iterable[FlatTrack]) -> Iterator[FlatTrack]:
    """Yield tracks in which picture and sound of one cut are linked."""
    known = list(tracks)
    keys = [{_key(clip) for clip in t.clips} for t in known if t.kind == "video"]
    heard = [{_key(clip) for clip in t.clips} for t in known if t.kind == "audio"]
    both = set().union(*keys) & set().union(*heard)
    numbers = {key: f"cut {n}" for n, key in enumerate(sorted(both), 1)}
    for track in known:
        items = (
            replace(item, link=numbers.get(_key(item), ""))
            if isinstance(item, FlatClip)
            else item
            for item in track.items
        )
        yield replace(track, items=tuple(items))


def _key(clip: FlatClip) -> tuple[Any, ...]:
    source = clip.media.path, clip.source_start, clip.speed
    return clip.start, clip.duration, *source
