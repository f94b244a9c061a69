"""Handle the export dialog: what can be exported, estimates, and starting renders."""

import os
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, Final

from timeline_nb.commands.session import EditSession
from timeline_nb.compose.hindrances import hindrances
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.locks import new_lock
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import JobCancelledError, RenderError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import shown_name
from timeline_nb.studio import Studio
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration, media
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.export_answers import (
    ExportChoices,
    ExportEstimate,
    ExportHindrance,
    RenderReply,
)
from timeline_nb.widgets.export_choices import export_folders, export_profiles
from timeline_nb.widgets.export_requests import (
    AskExportRequest,
    CancelEstimateRequest,
    ControlRenderRequest,
    EstimateRequest,
    RenderRequest,
)
from timeline_nb.widgets.file_watch import FileWatch, Replaced
from timeline_nb.widgets.gestures import exact_time
from timeline_nb.widgets.home_folder import home_folder
from timeline_nb.widgets.refusal import Text, said
from timeline_nb.widgets.render_list import RenderList
from timeline_nb.widgets.replaced_files import described
from timeline_nb.widgets.request import Request

__all__ = ["ExportPart"]

# Of what keeps a film from being made, so much is named.
_MOST_HINDRANCES: Final = 50


class ExportPart(Part):
    """Tells what can be exported, estimates renders, starts them, and lists them.

    Renders go on when the last view closes; estimates end. The lock guards the
    estimates, one a view.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Runs renders and estimates, and says where files may be written.
        edit: The edit, whose file's folder, or the notebook's, is the first choice.
        watch: Sees which files are no media, or lack something; nobody does if None.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        studio: Studio,
        edit: Any,
        *,
        watch: FileWatch | None = None,
    ) -> None:
        super().__init__(post)
        self._session = session
        self._studio = studio
        self._edit = edit
        self._watch = watch
        self._lock = new_lock("estimates of renders")
        self._estimates: dict[str, Job[None]] = {}
        self._renders = RenderList(studio, self._show_renders)

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of the dialog and of the list."""
        return {
            AskExportRequest: self._ask,
            EstimateRequest: self._estimate,
            CancelEstimateRequest: self._cancel_estimate,
            RenderRequest: self._render,
            ControlRenderRequest: self._control,
        }

    def on_view_opened(self, view: str) -> None:
        """Send a new view the renders."""
        self._turns.run(("renders", view), lambda: self._send_renders(view))

    def on_view_closed(self, view: str) -> None:
        """End the view's estimate."""
        self._end_estimate(view)

    def _ask(self, _: AskExportRequest) -> ExportChoices:
        timeline = self._session.timeline
        file: Path | None = getattr(self._edit, "project_path", None)
        folders = export_folders(self._studio.scope)
        own = file.resolve().parent if file else home_folder(None, self._studio.scope)
        width, height = timeline.size
        return ExportChoices(
            profiles=export_profiles(),
            folders=folders,
            folder=str(own) if str(own) in folders else next(iter(folders), ""),
            name=_film_name(timeline),
            width=width,
            height=height,
            duration_s=float(duration(timeline)),
        )

    def _render(self, request: RenderRequest) -> RenderReply:
        from timeline_nb.render.place import check_free
        from timeline_nb.render.platforms import profile
        from timeline_nb.render.profile import Profile
        from timeline_nb.render.target import check_target

        path = self._path_of(request.path)
        chosen = profile(request.profile) if request.profile else Profile()
        start, end = self._span_of(request)
        timeline = self._session.timeline
        for one in self._hindrances(request):
            raise RenderError(_hindrance_text(one))
        if not request.overwrite:
            span = check_target(timeline, path, chosen, start=start, end=end)
            try:
                check_free(path, span, self._studio.written, overwrite=False)
            except RenderError:
                return RenderReply(taken=str(path))
        self._renders.refuse_same(path)
        job = self._studio.render(
            timeline,
            path,
            chosen,
            start=start,
            end=end,
            overwrite=request.overwrite,
        )
        self._renders.add(job, path)
        return RenderReply()

    def _control(self, request: ControlRenderRequest) -> None:
        self._renders.control(request.render, request.action)

    def _estimate(self, request: EstimateRequest) -> None:
        view, number = request.view, request.number

        def work(reporter: Reporter) -> None:
            try:
                self._run_estimate(request, reporter)
            except JobCancelledError:
                raise
            except TimelineNbError as error:
                self._post(
                    ExportEstimate(
                        view=view,
                        number=number,
                        is_done=True,
                        problem=said(error),
                        size_bytes=None,
                        time_s=None,
                    )
                )

        job = Job("estimate a render", work)
        with self._lock:
            earlier = self._estimates.get(view)
            self._estimates[view] = job
        if earlier is not None:
            earlier.cancel()
        # A person looks at the dialog: it does not wait behind long renders.
        self._studio.run(job, waits=True)

    def _run_estimate(self, request: EstimateRequest, reporter: Reporter) -> None:
        from timeline_nb.render.estimate import RenderEstimate, RenderEstimator
        from timeline_nb.render.platforms import profile
        from timeline_nb.render.profile import Profile
        from timeline_nb.render.target import check_target

        def send(found: RenderEstimate, *, is_done: bool = False) -> None:
            reporter.check()
            self._post(
                ExportEstimate(
                    view=request.view,
                    number=request.number,
                    is_done=is_done,
                    duration_s=found.duration_s,
                    copied_s=found.copied_s,
                    cached_s=found.cached_s,
                    encoded_s=found.encoded_s,
                    size_bytes=found.size_bytes,
                    time_s=found.time_s,
                )
            )

        path = self._path_of(request.path)
        chosen = profile(request.profile) if request.profile else Profile()
        start, end = self._span_of(request)
        timeline = self._session.timeline
        if found := self._hindrances(request):
            self._post(
                ExportEstimate(
                    view=request.view,
                    number=request.number,
                    is_done=True,
                    problem=said(_hindrance_text(found[0])),
                    hindrances=tuple(found),
                    size_bytes=None,
                    time_s=None,
                )
            )
            return
        check_target(timeline, path, chosen, start=start, end=end)
        studio = self._studio
        estimator = RenderEstimator(studio.renderer(), studio.library, studio.segments)
        estimated = estimator.estimate(
            timeline, path, chosen, reporter, start=start, end=end, on_plan=send
        )
        send(estimated, is_done=True)

    def _hindrances(
        self, request: RenderRequest | EstimateRequest
    ) -> list[ExportHindrance]:
        """Return the first things that the film needs and that are not there."""
        timeline, watch = self._session.timeline, self._watch
        start, end = self._span_of(request)
        found = hindrances(
            timeline,
            Fraction(0) if start is None else start,
            duration(timeline) if end is None else end,
            self._studio.scope,
            unreadable={} if watch is None else watch.unreadable,
            replaced={} if watch is None else watch.lacking,
        )
        replaced = {} if watch is None else watch.replaced
        return [
            ExportHindrance(
                name=shown_name(one.path) if one.path else one.effect,
                is_file=bool(one.path),
                track=one.track,
                at="" if one.at is None else format_timecode(one.at, timeline.rate),
                lack=_lack(replaced.get(one.path)) if one.is_lacking else "",
            )
            for one in islice(found, _MOST_HINDRANCES)
        ]

    def _cancel_estimate(self, request: CancelEstimateRequest) -> None:
        self._end_estimate(request.view)

    def _end_estimate(self, view: str) -> None:
        with self._lock:
            job = self._estimates.pop(view, None)
        if job is not None:
            job.cancel()

    def _path_of(self, text: str) -> Path:
        path = output_path(
            _home(text.strip()), RenderError, what="the film, such as 'film.mp4'"
        )
        # A name that a view sends, unlike one in a cell, allows no folder.
        self._studio.scope.check_output(path)
        return path

    def _span_of(
        self, request: RenderRequest | EstimateRequest
    ) -> tuple[Fraction | None, Fraction | None]:
        timeline = self._session.timeline
        length = duration(timeline)
        start, end = (
            None if time is None else exact_time(timeline, time)
            for time in (request.start_s, request.end_s)
        )
        # A range that reaches the end has all that is left.
        return start, None if end is not None and end >= length else end

    def _show_renders(self) -> None:
        self._turns.run(("renders", ""), lambda: self._send_renders(""))

    def _send_renders(self, view: str) -> None:
        self._post(self._renders.view(view))


def _lack(one: Replaced | None) -> Text:
    """Return what became of a file that lacks something; it may be mended by now."""
    return "" if one is None else said(described(one))


def _hindrance_text(one: ExportHindrance) -> Message:
    if one.lack:
        return Message(
            "{file} does not hold all that is shown: {track} at {at}",
            file=one.name,
            track=one.track,
            at=one.at,
        )
    if not one.is_file:
        return Message("the plugin of {effect} is not installed", effect=one.name)
    if not one.at:
        return Message("{file} is offline", file=one.name)
    return Message(
        "{file} is offline: {track} at {at}", file=one.name, track=one.track, at=one.at
    )


def _home(path: str) -> str:
    """Return a path with the folder of a user in place of `~`, where there is one."""
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib drops a slash at the end


def _film_name(timeline: Timeline) -> str:
    """Return the name of an edit as that of a file that none of its sources has.

    It has no suffix.
    """
    name = timeline.name
    plain = "".join("-" if letter in '/\\:*?"<>|%\0' else letter for letter in name)
    plain = plain.strip(" .")[:80] or "film"
    sources = {Path(path).stem.casefold() for path in media(timeline)}
    return f"{plain}-film" if plain.casefold() in sources else plain
