"""An edit that pages share, and its file, which other programs may change."""

from contextlib import suppress
from itertools import count
from pathlib import Path

from timeline_nb.commands.comments import AddComment
from timeline_nb.core.turns import Turn
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.notebook.edit import Edit

__all__ = ["SharedEdit"]

# A notebook may save between reading and writing; it does not do so all the time.
_TRIES = 3


class SharedEdit:
    """An edit that pages share.

    Args:
        edit: As it was opened.
        path: The file it was opened from.
    """

    def __init__(self, edit: Edit, path: Path) -> None:
        self.edit = edit
        self._path = path
        self._saved = edit.session.timeline
        # No lock: the edit tells all who show it what came from the file.
        self._turn = Turn("the file of an edit that is served")

    def follow_file(self) -> None:
        """Show what the file has by now, unless something here is not saved."""
        with self._turn:
            session = self.edit.session
            if session.timeline is self._saved and session.is_editor_state_saved:
                # It may be missing for a moment; what is shown stays then.
                with suppress(TimelineNbError):
                    self.edit.reload()
                self._saved = session.timeline

    def add_comment(self, command: AddComment) -> None:
        """Write a comment to the file as it is by now, and show all that it has.

        Raises:
            TimelineNbError: The comment cannot be written; it is not shown either.
        """
        with self._turn:
            for tries_left in reversed(range(_TRIES)):
                self.edit.reload()
                self.edit.perform(command)
                try:
                    self.edit.save_as_read()
                except TimelineNbError:
                    self.edit.session.undo()
                    if not tries_left:
                        raise
                else:
                    self._saved = self.edit.session.timeline
                    return

    def save(self) -> str:
        """Write the edit to its file, or beside it where that would lose other work.

        Returns:
            What to tell the person.

        Raises:
            ProjectError: It cannot be written there either.
        """
        with self._turn:
            timeline = self.edit.session.timeline
            try:
                told = f"{self.edit.save_as_read().name} is saved"
            except ProjectError as error:
                try:
                    self._path = self.edit.save(self._free_path())
                except ProjectError:
                    raise error from None
                # What to do, as the error has it, cannot be done on a page.
                why = str(error).partition(": ")[0]
                told = f"{why}: this edit is saved as {self._path.name}"
            self._saved = timeline
            return told

    @property
    def path(self) -> Path:
        """The file that it is written to."""
        return self._path

    def _free_path(self) -> Path:
        stem = self._path.stem
        paths = (self._path.with_stem(f"{stem} {number}") for number in count(2))
        return next(path for path in paths if not path.exists())
