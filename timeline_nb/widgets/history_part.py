"""Send the history and whether the edit is saved; go to steps, and save."""

from pathlib import Path
from typing import Any

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import ProjectError
from timeline_nb.i18n import Message
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.history_answers import HistoryView
from timeline_nb.widgets.history_requests import GoToStepRequest, SaveProjectRequest
from timeline_nb.widgets.step_labels import step_label

__all__ = ["HistoryPart"]


class HistoryPart(Part):
    """Sends an edit's steps whenever they change, and goes to one of them.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        edit: What is saved, if it can be: a `tl.Edit`.
    """

    def __init__(self, post: SendAnswer, session: EditSession, edit: Any) -> None:
        super().__init__(post)
        self._session = session
        self._edit = edit if callable(getattr(edit, "save", None)) else None

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of steps and of saving."""
        return {GoToStepRequest: self._go_to, SaveProjectRequest: self._save}

    def start(self) -> None:
        """Connect to the edit's history."""
        self._session.stepped.connect(self._follow)

    def stop(self) -> None:
        """Disconnect from the edit's history."""
        self._session.stepped.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the history."""
        self._turns.run(("history", view), lambda: self._send(view))

    def _follow(self) -> None:
        self._turns.run(("history", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        shown = self._session.overview
        file: Path | None = getattr(self._edit, "project_path", None)
        self._post(
            HistoryView(
                view=view,
                first=shown.first,
                labels=list(map(step_label, shown.labels)),
                now=shown.now,
                saved=-1 if shown.saved is None else shown.saved,
                is_saved=shown.is_saved and self._session.is_editor_state_saved,
                can_save=self._edit is not None,
                file="" if file is None else file.name,
            )
        )

    def _go_to(self, request: GoToStepRequest) -> None:
        self._session.go_to(request.step)

    def _save(self, request: SaveProjectRequest) -> None:
        if self._edit is None:
            raise ProjectError(
                Message(
                    "this editor shows a session without a file: open it "
                    "with cut.editor"
                )
            )
        path = request.path.strip()
        if path:
            # A name that a view sends, unlike one in a cell, allows no folder.
            self._edit.studio.scope.check_output(Path(path).expanduser())
        self._edit.save(path or None)
