"""An edit in a notebook: change, show, render, save and load it."""

from contextlib import AbstractContextManager
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.notebook import publish_verbs, reviewed
from timeline_nb.notebook.accessors.audio import Audio
from timeline_nb.notebook.accessors.effects import Effects
from timeline_nb.notebook.accessors.history import EditHistory
from timeline_nb.notebook.accessors.markers import Markers
from timeline_nb.notebook.accessors.subtitles import SubtitleLines
from timeline_nb.notebook.accessors.titles import Titles
from timeline_nb.notebook.accessors.versions import Versions
from timeline_nb.notebook.edit_display import bundle_of, line_of
from timeline_nb.notebook.edit_of_editor import EditOfEditor
from timeline_nb.notebook.exporting import Exported
from timeline_nb.notebook.importing import import_file, reader_for
from timeline_nb.notebook.nested_verbs import NestedVerbs
from timeline_nb.notebook.output_verbs import OutputVerbs
from timeline_nb.notebook.packing import PackVerbs
from timeline_nb.notebook.page_verbs import PageVerbs
from timeline_nb.notebook.projects import open_project
from timeline_nb.notebook.redaction_verbs import RedactionVerbs
from timeline_nb.project.document import Project
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timebase import TimeLike, parse_rate
from timeline_nb.timeline.canvas import SizeLike, parse_size
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clips_of_track, duration
from timeline_nb.timeline.tables import updated
from timeline_nb.widgets.stored_output import is_without_page

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.widgets.editor import Editor

__all__ = ["Edit"]


class Edit(
    publish_verbs.PublishVerbs,
    OutputVerbs,
    reviewed.Reviewed,
    NestedVerbs,
    PackVerbs,
    PageVerbs,
    RedactionVerbs,
    Exported,
):
    """An edit of a timeline: each method that changes it is one step of `undo`.

    More: `effects`, `titles`, `subtitles`, `audio`, `markers`, `comments`, `history`,
    `versions`.

    Args:
        name: The name of the edit.
        rate: Frames per second: `25`, `"29.97"`, or `src.rate`. 25 if not given.
        fps: The same as `rate`; give one of them.
        size: Width and height in pixels, both even, or a name, such as `"1080p"`.
        timeline: The timeline to begin with, with its name, rate and size.
        studio: Its caches and threads are used; the notebook's if not given.

    Raises:
        TimeError: The rate cannot be read.
        TimelineError: The size cannot be used.

    Example:
        >>> import timeline_nb as tl
        >>> cut = tl.Edit("street", rate=25, size="720p")
        >>> cut.titles.add("Hello", start=0, end="2s")
        >>> cut.duration
        Fraction(2, 1)
    """

    def __init__(  # noqa: PLR0913 - what an edit is made of
        self,
        name: str = "untitled",
        *,
        rate: TimeLike | None = None,
        fps: TimeLike | None = None,
        size: SizeLike = (1920, 1080),
        timeline: Timeline | None = None,
        studio: Studio | None = None,
    ) -> None:
        if rate is not None and fps is not None:
            raise TimelineError("give either rate= or fps=, they mean the same")
        if not isinstance(name, str):
            raise TimelineError(f"name={name!r}: an edit's name is text")
        frames = parse_rate(next((n for n in (rate, fps) if n is not None), 25))
        own = timeline or Timeline(name=name, rate=frames, size=parse_size(size))
        self._begin(EditSession(own), studio or default_studio(), None)

    def _begin(self, own: EditSession, studio: Studio, project: Project | None) -> None:
        super().__init__(own)
        self._editor: Editor | None = None
        self._store(studio, project)

    @property
    def timeline(self) -> Timeline:
        """The current timeline, an immutable value.

        Example:
            >>> before = cut.timeline
            >>> cut.delete("c1")
            >>> print(tl.diff(before, cut))
            V1, clip "bikes" at 00:00:00:00: moved 50 frames earlier: ...
            V1, clip "bikes" at 00:00:00:00: removed: 00:00:00:00 for 2 s, 50 frames
            V2, clip "Traffic" at 00:00:00:00: removed: 00:00:00:00 for 2 s, 50 frames
        """
        return self.session.timeline

    @property
    def name(self) -> str:
        """The name of the edit.

        Example:
            >>> cut.name
            'traffic'
        """
        return self.timeline.name

    @property
    def rate(self) -> Fraction:
        """Frames per second.

        Example:
            >>> cut.rate
            Fraction(25, 1)
        """
        return self.timeline.rate

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels.

        Example:
            >>> cut.size
            (320, 180)
        """
        return self.timeline.size

    @property
    def duration(self) -> Fraction:
        """Seconds from the start to the end of the last item.

        Example:
            >>> cut.duration
            Fraction(4, 1)
            >>> float(cut.duration)
            4.0
        """
        return duration(self.timeline)

    @property
    def clips(self) -> list[Clip]:
        """The clips of the first video track, in order.

        Example:
            >>> [(clip.id, clip.name, clip.duration) for clip in cut.clips]
            [('c1', 'bikes', Fraction(2, 1)), ('c2', 'bikes', Fraction(2, 1))]
        """
        return clips_of_track(self.timeline)

    @cached_property
    def effects(self) -> Effects:
        """Effects of clips, tracks and the whole timeline, and their keyframes.

        Example:
            >>> cut.effects.add("c1", "sepia", amount=0.5)
            >>> [effect.kind for effect in cut.effects.of("c1")]
            ['sepia']
        """
        return Effects(self.session, self.studio)

    @cached_property
    def titles(self) -> Titles:
        """Titles, templates, generated pictures and adjustment layers.

        Example:
            >>> cut.titles.add("Two", start="2s", end="4s")
            >>> [item.name for item in cut.timeline.tracks[-1].items]
            ['Traffic', 'Two']
        """
        return Titles(self.session, self.studio)

    @cached_property
    def subtitles(self) -> SubtitleLines:
        """Subtitle lines, and reading and writing of subtitle files.

        Example:
            >>> cut.subtitles.add("Hello", start="0s", end="2s")
            >>> cut.subtitles.to_dataframe()["text"].tolist()
            ['Hello']
        """
        return SubtitleLines(self.session, self.studio)

    @cached_property
    def audio(self) -> Audio:
        """Loudness, levels and ducking.

        Example:
            >>> cut.append(tl.open("bunny.mp4"))
            >>> cut.audio.loudness().integrated_lufs < -10
            True
        """
        return Audio(self.session, self.studio)

    @cached_property
    def markers(self) -> Markers:
        """Markers: named times and ranges.

        Example:
            >>> cut.markers.add("1s", name="check color")
            >>> [marker.name for marker in cut.markers]
            ['check color']
        """
        return Markers(self.session)

    @cached_property
    def history(self) -> EditHistory:
        """Undo, redo, and the steps as code.

        Example:
            >>> cut.delete("c1")
            >>> cut.history.steps
            ['append', 'title', 'ripple delete']
            >>> cut.history.undo()
            >>> cut.history.steps
            ['append', 'title']
        """
        return EditHistory(self.session)

    @cached_property
    def versions(self) -> Versions:
        """Named versions and branches of the edit, kept beside its project file.

        Example:
            >>> path = cut.save("versions.tlp", overwrite=True)
            >>> cut.versions.save("rough", overwrite=True)
            >>> "rough" in cut.versions.names
            True
        """
        return Versions(self.session, self.studio, lambda: self.project_path)

    def undo(self) -> None:
        """Undo the last step.

        Example:
            >>> cut.delete("c1")
            >>> cut.undo()
            >>> len(cut.clips)
            2
        """
        self.session.undo()

    def redo(self) -> None:
        """Redo the step that was undone last.

        Example:
            >>> cut.delete("c1")
            >>> cut.undo()
            >>> cut.redo()
            >>> len(cut.clips)
            1
        """
        self.session.redo()

    def group(self, label: str) -> AbstractContextManager[None]:
        """Make the changes of a `with` block one step; undo them if it raises.

        Example:
            >>> with cut.group("open with the bridge"):
            ...     cut.delete("c1")
            ...     cut.insert(src.clip("8s", "9s"), at=0)
            >>> cut.history.steps[-1]
            'open with the bridge'
            >>> cut.undo()  # takes back both
        """
        return self.session.group(label)

    def update(self, table: "pd.DataFrame") -> None:
        """Apply a changed table of the timeline.

        Raises:
            TimelineError: A row cannot be read, or the timeline would be invalid.

        Example:
            >>> rows = cut.timeline.to_dataframe()
            >>> rows.loc[rows["name"] == "bikes", "name"] = "street"
            >>> cut.update(rows)
            >>> [clip.name for clip in cut.clips]
            ['street', 'street']
        """
        self.session.apply(Message("table"), lambda old: updated(old, table))

    @classmethod
    def load(
        cls,
        path: Path | str,
        *,
        format: str | None = None,  # noqa: A002 - what people call it
        strict: bool = False,
        studio: Studio | None = None,
        **args: Any,
    ) -> "Edit":
        """Open a project file, or a file of another program, whose edit it becomes.

        Files that it names outside its folder and the allowed ones are `offline`,
        unless the project was saved on this machine. `import_report` tells what of a
        foreign file was lost.

        Args:
            path: The file; its suffix and content select the format.
            format: `"otio"` or another name of a format, or `PLUGIN_ID/importer`.
            strict: Raise an error if anything of the file is lost.
            studio: Its caches and threads are used; the notebook's if not given.
            args: The format's or the plugin's own arguments.

        Raises:
            ProjectError: The file is missing, broken, too large, or too new; several
                read such files; an argument does not fit; or something is lost.
            PluginError: There is no such plugin, an argument does not fit, or it
                failed.

        Example:
            >>> path = cut.save("cut.tlp", overwrite=True)
            >>> tl.Edit.load("cut.tlp").name
            'traffic'
        """
        studio = studio or default_studio()
        reader = reader_for(path, studio, format, args)
        if reader is not None:
            made, report = import_file(path, studio, reader, args, strict=strict)
            imported = cls(timeline=made, studio=studio)
            imported._import_report = report
            return imported
        project = open_project(path, studio)
        edit = cls.__new__(cls)
        session = EditSession(project.timeline)
        edit._begin(session, studio, project)  # noqa: SLF001 - its own
        return edit

    def __repr__(self) -> str:
        return line_of(self.timeline)

    def _repr_mimebundle_(self, **options: Any) -> tuple[Any, Any]:
        # Without a widget the notebook keeps no state, of which nbconvert would say
        # that a program from elsewhere shows it.
        editor = None if is_without_page() else self.editor
        return bundle_of(self.timeline, self.studio, editor, options)

    @property
    def editor(self) -> "Editor | None":
        """The editor shown in cells; None if the front end was not built.

        Example:
            >>> cut.editor.show(table)  # the editor in cells draws these boxes
            >>> cut.editor.selection = ["c1"]
            >>> cut.editor
            <Editor ...>
        """
        from timeline_nb.widgets.editor import Editor

        if self._editor is None or self._editor.comm is None:
            try:
                self._editor = Editor(EditOfEditor(self))
            except FileNotFoundError:
                return None
        return self._editor
