"""Open, save and relink edits, under the scope of their studio."""

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.collaboration.place import ProjectPlace
from timeline_nb.commands.events import ProjectEvents
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.missing_effects import MissingEffect, missing_effects
from timeline_nb.compose.offline import OfflineFile, offline_files, refusal
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.errors import AccessError, ProjectError
from timeline_nb.i18n import Message
from timeline_nb.notebook.autosaved import Autosaved
from timeline_nb.notebook.naming import allow_folder
from timeline_nb.project import document
from timeline_nb.project.document import Project
from timeline_nb.project.relink import Relinked, relink
from timeline_nb.studio import Studio
from timeline_nb.timeline.merging.kept_fields import joined_fields
from timeline_nb.timeline.merging.questions import Conflict
from timeline_nb.timeline.model import Timeline

__all__ = [
    "Stored",
    "allow_folder_of",
    "open_project",
    "warn_of_missing",
    "warn_of_refused",
]

# Of several who save a shared edit at once.
_MOST_SAVES: Final = 5


def open_project(path: Path | str, studio: Studio) -> Project:
    """Read a project that a person named, and allow its folder.

    What it names elsewhere is offline, unless it was saved on this machine; a warning
    says so.

    Raises:
        ProjectError: The file is missing, broken, too large, or too new.
    """
    allow_folder_of(path, studio)
    scope = studio.scope
    project = document.load(
        path,
        max_bytes=studio.settings.project_bytes,
        scope=scope,
        known=studio.known_projects,
    )
    warn_of_refused(project.path, project.offline, scope)
    warn_of_missing(project.path, project.timeline)
    return project


def warn_of_refused(path: Path, offline: Iterable[OfflineFile], scope: Scope) -> None:
    """Warn of the files of an edit that nobody allowed it to read."""
    refused = [one for one in offline if refusal(one.path, scope)]
    if refused:
        count = len({one.path for one in refused})
        warn_user(
            f"{path} names {count} file{'s' * (count != 1)} that nobody "
            f"allowed it to read, such as: {refused[0]} (cut.offline lists all)"
        )


def warn_of_missing(path: Path, timeline: Timeline) -> None:
    """Warn of effects whose plugins are not installed."""
    if missing := missing_effects(timeline):
        more = f" ({len(missing)} effects in all)" if len(missing) > 1 else ""
        warn_user(f"{path}: {missing[0]}{more}; cut.missing_effects lists them")


def allow_folder_of(path: Path | str, studio: Studio) -> None:
    """Allow the folder of a project that a person named.

    Not a home with all that is in it, nor a folder that programs share.
    """
    with suppress(AccessError, OSError, RuntimeError, TypeError, ValueError):
        folder = Path(path).resolve().parent
        home, shared = Path.home().resolve(), Path(tempfile.gettempdir()).resolve()
        if folder != shared and folder not in (home, *home.parents):
            allow_folder(studio, folder)


class Stored(Autosaved):
    """The part of an edit that has to do with files: saving, relinking, offline."""

    session: EditSession
    studio: Studio
    _place: ProjectPlace
    _events: ProjectEvents

    def _store(self, studio: Studio, project: Project | None) -> None:
        """Note the file that the edit was read from, if any, and post its events."""
        self.studio, self._place = studio, ProjectPlace()
        self._events = ProjectEvents(studio.events, self.session)
        if project is None:
            self._events.created(self.session.timeline)
        else:
            self._place = ProjectPlace(project.path, project.digest)
            missing = len({one.path for one in project.offline})
            self._events.opened(project.timeline, project.path, missing)
            self.session.keep(lambda _: project.editor, is_saved=True)
            self.session.mark_saved(project.timeline)
        self._autosave = studio.autosaves.begin(self.session, self._place, project)

    @property
    def project_path(self) -> Path | None:
        """The project file that the edit was loaded from or saved to last, if any.

        Example:
            >>> cut.project_path
            >>> cut.save("cut.tlp", overwrite=True)
            PosixPath('cut.tlp')
            >>> cut.project_path.name
            'cut.tlp'
        """
        return self._place.path

    def save(self, path: Path | str | None = None, *, overwrite: bool = False) -> Path:
        """Write the edit to a project file, atomically.

        Steps that `recovery` offers are still offered after it, and a warning says so.

        Args:
            path: A `.tlp` file; the one loaded or saved last if not given.
            overwrite: Replace the file even if it holds another project, was not saved
                on this machine, another program changed it since, or it is edited
                elsewhere now.

        Raises:
            ProjectError: It holds another project, was not saved here, was changed
                since, is edited elsewhere, is locked or not writable, or no path is
                known.

        Example:
            >>> cut.save("cut.tlp", overwrite=True)
            PosixPath('cut.tlp')
        """
        target = self._target(path)
        if not overwrite:
            self._autosave.refuse_other(target)
        for _ in range(_MOST_SAVES):
            before = self._place.digest
            try:
                return self._write(target, overwrite=overwrite)
            except ProjectError:
                # Who shares the edit may have saved at the same moment.
                if overwrite or not self._autosave.hears_of_save(target, before):
                    raise
        return self._write(target, overwrite=overwrite)

    def save_as_read(self) -> Path:
        """Write the edit to its file if that is as it was read, whoever has it open.

        For pages that add comments to what others edit.

        Raises:
            ProjectError: As of `save`.

        :meta private:
        """
        return self._write(self._target(None), overwrite=False)

    def _target(self, path: Path | str | None) -> Path:
        named = path or self._place.path
        if named is None:
            name = self.session.timeline.name
            raise ProjectError(f"{name!r} was never saved: give save() a path")
        return document.project_path(named)

    def _write(self, target: Path, *, overwrite: bool) -> Path:
        self._join_shared(target)
        timeline, editor = self.session.timeline, self.session.editor_state
        try:
            digest = document.save(
                timeline,
                target,
                expect=self._place.digest if target == self._place.path else None,
                overwrite=overwrite,
                scope=self.studio.scope,
                known=self.studio.known_projects,
                announce=self._autosave.saving,
                editor=editor,
            )
        except BaseException:
            self._autosave.not_saved()
            raise
        self._place.path, self._place.digest = target, digest
        self._autosave.saved(timeline, editor)
        self._events.saved(timeline, target)
        self.session.mark_saved(timeline, editor)
        self._autosave.warn_of_offer()
        return target

    def reload(self) -> None:
        """Show what the project's file has by now, as one step that can be undone.

        Such as comments that others saved to it meanwhile. What was not saved is not
        shown any more, until the step is undone. In an edit that is shared, what the
        file has joins what was not saved, and stays for all. So do guides and bins in
        any edit, as no step brings them back: a warning says so.

        Raises:
            ProjectError: The edit has no file, or it is missing, broken, or too new.

        Example:
            >>> path = cut.save("cut.tlp", overwrite=True)
            >>> cut.delete("c1")
            >>> cut.reload()
            >>> len(cut.clips)
            2
        """
        if self._place.path is None:
            name = self.session.timeline.name
            raise ProjectError(f"{name!r} has no file: it was never saved nor opened")
        project = open_project(self._place.path, self.studio)
        new = project.timeline
        self._join_kept(project.editor, project.path)
        if self._autosave.reload_shared(new, project.digest):
            return
        self.session.apply(Message("reload"), lambda old: old if old == new else new)
        self._place.digest = project.digest
        self._autosave.saved(self.session.timeline, project.editor)
        self.session.mark_saved(self.session.timeline)

    def _join_kept(self, theirs: Mapping[str, Any], path: Path) -> None:
        """Join the guides and bins of the file with those that were not saved here."""
        is_saved = self.session.is_editor_state_saved
        found = self._joined(theirs)
        if not is_saved and not self.session.is_editor_state_saved:
            own = f": {'; '.join(map(str, found))}" if found else ""
            warn_user(
                f"guides and bins that were not saved are kept, beside those of "
                f"{path.name}{own}; save() writes them"
            )

    def _join_shared(self, target: Path) -> None:
        """Join the guides and bins that others have saved who share the edit."""
        if self._autosave.sharing is None or target != self._place.path:
            return
        theirs = self.session.saved_editor_state
        # What keeps the file from being read keeps it from being written, too.
        with suppress(ProjectError), use_scope(self.studio.scope):
            most = self.studio.settings.project_bytes
            theirs = document.editor_in(target, max_bytes=most)
        if found := self._joined(theirs):
            warn_user(
                f"{target.name}: of what others have saved, this is as it is here: "
                f"{'; '.join(map(str, found))}"
            )

    def _joined(self, theirs: Mapping[str, Any]) -> list[Conflict]:
        """Join what a file keeps for the editor; return what both have changed."""
        found: list[Conflict] = []

        def join(*three: Mapping[str, Any]) -> Mapping[str, Any]:
            made, found[:] = joined_fields(*three)
            return made

        self.session.join_kept(theirs, join)
        return found

    def relink(self, folder: Path | str) -> Relinked:
        """Search a folder and its subfolders for media that are offline.

        The folder is allowed from then on.

        Returns:
            The files found, the media still missing, and files with other content.

        Raises:
            ProjectError: `folder` is not a folder.

        Example:
            >>> found = cut.relink(".")  # this folder and those below it
            >>> found.missing
            ()
        """
        if not isinstance(folder, (str, Path)):
            raise ProjectError(
                f"folder={folder!r} is {kind_of(folder)}: give the path of a "
                "folder with the media"
            )
        place = allow_folder(self.studio, folder)
        with use_scope(self.studio.scope):
            found = relink(
                self.session.timeline,
                place,
                self.studio.scope,
                hashes=self.studio.hashes,
            )
        self.session.apply(Message("relink"), lambda _: found.timeline)
        return found

    @property
    def offline(self) -> list[OfflineFile]:
        """The files that are missing or not allowed, with what brings them back.

        The edit opens and plays without them; frames that show them are refused.
        `tl.allow(...)` brings back what is not allowed, `relink` what was moved.

        Example:
            >>> cut.offline
            []
        """
        return offline_files(self.session.timeline, self.studio.scope)

    @property
    def missing_effects(self) -> list[MissingEffect]:
        """The effects whose plugins are not installed, with how to install them.

        They stay in the edit, and are saved with it. Previews show pictures without
        them; renders are refused.

        Example:
            >>> cut.missing_effects
            []
        """
        return missing_effects(self.session.timeline)
