"""`tl.diff` and `tl.merge`: what changed from one edit to another, and both at once."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.edit_formats import find_reader
from timeline_nb.notebook.importing import import_file
from timeline_nb.notebook.merged import Merged
from timeline_nb.project import document
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.model import Timeline

__all__ = ["EditLike", "diff", "merge", "timeline_of"]


class HasTimeline(Protocol):
    """An object with a timeline, such as `tl.Edit`."""

    @property
    def timeline(self) -> Timeline:
        """The timeline, an immutable value."""


EditLike: TypeAlias = "HasTimeline | Timeline | PathLike[str] | str"


def diff(old: EditLike, new: EditLike, *, studio: Studio | None = None) -> Diff:
    """Say what changed from one edit to another.

    Clips are matched by their ids, which edits keep; those of an edit that came back
    from another program by their media and the stretch of it that they show. What an
    insert or a ripple pushes along is one change. Guides and bins are compared where
    both edits have them: a timeline alone has none.

    Args:
        old: The edit before: an edit, a timeline, the path of a project or of another
            file that `tl.load` reads, or the name of a version of the other one.
        new: The edit after.
        studio: Its limits are used; the notebook's own if not given.

    Returns:
        The changes: `print` writes a line for each, `to_dataframe()` makes rows of
        `where`, `what`, `before`, `after` and `frames`, a cell draws both edits.

    Raises:
        ProjectError: A project cannot be read.
        TimelineError: It is no edit.

    Example:
        >>> import timeline_nb as tl
        >>> cut = tl.Edit("street", rate=25, size="720p")
        >>> before = cut.timeline
        >>> cut.titles.add("Hello", start=0, end="2s")
        >>> print(tl.diff(before, cut))
        track V1: added: video, 1 item
        V1, clip "Hello" at 00:00:00:00: added: 00:00:00:00 for 2 s, 50 frames
    """
    one, kept = _version(old, new) or _contents(old, studio=studio)
    other, kept_now = _version(new, old) or _contents(new, studio=studio)
    names = _name(old, one, "old"), _name(new, other, "new")
    return Diff(
        one,
        other,
        names=("old", "new") if names[0] == names[1] else names,
        kept=(kept, kept_now),
    )


def merge(
    base: EditLike,
    ours: EditLike,
    theirs: EditLike,
    *,
    prefer: Literal["", "ours", "theirs"] = "",
    studio: Studio | None = None,
) -> Merged:
    """Merge what two people made of an edit.

    Changes of different clips, tracks, effects and fields join, and so do a trim of the
    head and one of the tail. What both changed, each in its way, is a conflict, which
    `merged.settle(row, side)` settles; until then it is shown as in ours. New clips of
    theirs get new ids where ours has the same. Guides join by their places, bins by
    their names and media.

    Args:
        base: The edit that both began with: an edit, a timeline, or the path of a
            `.tlp` project. Relative paths in all three begin where `ours` lies.
        ours: What one made of it.
        theirs: What the other made of it.
        prefer: The side of all conflicts: `"ours"` or `"theirs"`.
        studio: Its limits are used; the notebook's own if not given.

    Returns:
        The merge: `timeline`, which is valid, `conflicts`, a table, and `save`.

    Raises:
        ProjectError: A project cannot be read.
        TimelineError: It is no edit, or `prefer` is no side.

    Example:
        >>> import timeline_nb as tl
        >>> base = tl.Edit("street", rate=25, size="720p")
        >>> base.titles.add("Hello", start=0, end="2s")
        >>> ours, theirs = (tl.Edit(timeline=base.timeline) for _ in range(2))
        >>> ours.set("c1", name="Greeting")
        >>> theirs.trim("c1", tail="-1s")
        >>> merged = tl.merge(base, ours, theirs)
        >>> merged
        <Merged 'street', 0 conflicts, 0 open>
        >>> cut = tl.Edit(timeline=merged.timeline)
        >>> merged.save("merged.tlp", overwrite=True)
        PosixPath('merged.tlp')
    """
    if prefer not in ("", "ours", "theirs"):
        raise TimelineError(f"prefer={prefer!r}: give 'ours' or 'theirs'")
    path: PathLike[str] | str | None = (
        ours
        if isinstance(ours, (str, PathLike))
        else getattr(ours, "project_path", None)
    )
    folder = None if path is None else Path(path).resolve().parent
    one, two, three = (
        _contents(given, studio=studio, folder=folder) for given in (base, ours, theirs)
    )
    kept = one[1] or {}, two[1] or {}, three[1] or {}
    return Merged(one[0], two[0], three[0], prefer=prefer, kept=kept, studio=studio)


def timeline_of(
    given: EditLike, *, studio: Studio | None = None, folder: Path | None = None
) -> Timeline:
    """Return the timeline of an edit, of a file that `tl.load` reads, or the given one.

    No media of a project are opened.

    Args:
        given: An edit, a timeline or a path.
        studio: Its limits are used; the notebook's own if not given.
        folder: Relative paths of a project begin there; in its own if not given.

    Raises:
        ProjectError: The project cannot be read.
        TimelineError: It is no edit.
    """
    return _contents(given, studio=studio, folder=folder)[0]


def _contents(
    given: EditLike, *, studio: Studio | None, folder: Path | None = None
) -> tuple[Timeline, Mapping[str, Any] | None]:
    """Return a timeline as `timeline_of`, and what is kept for the editor beside it.

    None where nothing says so: of a timeline alone, or a file of another program.
    """
    if isinstance(given, Timeline):
        return given, None
    if isinstance(given, (str, PathLike)):
        owner = studio or default_studio()
        reader = find_reader(given, owner, None)
        if reader is not None:
            return import_file(Path(given), owner, reader, {})[0], None
        project = document.load(
            Path(given),
            max_bytes=owner.settings.project_bytes,
            scope=owner.scope,
            known=owner.known_projects,
            folder=folder,
        )
        return project.timeline, project.editor
    timeline = getattr(given, "timeline", None)
    if not isinstance(timeline, Timeline):
        raise TimelineError(
            f"{kind_of(given)} is no edit: give tl.Edit(...), a timeline, or "
            "the path of a .tlp project"
        )
    session = getattr(given, "session", None)
    return timeline, session.editor_state if isinstance(session, EditSession) else None


def _version(given: EditLike, other: EditLike) -> tuple[Timeline, None] | None:
    """Return the timeline of a version of another edit that a text names."""
    versions = getattr(other, "versions", None)
    if not isinstance(given, str) or versions is None or given not in versions.names:
        return None
    return versions.timeline(given), None


def _name(given: EditLike, timeline: Timeline, otherwise: str) -> str:
    if isinstance(given, (str, PathLike)):
        return Path(given).name
    return timeline.name or otherwise
