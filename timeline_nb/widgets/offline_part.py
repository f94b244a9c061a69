"""List what of an edit is offline, and bring it back from another folder."""

from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from timeline_nb.access.use import use_scope
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.compose.lost_parts import LostPart, lost_parts
from timeline_nb.compose.offline import offline_files, refusal
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_lock
from timeline_nb.core.progress import Progress
from timeline_nb.errors import AccessError, ProjectError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import shown_name
from timeline_nb.project.relink import Relinked, relink
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media
from timeline_nb.widgets import offline_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.file_watch import FileWatch
from timeline_nb.widgets.refusal import Text, said
from timeline_nb.widgets.replaced_files import described, listed, with_clips
from timeline_nb.widgets.request import Request

__all__ = ["OfflinePart"]

_MOST_FILES: Final = 1_000


class OfflinePart(Part):
    """Sends what is offline with the reason, and searches folders for it by a job.

    The lock guards which search there is, and what was sent last.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Says what may be read, and runs searches.
        watch: Sees what goes, comes back or changes.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
        watch: FileWatch,
    ) -> None:
        super().__init__(post)
        self._session = session
        self._studio = studio
        self._watch = watch
        self._lock = new_lock("what is offline")
        self._job: Job[Relinked] | None = None
        self._view = ask.RelinkView(folder="", done=0, total=0, message="")
        self._offline = ask.OfflineView(files=[], replaced=[])
        # Looking at files may take long, as on a network's disk.
        self._looks: LatestQueue[str, str] = LatestQueue(
            "timeline_nb offline", self._look
        )

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of the relink panel."""
        return {
            ask.RelinkRequest: self._relink,
            ask.CancelRelinkRequest: self._cancel,
        }

    def start(self) -> None:
        """Connect to changes of the edit and of its files."""
        self._session.changed.connect(self._follow)
        self._watch.changed.connect(self._follow)

    def stop(self) -> None:
        """Disconnect from the edit and its files, and cancel a search."""
        self._session.changed.disconnect(self._follow)
        self._watch.changed.disconnect(self._follow)
        self._looks.clear()
        self._cancel()

    def on_view_opened(self, view: str) -> None:
        """Send a new view what is offline."""
        self._looks.put(view, [view])
        self._turns.run(("relinking", view), lambda: self._send_search(view))

    def _follow(self, *_: object) -> None:
        self._looks.put("", [""])

    def _look(self, _key: str, view: str) -> None:
        """Find what is offline; tell a new view, or all if it has changed."""
        scope = self._studio.scope
        files: dict[str, ask.OfflineFileView] = {}
        unreadable, timeline = self._watch.unreadable, self._session.timeline
        for one in offline_files(timeline, scope, unreadable):
            known = files.get(one.path)
            if known is not None:
                known.used_by.append(said(one.used_by))
            elif len(files) < _MOST_FILES:
                files[one.path] = ask.OfflineFileView(
                    path=one.path,
                    name=shown_name(one.path),
                    reason=said(one.reason),
                    used_by=[said(one.used_by)],
                    is_refused=bool(refusal(one.path, scope)),
                )
        replaced = self._replaced(timeline, files)
        found = ask.OfflineView(files=list(files.values()), replaced=replaced)
        with self._lock:
            is_known = found == self._offline
            self._offline = found
        # What the look for a new view has found, the others do not know yet.
        if not is_known:
            self._turns.run(("offline", ""), lambda: self._send_offline(""))
        elif view:
            self._turns.run(("offline", view), lambda: self._send_offline(view))

    def _replaced(
        self, timeline: Timeline, files: dict[str, ask.OfflineFileView]
    ) -> list[ask.ReplacedFileView]:
        """Return what was replaced; what lacks something joins what is offline."""
        lost: dict[str, list[LostPart]] = {}
        for part in lost_parts(timeline, self._watch.lacking):
            lost.setdefault(part.path, []).append(part)
        # The watch may not have seen yet that the edit uses a file no more.
        used = media(timeline)
        replaced = {p: one for p, one in self._watch.replaced.items() if p in used}
        views = []
        for path, one in islice(replaced.items(), _MOST_FILES):
            parts, sentence = lost.get(path, []), described(one)
            text = said(with_clips(sentence, parts))
            views.append(ask.ReplacedFileView(path, text, is_lacking=bool(parts)))
            if parts and len(files) < _MOST_FILES:
                files[path] = ask.OfflineFileView(
                    path=path,
                    name=shown_name(path),
                    reason=said(sentence),
                    used_by=[f"{one.clip.label}, {one.track}" for one in parts],
                    is_refused=False,
                )
        for path in islice(self._watch.unreadable, _MOST_FILES):
            if path in files:
                broken = Message(
                    "{file} cannot be read as media", file=shown_name(path)
                )
                views.append(ask.ReplacedFileView(path, said(broken), is_lacking=True))
        return views

    def _send_offline(self, view: str) -> None:
        with self._lock:
            found = self._offline
        self._post(replace(found, view=view))

    def _relink(self, request: ask.RelinkRequest) -> None:
        folder = self._folder(request.folder)
        wanted = set(request.paths)
        timeline, scope = self._session.timeline, self._studio.scope
        hashes = self._studio.hashes
        unreadable = {*self._watch.unreadable, *self._watch.lacking}

        def work(reporter: Reporter) -> Relinked:
            with use_scope(scope):
                return relink(
                    timeline,
                    folder,
                    scope,
                    reporter=reporter,
                    hashes=hashes,
                    unreadable=unreadable,
                )

        with self._lock:
            if self._job is not None:
                raise ProjectError(
                    Message("a search is running: wait for it, or cancel it")
                )
            job = self._job = Job(f"relink {folder.name}", work)
        job.progressed.connect(lambda now: self._show(folder, now))
        job.finished.connect(lambda status: self._end(job, wanted, status))
        self._show(folder, Progress("relink", 0, 0, 0.0))
        self._studio.run(job)

    def _folder(self, text: str) -> Path:
        """Return a folder that may be searched."""
        folder = Path(text.strip() or ".")
        if not self._studio.scope.contains(folder):
            raise AccessError(self._studio.scope.reason(folder))
        if not folder.is_dir():
            raise ProjectError(
                Message("{path} is no folder: choose one", path=repr(text)[:200])
            )
        return folder

    def _cancel(self, _: ask.CancelRelinkRequest | None = None) -> None:
        with self._lock:
            job = self._job
        if job is not None:
            job.cancel()

    def _end(
        self, job: Job[Relinked], wanted: Collection[str], status: JobStatus
    ) -> None:
        message = said("")
        try:
            if status is not JobStatus.CANCELLED:
                message = self._apply(job.wait(0), wanted)
        except TimelineNbError as error:
            message = said(error)
        finally:
            # From here on the next search may begin; its state is sent then.
            with self._lock:
                self._view = ask.RelinkView(folder="", done=0, total=0, message=message)
                self._job = None
            self._turns.run(("relinking", ""), lambda: self._send_search(""))

    def _apply(self, result: Relinked, wanted: Collection[str]) -> Text:
        """Take what was found into the edit as one step; return what was not."""
        scope = self._studio.scope
        # A link may lead the search out of what may be read.
        found = {
            old: new
            for old, new in result.found.items()
            if (not wanted or old in wanted) and not refusal(new, scope)
        }
        if found:
            self._session.apply(
                Message("relink"),
                lambda timeline: with_paths(
                    timeline, lambda path: found.get(path, path)
                ),
            )
        missing = [
            shown_name(one.path)
            for one in result.missing
            if not wanted or one.path in wanted
        ]
        doubtful = [
            shown_name(path) for path in result.doubtful if not wanted or path in wanted
        ]
        if doubtful:
            return said(
                Message(
                    "{files}: only files of other content have the name",
                    files=listed(doubtful),
                )
            )
        if missing:
            return said(
                Message(
                    "{files}: not found there; search another folder",
                    files=listed(missing),
                )
            )
        return ""

    def _show(self, folder: Path, now: Progress) -> None:
        self._view = ask.RelinkView(
            folder=str(folder), done=now.done, total=now.total or 0, message=""
        )
        self._turns.run(("relinking", ""), lambda: self._send_search(""))

    def _send_search(self, view: str) -> None:
        self._post(replace(self._view, view=view))
