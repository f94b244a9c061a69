"""Handle the render button."""

import os
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from timeline_nb.commands.session import EditSession
from timeline_nb.core.jobs import Job, JobStatus
from timeline_nb.core.locks import new_lock
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import RenderError, TimelineError
from timeline_nb.studio import Studio
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import (
    RenderView,
)
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.source import address_for_view

__all__ = ["EditorPart"]


class EditorPart(Part):
    """Runs renders, and sends how far one is.

    The lock guards which render there is: two requests start no two.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media and runs jobs.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
    ) -> None:
        super().__init__(post)
        self._session = session
        self._studio = studio
        self._lock = new_lock("a render button")
        self._is_starting = False
        self._job: Job[Any] | None = None
        self._path = Path()

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of renders."""
        return {
            ask.RenderRequest: self._start,
            ask.CancelRenderRequest: self._cancel,
        }

    def on_view_opened(self, view: str) -> None:
        """Send a new view the render."""
        self._turns.run(("render", view), lambda: self._send_render(view))

    def _start(self, request: ask.RenderRequest) -> None:
        path = output_path(
            _home(request.path.strip()),
            RenderError,
            what="the film, such as 'film.mp4'",
        )
        # A name that a view sends, unlike one in a cell, allows no folder.
        self._studio.scope.check_output(path)
        with self._lock:
            if self._is_starting or (self._job is not None and not self._job.done):
                raise TimelineError("a render is running: wait for it, or cancel it")
            self._is_starting = True
        try:
            job = self._studio.render(self._session.timeline, path)
            with self._lock:
                self._job, self._path = job, path
        finally:
            with self._lock:
                self._is_starting = False
        job.progressed.connect(lambda _: self._show_render())
        job.finished.connect(lambda _: self._show_render())
        self._show_render()

    def _cancel(self, _: ask.CancelRenderRequest) -> None:
        if self._job is not None:
            self._job.cancel()

    def _show_render(self) -> None:
        """Send all views how far the render is now."""
        self._turns.run(("render", ""), lambda: self._send_render(""))

    def _send_render(self, view: str) -> None:
        with self._lock:
            job, path = self._job, self._path
        if job is None:
            answer = RenderView(status="", path="", fraction=0.0, message="")
        elif job.done:
            answer = RenderView(
                status=job.status.value,
                path=str(path),
                fraction=1.0,
                message=_outcome(job),
                file=address_for_view(path, self._studio),
            )
        else:
            now = job.progress
            answer = RenderView(
                status="running",
                path=str(path),
                fraction=(now.fraction if now else None) or 0.0,
                message=now.stage if now else "",
            )
        self._post(replace(answer, view=view))


def _outcome(job: Job[Any]) -> str:
    """Return the error or the warnings of a job that ended."""
    if job.status is JobStatus.CANCELLED:
        return ""
    try:
        result = job.wait(0)
    except Exception as error:  # noqa: BLE001 - the render button shows any error
        return str(error)
    return "; ".join(result.warnings)


def _home(path: str) -> str:
    """Return a path with the folder of a user in place of `~`, where there is one."""
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib drops a slash at the end
