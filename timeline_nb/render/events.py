"""The events of a render: that it began, how far it is, and how it ended."""

import secrets
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path

from timeline_nb.core.event_types import (
    RenderCompleted,
    RenderFailed,
    RenderProgress,
    RenderStarted,
)
from timeline_nb.core.events import Events
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.render.result import RenderResult

__all__ = ["announced_render"]


def announced_render(
    events: Events,
    name: str,
    path: Path,
    duration: Fraction,
    work: Callable[[Reporter], RenderResult],
) -> Job[RenderResult]:
    """Return the job of a render, whose steps are posted as events.

    Args:
        events: Where they are posted.
        name: Of the edit.
        path: The film.
        duration: Of the film, seconds.
        work: Renders it.
    """
    said = _Announcer(events, name, path, duration)

    def announced(reporter: Reporter) -> RenderResult:
        said.begin()
        try:
            said.result = work(reporter)
        except Exception as error:
            said.error = (type(error).__name__, str(error))
            raise
        return said.result

    job = Job(f"render {path.name}", announced)
    # A signal would not keep a method's object alive.
    job.progressed.connect(partial(said.go_on))
    job.finished.connect(partial(said.end))
    return job


class _Announcer:
    """Posts the events of one render."""

    def __init__(
        self, events: Events, name: str, path: Path, duration: Fraction
    ) -> None:
        self._events, self._name, self._path = events, name, path
        self._duration_s = float(duration)
        self._render = secrets.token_hex(8)
        self.result: RenderResult | None = None
        # The type and the text of an error.
        self.error = ("cancelled", "")

    def begin(self) -> None:
        self._events.post(
            "render_started",
            lambda: RenderStarted(
                render=self._render,
                name=self._name,
                file=self._path.name,
                path=str(self._path),
                duration_s=self._duration_s,
            ),
            subject=self._render,
        )

    def go_on(self, progress: Progress) -> None:
        self._events.post(
            "render_progress",
            lambda: RenderProgress(
                render=self._render,
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                unit=progress.unit,
            ),
            subject=self._render,
        )

    def end(self, status: JobStatus) -> None:
        result = self.result
        if status is JobStatus.COMPLETED and result is not None:
            self._events.post(
                "render_completed",
                lambda: RenderCompleted(
                    render=self._render,
                    file=result.path.name,
                    path=str(result.path),
                    frames=result.frames,
                    size_bytes=result.info.size_bytes,
                ),
                subject=self._render,
            )
            return
        is_cancelled = status is JobStatus.CANCELLED
        reason, message = ("cancelled", "") if is_cancelled else self.error
        self._events.post(
            "render_failed",
            lambda: RenderFailed(
                render=self._render,
                file=self._path.name,
                reason=reason,
                message=message,
            ),
            subject=self._render,
        )
