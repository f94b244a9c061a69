"""Measure how loud each track is at the playhead, for the editor's meters."""

from typing import Final

import numpy as np

from timeline_nb.commands.session import EditSession
from timeline_nb.compose.mix import AudioMixer, has_sound
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.errors import TimelineNbError
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.widgets.answers import Levels
from timeline_nb.widgets.channel import Part, SendAnswer

__all__ = ["LevelsPart"]

# A meter shows the peak of a twentieth of a second.
_LENGTH_S: Final = 0.05
# Reading on over up to this time costs less than opening the files again.
_READ_ON_S: Final = 2.0
_SILENCE: Final = 1e-5


class LevelsPart(Part):
    """Sends the peaks of the tracks at the latest time that was asked for.

    The queue's thread alone opens, reads and closes the mixer.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media.
    """

    def __init__(self, post: SendAnswer, session: EditSession, studio: Studio) -> None:
        super().__init__(post)
        self._session, self._studio = session, studio
        # Seconds to measure at, or None to close the mixer.
        self._queue: LatestQueue[str, float | None] = LatestQueue(
            "timeline_nb levels", self._run
        )
        self._is_started = False
        self._mixer: AudioMixer | None = None
        self._timeline: Timeline | None = None
        self._next_sample = 0

    def start(self) -> None:
        """Measure from now on."""
        self._is_started = True

    def stop(self) -> None:
        """Close the files."""
        self._is_started = False
        self._queue.put("levels", [None])

    def measure(self, seconds: float) -> None:
        """Send the levels at a second, unless another is asked for meanwhile."""
        if self._is_started and has_sound(self._session.timeline):
            self._queue.put("levels", [seconds])

    def reopen(self) -> None:
        """Open the files anew at the next measurement: one has changed."""
        self._queue.put("files", [None])

    def _run(self, _: str, seconds: float | None) -> None:
        if seconds is None:
            self._close()
            return
        try:
            peaks = self._peaks_at(seconds)
        except TimelineNbError:
            # The player says what is wrong with a file.
            self._close()
            return
        levels = [max(_SILENCE, peak) for peak in peaks.values()]
        peaks_db = [float(20 * np.log10(level)) for level in levels]
        self._post(Levels(tracks=list(peaks), peaks_db=peaks_db))

    def _peaks_at(self, seconds: float) -> dict[str, float]:
        """Return the greatest sample of each track, full scale being 1."""
        timeline = self._session.timeline
        start = max(0, round(seconds * timeline.sample_rate_hz))
        length = max(1, round(_LENGTH_S * timeline.sample_rate_hz))
        mixer = self._mixer_at(timeline, start)
        mixer.read(length)
        self._next_sample = start + length
        return {name: float(pair.max()) for name, pair in mixer.levels.items()}

    def _mixer_at(self, timeline: Timeline, start: int) -> AudioMixer:
        """Return a mixer whose next sample is `start`: the last one, if it is near."""
        ahead = start - self._next_sample
        is_near = 0 <= ahead <= _READ_ON_S * timeline.sample_rate_hz
        if self._mixer is not None and self._timeline is timeline and is_near:
            self._mixer.read(ahead)
            return self._mixer
        self._close()
        self._mixer = AudioMixer(timeline, self._studio.library, start=start)
        self._timeline = timeline
        return self._mixer

    def _close(self) -> None:
        if self._mixer is not None:
            self._mixer.close()
        self._mixer = self._timeline = None
