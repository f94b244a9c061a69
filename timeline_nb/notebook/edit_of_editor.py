"""An edit as its own editor knows it, which does not keep the edit alive."""

from pathlib import Path
from weakref import ref

from timeline_nb.errors import ProjectError
from timeline_nb.i18n import Message
from timeline_nb.notebook.projects import Stored

__all__ = ["EditOfEditor"]


class EditOfEditor:
    """What the editor of an edit's cells takes of it: its session, its file, saving.

    An edit holds its editor. Held by it in turn, an edit that nobody has any more would
    stay, and with it what its project is locked by, until Python looks for circles.

    Args:
        edit: The edit.
    """

    def __init__(self, edit: Stored) -> None:
        self.session, self.studio, self.journal = (
            edit.session,
            edit.studio,
            edit.journal,
        )
        self._edit = ref(edit)

    @property
    def project_path(self) -> Path | None:
        """The project file of the edit, if it has one."""
        edit = self._edit()
        return None if edit is None else edit.project_path

    def save(self, path: str | None = None) -> Path:
        """Save the edit.

        Raises:
            ProjectError: The edit is gone, or cannot be written there.
        """
        edit = self._edit()
        if edit is None:
            raise ProjectError(
                Message(
                    "this editor shows a session without a file: open it "
                    "with cut.editor"
                )
            )
        return edit.save(path)
