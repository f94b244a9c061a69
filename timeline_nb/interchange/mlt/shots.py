"""The clips of a playlist, with the frames that transitions show of two at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.mlt.notes import OWN
from timeline_nb.interchange.mlt.tree import Tree

__all__ = ["Mix", "TrackPart", "mixes_of", "shots_of"]

_MOST_ITEMS = 1_000_000
_DISSOLVES = {"luma", "mix", "qtblend", "composite", "movit.luma_mix"}


@dataclass(eq=False)
class TrackPart:
    """What of a service is seen, or heard, at a stretch of a track.

    Args:
        service: The service.
        start: The frame of the track.
        end: The frame behind it.
        frame: The frame of the service at the start, counted from its own `in`.
        owners: The entries that show it, with their filters and notes.
    """

    service: XmlElement
    start: int
    end: int
    frame: int
    owners: list[XmlElement] = field(default_factory=list)

    def goes_on(self, service: XmlElement, frame: int) -> bool:
        """Return whether a frame of a service follows on the last one."""
        is_next = frame == self.frame + self.end - self.start
        return is_next and _source(self.service) == _source(service)


def _source(service: XmlElement) -> tuple[str, ...]:
    """Return what tells whether two services show the same."""
    if service.tag in {"tractor", "playlist"}:
        values = {p.get("name"): p.text for p in service.all("property")}
        return (service.tag, values.get("kdenlive:uuid") or str(id(service)))
    keys = {"resource", "mlt_service", "warp_speed", "frame", "shotcut:hash"}
    return tuple(p.text for p in service.all("property") if p.get("name") in keys)


@dataclass(frozen=True)
class Mix:
    """A transition: the frames of the track, the cut within, and its kind."""

    first: int
    end: int
    cut: int
    kind: str


def shots_of(
    tree: Tree,
    playlist: XmlElement,
    length: Callable[[XmlElement], int],
) -> tuple[list[TrackPart], list[Mix]]:
    """Return what a playlist shows, and its transitions.

    Args:
        tree: The document.
        playlist: The playlist.
        length: Returns the frames of a service.

    Raises:
        ProjectError: A time cannot be, or names no service.
    """
    shots: list[TrackPart] = []
    mixes: list[Mix] = []
    at = 0
    for item in playlist.children:
        if item.tag == "blank":
            at += max(0, tree.frames(item, "length", 0))
        elif item.tag in {"entry", "producer", "chain", "tractor", "playlist"}:
            service = tree.used_by(item) if item.tag == "entry" else item
            first, count = 0, length(service)
            if item is not service:
                first = tree.frames(item, "in", 0)
                count = tree.frames(item, "out", count - 1) - first + 1
            if count <= 0:
                continue
            halves = _halves(tree, service)
            if halves is not None:
                mixes.append(_mixed(tree, service, halves, (at, at + count), shots))
            else:
                owner = [item] if item is not service else []
                _add(shots, TrackPart(service, at, at + count, first, owner))
            at += count
        if at > 2**31:
            raise tree.fault(item, "the playlist is longer than MLT can count")
    return shots, mixes


def _add(shots: list[TrackPart], new: TrackPart) -> None:
    """Add a shot; what goes on with the last one is the same clip."""
    last = shots[-1] if shots else None
    if (
        last is not None
        and last.end == new.start
        and last.goes_on(new.service, new.frame)
        and _is_half(last, new)
    ):
        last.end = new.end
        last.owners += new.owners
        # Notes and filters are the clip's own, not those of its half.
        if new.owners and new.owners[0].tag == "entry":
            last.service = new.service
    else:
        shots.append(new)


def _is_half(last: TrackPart, new: TrackPart) -> bool:
    return any(one.tag == "track" for one in (*last.owners, *new.owners))


def _halves(tree: Tree, service: XmlElement) -> tuple[XmlElement, XmlElement] | None:
    """Return the two tracks of a transition in a playlist; None of what is none."""
    if service.tag != "tractor":
        return None
    tracks = list(_tracks(service))
    if len(tracks) != 2:
        return None
    kinds = [
        tree.properties(one).get("mlt_service", "") for one in _transitions(service)
    ]
    marked = "shotcut:transition" in tree.properties(service)
    mixed = kinds and all(kind in _DISSOLVES for kind in kinds)
    used = [tree.used_by(one) for one in tracks]
    plain = all(one.tag in {"producer", "chain", "tractor", "playlist"} for one in used)
    if plain and (marked or (mixed and "luma" in kinds)):
        return tracks[0], tracks[1]
    return None


def _tracks(tractor: XmlElement) -> Iterator[XmlElement]:
    yield from tractor.all("track")
    for inner in tractor.all("multitrack"):
        yield from inner.all("track")


def _transitions(tractor: XmlElement) -> Iterator[XmlElement]:
    yield from tractor.all("transition")
    for inner in tractor.all("multitrack"):
        yield from inner.all("transition")


def _mixed(
    tree: Tree,
    service: XmlElement,
    halves: tuple[XmlElement, XmlElement],
    span: tuple[int, int],
    shots: list[TrackPart],
) -> Mix:
    first, end = span
    for number, track in enumerate(halves):
        used = tree.used_by(track)
        frame = tree.frames(track, "in", 0)
        owner = [track]
        if used.tag == "playlist" and (inner := used.first("entry")) is not None:
            # The way of programs that put each half into a playlist.
            frame += tree.frames(inner, "in", 0)
            owner, used = [inner, track], tree.used_by(inner)
        shot = TrackPart(used, first, end, frame, owner)
        if number == 0:
            _add(shots, shot)
        else:
            shots.append(shot)
    values = tree.properties(service)
    kind = values.get(f"{OWN}kind", "") or _kind(tree, service)
    offset = values.get(f"{OWN}cut", "")
    cut = (end - first) // 2
    if offset.isdigit() and len(offset) < 9:
        cut = min(end - first, int(offset))
    return Mix(first, end, first + cut, kind)


def _kind(tree: Tree, service: XmlElement) -> str:
    for one in _transitions(service):
        values = tree.properties(one)
        if values.get("mlt_service") == "luma" and values.get("resource"):
            return "wipe"
    return "dissolve"


def mixes_of(tree: Tree, tractor: XmlElement, shots: list[TrackPart]) -> list[Mix]:
    """Return the transitions between the two playlists of a track of Kdenlive.

    Args:
        tree: The document.
        tractor: The track.
        shots: What both playlists show, by their starts.
    """
    known = {}
    for one in _transitions(tractor):
        first = tree.frames(one, "in", 0)
        if tree.frames(one, "out", first) > first:
            known[first] = tree.properties(one)
    found = []
    for before, after in pairwise(shots):
        first, end = after.start, min(before.end, after.end)
        # Its programs are a frame off, in one direction or the other.
        near = [known[at] for at in (first, first - 1, first + 1) if at in known]
        if end <= first or not near:
            continue
        rest = near[0].get("kdenlive:mixcut", "")
        cut = (first + end) // 2
        if rest.isdigit() and len(rest) < 9:
            cut = max(first, end - int(rest))
        plain = near[0].get("mlt_service") in _DISSOLVES
        is_wipe = not plain or near[0].get("resource")
        found.append(Mix(first, end, cut, "wipe" if is_wipe else "dissolve"))
    return found
