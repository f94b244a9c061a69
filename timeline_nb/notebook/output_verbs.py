"""`cut.frame`, `cut.plan`, `cut.render`: what an edit looks like, and its films."""

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.interrupts import StartedJobs
from timeline_nb.core.jobs import Job
from timeline_nb.notebook import output
from timeline_nb.notebook.frames import png_path, save_png
from timeline_nb.notebook.locks import LockWish, locks_all
from timeline_nb.notebook.progress import watch
from timeline_nb.notebook.projects import Stored
from timeline_nb.render.profile import Profile
from timeline_nb.render.result import RenderResult
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.canvas import SizeLike

if TYPE_CHECKING:
    from timeline_nb.credentials.certificate import Credentials
    from timeline_nb.segments.plan import Plan

__all__ = ["OutputVerbs"]


class OutputVerbs(Stored):
    """The methods of an edit that compose its frames and render its films."""

    def frame(
        self,
        at: TimeLike | None = None,
        *,
        number: int | None = None,
        size: SizeLike | None = None,
    ) -> NDArray[np.uint8]:
        """Return the composed frame at a time: `(H, W, 3) uint8 RGB`.

        Args:
            at: A time of the edit; the start if nothing is given.
            number: The frame's number, from 0, in place of a time.
            size: Width and height; the edit's if not given.

        Example:
            >>> cut.frame("1s").shape
            (180, 320, 3)
            >>> cut.frame(number=25, size=(160, 90)).shape
            (90, 160, 3)
        """
        return output.frame(
            self.session.timeline, self.studio, at, number=number, size=size
        )

    def save_frame(
        self,
        path: Path | str,
        at: TimeLike | None = None,
        *,
        number: int | None = None,
        size: SizeLike | None = None,
        overwrite: bool = False,
    ) -> Path:
        """Write the composed frame at a time to a PNG file, all of it or nothing.

        Args:
            path: The file, which ends in `.png`. One that `save_frame` wrote is
                replaced; any other only with `overwrite`.
            at: A time of the edit; the start if nothing is given.
            number: The frame's number, from 0, in place of a time.
            size: Width and height; the edit's if not given.
            overwrite: Replace a file that something else wrote.

        Raises:
            MediaError: The file cannot be written, or is of something else.
            TimelineError: There is no such frame.

        Example:
            >>> cut.save_frame("poster.png", "1s", size=(160, 90))
            PosixPath('poster.png')
        """
        target = png_path(path)
        picture = self.frame(at, number=number, size=size)
        return save_png(
            picture, target, written=self.studio.written, overwrite=overwrite
        )

    def frames(
        self,
        start: TimeLike = 0,
        end: TimeLike | None = None,
        *,
        rate: TimeLike | None = None,
        size: SizeLike | None = None,
    ) -> Iterator[NDArray[np.uint8]]:
        """Yield the composed frames of a range: `(H, W, 3) uint8 RGB`.

        Args:
            start: The time of the first frame.
            end: The time before which the last frame lies; the end if not given.
            rate: Frames per second; the edit's if not given.
            size: Width and height; the edit's if not given.

        Example:
            >>> frames = cut.frames("1s", "2s", rate=5, size=(160, 90))
            >>> [frame.shape for frame in frames][0]
            (90, 160, 3)
            >>> len(list(cut.frames("1s", "2s", rate=5)))
            5
        """
        return output.frames(
            self.session.timeline, self.studio, start, end, rate=rate, size=size
        )

    def plan(
        self, path: Path | str = "film.mp4", *, profile: Profile | str | None = None
    ) -> "Plan":
        """Return the plan of a render: which segments are copied, cached or encoded.

        Args:
            path: The film's file name; its suffix selects the container.
            profile: As for `render`.

        Example:
            >>> plan = cut.plan("film.mp4", profile="web")
            >>> plan.frames
            100
            >>> list(plan.to_dataframe().columns)
            ['segment', 'first', 'last', 'start_s', 'end_s', 'action', 'layers', ...]
        """
        return output.plan(self.session.timeline, self.studio, path, profile)

    def render(  # noqa: PLR0913 - what is rendered, as what, and where
        self,
        path: Path | str,
        *,
        profile: Profile | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        executor: Executor | None = None,
        workers: int | None = None,
        priority: int = 0,
        overwrite: bool = False,
        lock: Path | str | bool = False,
        lock_frames: bool = False,
        credentials: "Credentials | None" = None,
    ) -> Job[RenderResult]:
        """Start rendering to a file, and show the progress below the cell.

        Args:
            path: The film, whole or not at all. The suffix selects the container:
                `.wav` is sound alone; `frames/%05d.png` writes an image per frame.
            profile: Encoder settings, or a profile's name: `"youtube-1080p"`.
            start: The time of the film's first frame; the start if not given.
            end: The time at which the film ends; the end if not given.
            executor: Encodes the segments: a Dask cluster's `Client.get_executor()`, or
                a process pool with `mp_context=multiprocessing.get_context("spawn")` in
                a script with `if __name__ == "__main__":` (one that forks is refused).
            workers: How many segments are encoded at once.
            priority: Jobs of a higher priority run first.
            overwrite: Replace a file that was not written here, or was changed since.
            lock: Write a lock, which proves what the film was made of: a path, or True
                for `film.mp4.lock`. `tl.verify` reads it.
            lock_frames: Have the lock hold hashes of the decoded pictures and sound
                that the edit uses of each medium, too, which are decoded once more. So
                `tl.verify` tells media that were packed anew from others, and names
                those that another FFmpeg decodes otherwise.
            credentials: Sign the film with content credentials (C2PA), which say what
                was done to which media: `tl.Credentials(certificate, key)`. A lock is
                written, too, and signed along. `tl.read_credentials` reads them.

        Returns:
            The job: `await` it, or call `wait()` or `cancel()`.

        Raises:
            RenderError: The suffix, profile, folder or executor cannot be used, or
                another program's file is there.
            CredentialError: The film cannot be signed, or not by these.

        Example:
            >>> job = cut.render("film.mp4", profile="review", end="1s")
            >>> film = job.wait()
            >>> film.frames, film.info.duration
            (25, Fraction(1, 1))
        """
        wish = None
        asked = lock not in (None, False)
        if asked or lock_frames or credentials is not None or locks_all(path):
            wish = LockWish(
                lock if asked else True,
                self.session.origins,
                self.project_path,
                frames=lock_frames,
            )
        # An interrupt before the job is returned leaves nobody who could cancel it.
        with StartedJobs():
            job = output.render(
                self.session.timeline,
                self.studio,
                path,
                profile,
                span=(start, end),
                executor=executor,
                workers=workers,
                priority=priority,
                overwrite=overwrite,
                lock=wish,
                credentials=credentials,
            )
            return watch(job)
