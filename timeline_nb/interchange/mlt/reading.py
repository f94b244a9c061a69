"""Read an edit of melt, Shotcut, Flowblade or Kdenlive from MLT XML."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final

from msgspec.structs import replace as changed

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.core.colors import parse_color
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.flat import FlatClip, FlatEdit, FlatMarker, FlatTrack
from timeline_nb.interchange.mlt.blends import BLENDS
from timeline_nb.interchange.mlt.notes import OWN
from timeline_nb.interchange.mlt.sources_in import SourceReader
from timeline_nb.interchange.mlt.tracks_in import PlaylistReader, tracks_of
from timeline_nb.interchange.mlt.tree import Tree
from timeline_nb.interchange.requests import ReadRequest
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.choices import BlendMode
from timeline_nb.timeline.limits import MAX_NESTING, MAX_TRACKS, MAX_WRITTEN_ITEMS
from timeline_nb.timeline.model import Timeline

__all__ = ["read"]

_SIZE: Final = (1920, 1080)
_MOST_MARKERS: Final = 10_000
_FAULTS: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
# Kdenlive's markers have a number (`definitions.cpp`).
_COLORS: Final = ("#9b59b6", "#3daee9", "#1abc9c", "#1cdc9a", "#c9ce3b", "#fdbc4b")


def read(request: ReadRequest) -> Timeline:
    """Return the edit of an MLT document.

    Tracks that have both pictures and sound become two tracks with linked clips. What
    is not known here is in the report: filters by their names, links, titles' styles.

    Args:
        request: The file, where media are found, and the report of what is lost.

    Raises:
        ProjectError: It is no MLT XML, too large or too deep, names what is missing or
            itself, or has a time that cannot be.
    """
    reading = _Reading(request)
    return unflatten(reading.edit(), request.report)


class _Reading:
    """The work on one document."""

    def __init__(self, request: ReadRequest) -> None:
        self._request = request
        self._tree = Tree(request.data, request.name)
        self._sources = SourceReader(self._tree, request.find, self._nested)
        self._reader = PlaylistReader(
            self._tree, self._sources, request.report, request.check
        )
        self._open: list[XmlElement] = []
        self._edits: dict[int, FlatEdit] = {}
        # Of nested edits, by what Python knows each by.
        self._counts: dict[int, int] = {}

    def edit(self) -> FlatEdit:
        """Return the edit that a program shows when it opens the document."""
        return self._nested(_main(self._tree))

    def _nested(self, service: XmlElement) -> FlatEdit:
        known = self._edits.get(id(service))
        if known is not None:
            return known
        if service in self._open:
            id_ = quoted(service.get("id"))
            raise self._tree.fault(service, f"the {service.tag} {id_} is in itself")
        if len(self._open) >= MAX_NESTING:
            raise self._tree.fault(
                service, f"nests tractors more than {MAX_NESTING} deep"
            )
        self._open.append(service)
        made = self._edit(service)
        self._open.pop()
        count = sum(map(self._count, made.tracks))
        if count > MAX_WRITTEN_ITEMS:
            raise self._tree.fault(
                service, f"has more than {MAX_WRITTEN_ITEMS:,} clips"
            )
        self._edits[id(service)] = made
        self._counts[id(made)] = count
        return made

    def _count(self, track: FlatTrack) -> int:
        """Return how many items a track has, with those of nested edits."""
        nested = (
            self._counts[id(clip.media.edit)] for clip in track.clips if clip.media.edit
        )
        return len(track.items) + sum(nested)

    def _edit(self, service: XmlElement) -> FlatEdit:
        values = self._tree.properties(service)
        tracks: list[FlatTrack] = []
        if service.tag == "tractor":
            for one in self._halves(service):
                tracks += self._tracks(one)
        else:
            alone = XmlElement(
                "track", {"producer": service.get("id")}, "", service.line
            )
            if not service.get("id"):
                alone.children.append(service)
            tracks += self._reader.tracks(alone, 0)
        title = self._tree.root.get("title")
        name = (
            values.get(f"{OWN}title")
            or values.get("kdenlive:clipname")
            or PurePath(self._request.name).stem
        )
        is_main = len(self._open) == 1
        if is_main and title and not title.startswith("Shotcut"):
            name = title
        return FlatEdit(
            name=name,
            rate=self._tree.rate,
            size=self._tree.size or _SIZE,
            tracks=tuple(_ordered(tracks)),
            markers=tuple(self._markers(service)),
        )

    def _tracks(self, tractor: XmlElement) -> Iterator[FlatTrack]:
        listed = list(tracks_of(tractor))
        if len(listed) > MAX_TRACKS:
            raise self._tree.fault(tractor, f"has more than {MAX_TRACKS:,} tracks")
        modes = self._blends(tractor)
        for number, track in enumerate(listed):
            if number or not self._reader.is_background(track):
                for one in self._reader.tracks(track, number):
                    yield _blended(one, modes.get(number))

    def _halves(self, tractor: XmlElement) -> tuple[XmlElement, ...]:
        """Return a tractor, and what was written here of its sound or pictures."""
        note = self._tree.properties(tractor).get(f"{OWN}nest")
        if note is None:
            return (tractor,)
        other = self._nests.get((note, "video" if _sounds(tractor) else "audio"))
        return (tractor,) if other is None else (tractor, other)

    @cached_property
    def _nests(self) -> dict[tuple[str, str], XmlElement]:
        """The first tractor of each nested edit that was written here, by its kind."""
        found: dict[tuple[str, str], XmlElement] = {}
        for one in self._tree.services.values():
            note = self._tree.properties(one).get(f"{OWN}nest")
            if note is not None and one.tag == "tractor":
                found.setdefault((note, "audio" if _sounds(one) else "video"), one)
        return found

    def _blends(self, service: XmlElement) -> dict[int, BlendMode]:
        """Return how tracks are blended with those below, by their numbers."""
        modes: dict[int, BlendMode] = {}
        for one in service.all("transition"):
            values = self._tree.properties(one)
            if values.get("mlt_service") != "qtblend":
                continue
            number, mode = values.get("b_track", ""), values.get("compositing", "0")
            found = next(
                (name for name, own in BLENDS.items() if str(own) == mode), None
            )
            if found is None:
                where, what = f"track {number[:10]}", f"the blend mode {mode[:10]}"
                self._request.report.add(where, what, "lost")
            elif found != "normal" and number.isdigit() and len(number) < 5:
                modes[int(number)] = found
        return modes

    def _markers(self, service: XmlElement) -> list[FlatMarker]:
        found: list[FlatMarker] = []
        for listed in service.all("properties"):
            if listed.get("name") == "shotcut:markers":
                found += map(
                    self._marker, list(listed.all("properties"))[:_MOST_MARKERS]
                )
        guides = self._tree.properties(service).get(
            "kdenlive:sequenceproperties.guides"
        )
        if guides is None and len(self._open) == 1:
            guides = _bin_values(self._tree).get("kdenlive:docproperties.guides")
        return found + _guides(guides or "")

    def _marker(self, element: XmlElement) -> FlatMarker:
        values = self._tree.properties(element)
        start = self._tree.time(element, values.get("start", "0"), "start")
        end = self._tree.time(element, values.get("end", "") or str(start), "end")
        color, name = values.get("color", "red").lower()[:20], f"{OWN}color"
        noted = values.get(name, "")
        return FlatMarker(
            name=values.get("text", "")[:200],
            start=Fraction(max(0, start)),
            duration=Fraction(max(0, end - start)),
            color=noted if _is_same_color(noted, color) else color,
            note=values.get(f"{OWN}note", ""),
        )


def _is_same_color(noted: str, color: str) -> bool:
    """Return whether a color that was noted by name is the one that stands there."""
    try:
        return bool(noted) and parse_color(noted) == parse_color(color)
    except ValueError:
        return False


def _sounds(tractor: XmlElement) -> bool:
    """Return whether a tractor has tracks of sound alone."""
    return all(one.get("hide") == "video" for one in list(tracks_of(tractor))[1:])


def _blended(track: FlatTrack, mode: BlendMode | None) -> FlatTrack:
    if mode is None or track.kind != "video":
        return track
    items = tuple(
        replace(one, transform=changed(one.transform, blend=mode))
        if isinstance(one, FlatClip)
        else one
        for one in track.items
    )
    return replace(track, items=items)


def _ordered(tracks: list[FlatTrack]) -> list[FlatTrack]:
    """Put video before audio, as edits have it."""
    return [
        *(track for track in tracks if track.kind == "video"),
        *(track for track in tracks if track.kind == "audio"),
    ]


def _guides(text: str) -> list[FlatMarker]:
    """Return the guides of Kdenlive, which are JSON in a property."""
    if not 0 < len(text) < 10_000_000:
        return []
    try:
        rows: Any = json.loads(text)
        return [
            FlatMarker(
                name=str(row.get("comment", ""))[:200],
                start=Fraction(max(0, int(row["pos"]))),
                duration=Fraction(max(0, int(row.get("duration", 0) or 0))),
                color=_COLORS[int(row.get("type", 0)) % len(_COLORS)],
            )
            for row in rows[:_MOST_MARKERS]
            if abs(int(row["pos"])) < 2**31
        ]
    except (ArithmeticError, *_FAULTS):
        return []


def _bin_values(tree: Tree) -> dict[str, str]:
    """Return the properties of the bin: Kdenlive keeps the project's there."""
    for id_ in ("main_bin", "main bin"):
        if id_ in tree.services:
            return tree.properties(tree.services[id_])
    return {}


def _main(tree: Tree) -> XmlElement:
    """Return the service that a program shows when it opens a document.

    Raises:
        ProjectError: There is none.
    """
    top = [one for one in tree.root.children if one.tag in {"tractor", "playlist"}]
    ways: tuple[Callable[[], XmlElement | None], ...] = (
        lambda: _with(tree, top, "shotcut"),
        lambda: tree.services.get(
            _bin_values(tree).get("kdenlive:docproperties.activetimeline", "")
            or _bin_values(tree).get("kdenlive:docproperties.uuid", "")
        ),
        lambda: _in_project(tree, top),
        lambda: _named(tree),
        lambda: next((one for one in reversed(top) if one.tag == "tractor"), None),
        lambda: next((one for one in reversed(top) if not _is_bin(tree, one)), None),
        lambda: next(
            (
                one
                for one in reversed(tree.root.children)
                if one.tag in {"producer", "chain"}
            ),
            None,
        ),
    )
    for way in ways:
        found = way()
        if found is not None:
            return found
    raise ProjectError(f"{tree.name} holds no edit: it has no tractor or playlist")


def _with(tree: Tree, top: list[XmlElement], name: str) -> XmlElement | None:
    found = (
        one for one in top if one.tag == "tractor" and name in tree.properties(one)
    )
    return next(found, None)


def _in_project(tree: Tree, top: list[XmlElement]) -> XmlElement | None:
    project = _with(tree, top, "kdenlive:projectTractor")
    track = None if project is None else next(tracks_of(project), None)
    return None if track is None else tree.used_by(track)


def _named(tree: Tree) -> XmlElement | None:
    found = tree.services.get(tree.root.get("producer"))
    return None if found is None or _is_bin(tree, found) else found


def _is_bin(tree: Tree, service: XmlElement) -> bool:
    return (
        service.get("id") in {"main_bin", "main bin"}
        or tree.properties(service).get("xml_retain") == "1"
    )
