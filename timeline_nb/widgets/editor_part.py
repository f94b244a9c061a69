"""Handle the requests of the editor's media bin, inspector and render button."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.commands import placing
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_rlock
from timeline_nb.core.progress import Progress
from timeline_nb.errors import MediaError, TimelineError
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.scan import scan
from timeline_nb.media.sequence import is_there, shown_name
from timeline_nb.preview.thumbs import ThumbMaker
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clip_of, media
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import (
    Bin,
    BinItem,
    ClipDetails,
    InspectorView,
    RenderView,
)
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.gestures import exact_time

__all__ = ["EditorPart"]

_MOST_PROBLEMS: Final = 20


class EditorPart(Part):
    """Sends the media bin and the inspector's settings, and runs renders.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media and runs jobs.
        selected: Returns the ids of the selected items.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
        selected: Callable[[], list[str]],
    ) -> None:
        super().__init__(post)
        self._session = session
        self._studio = studio
        self._selected = selected
        self._lock = new_rlock("a media bin")
        self._bin: dict[str, MediaInfo] = {}
        self._problems: list[str] = []
        self._thumbs = ThumbMaker(studio.library, studio.proxies)
        self._work: LatestQueue[str, str] = LatestQueue("timeline_nb bin", self._fill)
        self._job: Job[Any] | None = None
        self._render = RenderView(status="", path="", fraction=0.0, message="")

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of the bin and of renders."""
        return {
            ask.OpenMediaRequest: self._open,
            ask.PlaceMediaRequest: self._place,
            ask.RenderRequest: self._start,
            ask.CancelRenderRequest: self._cancel,
        }

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)

    def stop(self) -> None:
        """Disconnect from the edit's changes; a running render goes on."""
        self._session.changed.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the bin, the selected clips' settings and the render."""
        self._work.put("edit", list(media(self._session.timeline)) or [""])
        self.inspect()
        self._post(replace(self._render, view=view))

    def inspect(self) -> None:
        """Send the settings of the selected clips."""
        self._turns.run(("inspector", ""), self._send_settings)

    def _send_settings(self) -> None:
        timeline = self._session.timeline
        clips = []
        for item in self._selected():
            try:
                clips.append(_details(clip_of(timeline, item)))
            except TimelineError:
                # A subtitle, or removed by an undo: it has no settings.
                continue
        self._post(InspectorView(clips=clips))

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        self.inspect()
        fresh = set(media(self._session.timeline)) - set(self._bin)
        if fresh:
            self._work.put("edit", sorted(fresh))

    def _open(self, request: ask.OpenMediaRequest) -> None:
        path = Path(request.path.strip()).expanduser()
        if not (is_there(path) or path.is_dir()):
            raise MediaError(f"there is no file or folder {path}: check the path")
        self._work.put(f"open {path}", [str(path)])

    def _fill(self, key: str, name: str) -> None:
        """Add a file, or the media of a folder, to the bin; run by the queue."""
        path = Path(name)
        infos, problems = [], []
        if name and path.is_dir():
            report = scan(
                path, library=self._studio.library, workers=2, reporter=Reporter()
            )
            infos = [self._studio.library.probe(info.path) for info in report.media]
            problems = [str(problem) for problem in report.problems]
        elif name:
            try:
                infos = [self._studio.library.probe(path)]
            except MediaError as error:
                problems = [str(error)]
        with self._lock:
            self._bin |= {info.path: info for info in infos}
            if key != "edit":
                self._problems = problems[:_MOST_PROBLEMS]
        self._send_bin()

    def _send_bin(self) -> None:
        items: list[BinItem] = []
        pictures: list[bytes] = []
        with self._lock:
            infos, problems = list(self._bin.values()), list(self._problems)
        for info in infos:
            number = -1
            if info.video:
                try:
                    middle = info.duration / 2
                    pictures.append(self._thumbs.thumb(info.path, middle))
                    number = len(pictures) - 1
                except MediaError:
                    problems.append(f"{info.path}: its frames cannot be decoded")
            name = shown_name(info.path)
            items.append(BinItem(info.path, name, _summary_of(info), number))
        self._post(Bin(items=items, problems=problems), pictures)

    def _place(self, request: ask.PlaceMediaRequest) -> None:
        info = self._studio.library.probe(request.path)
        clip = clip_of_media(info, self._studio.library)
        # A file without pictures cannot go on the video track it was dropped on.
        track = request.track if info.video else None
        if request.mode == "append":
            self._session.perform(placing.Append(clips=(clip,), track=track))
            return
        at = exact_time(self._session.timeline, max(0.0, request.at_s))
        kind = placing.Insert if request.mode == "insert" else placing.Overwrite
        self._session.perform(kind(clips=(clip,), at=at, track=track))

    def _start(self, request: ask.RenderRequest) -> None:
        if self._job is not None and not self._job.done:
            raise TimelineError("a render is running: wait for it, or cancel it")
        path = Path(request.path.strip()).expanduser()
        job = self._studio.render(self._session.timeline, path)
        self._job = job

        def progress(now: Progress) -> None:
            self._send_render("running", path, now.fraction or 0.0, now.stage)

        def finish(status: JobStatus) -> None:
            self._send_render(status.value, path, 1.0, _outcome(job, status))

        job.progressed.connect(progress)
        job.finished.connect(finish)
        self._send_render("running", path, 0.0, "")
        if job.done:
            finish(job.status)

    def _cancel(self, _: ask.CancelRenderRequest) -> None:
        if self._job is not None:
            self._job.cancel()

    def _send_render(
        self, status: str, path: Path, fraction: float, message: str
    ) -> None:
        self._render = RenderView(
            status=status, path=str(path), fraction=fraction, message=message
        )
        self._post(self._render)


def _outcome(job: Job[Any], status: JobStatus) -> str:
    """Return the error or the warnings of a job that ended."""
    if status is JobStatus.CANCELLED:
        return ""
    try:
        result = job.wait(0)
    except Exception as error:  # noqa: BLE001 - the render button shows any error
        return str(error)
    return "; ".join(result.warnings)


def _summary_of(info: MediaInfo) -> str:
    """Return the size, rate and duration of a media file, in one line."""
    parts = []
    if info.video:
        width, height = info.video[0].display_size
        parts.append(f"{width}×{height}")  # noqa: RUF001 - as people write sizes
    if info.kind == "video":
        parts.append(f"{float(info.video[0].rate):.4g} fps")
    if info.kind != "image":
        minutes, seconds = divmod(float(info.duration), 60)
        parts.append(f"{int(minutes)}:{seconds:04.1f}")
    return " · ".join(parts)


def _details(clip: Clip) -> ClipDetails:
    transform = clip.transform
    return ClipDetails(
        id=clip.id,
        name=clip.name,
        has_pictures=clip.media.size is not None,
        x=transform.position[0],
        y=transform.position[1],
        scale=transform.scale,
        rotation_deg=transform.rotation_deg,
        opacity=transform.opacity,
        fit=transform.fit,
        gain_db=clip.gain_db,
        fade_in_s=float(clip.fade_in),
        fade_out_s=float(clip.fade_out),
    )
