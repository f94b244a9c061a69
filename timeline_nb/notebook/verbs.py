"""The edits of a timeline as methods that read times and clips as people name them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from timeline_nb.errors import TimelineError
from timeline_nb.notebook.media import Media
from timeline_nb.timebase import TimeLike, TimeRange, parse_duration, parse_time
from timeline_nb.timeline.history import Step
from timeline_nb.timeline.model import (
    Clip,
    Subtitle,
    Timeline,
    Track,
    TrackKind,
)
from timeline_nb.timeline.queries import find
from timeline_nb.timeline.script import script_of
from timeline_nb.timeline.session import EditSession

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Verbs"]

Placeable: TypeAlias = Clip | Media


class Verbs(EditSession):
    """An edit session whose every verb is one step that `undo` takes back.

    Times are timeline times: numbers are seconds, and text such as `"12f"`,
    `"0.5s"`, `"00:00:04:12"` or `"00:00:04.5"` is read at the edit's rate. A clip is
    named by its id (`"c3"`), by the clip itself, or by its number on the first
    video track, from 0.
    """

    @property
    def clips(self) -> list[Clip]:
        """The clips of the first video track, in order."""
        tracks = (track for track in self.timeline.tracks if track.kind == "video")
        items = next(tracks, Track(kind="video", name="V1")).items
        return [item for item in items if isinstance(item, Clip)]

    # Assembling

    def append(
        self, clips: Placeable | Iterable[Placeable], *, track: str | None = None
    ) -> None:
        """Put clips, or whole media files, at the end of a track with their sound."""
        placed = _listed(clips)
        self.perform("append", placed, track=track)

    def insert(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put clips in at a time; what follows makes room."""
        placed, time = _listed(clips), self._time(at)
        self.perform("insert", placed, at=time, track=track)

    def overwrite(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put clips over what is there at a time; nothing moves."""
        placed, time = _listed(clips), self._time(at)
        self.perform("overwrite", placed, at=time, track=track)

    def move(
        self, clip: str | int | Clip, *, to: TimeLike, track: str | None = None
    ) -> None:
        """Move a clip to another time, and to another track if one is named."""
        item_id, time = self._id(clip), self._time(to)
        self.perform("move", item_id, to=time, track=track)

    def shift(
        self, clips: Iterable[str | int | Clip], *, by: TimeLike, up: int = 0
    ) -> None:
        """Move clips by the same time, and so many tracks of their kind up."""
        ids, delta = [self._id(clip) for clip in clips], self._time(by)
        self.perform("shift", ids, by=delta, up=up)

    def paste(
        self,
        pieces: Iterable[tuple[str, TimeLike, Clip | Subtitle]],
        *,
        at: TimeLike,
    ) -> None:
        """Put items over what lies at a time: each a track, an offset, and the item."""
        placed = [(track, self._time(offset), item) for track, offset, item in pieces]
        self.perform("paste", placed, at=self._time(at))

    # Cutting

    def split(self, at: TimeLike, *, clip: str | int | Clip | None = None) -> None:
        """Cut all unlocked tracks at a time, or one clip and what is linked to it."""
        time = self._time(at)
        item_id = None if clip is None else self._id(clip)
        self.perform("split", at=time, item_id=item_id)

    def join(self, clip: str | int | Clip) -> None:
        """Make a clip and the next one whole again, where they were one."""
        item_id = self._id(clip)
        self.perform("join", item_id)

    def ripple_delete(self, clip: str | int | Clip) -> None:
        """Take a clip out; what follows closes up."""
        item_id = self._id(clip)
        self.perform("ripple_delete", item_id)

    def lift(self, clip: str | int | Clip) -> None:
        """Take a clip out, and leave a gap."""
        item_id = self._id(clip)
        self.perform("lift", item_id)

    # Trimming

    def trim(
        self,
        clip: str | int | Clip,
        *,
        head: TimeLike = 0,
        tail: TimeLike = 0,
    ) -> None:
        """Move a clip's edges by so much, within the gaps around it."""
        item_id, first, last = self._id(clip), self._time(head), self._time(tail)
        self.perform("trim", item_id, head=first, tail=last)

    def ripple(
        self,
        clip: str | int | Clip,
        *,
        head: TimeLike = 0,
        tail: TimeLike = 0,
    ) -> None:
        """Move a clip's edges by so much; what follows keeps touching it."""
        item_id, first, last = self._id(clip), self._time(head), self._time(tail)
        self.perform("ripple", item_id, head=first, tail=last)

    def roll(self, clip: str | int | Clip, *, by: TimeLike) -> None:
        """Move the cut between a clip and the next."""
        item_id, delta = self._id(clip), self._time(by)
        self.perform("roll", item_id, by=delta)

    def slip(self, clip: str | int | Clip, *, by: TimeLike) -> None:
        """Show another stretch of the clip's media, in the same place."""
        item_id, delta = self._id(clip), self._time(by)
        self.perform("slip", item_id, by=delta)

    def slide(self, clip: str | int | Clip, *, by: TimeLike) -> None:
        """Move a clip between its neighbors, which give way."""
        item_id, delta = self._id(clip), self._time(by)
        self.perform("slide", item_id, by=delta)

    # Joining and changing

    def dissolve(
        self, *, at: int, duration: TimeLike = "1s", track: str | None = None
    ) -> None:
        """Dissolve across a cut.

        Args:
            at: The number of the cut: 1 lies between the first clip and the second.
            duration: How long, half of it on either side of the cut.
            track: On which track; the first video track if not given.

        Raises:
            TimelineError: There is no such cut, or too little media around it.
        """
        length = parse_duration(duration, self.timeline.rate)
        after = self._clip_before(at, track)
        self.perform("transition", after=after, duration=length)

    def link(self, *clips: str | int | Clip) -> None:
        """Make clips move and be trimmed together."""
        ids = [self._id(clip) for clip in clips]
        self.perform("link", ids)

    def unlink(self, clip: str | int | Clip) -> None:
        """Let a clip and those linked to it go separate ways."""
        item_id = self._id(clip)
        self.perform("unlink", item_id)

    def set(self, clip: str | int | Clip, **fields: Any) -> None:
        """Change a clip's fields: `gain_db`, `transform`, `fade_in`, `name` ...

        Fades are times in any form that a time has.
        """
        item_id = self._id(clip)
        for name in ("fade_in", "fade_out"):
            if name in fields:
                fields[name] = parse_duration(fields[name], self.timeline.rate)
        self.perform("set_clip", item_id, **fields)

    def mark(
        self,
        at: TimeLike,
        *,
        name: str = "",
        duration: TimeLike = 0,
        color: str = "red",
    ) -> None:
        """Put a marker on the timeline."""
        place = TimeRange(self._time(at), parse_duration(duration, self.timeline.rate))
        self.perform("add_marker", name=name, marked_range=place, color=color)

    def unmark(self, name: str) -> None:
        """Take all markers of a name away."""
        self.perform("remove_marker", name)

    def set_track(self, track: str, **fields: Any) -> None:
        """Change a track's `name`, `enabled`, `locked` or `gain_db`."""
        self.perform("set_track", track, **fields)

    def add_track(self, kind: TrackKind, *, name: str | None = None) -> None:
        """Add an empty track, above those of its kind."""
        self.perform("add_track", kind, name=name)

    def remove_track(self, name: str) -> None:
        """Take a track away with all that is on it."""
        self.perform("remove_track", name)

    def update(self, table: "pd.DataFrame") -> None:
        """Take over a table of the timeline that was changed; one step of the history.

        `cut.update(cut.timeline.to_dataframe())` changes nothing.

        Raises:
            TimelineError: A row cannot be read, or the whole is not valid.
        """
        self.apply("table", lambda _: Timeline.from_dataframe(table))

    def steps(self, label: str) -> AbstractContextManager[None]:
        """Make all that is done in a `with` block one step of the history."""
        return self.group(label)

    def script(self, since: Step | None = None, *, name: str = "cut") -> str:
        """The calls that make again what was done, by cell or by mouse.

        Args:
            since: A point kept from `cut.step`; the beginning if not given.
            name: The variable that holds the edit.

        Raises:
            TimelineError: That point was undone since.
        """
        steps = self.steps_since(since) if since else self.steps_made
        return script_of(steps, rate=self.timeline.rate, name=name)

    def _clip_before(self, cut: int, track: str | None) -> str:
        """Return the id of the clip before a cut of a track."""
        timeline = self.timeline
        tracks = [t for t in timeline.tracks if track == t.name or t.kind == "video"]
        named = [t for t in tracks if track in {None, t.name}]
        items = named[0].items if named else ()
        ids = [item.id for item in items if isinstance(item, Clip)]
        if not 1 <= cut < len(ids):
            count = max(0, len(ids) - 1)
            raise TimelineError(
                f"the track has {count} cuts between clips: there is no cut {cut}"
            )
        return ids[cut - 1]

    def _time(self, value: TimeLike) -> Fraction:
        return parse_time(value, self.timeline.rate)

    def _id(self, clip: str | int | Clip) -> str:
        if isinstance(clip, Clip):
            return clip.id
        if isinstance(clip, str):
            find(self.timeline, clip)
            return clip
        try:
            return self.clips[clip].id
        except IndexError as error:
            name, count = self.timeline.name, len(self.clips)
            raise TimelineError(
                f"{name!r} has {count} clips: there is no clip {clip}"
            ) from error


def _listed(clips: Placeable | Iterable[Placeable]) -> list[Clip]:
    """Clips, with whole media files made clips of."""
    listed = [clips] if isinstance(clips, (Clip, Media)) else clips
    return [item.clip() if isinstance(item, Media) else item for item in listed]
