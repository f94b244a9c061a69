"""The renders of an editor: their order, progress and ends."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.jobs import Job, JobStatus
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.studio import Studio
from timeline_nb.widgets.export_answers import RenderRow, RendersView
from timeline_nb.widgets.refusal import Text, said
from timeline_nb.widgets.source import address_for_view

if TYPE_CHECKING:
    from timeline_nb.widgets.export_requests import RenderControl

__all__ = ["RenderList"]

# Of renders that have ended, so many are listed.
_MOST_ENDED: Final = 50


@dataclass(frozen=True)
class _Entry:
    """A render, its number in the list, and its film."""

    number: int
    job: Job[Any]
    path: Path


class RenderList:
    """Lists renders, and pauses, resumes, cancels and reorders them.

    The lock guards the list.

    Args:
        studio: Runs the renders.
        changed: Called when a row has changed, in any thread.
    """

    def __init__(self, studio: Studio, changed: Callable[[], None]) -> None:
        self._studio = studio
        self._changed = changed
        self._lock = new_lock("a list of renders")
        self._entries: dict[int, _Entry] = {}
        self._last_number = 0

    def refuse_same(self, path: Path) -> None:
        """Refuse to write a film that a render of the list is writing.

        Raises:
            RenderError: One does.
        """
        for entry in self._all():
            if entry.path == path and not entry.job.done:
                raise RenderError(
                    Message(
                        "{file} is being rendered: cancel that render first, or give "
                        "the film another name",
                        file=path.name,
                    )
                )

    def add(self, job: Job[Any], path: Path) -> None:
        """Add a render that was started."""
        with self._lock:
            self._last_number += 1
            self._entries[self._last_number] = _Entry(self._last_number, job, path)
            ended = [n for n, entry in self._entries.items() if entry.job.done]
            for number in ended[:-_MOST_ENDED]:
                del self._entries[number]
        for signal in (job.started, job.progressed, job.paused, job.finished):
            signal.connect(lambda _: self._changed())
        self._changed()

    def control(self, number: int, action: "RenderControl") -> None:
        """Do to a render what a person asks for.

        Raises:
            RenderError: There is no such render.
        """
        with self._lock:
            entry = self._entries.get(number)
        if entry is None:
            raise RenderError(Message("this render is not in the list any more"))
        if action in {"sooner", "later"}:
            self._move(entry, -1 if action == "sooner" else 1)
        elif action == "remove":
            if entry.job.done:
                with self._lock:
                    self._entries.pop(number, None)
        else:
            getattr(entry.job, action)()
        self._changed()

    def view(self, view: str) -> RendersView:
        """Return the renders as a view shows them."""
        entries = self._in_order()
        waiting = [entry for entry in entries if _waits(entry)]
        rows = [
            self._row(
                entry,
                can_rise=entry in waiting[1:],
                can_sink=entry in waiting[:-1],
            )
            for entry in entries
        ]
        return RendersView(view=view, renders=rows)

    def _move(self, entry: _Entry, by: int) -> None:
        """Exchange the turns of a render and its neighbor in the queue."""
        waiting = [one for one in self._in_order() if _waits(one)]
        if entry not in waiting:
            return
        place = waiting.index(entry) + by
        if 0 <= place < len(waiting):
            self._studio.queue.swap(entry.job, waiting[place].job)

    def _all(self) -> list[_Entry]:
        with self._lock:
            return list(self._entries.values())

    def _in_order(self) -> list[_Entry]:
        """Return those of the queue in its order, then those that ended, last first."""
        places = {id(job): n for n, job in enumerate(self._studio.queue.jobs)}
        entries = self._all()
        ended = [entry for entry in reversed(entries) if entry.job.done]
        others = [entry for entry in entries if not entry.job.done]
        others.sort(key=lambda entry: places.get(id(entry.job), -1))
        return others + ended

    def _row(self, entry: _Entry, *, can_rise: bool, can_sink: bool) -> RenderRow:
        job, path = entry.job, entry.path
        status, now = job.status, job.progress
        is_done = status is JobStatus.COMPLETED
        messages, size = _outcome(job)
        return RenderRow(
            number=entry.number,
            path=str(path),
            status=status.value,
            fraction=1.0 if is_done else (now.fraction if now else None) or 0.0,
            stage=now.stage if now else "",
            remaining_s=now.remaining_s if now and not job.done else None,
            messages=messages,
            size_bytes=size,
            address=address_for_view(path, self._studio) if is_done else "",
            can_rise=can_rise,
            can_sink=can_sink,
        )


def _waits(entry: _Entry) -> bool:
    return entry.job.status is JobStatus.QUEUED


def _outcome(job: Job[Any]) -> tuple[list[Text], int]:
    """Return the error or the warnings of a render that ended, and its film's size."""
    if not job.done or job.status is JobStatus.CANCELLED:
        return [], 0
    try:
        result = job.wait(0)
    except Exception as error:  # noqa: BLE001 - the list shows any error
        return [said(error)], 0
    warnings = list(map(said, result.warnings))
    with suppress(OSError):
        return warnings, result.path.stat().st_size
    return warnings, result.info.size_bytes
