"""An edit in a notebook: change it, look at it, render it, keep it."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.errors import TimelineError
from timeline_nb.notebook.drawing import png_bytes
from timeline_nb.notebook.filmstrip import draw_filmstrip
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.output import OutputVerbs
from timeline_nb.notebook.progress import finish, watch
from timeline_nb.project import document
from timeline_nb.project.relink import Relinked, relink
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import (
    TimeLike,
    format_timecode,
    parse_duration,
    parse_rate,
)
from timeline_nb.timeline.model import Clip, Effect, Timeline
from timeline_nb.timeline.queries import clip_of, duration

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.notebook.detection_result import DetectionResult
    from timeline_nb.subtitles.cues import Fault
    from timeline_nb.widgets.editor import Editor

__all__ = ["Edit", "load"]

_FILMSTRIP_PX = 1920


class Edit(OutputVerbs):
    """A timeline being cut: each method is one step that `undo` takes back.

    How its verbs read times, and how a clip is named, is told at `Verbs`.

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
            timeline or Timeline(name=name, rate=parse_rate(rate), size=size),
            studio or default_studio(),
        )
        self._path: Path | None = None
        self._digest: str | None = None
        self._editor: Editor | None = None

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

    def steady(
        self, clip: str | int | Clip, *, smooth: TimeLike = "1s", crop: bool = True
    ) -> None:
        """Hold a shaking clip still: its camera's way is measured and made even.

        Args:
            clip: Of a film.
            smooth: Over which time the way is made even.
            crop: Whether the picture is enlarged until no edge is seen.
        """
        from timeline_nb.notebook.stabilize import start_stabilizing

        own = clip_of(self.timeline, self._id(clip))
        length = parse_duration(smooth, self.rate)
        job = start_stabilizing(own, self.studio, smooth=length, crop=crop)
        effect = finish(watch(job))
        others = [e for e in own.effects if e.kind != effect.kind]
        self.perform("set_clip", own.id, effects=(effect, *others))

    def read_subtitles(
        self,
        path: Path | str | Media,
        *,
        track: str | None = None,
        at: TimeLike = 0,
        encoding: str | None = None,
        stream: int = 0,
    ) -> list["Fault"]:
        """Put subtitles on a track of their own; one step of the history.

        Lines that are shown at once go on further tracks, which `subtitles` and
        `write_subtitles` take together with the first.

        Args:
            path: `.srt`, `.vtt`, `.ass` or `.ssa`, or a medium with subtitles in it.
            track: The track's name; a new one if not given.
            at: The second of the edit that is second 0 of the file.
            encoding: Such as `"cp1251"`; found out if not given, and told if guessed.
            stream: Which of a medium's subtitles, from 0.

        Returns:
            What was odd about the file or left out, by its row; what no font here
            can show; and what is hard to read, line by line.

        Raises:
            TimelineError: The file cannot be read, or a line begins before 0.
            MediaError: The medium has no such subtitles, or they are pictures.
        """
        from timeline_nb.notebook.captions import put_lines, read_any

        found = read_any(path, encoding=encoding, stream=stream)
        return put_lines(self, found, track, self._time(at))

    def write_subtitles(self, path: Path | str, *, track: str | None = None) -> Path:
        """Write subtitles to a `.srt`, `.vtt`, `.ass` or `.ssa` file.

        Times are told in thousandths of a second, in ASS and SSA in hundredths.

        Args:
            path: The file.
            track: Whose lines; the first track's if not given, with those that are
                on further tracks because they are shown at once.

        Raises:
            TimelineError: There is no such track, or the file cannot be written.
        """
        from timeline_nb.notebook.captions import write_track

        return write_track(self, Path(path), track)

    def subtitles(self, *, track: str | None = None) -> "pd.DataFrame":
        """Subtitles as a table: `start_s`, `end_s`, `text`, `faults`, `track`.

        Args:
            track: Whose lines; as of `write_subtitles`.
        """
        from timeline_nb.notebook.captions import captions_table

        return captions_table(self, track)

    def redact(
        self,
        found: "DetectionResult | pd.DataFrame",
        *,
        how: str = "pixelate",
        grow: float = 0.15,
        hold: TimeLike = "0.5s",
        cells: float = 6,
    ) -> None:
        """Hide what was found, in every clip of its film; one step of the history.

        Boxes follow their frames through every cut, split and trim. A track is hidden
        for its whole life, gaps and all; rows without tracks are linked first. What
        was never looked at is hidden whole. `audit` tells whether it held.

        Args:
            found: What is hidden: all of a detection result, or rows of its table.
            how: `pixelate`, `blur` or `fill`.
            grow: What is added to each side of a box, in shares of it.
            hold: For how long a box is held before and after it was seen.
            cells: How many cells are left across a box.

        Raises:
            RecognitionError: The edit has no clip of that film, or a value is wrong.
        """
        from timeline_nb.recognition.redaction import cover_parameters
        from timeline_nb.recognition.tables.columns import table_of

        table = table_of(found)
        parameters = cover_parameters(table, how=how, grow=grow, hold=hold, cells=cells)
        self._add_effect(
            "redact", table, Effect(kind="redaction", parameters=parameters)
        )

    def follow(
        self,
        found: "DetectionResult | pd.DataFrame",
        *,
        smooth: TimeLike = "1s",
        height: float = 1.0,
    ) -> None:
        """Reframe the clips of a film so that what was found stays in sight.

        The window has the edit's aspect: a 16:9 film fills a 9:16 edit.

        Args:
            found: What is followed: rows of a track, say.
            smooth: How slowly the window moves: about the time it takes for a turn.
            height: Of the window, in shares of the picture's.

        Raises:
            RecognitionError: The edit has no clip of that film, or there are no rows.
        """
        from timeline_nb.recognition.follow import follow_parameters
        from timeline_nb.recognition.tables.columns import table_of

        table, (width, tall) = table_of(found), self.timeline.size
        parameters = follow_parameters(
            table, aspect=Fraction(width, tall), smooth=smooth, height=height
        )
        self._add_effect("follow", table, Effect(kind="reframe", parameters=parameters))

    def audit(
        self, found: "DetectionResult | pd.DataFrame", film: Path | str | None = None
    ) -> "pd.DataFrame":
        """Every detected box in every frame of the edit: is it hidden?

        Args:
            found: What must be hidden.
            film: What was rendered of the edit: then its pixels are looked at too.

        Returns:
            One row a box and frame; `covered` tells, and with a film `hidden` too. The
            other columns are told in `notebook.redact.audit`.
        """
        from timeline_nb.notebook.redact import audit
        from timeline_nb.recognition.tables.columns import table_of

        path = None if film is None else Path(film)
        return audit(self.timeline, table_of(found), self.studio, film=path)

    def _add_effect(self, label: str, table: "pd.DataFrame", effect: Effect) -> None:
        from timeline_nb.notebook.redact import clips_of, with_effect

        with self.group(label):
            for clip in clips_of(self.timeline, table):
                self.perform("set_clip", clip.id, effects=with_effect(clip, effect))

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
        self.apply("relink", lambda _: result.timeline)
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

    def __repr__(self) -> str:
        clock = format_timecode(self.duration, self.rate)
        width, height = self.size
        clips, tracks = len(self.clips), len(self.timeline.tracks)
        return (
            f"<Edit {self.name!r} {width}x{height} {float(self.rate):.6g} fps, "
            f"{clips} clip{'s' * (clips != 1)} on {tracks} track{'s' * (tracks != 1)}, "
            f"{clock}>"
        )

    def _repr_mimebundle_(
        self, **options: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The editor; its filmstrip where no widget can be shown."""
        image = draw_filmstrip(
            self.timeline, self.studio.library, width_px=_FILMSTRIP_PX
        )
        data = {"text/plain": repr(self), "image/png": png_bytes(image)}
        made = self.editor._repr_mimebundle_(**options) if self.editor else None
        widget = made[0] if isinstance(made, tuple) else made
        return {**(widget or {}), **data}, {"image/png": {"width": _FILMSTRIP_PX // 2}}

    @property
    def editor(self) -> "Editor | None":
        """The editor that a cell shows: one for all cells. None if it was not built."""
        from timeline_nb.widgets.editor import Editor

        if self._editor is None or self._editor.comm is None:
            try:
                self._editor = Editor(self)
            except FileNotFoundError:
                return None
        return self._editor


def load(path: Path | str, *, studio: Studio | None = None) -> Edit:
    """Open a project file as an edit; see `Edit.load`."""
    return Edit.load(path, studio=studio)
