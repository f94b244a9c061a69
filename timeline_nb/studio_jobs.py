"""The jobs of a studio: work that is queued, and renders."""

from collections.abc import Callable
from concurrent.futures import Executor
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from timeline_nb.core.free_memory import return_free_memory
from timeline_nb.core.interrupts import StartedJobs, interrupts_held
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import OverloadError, RenderError
from timeline_nb.studio_parts import StudioParts
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

if TYPE_CHECKING:
    from timeline_nb.render.profile import Profile
    from timeline_nb.render.render import Renderer
    from timeline_nb.render.result import RenderResult, RenderWork

__all__ = ["StudioJobs"]

T = TypeVar("T")


class StudioJobs(StudioParts):
    """Queues work as jobs, which are cancelled when the studio is closed."""

    _jobs: WeakSet[Job[Any]]

    def start(
        self,
        name: str,
        work: Callable[[Reporter], T],
        *,
        priority: int = 0,
        waits: bool = False,
    ) -> Job[T]:
        """Queue `work` as a job; jobs of a higher priority run first.

        One that only `waits` for a person starts at once, whatever else runs.

        Example:
            >>> def count(reporter):
            ...     for number in range(10):
            ...         reporter.report("count", number + 1, 10)
            ...     return number
            >>> studio.start("count", count, priority=1).wait()
            9
        """
        return self.run(Job(name, work), priority=priority, waits=waits)

    def run(self, job: Job[T], *, priority: int = 0, waits: bool = False) -> Job[T]:
        """Queue a job that was not started; jobs of a higher priority run first.

        Example:
            >>> def count(reporter):
            ...     for number in range(10):
            ...         reporter.report("count", number + 1, 10)
            ...     return number
            >>> studio.run(tl.Job("count", count)).wait()
            9
        """
        # Noted before it runs: an interrupt may come at any moment from here on.
        with StartedJobs():
            StartedJobs.note(job)
            with interrupts_held():
                self._jobs.add(job)
                job.finished.connect(lambda _: return_free_memory())
                try:
                    self.queue.put(job, priority=priority, waits=waits)
                except OverloadError:
                    # Who follows it hears that it has ended.
                    job.cancel()
                    raise
            return job

    def render(  # noqa: PLR0913 - what is rendered, where, as what, and when
        self,
        timeline: Timeline,
        path: Path | str,
        profile: "Profile | None" = None,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        renderer: "Renderer | None" = None,
        priority: int = 0,
        overwrite: bool = False,
        wrap: "Callable[[RenderWork], RenderWork] | None" = None,
    ) -> "Job[RenderResult]":
        """Start rendering a timeline to a film.

        Args:
            timeline: The timeline.
            path: The film; its suffix selects the container.
            profile: Encoder settings; the default ones if not given.
            start: Timeline seconds of the film's first frame; the timeline's start if
                not given.
            end: Timeline seconds at which the film ends; the timeline's end if not
                given.
            renderer: The renderer; one that encodes in threads if not given.
            priority: Jobs of a higher priority run first.
            overwrite: Replace a file that was not written here.
            wrap: Returns the render with what else is done with the film: its lock.

        Raises:
            RenderError: The film cannot be written there, another program's file is
                there, a name in the profile is unknown, or the times are no range of
                the timeline. Later errors are raised by the job.

        Example:
            >>> job = studio.render(cut.timeline, "queued.mp4")
            >>> job.wait().frames
            100
        """
        from timeline_nb.render.events import announced_render
        from timeline_nb.render.place import check_free
        from timeline_nb.render.profile import Profile
        from timeline_nb.render.target import check_target

        wanted = profile or Profile()
        target = output_path(path, RenderError, what="the film, such as 'film.mp4'")
        span = check_target(timeline, target, wanted, start=start, end=end)
        check_free(target, span, self.written, overwrite=overwrite)
        chosen = renderer or self.renderer()

        def work(reporter: Reporter) -> "RenderResult":
            return chosen.render(
                timeline,
                target,
                wanted,
                reporter,
                start=start,
                end=end,
                overwrite=overwrite,
            )

        seconds = (duration(timeline) if end is None else end) - (start or 0)
        done = work if wrap is None else wrap(work)
        job = announced_render(self.events, timeline.name, target, seconds, done)
        return self.run(job, priority=priority)

    def renderer(
        self, *, executor: Executor | None = None, workers: int | None = None
    ) -> "Renderer":
        """Return a renderer with this studio's library and segment cache.

        Args:
            executor: Encodes the segments: a process pool that spawns its workers, or a
                cluster's executor whose workers see the same files; threads if not
                given.
            workers: How many segments are encoded at once.

        Raises:
            RenderError: The executor's workers cannot encode: it forks, or its workers
                would run the script again.

        Example:
            >>> one = studio.renderer(workers=1)
            >>> job = studio.render(cut.timeline, "one.mp4", renderer=one)
            >>> job.wait().frames
            100
        """
        from timeline_nb.render.render import Renderer

        return Renderer(
            self.library,
            self.settings.cache_dir,
            store=self.segments,
            executor=executor,
            workers=workers,
            written=self.written,
        )
