"""`cut.versions`: named versions and branches of an edit, kept beside its project."""

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from timeline_nb.commands.session import EditSession
from timeline_nb.core.output_names import name_fault
from timeline_nb.errors import ProjectError, TimelineError
from timeline_nb.notebook.drawing import jpeg_bytes
from timeline_nb.notebook.filmstrip import draw_filmstrip
from timeline_nb.notebook.merged import Merged
from timeline_nb.project import document
from timeline_nb.studio import Studio
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.limits import MAX_TEXT_LETTERS
from timeline_nb.timeline.merging.kept_fields import joined_fields
from timeline_nb.timeline.model import Timeline
from timeline_nb.versions.record import EditVersion
from timeline_nb.versions.store import VersionStore

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Versions"]

_COLUMNS: Final = ("name", "saved", "note", "duration_s", "clips", "branch")
# A filmstrip that is drawn large, so that clips have thumbnails, and shown small.
_DRAWN_PX: Final = 1280
_SHOWN_PX: Final = (480, 200)


class Versions:
    """The versions of an edit; iterate over them, the oldest first.

    They lie in a folder beside the project: `street.versions` of `street.tlp`. A cell
    shows them as a table with pictures.

    Args:
        session: The edit's session.
        studio: Draws pictures, and says what may be read.
        project: Returns the edit's project file; None if it has none.

    Example:
        >>> path = cut.save("street.tlp", overwrite=True)
        >>> cut.versions.save("rough", note="before the music", overwrite=True)
        >>> "rough" in cut.versions.names
        True
    """

    def __init__(
        self,
        session: EditSession,
        studio: Studio,
        project: Callable[[], Path | None],
    ) -> None:
        self._session, self._studio, self._project = session, studio, project

    def save(self, name: str, *, note: str = "", overwrite: bool = False) -> None:
        """Keep the edit as it is now, with a picture.

        Args:
            name: Of the version, such as `"v1"`.
            note: What is to be said of it, in at most 20,000 letters.
            overwrite: Replace the version of that name.

        Raises:
            ProjectError: The edit has no project file yet, there is a version of that
                name, the note is too long, or it cannot be written.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("final", note="as it was shown", overwrite=True)
            >>> "final" in cut.versions.names
            True
        """
        now = self._session.timeline, self._session.editor_state
        self._keep(name, now, note=note, overwrite=overwrite)

    def _keep(
        self,
        name: str,
        edit: tuple[Timeline, Mapping[str, Any]],
        *,
        note: str,
        branch: str = "",
        overwrite: bool = False,
    ) -> None:
        for what, text in (("name", name), ("note", note)):
            if not isinstance(text, str):
                raise ProjectError(f"{what}={text!r}: it is text")
        if not name.strip() or len(name) > 200:
            raise ProjectError(
                f"name={name[:40]!r}: give the version a name of 1 to 200 letters"
            )
        if len(note) > MAX_TEXT_LETTERS:
            count = f"{len(note):,} letters, more than {MAX_TEXT_LETTERS:,}"
            raise ProjectError(f"note={note[:40]!r}... has {count}: shorten it")
        self._store().save(
            name,
            edit[0],
            editor=edit[1],
            note=note,
            saved=datetime.now(UTC).isoformat(timespec="milliseconds"),
            picture=self._picture(edit[0]),
            branch=branch,
            overwrite=overwrite,
        )

    def _picture(self, timeline: Timeline) -> bytes:
        image = draw_filmstrip(timeline, self._studio.library, width_px=_DRAWN_PX)
        image.thumbnail(_SHOWN_PX)
        return jpeg_bytes(image)

    @property
    def names(self) -> list[str]:
        """The names of the versions, the oldest first.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("final", overwrite=True)
            >>> "final" in cut.versions.names
            True
        """
        return [version.name for version in self]

    def timeline(self, name: str) -> Timeline:
        """Return the timeline of a version, an immutable value.

        Raises:
            ProjectError: There is no such version, or its file is missing or broken.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("whole", overwrite=True)
            >>> len(cut.versions.timeline("whole").tracks)
            2
        """
        return self._store().read(name).timeline

    def diff(self, name: str, other: str | None = None) -> Diff:
        """Say what changed from a version to another, or to the edit as it is now.

        Raises:
            ProjectError: There is no such version.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("whole", overwrite=True)
            >>> cut.delete("c2")
            >>> print(cut.versions.diff("whole"))
            V1, clip "bikes" at 00:00:02:00: removed: 00:00:02:00 for 2 s, 50 frames
        """
        old = self.timeline(name)
        new = self._session.timeline if other is None else self.timeline(other)
        return Diff(old, new, names=(name, other or "now"))

    def restore(self, version: str | Merged) -> None:
        """Show a version, or a merge, as one step of the history, which `undo` reverts.

        The version's guides and bins join those that there are, and stay; those of a
        merge are changed as it has changed them.

        Args:
            version: The name of a version, or a merge without an open conflict.

        Raises:
            ProjectError: There is no such version.
            TimelineError: A conflict of the merge is open.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("whole", overwrite=True)
            >>> cut.delete("c2")
            >>> cut.versions.restore("whole")
            >>> len(cut.clips)
            2
        """
        if isinstance(version, Merged):
            if not version.is_settled:
                raise TimelineError(
                    f"{len(version.open)} conflicts of the merge are open: settle them "
                    "first, as in merged.settle(0, 'ours')"
                )
            made, label = version.timeline, "merge"
            self._session.keep(version.editor_with)
        else:
            one = self._store().read(version)
            made, label = one.timeline, f"restore {version}"
            self._session.keep(lambda now: joined_fields({}, now, one.editor)[0])
        self._session.apply(label, lambda old: old if old == made else made)

    def branch(self, name: str, *, start: str | None = None, note: str = "") -> Path:
        """Begin a branch: a project of its own, which `merge` joins with this one.

        It lies beside the project, `street-NAME.tlp` of `street.tlp`, and begins with
        a version of the branch's name, which is kept here.

        Args:
            name: Of the branch, which a file's name can have.
            start: The version that it begins with; the edit as it is now if not given.
            note: What is to be said of it.

        Returns:
            The project of the branch: `tl.load` opens it.

        Raises:
            ProjectError: There is such a file or version already, or no such start.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.branch("shorter").name
            'street-shorter.tlp'
        """
        project = self._saved_project()
        path = _branch_path(project, name)
        begun = self._session.timeline, self._session.editor_state
        if start is not None:
            found = self._store().read(start)
            begun = found.timeline, found.editor
        self._keep(name, begun, note=note, branch=path.name)
        try:
            document.save(
                begun[0],
                path,
                scope=self._studio.scope,
                known=self._studio.known_projects,
                editor=begun[1],
            )
        except BaseException:
            # It would hold the name, and begin a branch that is not there.
            with suppress(ProjectError):
                self.remove(name)
            raise
        return path

    def merge(self, name: str, *, prefer: Literal["", "ours", "theirs"] = "") -> Merged:
        """Merge what was done in a branch, as it is saved, with this edit.

        `cut.versions.restore(merged)` shows the result; both are edited on as before.

        Args:
            name: Of the branch.
            prefer: The side of all conflicts: `ours` is this edit.

        Raises:
            ProjectError: There is no such branch, or it cannot be read.
            TimelineError: `prefer` is no side.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> other = tl.load(cut.versions.branch("music"))
            >>> other.set("c1", name="bridge")
            >>> path = other.save()
            >>> merged = cut.versions.merge("music")
            >>> merged.is_settled
            True
            >>> cut.versions.restore(merged)
            >>> cut.clips[0].name
            'bridge'
        """
        if prefer not in ("", "ours", "theirs"):
            raise TimelineError(f"prefer={prefer!r}: give 'ours' or 'theirs'")
        store, project = self._store(), self._saved_project()
        version = store.get(name)
        if not version.branch or Path(version.branch).name != version.branch:
            raise ProjectError(f"the version {name!r} begins no branch")
        theirs = document.load(
            project.with_name(version.branch),
            max_bytes=self._studio.settings.project_bytes,
            scope=self._studio.scope,
            known=self._studio.known_projects,
        )
        base, session = store.read(name), self._session
        kept = base.editor, session.editor_state, theirs.editor
        three = base.timeline, session.timeline, theirs.timeline
        return Merged(*three, prefer=prefer, kept=kept, studio=self._studio)

    def remove(self, name: str) -> None:
        """Delete a version; the project of a branch stays.

        Raises:
            ProjectError: There is no such version.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("old", overwrite=True)
            >>> cut.versions.remove("old")
            >>> "old" in cut.versions.names
            False
        """
        self._store().remove(name)

    def _saved_project(self) -> Path:
        project = self._project()
        if project is None:
            name = self._session.timeline.name
            raise ProjectError(
                f"{name!r} has no project file, beside which its versions are kept: "
                f"save it first, as in cut.save('{name or 'film'}.tlp')"
            )
        return project

    def _store(self) -> VersionStore:
        return VersionStore(
            self._saved_project(),
            scope=self._studio.scope,
            known=self._studio.known_projects,
            max_bytes=self._studio.settings.project_bytes,
        )

    def __iter__(self) -> Iterator[EditVersion]:
        return iter(self._store().all() if self._project() is not None else [])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per version: `name`, `saved`, `note`, `duration_s` ...

        `saved` is a time in UTC. More columns are `clips`, and `branch`, the file of
        the project that began there.

        Example:
            >>> path = cut.save("street.tlp", overwrite=True)
            >>> cut.versions.save("final", note="as it was shown", overwrite=True)
            >>> cut.versions.to_dataframe()[["name", "note"]].iloc[-1].tolist()
            ['final', 'as it was shown']
        """
        import pandas as pd

        rows = [[getattr(one, name) for name in _COLUMNS] for one in self]
        table = pd.DataFrame(rows, columns=list(_COLUMNS))
        table["saved"] = pd.to_datetime(
            table["saved"], utc=True, errors="coerce", format="ISO8601"
        )
        return table

    def __repr__(self) -> str:
        names = ", ".join(repr(name) for name in self.names[-8:])
        return f"<Versions: {names or 'none'}>"

    def _repr_html_(self) -> str:
        every = list(self)
        if not every:
            return "<p>no versions yet: cut.versions.save('v1')</p>"
        head = "".join(f"<th>{name}</th>" for name in ("", *_COLUMNS))
        rows = "".join(f"<tr>{_cells(version)}</tr>" for version in reversed(every))
        return (
            f'<table style="color:inherit"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )


def _branch_path(project: Path, name: str) -> Path:
    """Return where the project of a new branch will be.

    Raises:
        ProjectError: No file can have the name, or there is one.
    """
    if not isinstance(name, str):
        raise ProjectError(f"name={name!r}: it is text, such as 'night'")
    file_name = f"{project.stem}-{name}{document.SUFFIX}"
    fault = name_fault(name)
    if not fault and Path(name).name != name:
        fault = "leads to another folder"
    if fault := fault or name_fault(file_name):
        raise ProjectError(f"name={name[:40]!r} {fault}: give one such as 'night'")
    path = project.with_name(file_name)
    # A link to nothing is something, too: the project would be written where it leads.
    if os.path.lexists(path):
        raise ProjectError(f"{path} is there already: choose another name")
    return path


def _cells(version: EditVersion) -> str:
    picture = ""
    if jpeg := version.jpeg:
        data = base64.b64encode(jpeg).decode()
        picture = (
            f'<img alt="{escape(version.name, quote=True)}" width="240" '
            f'src="data:image/jpeg;base64,{data}">'
        )
    time = version.time
    values: list[Any] = [
        version.name,
        time.strftime("%Y-%m-%d %H:%M:%S") if time else "",
        version.note,
        f"{version.duration_s:.2f}",
        version.clips,
        version.branch,
    ]
    cells = "".join(f"<td>{escape(str(value))}</td>" for value in values)
    return f"<td>{picture}</td>{cells}"
