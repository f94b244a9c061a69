"""What comes out of an edit: a frame, a plan, a film, how loud it is."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.still import compose_frame
from timeline_nb.core.jobs import Job
from timeline_nb.notebook.generators import GeneratorVerbs
from timeline_nb.notebook.progress import finish, watch
from timeline_nb.render.platforms import profile as named_profile
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import RenderResult
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, TimeRange
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.effects.sound.loudness import Loudness
    from timeline_nb.segments.plan import Plan

__all__ = ["OutputVerbs"]


class OutputVerbs(GeneratorVerbs):
    """An edit that can be looked at, listened to and rendered.

    Args:
        timeline: What is edited.
        studio: Whose caches and threads are used.
    """

    def __init__(self, timeline: Timeline, studio: Studio) -> None:
        super().__init__(timeline)
        self.studio = studio

    def frame(
        self, at: TimeLike = 0, *, size: tuple[int, int] | None = None
    ) -> NDArray[np.uint8]:
        """The composed frame shown at a time: `(H, W, 3) uint8 RGB`."""
        return compose_frame(
            self.timeline,
            self._time(at),
            self.studio.library,
            size=size or self.timeline.size,
        )

    def plan(
        self, path: Path | str = "film.mp4", *, profile: Profile | str | None = None
    ) -> "Plan":
        """How a render would come about: what is copied, known, or encoded, and why.

        A value that shows itself as a strip and a table; nothing is encoded.

        Args:
            path: The film's name, whose suffix tells the container.
            profile: As for `render`.
        """
        renderer = self.studio.renderer()
        return renderer.plan(self.timeline, Path(path), _profile(profile))

    def render(
        self,
        path: Path | str,
        *,
        profile: Profile | str | None = None,
        executor: Executor | None = None,
        workers: int | None = None,
        priority: int = 0,
    ) -> Job[RenderResult]:
        """Begin to render to a file, and show the progress beside the cell.

        What was rendered before is reused, segment by segment: `plan` tells.

        Args:
            path: Where the film goes; it appears there whole, or not at all. The
                suffix tells the container, and sound alone: `.mp4`, `.mov`, `.mkv`,
                `.webm`, `.gif`, `.wav` ...; `frames/%05d.png` is a picture a frame.
            profile: Encoder settings, or the name of some: `"youtube-1080p"`.
            executor: Where segments are encoded: a pool of processes, or
                `Client.get_executor()` of a Dask cluster that sees the same files.
            workers: How many are encoded at once.
            priority: Jobs of a higher one come first.

        Returns:
            A job: `await` it, `wait()` for it, `pause()`, `resume()` or `cancel()` it.
        """
        renderer = self.studio.renderer(executor=executor, workers=workers)
        job = self.studio.render(
            self.timeline,
            Path(path),
            _profile(profile),
            renderer=renderer,
            priority=priority,
        )
        return watch(job)

    def loudness(self) -> "Loudness":
        """How loud the whole mix is (EBU R 128), measured with a progress bar.

        Raises:
            CompositionError: Nothing in the edit sounds.
        """
        from timeline_nb.notebook.sounds import start_loudness

        return finish(watch(start_loudness(self.timeline, self.studio)))

    def normalize(self, lufs: float = -14.0, *, peak_db: float = -1.0) -> "Loudness":
        """Bring the mix to a loudness; one step of the history.

        A gain and, where peaks would be too high, a limiter become the last effects
        of the timeline.

        Args:
            lufs: Integrated loudness: -23 for broadcast (EBU R 128), -14 for the web.
            peak_db: What no peak may reach.

        Returns:
            How loud it was before.

        Raises:
            CompositionError: Nothing in the edit sounds.
        """
        from timeline_nb.notebook.sounds import start_normalizing

        job = start_normalizing(self.timeline, self.studio, lufs, peak_db)
        before, effects = finish(watch(job))
        self.set_effects(None, effects)
        return before

    def levels(
        self, start: TimeLike = 0, end: TimeLike | None = None, *, steps: int = 100
    ) -> "pd.DataFrame":
        """The peaks of every audio track: `time_s`, `track`, `left_db`, `right_db`."""
        from timeline_nb.notebook.sounds import levels_table

        last = duration(self.timeline) if end is None else self._time(end)
        span = TimeRange.between(self._time(start), last)
        return levels_table(self.timeline, self.studio, span, steps)


def _profile(told: Profile | str | None) -> Profile:
    if isinstance(told, str):
        return named_profile(told)
    return told or Profile()
