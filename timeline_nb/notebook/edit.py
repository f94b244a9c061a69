"""An edit in a notebook: change it by cell or by mouse, look at it, render it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.still import compose_frame
from timeline_nb.core.jobs import Job
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.drawing import png_bytes
from timeline_nb.notebook.filmstrip import draw_filmstrip
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.progress import watch
from timeline_nb.project import document
from timeline_nb.project.relink import Relinked, relink
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import RenderResult, render
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import (
    TimeLike,
    TimeRange,
    format_timecode,
    parse_duration,
    parse_rate,
    parse_time,
)
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline, Track
from timeline_nb.timeline.queries import clip_of, duration
from timeline_nb.timeline.session import EditSession

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Edit", "load"]

Placeable: TypeAlias = Clip | Media

_FILMSTRIP_PX = 1920


class Edit(EditSession):
    """A timeline being cut: each method is one step that `undo` takes back.

    Times are timeline times: numbers are seconds, and text such as `"12f"`,
    `"0.5s"`, `"00:00:04:12"` or `"00:00:04.5"` is read at the edit's rate. A clip is
    named by its id (`"c3"`), by the clip itself, or by its number on the first
    video track, from 0.

    Args:
        name: What a person calls it.
        rate: Frames a second of the result, as `25`, `"29.97"`, or `src.rate`.
        size: Width and height of the result in pixels, both even.
        timeline: Go on from this timeline; name, rate and size are then its own.
        studio: Whose caches and threads to use; the notebook's own if not given.

    Raises:
        TimeError: The rate is none.
        TimelineError: The size is none.
    """

    def __init__(
        self,
        name: str = "untitled",
        *,
        rate: TimeLike = 25,
        size: tuple[int, int] = (1920, 1080),
        timeline: Timeline | None = None,
        studio: Studio | None = None,
    ) -> None:
        super().__init__(
            timeline or Timeline(name=name, rate=parse_rate(rate), size=size)
        )
        self._studio = studio or default_studio()
        self._path: Path | None = None
        self._digest: str | None = None

    @property
    def name(self) -> str:
        """What a person calls the edit."""
        return self.timeline.name

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.timeline.rate

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.timeline.size

    @property
    def duration(self) -> Fraction:
        """Seconds from the start to the end of the last item."""
        return duration(self.timeline)

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
        self._do("append", lambda t: edits.append(t, placed, track=track))

    def insert(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put clips in at a time; what follows makes room."""
        placed, time = _listed(clips), self._time(at)
        self._do("insert", lambda t: edits.insert(t, placed, at=time, track=track))

    def overwrite(
        self,
        clips: Placeable | Iterable[Placeable],
        *,
        at: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put clips over what is there at a time; nothing moves."""
        placed, time = _listed(clips), self._time(at)
        self._do(
            "overwrite", lambda t: edits.overwrite(t, placed, at=time, track=track)
        )

    def move(
        self, clip: str | int | Clip, *, to: TimeLike, track: str | None = None
    ) -> None:
        """Move a clip to another time, and to another track if one is named."""
        item_id, time = self._id(clip), self._time(to)
        self._do("move", lambda t: edits.move(t, item_id, to=time, track=track))

    # Cutting

    def split(self, at: TimeLike, *, clip: str | int | Clip | None = None) -> None:
        """Cut all unlocked tracks at a time, or one clip and what is linked to it."""
        time = self._time(at)
        item_id = None if clip is None else self._id(clip)
        self._do("split", lambda t: edits.split(t, at=time, item_id=item_id))

    def join(self, clip: str | int | Clip) -> None:
        """Make a clip and the next one whole again, where they were one."""
        item_id = self._id(clip)
        self._do("join", lambda t: edits.join(t, item_id))

    def ripple_delete(self, clip: str | int | Clip) -> None:
        """Take a clip out; what follows closes up."""
        item_id = self._id(clip)
        self._do("ripple delete", lambda t: edits.ripple_delete(t, item_id))

    def lift(self, clip: str | int | Clip) -> None:
        """Take a clip out, and leave a gap."""
        item_id = self._id(clip)
        self._do("lift", lambda t: edits.lift(t, item_id))

    # Trimming

    def ripple(
        self,
        clip: str | int | Clip,
        *,
        head: TimeLike = 0,
        tail: TimeLike = 0,
    ) -> None:
        """Move a clip's edges by so much; what follows keeps touching it."""
        item_id, first, last = self._id(clip), self._time(head), self._time(tail)
        self._do("ripple", lambda t: edits.ripple(t, item_id, head=first, tail=last))

    def roll(self, clip: str | int | Clip, *, by: TimeLike) -> None:
        """Move the cut between a clip and the next."""
        item_id, delta = self._id(clip), self._time(by)
        self._do("roll", lambda t: edits.roll(t, item_id, by=delta))

    def slip(self, clip: str | int | Clip, *, by: TimeLike) -> None:
        """Show another stretch of the clip's media, in the same place."""
        item_id, delta = self._id(clip), self._time(by)
        self._do("slip", lambda t: edits.slip(t, item_id, by=delta))

    def slide(self, clip: str | int | Clip, *, by: TimeLike) -> None:
        """Move a clip between its neighbours, which give way."""
        item_id, delta = self._id(clip), self._time(by)
        self._do("slide", lambda t: edits.slide(t, item_id, by=delta))

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
        length = parse_duration(duration, self.rate)
        self._do(
            "dissolve",
            lambda t: edits.dissolve(t, at=at, duration=length, track=track),
        )

    def link(self, *clips: str | int | Clip) -> None:
        """Make clips move and be trimmed together."""
        ids = [self._id(clip) for clip in clips]
        self._do("link", lambda t: edits.link(t, ids))

    def unlink(self, clip: str | int | Clip) -> None:
        """Let a clip and those linked to it go separate ways."""
        item_id = self._id(clip)
        self._do("unlink", lambda t: edits.unlink(t, item_id))

    def set(self, clip: str | int | Clip, **fields: Any) -> None:
        """Change a clip's fields: `gain_db`, `transform`, `fade_in`, `name` ...

        Fades are times in any form that a time has.
        """
        item_id = self._id(clip)
        for name in ("fade_in", "fade_out"):
            if name in fields:
                fields[name] = parse_duration(fields[name], self.rate)
        self._do("set", lambda t: edits.set_clip(t, item_id, **fields))

    def mark(
        self,
        at: TimeLike,
        *,
        name: str = "",
        duration: TimeLike = 0,
        color: str = "red",
    ) -> None:
        """Put a marker on the timeline."""
        place = TimeRange(self._time(at), parse_duration(duration, self.rate))
        self._do(
            "mark",
            lambda t: edits.add_marker(t, name=name, marked_range=place, color=color),
        )

    def subtitle(self, text: str, *, start: TimeLike, end: TimeLike) -> None:
        """Put a line of text on the subtitle track."""
        place = TimeRange.between(self._time(start), self._time(end))
        self._do("subtitle", lambda t: edits.add_subtitle(t, text, at=place))

    def update(self, table: "pd.DataFrame") -> None:
        """Take over a table of the timeline that was changed; one step of the history.

        `cut.update(cut.timeline.to_dataframe())` changes nothing.

        Raises:
            TimelineError: A row cannot be read, or the whole is not valid.
        """
        self._do("table", lambda _: Timeline.from_dataframe(table))

    def steps(self, label: str) -> AbstractContextManager[None]:
        """Make all that is done in a `with` block one step of the history."""
        return self.group(label)

    # Looking, rendering, keeping

    def frame(
        self, at: TimeLike = 0, *, size: tuple[int, int] | None = None
    ) -> NDArray[np.uint8]:
        """The composed frame shown at a time: `(H, W, 3) uint8 RGB`."""
        return compose_frame(
            self.timeline,
            self._time(at),
            self._studio.library,
            size=size or self.size,
        )

    def render(
        self, path: Path | str, *, profile: Profile | None = None
    ) -> Job[RenderResult]:
        """Begin to render to an MP4 file, and show the progress beside the cell.

        Args:
            path: Where the film goes; it appears there whole, or not at all.
            profile: Encoder settings.

        Returns:
            A job: `await` it, or `wait()` for it, or `cancel()` it.
        """
        target, timeline = Path(path), self.timeline

        def work(reporter: Any) -> RenderResult:
            return render(
                timeline,
                target,
                library=self._studio.library,
                profile=profile or Profile(),
                reporter=reporter,
            )

        return watch(self._studio.start(f"render {target.name}", work))

    def save(self, path: Path | str | None = None, *, overwrite: bool = False) -> Path:
        """Write the edit to a project file, all of it or nothing.

        Args:
            path: A `.tlp` file; the one it came from or went to last if not given.
            overwrite: Write even if another program changed the file meanwhile.

        Raises:
            ProjectError: The file changed meanwhile, is locked or not writable, or
                no path is known.
        """
        target = Path(path) if path is not None else self._path
        if target is None:
            raise TimelineError(f"{self.name!r} was never saved: give save() a path")
        known = self._digest if target == self._path else None
        self._digest = document.save(
            self.timeline, target, expect=known, overwrite=overwrite
        )
        self._path = target
        return target

    def relink(self, folder: Path | str) -> Relinked:
        """Look below a folder for media that are offline; one step of the history.

        Returns:
            What was found, what is still missing, and files of the right name but
            another content, which are not taken.

        Raises:
            ProjectError: `folder` is no folder.
        """
        result = relink(self.timeline, Path(folder))
        self._do("relink", lambda _: result.timeline)
        return result

    @classmethod
    def load(cls, path: Path | str, *, studio: Studio | None = None) -> "Edit":
        """Open a project file.

        Raises:
            ProjectError: The file is missing, broken, or newer than this package.
        """
        project = document.load(Path(path))
        edit = cls(timeline=project.timeline, studio=studio)
        edit._path, edit._digest = Path(path), project.digest
        return edit

    def _do(self, label: str, change: Callable[[Timeline], Timeline]) -> None:
        self.apply(label, change)

    def _time(self, value: TimeLike) -> Fraction:
        return parse_time(value, self.rate)

    def _id(self, clip: str | int | Clip) -> str:
        if isinstance(clip, Clip):
            return clip.id
        if isinstance(clip, str):
            return clip_of(self.timeline, clip).id
        try:
            return self.clips[clip].id
        except IndexError as error:
            raise TimelineError(
                f"{self.name!r} has {len(self.clips)} clips: there is no clip {clip}"
            ) from error

    def __repr__(self) -> str:
        clock = format_timecode(self.duration, self.rate)
        width, height = self.size
        clips, tracks = len(self.clips), len(self.timeline.tracks)
        return (
            f"<Edit {self.name!r} {width}x{height} {float(self.rate):.6g} fps, "
            f"{clips} clip{'s' * (clips != 1)} on {tracks} track{'s' * (tracks != 1)}, "
            f"{clock}>"
        )

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        image = draw_filmstrip(
            self.timeline, self._studio.library, width_px=_FILMSTRIP_PX
        )
        data = {"text/plain": repr(self), "image/png": png_bytes(image)}
        return data, {"image/png": {"width": _FILMSTRIP_PX // 2}}


def load(path: Path | str, *, studio: Studio | None = None) -> Edit:
    """Open a project file as an edit; see `Edit.load`."""
    return Edit.load(path, studio=studio)


def _listed(clips: Placeable | Iterable[Placeable]) -> list[Clip]:
    """Clips, with whole media files made clips of."""
    listed = [clips] if isinstance(clips, (Clip, Media)) else clips
    return [item.clip() if isinstance(item, Media) else item for item in listed]
