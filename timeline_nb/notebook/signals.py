"""Shots, black, freezes, motion, silence and loudness of a media file, as tables."""

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import MediaError
from timeline_nb.media.analysis_decode import keyframe_parts
from timeline_nb.media.events import post_processed
from timeline_nb.media.file_state import state_of
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.notebook.progress import finish
from timeline_nb.timebase import TimeLike, parse_duration

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.recognition.signals.curves import Curves
    from timeline_nb.recognition.signals.shots import CutMethod
    from timeline_nb.recognition.signals.sound import LoudnessCurve

__all__ = ["Signals"]

# Samples: ten seconds at 48 kHz.
_BLOCK = 480_000


class Signals:
    """Shots, black, freezes, motion, silence and loudness of a media file.

    Frames are measured once, in a job with a progress bar, and the measures are kept on
    disk; each table is computed from them. All times are media time.

    Args:
        media: The file.

    Example:
        >>> signals = src.signals
        >>> signals.shots().columns.tolist()
        ['shot', 'start', 'end', 'duration', 'start_s', 'end_s', 'first_frame', ...]
    """

    def __init__(self, media: MediaFile) -> None:
        self._media = media
        self._curves: Curves | None = None
        self._loudness: LoudnessCurve | None = None

    def start(self) -> "Job[Curves]":
        """Start to measure all frames, as a job to be awaited, watched or cancelled.

        Raises:
            MediaError: The file has no moving pictures.

        Example:
            >>> job = src.signals.start()
            >>> curves = job.wait()
            >>> job.done
            True
        """
        self._check_pictures()
        return self._media.studio.start(f"measure {self._media.name}", self._measure)

    def shots(
        self,
        method: "CutMethod" = "content",
        threshold: float | None = None,
        min_length: TimeLike = "0.6s",
    ) -> "pd.DataFrame":
        """Return one row per shot: `shot`, times, `first_frame`, `last_frame`, `score`.

        Args:
            method: `content`, `adaptive` (robust to fast motion) or `histogram`.
            threshold: Of the method; its default if None.
            min_length: Drop cuts that follow another sooner than this.

        Raises:
            RecognitionError: There is no such method.
            MediaError: The file has no moving pictures, or a frame does not decode.

        Example:
            >>> shots = src.signals.shots(min_length="1s")
            >>> cut.append(src.clips(shots))
            >>> len(cut.clips) - 2 == len(shots)
            True
        """
        from timeline_nb.recognition.signals.shots import shots_of, threshold_of

        threshold = threshold_of(method, threshold)
        if method == "adaptive" or self._cached() is not None:
            curves = self._measured()
        else:
            name = f"find cuts in {self._media.name}"
            work = partial(self._for_cuts, method, threshold)
            self._check_pictures()
            curves = finish(lambda: self._media.studio.start(name, work))
        return shots_of(
            curves,
            self._media.source,
            method=method,
            threshold=threshold,
            min_length=min_length,
        )

    def black(
        self, least_dark: float = 0.98, min_duration: TimeLike = "0.5s"
    ) -> "pd.DataFrame":
        """Return one row per range of black frames.

        Args:
            least_dark: The share of dark pixels that makes a frame black, 0 to 1.
            min_duration: Drop shorter ranges.

        Example:
            >>> dark = src.signals.black(min_duration="0.2s")
            >>> len(dark)
            0
        """
        from timeline_nb.recognition.signals.stretches import black_of

        return black_of(
            self._measured(),
            self._media.source,
            least_dark=least_dark,
            min_duration=min_duration,
        )

    def freezes(
        self, most_motion: float = 0.001, min_duration: TimeLike = "1s"
    ) -> "pd.DataFrame":
        """Return one row per range in which the frame stands still.

        Args:
            most_motion: The mean difference to the frame before that still counts.
            min_duration: Drop shorter ranges.

        Example:
            >>> src.signals.freezes().columns[:4].tolist()
            ['start', 'end', 'duration', 'start_s']
        """
        from timeline_nb.recognition.signals.stretches import freezes_of

        return freezes_of(
            self._measured(),
            self._media.source,
            most_motion=most_motion,
            min_duration=min_duration,
        )

    def motion(self) -> "pd.DataFrame":
        """Return `luma`, `dark`, `motion`, `content` and `histogram` of each frame.

        Example:
            >>> motion = src.signals.motion()
            >>> len(motion), motion.columns[:4].tolist()
            (250, ['frame', 'pts', 'time_s', 'luma'])
        """
        from timeline_nb.recognition.signals.stretches import curve_table

        return curve_table(self._measured(), self._media.source)

    def loudness(self) -> "pd.DataFrame":
        """Measure momentary loudness (EBU R 128) every 100 ms: `time_s`, `lufs`.

        Raises:
            MediaError: The file has no sound, or it does not decode.

        Example:
            >>> loud = tl.open("bunny.mp4").signals.loudness()
            >>> loud["time_s"].head(3).round(1).tolist()
            [0.4, 0.5, 0.6]
        """
        return self._loudness_curve().momentary()

    def silence(
        self, below_db: float = -60.0, min_duration: TimeLike = "0.5s"
    ) -> "pd.DataFrame":
        """Return one row per range in which no sample is louder than `below_db`.

        Raises:
            MediaError: The file has no sound, or it does not decode.

        Example:
            >>> quiet = tl.open("bunny.mp4").signals.silence(below_db=-50)
            >>> quiet.columns[:4].tolist()
            ['start', 'end', 'duration', 'start_s']
        """
        from timeline_nb.recognition.signals.sound import silence_of

        shortest = parse_duration(min_duration, None)
        return silence_of(
            self._loudness_curve(), below_db=below_db, min_duration_s=float(shortest)
        )

    def _check_pictures(self) -> None:
        if self._media.info.kind != "video":
            raise MediaError(f"{self._media.name} has no moving pictures")

    def _measured(self) -> "Curves":
        if self._curves is None:
            self._curves = finish(self.start)
        return self._curves

    def _measure(self, reporter: Reporter) -> "Curves":
        from timeline_nb.recognition.signals.sparse_cuts import joined

        known = self._cached()
        if known is not None:
            return known
        path = self._media.path
        before = state_of(path)
        same = self._media.studio.library.probe(path).fingerprint
        found = joined(self._parts(reporter, anchors_only=False))
        if same != self._media.info.fingerprint or state_of(path) != before:
            # Curves are kept by the fingerprint of what was opened.
            raise MediaError(f"{path} has changed since it was opened: open it again")
        kept = self._cache_path
        with cached_if_possible(kept.parents[1]):
            kept.parent.mkdir(parents=True, exist_ok=True)
            found.save(kept)
        post_processed(
            self._media.studio.events, "measures", self._media.info, len(found.pts)
        )
        return found

    @property
    def _cache_path(self) -> Path:
        name = f"1-{self._media.info.fingerprint}.npz"
        return self._media.studio.settings.cache_dir / "curves" / name

    def _cached(self) -> "Curves | None":
        from timeline_nb.recognition.signals.curves import Curves

        return self._curves or Curves.load(self._cache_path)

    def _for_cuts(
        self, method: "CutMethod", threshold: float, reporter: Reporter
    ) -> "Curves":
        """Measure keyframes, and then the frames between those that differ."""
        from timeline_nb.recognition.signals.sparse_cuts import joined, sparse

        anchors = joined(self._parts(reporter, anchors_only=True))
        media = self._media
        with self._media.studio.library.video(
            media.path, assumed=media.info.assumed
        ) as decoder:
            return sparse(
                anchors,
                np.asarray(media.index.pts),
                lambda first, last: decoder.frames(range(first, last)),
                method,
                threshold,
            )

    def _parts(self, reporter: Reporter, *, anchors_only: bool) -> "list[Curves]":
        """Measure parts of the media side by side."""
        info, index = self._media.info, self._media.index
        done = Counter[int]()
        cores = os.cpu_count() or 1

        def report(part: int, count: int) -> None:
            done[part] = count
            total = None if anchors_only else len(index)
            reporter.report("measure", sum(done.values()), total)

        def work(part: tuple[int, int]) -> "Curves":
            from timeline_nb.recognition.signals.curves import measure

            first, last = part
            library = self._media.studio.library
            with library.analysis(info, index, anchors_only=anchors_only) as decoder:
                # The first frame of the next part is compared with the last of this.
                frames = decoder.skim(first, min(last + 1, len(index)))
                return measure(frames, report=lambda count: report(first, count))

        with WorkerThreads(cores, "measure") as pool:
            return list(pool.map(work, keyframe_parts(index, cores)))

    def _loudness_curve(self) -> "LoudnessCurve":
        from timeline_nb.recognition.signals.sound import loudness_of

        if self._loudness is None:
            self._loudness = loudness_of(self._blocks())
        return self._loudness

    def _blocks(self) -> Iterator[NDArray[np.float32]]:
        """Decode the sound from media time 0, in blocks."""
        rate = 48_000
        with self._media.studio.library.audio(
            self._media.path, sample_rate_hz=rate
        ) as decoder:
            end = round(self._media.range.end * rate)
            for first in range(0, end, _BLOCK):
                yield decoder.read(first, min(_BLOCK, end - first))
