"""Meters: how loud each track is where the playhead is."""

from threading import Lock
from typing import Final

import numpy as np

from timeline_nb.compose.mix import AudioMixer, has_sound
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.errors import TimelineNbError
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.session import EditSession
from timeline_nb.widgets.answers import Levels
from timeline_nb.widgets.channel import Part, SendAnswer

__all__ = ["LevelsPart"]

# What a meter shows: a twentieth of a second.
_LENGTH_S: Final = 0.05
# Reading on over so much costs less than beginning anew.
_NEAR_S: Final = 2.0
_SILENCE: Final = 1e-5


class LevelsPart(Part):
    """Tells the peaks of the tracks, for the latest place that was asked for.

    Args:
        post: Sends an answer to the browser.
        session: The edit.
        studio: Where media come from.
    """

    def __init__(self, post: SendAnswer, session: EditSession, studio: Studio) -> None:
        super().__init__(post)
        self._session, self._studio = session, studio
        self._work: LatestQueue[str, float] = LatestQueue(
            "timeline_nb levels", self._read
        )
        self._lock = Lock()
        self._awake = False
        self._mixer: AudioMixer | None = None
        self._timeline: Timeline | None = None
        self._at = 0

    def start(self) -> None:
        """Listen."""
        self._awake = True

    def stop(self) -> None:
        """Let go of the files."""
        self._awake = False
        self._work.clear()
        with self._lock:
            self._close()

    def measure(self, seconds: float) -> None:
        """Tell the levels at a second, unless another is asked for meanwhile."""
        if self._awake and has_sound(self._session.timeline):
            self._work.put("levels", [seconds])

    def _read(self, _: str, seconds: float) -> None:
        with self._lock:
            timeline = self._session.timeline
            start = max(0, round(seconds * timeline.sample_rate_hz))
            try:
                mixer = self._mixer_at(timeline, start)
                mixer.read(max(1, round(_LENGTH_S * timeline.sample_rate_hz)))
            except TimelineNbError:
                # The player tells what is wrong with a file.
                self._close()
                return
            self._at = start + max(1, round(_LENGTH_S * timeline.sample_rate_hz))
            peaks = {
                name: float(20 * np.log10(max(_SILENCE, float(pair.max()))))
                for name, pair in mixer.levels.items()
            }
            if not self._awake:
                self._close()
        self._post(Levels(tracks=list(peaks), peaks_db=list(peaks.values())))

    def _mixer_at(self, timeline: Timeline, start: int) -> AudioMixer:
        """A mixer whose next sample is `start`: the last one, if it is near."""
        ahead = start - self._at
        near = 0 <= ahead <= _NEAR_S * timeline.sample_rate_hz
        if self._mixer is not None and self._timeline is timeline and near:
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
