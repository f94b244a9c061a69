"""Read the cuts of an AAF by pyaaf2 alone; in the child process alone.

OpenTimelineIO's adapter copies every property of every object into metadata, and the
tracks of every medium for each of its clips, which takes some ten times as long as to
read the file. Here an edit of clips and gaps becomes the `.otio` that the adapter makes
of it; of all that is not so plain `Cuts` says None, and the adapter reads it.
"""

from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Cuts"]

_KINDS: Final = {"Picture": "Video", "Sound": "Audio", "SoundMasterTrack": "Audio"}
_DEFAULT: Final = "DEFAULT_MEDIA"
_TIMECODE_TRACK: Final = 1
# The name of a comment in which the adapter finds a path of the medium.
_PATH: Final = "UNC Path"
# From a master to its file, its tape and what the tape was made of.
_MOST_SOURCES: Final = 8


class _NotPlainError(Exception):
    """There is something in the file that the adapter must read."""


@dataclass(frozen=True)
class _Medium:
    """What a slot of a master shows, in frames of its rate."""

    rate: float
    name: str
    start: int
    length: int
    references: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Source:
    """What a clip is taken from: its range in its timecode, and where it is.

    The last that it was made of comes first among the references; that has no length.
    """

    start: int
    length: int | None
    references: list[dict[str, Any]]


class Cuts:
    """The only edit of an open file, if it has clips and gaps alone.

    Args:
        library: pyaaf2.
        file: An open file.
    """

    def __init__(self, library: Any, file: Any) -> None:
        self._library, self._file = library, file
        self._parts_of = library.components
        self._media: dict[tuple[Any, int], _Medium] = {}
        self._sources: dict[tuple[Any, int, float], _Source] = {}

    def document(self) -> dict[str, Any] | None:
        """Return the `.otio` of the edit; None if it is not of clips and gaps alone.

        Of a broken file pyaaf2 raises anything.
        """
        compositions = list(self._file.content.toplevel())
        try:
            return self._timeline(compositions[0]) if len(compositions) == 1 else None
        except _NotPlainError:
            return None

    def _timeline(self, composition: Any) -> dict[str, Any]:
        slots = list(composition.slots)
        sequences = [(slot, self._sequence(slot)) for slot in slots]
        tracks = [
            self._track(slot, sequence)
            for slot, sequence in sequences
            if sequence is not None
        ]
        start = self._timecode_of(slots)
        tracks = [track for track in tracks if track is not None]
        if not tracks:
            raise _NotPlainError
        return {
            "OTIO_SCHEMA": "Timeline.1",
            "metadata": {},
            "name": _text(composition.name),
            "global_start_time": None if start is None else _time(start[0], start[2]),
            "tracks": _item("Stack.1", "tracks", None, children=tracks),
        }

    def _sequence(self, slot: Any) -> Any:
        """Return the sequence of a slot; None of one that only counts frames."""
        parts = self._parts_of
        if type(slot) is not self._library.mobslots.TimelineMobSlot:
            raise _NotPlainError
        counts = parts.Timecode, parts.Pulldown, parts.EdgeCode
        if type(slot.segment) in counts:
            return None
        if type(slot.segment) is not parts.Sequence:
            raise _NotPlainError
        plain = parts.SourceClip, parts.Filler
        if any(type(one) not in plain for one in slot.segment.components):
            raise _NotPlainError
        return slot.segment

    def _track(self, slot: Any, sequence: Any) -> dict[str, Any] | None:
        rate = float(slot.edit_rate)
        children = [self._child(one, rate) for one in sequence.components]
        if all(one["OTIO_SCHEMA"] == "Gap.1" for one in children):
            return None
        kind = _KINDS.get(slot.media_kind)
        if kind is None:
            raise _NotPlainError
        name = slot.name or "TimelineMobSlot"
        return _item("Track.1", _text(name), None, children=children, kind=kind)

    def _child(self, component: Any, rate: float) -> dict[str, Any]:
        length = component.length
        if type(component) is self._parts_of.Filler:
            return _item("Gap.1", "Filler", _range(0, length, rate))
        key = component.mob_id, component.slot_id
        if key not in self._media:
            self._media[key] = self._medium(component)
        medium = self._media[key]
        start = component.start
        inside = 0 <= start < start + length <= medium.length
        if medium.rate != rate or not inside:
            raise _NotPlainError
        return _item(
            "Clip.2",
            medium.name,
            _range(medium.start + start, length, rate),
            media_references=medium.references,
            active_media_reference_key=_DEFAULT,
        )

    def _medium(self, component: Any) -> _Medium:
        """Return what a clip of the edit shows, through its master to the tape."""
        master = component.mob
        if type(master) is not self._library.mobs.MasterMob:
            raise _NotPlainError
        if any(one.name == _PATH for one in master.getvalue("UserComments") or ()):
            raise _NotPlainError
        clips = {slot.slot_id: (slot, self._only_clip(slot)) for slot in master.slots}
        slot, clip = clips[component.slot_id]
        rate = float(slot.edit_rate)
        source = self._source(clip, rate)
        start, length = _placed(clip, source)
        references = _named(source.references[::-1])
        return _Medium(rate, _text(master.name), start, length, references)

    def _source(self, clip: Any, rate: float, depth: int = 0) -> _Source:
        """Return what a clip is taken from: a file, and the tape of that."""
        key = clip.mob_id, clip.slot_id, rate
        if key in self._sources:
            return self._sources[key]
        made = self._sources[key] = self._source_read(clip, rate, depth)
        return made

    def _source_read(self, clip: Any, rate: float, depth: int) -> _Source:
        source = clip.mob
        slot = clip.slot if source is not None else None
        if slot is None:
            return _Source(0, None, [])
        own = self._first(slot, self._parts_of.SourceClip)
        if own is None:
            return _Source(0, None, [])
        if depth == _MOST_SOURCES or float(slot.edit_rate) != rate:
            raise _NotPlainError
        below = self._source(own, rate, depth + 1)
        start, length = _placed(own, below, self._begin(source, rate))
        references = self._references(source, _range(start, length, rate))
        return _Source(start, length, below.references + references)

    def _only_clip(self, slot: Any) -> Any:
        """Return the clip of a slot of a master, which has no other."""
        parts = self._parts(slot)
        is_plain = type(slot) is self._library.mobslots.TimelineMobSlot
        if not is_plain or [type(one) for one in parts] != [self._parts_of.SourceClip]:
            raise _NotPlainError
        return parts[0]

    def _parts(self, slot: Any) -> list[Any]:
        segment = slot.segment
        if isinstance(segment, self._parts_of.Sequence):
            return list(segment.components)
        return [segment]

    def _first(self, slot: Any, kind: Any) -> Any:
        return next((one for one in self._parts(slot) if isinstance(one, kind)), None)

    def _timecode_of(self, slots: list[Any]) -> tuple[int, int, float] | None:
        """Return where the timecode of a mob begins, its length, and its rate."""
        for slot in slots:
            timecode = self._first(slot, self._parts_of.Timecode)
            if timecode is None:
                continue
            if slot["PhysicalTrackNumber"].value == _TIMECODE_TRACK:
                return timecode.start, timecode.length, float(slot.edit_rate)
        return None

    def _begin(self, source: Any, rate: float) -> tuple[int, int] | None:
        found = self._timecode_of(list(source.slots))
        if found is None:
            return None
        if found[2] != rate:
            raise _NotPlainError
        return found[0], found[1]

    def _references(self, source: Any, span: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a reference for each place of a source; a missing one if it has none.

        The last in the file comes first.
        """
        if not isinstance(source, self._library.mobs.SourceMob):
            raise _NotPlainError
        name = _text(source.name or str(source.mob_id))
        locators = source.descriptor["Locator"].value or []
        urls = [one["URLString"].value for one in locators]
        made = [
            _reference("ExternalReference.1", name, span, target_url=_address(url))
            for url in urls
            if url
        ]
        return made or [_reference("MissingReference.1", name, span)]


def _placed(
    own: Any, source: _Source, begin: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Return the range of a clip in the timecode of its source: start and length.

    Args:
        own: The clip.
        source: What it is taken from.
        begin: The timecode of the mob that has the clip: its start and length.
    """
    start, length = own.start + source.start, own.length
    if begin is not None:
        start, length = start + begin[0], max(length, begin[1])
    if length <= 0:
        raise _NotPlainError
    if source.length is not None:
        end = source.start + source.length
        if not source.start <= start <= start + length <= end:
            raise _NotPlainError
    return start, length


def _address(url: str) -> str:
    whole = url if url.startswith("file://") else "file://" + url
    return whole.replace("\\", "/")


def _named(references: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return references by keys: the first is what is shown."""
    if not references:
        raise _NotPlainError
    found = {_DEFAULT: references[0]}
    for one in references[1:]:
        key, number = one["name"], 1
        while key in found:
            key, number = f"{one['name']}_{number:02d}", number + 1
        found[key] = one
    return found


def _reference(
    schema: str, name: str, span: dict[str, Any], **more: str
) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": {},
        "name": name,
        "available_range": span,
        "available_image_bounds": None,
        **more,
    }


def _item(
    schema: str, name: str, span: dict[str, Any] | None, **more: Any
) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": {},
        "name": name,
        "source_range": span,
        "effects": [],
        "markers": [],
        "enabled": True,
        **more,
    }


def _range(start: int, length: int, rate: float) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "duration": _time(length, rate),
        "start_time": _time(start, rate),
    }


def _time(value: int, rate: float) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": float(value)}


def _text(name: Any) -> str:
    """Return a name; the adapter has its own for what has none."""
    if not isinstance(name, str) or not name:
        raise _NotPlainError
    return name
