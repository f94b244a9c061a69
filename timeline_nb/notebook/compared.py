"""`tl.diff`: what changed from one edit to another."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from timeline_nb.errors import TimelineError
from timeline_nb.project import document
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    from timeline_nb.notebook.edit import Edit

__all__ = ["EditLike", "diff", "timeline_of"]

EditLike: TypeAlias = "Edit | Timeline | PathLike[str] | str"


def diff(old: EditLike, new: EditLike, *, studio: Studio | None = None) -> Diff:
    """Say what changed from one edit to another.

    Clips are matched by their ids, which edits keep; those of an edit that came back
    from another program by their media and the stretch of it that they show. What an
    insert or a ripple pushes along is one change.

    Args:
        old: The edit before: an edit, a timeline, or the path of a `.tlp` project.
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
        track V1: added: video, 1 item, of 1 tracks
        V1, clip "Hello" at 00:00:00:00: added: 00:00:00:00 for 2 s, 50 frames
    """
    one, other = (timeline_of(given, studio=studio) for given in (old, new))
    names = _name(old, one, "old"), _name(new, other, "new")
    return Diff(one, other, names=("old", "new") if names[0] == names[1] else names)


def timeline_of(given: EditLike, *, studio: Studio | None = None) -> Timeline:
    """Return the timeline of an edit, of a project file, or the given one.

    No media of a project are opened.

    Raises:
        ProjectError: The project cannot be read.
        TimelineError: It is no edit.
    """
    if isinstance(given, Timeline):
        return given
    if isinstance(given, (str, PathLike)):
        owner = studio or default_studio()
        return document.load(
            Path(given),
            max_bytes=owner.settings.project_bytes,
            scope=owner.scope,
            known=owner.known_projects,
        ).timeline
    timeline = getattr(given, "timeline", None)
    if not isinstance(timeline, Timeline):
        raise TimelineError(
            f"a {type(given).__name__} is no edit: give tl.Edit(...), a timeline, or "
            "the path of a .tlp project"
        )
    return timeline


def _name(given: EditLike, timeline: Timeline, otherwise: str) -> str:
    if isinstance(given, (str, PathLike)):
        return Path(given).name
    return timeline.name or otherwise
