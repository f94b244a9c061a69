"""Send small pictures of what kinds do, LUT files, and pictures to compare with."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from timeline_nb.access.use import use_scope
from timeline_nb.commands.session import EditSession
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import JobCancelledError, TimelineError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.media.convert import rgb_picture
from timeline_nb.preview.jpeg import JpegEncoder
from timeline_nb.preview.samples import SampleMaker
from timeline_nb.studio import Studio
from timeline_nb.timeline.edits import change_effect
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration, effects_of
from timeline_nb.widgets import effect_requests as ask
from timeline_nb.widgets.channel import Handler, Part, Reply, SendAnswer
from timeline_nb.widgets.effect_answers import (
    ComparePicture,
    LutsView,
    LutView,
    Sample,
)
from timeline_nb.widgets.refusal import said
from timeline_nb.widgets.request import Request

__all__ = ["SamplesPart"]

_MOST_LUTS: Final = 2_000
_MOST_DEPTH: Final = 6
_MOST_FOLDERS: Final = 20_000


class SamplesPart(Part):
    """Sends samples of effects in sight, the LUT files that are found, and compares.

    The lock guards the search for LUT files: there is one at a time.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Composes frames, runs the search, and says what may be read.
    """

    def __init__(self, post: SendAnswer, session: EditSession, studio: Studio) -> None:
        super().__init__(post)
        self._session, self._studio = session, studio
        self._maker = SampleMaker(lambda: studio.frame_composer)
        self._work: LatestQueue[str, tuple[str, str, float]] = LatestQueue(
            "timeline_nb samples", self._draw
        )
        self._lock = new_lock("a search for LUT files")
        self._search: Job[list[LutView]] | None = None

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of samples, LUT files and comparisons."""
        return {
            ask.SamplesRequest: self._ask,
            ask.ListLutsRequest: self._list_luts,
            ask.CompareRequest: self._compare,
        }

    def stop(self) -> None:
        """Draw nothing more, and end the search."""
        self._work.clear()
        with self._lock:
            job = self._search
        if job is not None:
            job.cancel()

    def on_view_closed(self, view: str) -> None:
        """Drop what was to be drawn for a view."""
        self._work.drop(lambda key: key == view)

    def _ask(self, request: ask.SamplesRequest) -> None:
        wanted = [(name, request.item, request.at_s) for name in request.kinds]
        self._work.put(request.view, wanted)

    def _draw(self, view: str, wanted: tuple[str, str, float]) -> None:
        name, item, at_s = wanted
        at = Fraction(at_s).limit_denominator(10_000)
        try:
            with use_scope(self._studio.scope):
                jpeg = self._maker.sample(self._session.timeline, name, item, at)
        except TimelineNbError:
            # Media that is offline, or a kind that needs a file: its name stays alone.
            return
        self._post(Sample(view=view, kind_name=name, item=item, at_s=at_s), [jpeg])

    def _list_luts(self, _: ask.ListLutsRequest) -> None:
        def work(reporter: Reporter) -> list[LutView]:
            found = []
            for path in _luts_below(self._studio.scope.roots, reporter):
                found.append(LutView(str(path), path.stem))
                if len(found) >= _MOST_LUTS:
                    break
            return sorted(found, key=lambda lut: (lut.name.casefold(), lut.path))

        with self._lock:
            if self._search is not None and not self._search.done:
                return
            job = self._search = Job("look for LUT files", work)
        job.finished.connect(lambda _: self._send_luts(job))
        self._studio.run(job)

    def _send_luts(self, job: Job[list[LutView]]) -> None:
        try:
            answer = LutsView(luts=job.wait(0), is_done=True)
        except JobCancelledError:
            return
        except TimelineNbError as error:
            answer = LutsView(luts=[], is_done=True, problem=said(error))
        self._post(answer)

    def _compare(self, request: ask.CompareRequest) -> Reply:
        timeline = self._session.timeline
        if not duration(timeline):
            raise TimelineError(
                Message("the edit is empty: add clips to compare pictures")
            )
        width, height = timeline.size
        wide = max(16, min(width, request.width_px or width) // 2 * 2)
        size = (wide, max(2, round(wide * height / width / 2) * 2))
        last = duration(timeline) - 1 / timeline.rate
        at = min(max(Fraction(0), Fraction(request.at_s)), last)
        without = _without(timeline, request.owner, request.number)
        rgb = self._studio.frame_composer.frame(without, at, size=size)
        jpeg = JpegEncoder(size).encode(rgb_picture(rgb))
        return Reply(ComparePicture(at_s=request.at_s), [jpeg])


def _without(timeline: Timeline, owner: str, number: int | None) -> Timeline:
    """Return the timeline with an owner's effects off, or one of them."""
    for own in range(len(effects_of(timeline, owner))):
        if number in {None, own}:
            timeline = change_effect(
                replace(
                    timeline,
                    tracks=tuple(replace(t, locked=False) for t in timeline.tracks),
                ),
                owner,
                own,
                enabled=False,
            )
    return timeline


def _luts_below(roots: tuple[Path, ...], reporter: Reporter) -> Iterator[Path]:
    """Yield the LUT files in folders and those below; hidden ones are left out."""
    looked = 0
    for root in dict.fromkeys(roots):
        for folder, folders, names in os.walk(root):
            reporter.check()
            looked += 1
            depth = len(Path(folder).relative_to(root).parts)
            folders[:] = (
                sorted(own for own in folders if not own.startswith("."))
                if depth < _MOST_DEPTH and looked < _MOST_FOLDERS
                else []
            )
            for name in sorted(names):
                if name.lower().endswith(".cube") and not name.startswith("."):
                    yield Path(folder, name)
