"""What an edit has that a format has no place for, said for all formats alike.

Writers tell what becomes of pictures and sounds. What only this program has, or what a
format knows nothing of, is said here.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, TypeAlias, TypeVar

from timeline_nb.core.assumption import AS_TOLD
from timeline_nb.core.bounded_xml import can_hold
from timeline_nb.interchange import terms
from timeline_nb.interchange.marks.mark import one_row
from timeline_nb.interchange.places import item_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.start_timecode import START_TIMECODE
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Effect, Subtitle, Timeline, Track

__all__ = ["EVERYTHING", "Lack", "tell_left_out"]

Lack: TypeAlias = Literal[
    "letters that no row holds",
    "letters that no XML holds",
    "metadata",
    "picture sound",
    "sample rate",
    "start timecode",
    "streams",
    "styles",
    "switched-off effects",
    "sync locks",
]
# What no program but this one has a place for.
EVERYTHING: Final[frozenset[Lack]] = frozenset(
    {
        *("metadata", "picture sound", "sample rate", "start timecode"),
        *("streams", "switched-off effects", "sync locks"),
    }
)
# What readers of formats keep, which is of their files alone.
_OF_FORMATS: Final = {"ale", "edl", "otio", START_TIMECODE}
_MOST_PLACES: Final = 3
_ItemT = TypeVar("_ItemT", bound=Clip | Subtitle)


def tell_left_out(
    timeline: Timeline, lacks: frozenset[Lack], report: Report, inside: str = ""
) -> None:
    """Tell a report what a format leaves out of an edit.

    Args:
        timeline: The edit.
        lacks: What the format has no place for.
        report: Gets a finding for each thing and its place.
        inside: What stands before the places of a nested edit.
    """
    work = _Telling(timeline, lacks, report, inside)
    work.tell_edit()
    for track in timeline.tracks:
        work.tell_track(track)


class _Telling:
    """The telling of one edit."""

    def __init__(
        self,
        timeline: Timeline,
        lacks: frozenset[Lack],
        report: Report,
        inside: str,
    ) -> None:
        self._edit, self._lacks, self._report = timeline, lacks, report
        self._inside = inside

    def tell_edit(self) -> None:
        edit = self._edit
        if "sample rate" in self._lacks and edit.sample_rate_hz != 48_000:
            detail = f"{edit.sample_rate_hz} a second; the other program takes its own"
            self._lose(terms.EDIT, terms.SAMPLE_RATE, detail)
        if "start timecode" in self._lacks and START_TIMECODE in edit.metadata:
            detail = f"it begins at {edit.metadata[START_TIMECODE]}"
            self._lose(terms.EDIT, terms.START_TIMECODE, detail)
        self._tell_effects(terms.EDIT, edit.effects)
        if "metadata" in self._lacks:
            if _own(edit.metadata):
                self._lose(terms.EDIT, terms.METADATA)
            marked = sum(bool(marker.metadata) for marker in edit.markers)
            if marked:
                detail = f"of {marked} marker{'s' * (marked > 1)}, such as comments"
                self._lose(f"{terms.EDIT}, markers", terms.METADATA, detail)

    def tell_track(self, track: Track) -> None:
        """Tell what is left out of a track and its items."""
        if "sync locks" in self._lacks and track.sync_lock != "auto":
            self._lose(track.name, terms.SYNC_LOCK)
        if "styles" in self._lacks and track.style:
            self._lose(track.name, terms.STYLE)
        if "metadata" in self._lacks and _own(track.metadata):
            self._lose(track.name, terms.METADATA)
        self._tell_effects(track.name, track.effects)
        clips = [item for item in track.items if isinstance(item, Clip)]
        if "metadata" in self._lacks:
            named = [i for i in track.items if isinstance(i, (Clip, Subtitle))]
            self._tell_many(track, named, terms.METADATA, _has_metadata)
        self._tell_letters(track)
        if "streams" in self._lacks:
            self._tell_many(track, clips, terms.STREAMS, lambda c: c.audio != "default")
            self._tell_many(
                track, clips, terms.ASSUMED, lambda c: c.media.assumed != AS_TOLD
            )
        if "picture sound" in self._lacks and track.kind == "video":
            self._tell_many(track, clips, terms.GAIN, lambda c: _sounds(c, "gain_db"))
            self._tell_many(track, clips, terms.PAN, lambda c: _sounds(c, "pan"))
        self._tell_clips(track)

    def _tell_letters(self, track: Track) -> None:
        named = [i for i in track.items if isinstance(i, (Clip, Subtitle))]
        if "letters that no XML holds" in self._lacks:
            self._tell_many(track, named, terms.LETTERS, _is_no_xml)
        if "letters that no row holds" in self._lacks:
            self._tell_many(track, named, terms.LETTERS, _is_no_row)

    def _tell_clips(self, track: Track) -> None:
        layout = None
        for number, item in enumerate(track.items):
            if not isinstance(item, Clip):
                continue
            is_nested = item.media.timeline is not None
            if not is_nested and all(one.enabled for one in item.effects):
                continue
            # Places are worked out for the few that have something to tell.
            layout = layout or layout_of(track.items)
            at = layout.start(number)
            where = item_place(track.name, item, at, self._edit.rate)
            self._tell_effects(where, item.effects)
            if item.media.timeline is not None:
                inside = f"{self._inside}{where}, inside: "
                inner = item.media.timeline
                tell_left_out(inner, self._lacks, self._report, inside)

    def _tell_effects(self, where: str, effects: Iterable[Effect]) -> None:
        if "switched-off effects" in self._lacks:
            for one in effects:
                if not one.enabled:
                    self._lose(where, terms.effect(one.kind), "it is switched off")

    def _tell_many(
        self,
        track: Track,
        items: Iterable[_ItemT],
        what: str,
        has: Callable[[_ItemT], bool],
    ) -> None:
        """Tell a thing that hundreds of clips of a track may have, in one finding."""
        names = list(_names(items, has))
        if names:
            shown = ", ".join(names[:_MOST_PLACES])
            more = len(names) - _MOST_PLACES
            shown += f" and {more:,} more" if more > 0 else ""
            clips = f"clip{'s' * (len(names) > 1)}"
            self._lose(f"{track.name}, {clips} {shown}", what)

    def _lose(self, where: str, what: str, detail: str = "") -> None:
        self._report.add(f"{self._inside}{where}", what, "lost", None, detail)


def _names(items: Iterable[_ItemT], has: Callable[[_ItemT], bool]) -> Iterator[str]:
    for item in items:
        if has(item):
            label = item.text if isinstance(item, Subtitle) else item.media.label
            name = label if isinstance(item, Subtitle) else item.name or label
            yield f'"{" ".join(name.split())[:40]}"'


def _has_metadata(item: Clip | Subtitle) -> bool:
    of_markers = isinstance(item, Clip) and any(m.metadata for m in item.markers)
    return bool(_own(item.metadata)) or of_markers


def _texts(item: Clip | Subtitle) -> list[str]:
    if isinstance(item, Subtitle):
        return [item.text]
    own = item.media.generator
    words = "" if own is None else own.parameters.get("text", "")
    return [item.name, str(words), *(marker.name for marker in item.markers)]


def _is_no_xml(item: Clip | Subtitle) -> bool:
    return not all(map(can_hold, _texts(item)))


def _is_no_row(item: Clip | Subtitle) -> bool:
    return isinstance(item, Clip) and item.name != one_row(item.name)


def _own(metadata: dict[str, object]) -> set[str]:
    return set(metadata) - _OF_FORMATS


def _sounds(clip: Clip, parameter: str) -> bool:
    return bool(getattr(clip, parameter)) or parameter in clip.keyframes
