"""Loudness and levels of an edit: measure, normalize, list by track."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from timeline_nb.compose.loudness import (
    LoudnessGoal,
    insist_on_sound,
    loudness_of,
    normalized,
)
from timeline_nb.compose.mix import AudioMixer
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.effects.sound.loudness import Loudness
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Effect, Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["levels_table", "start_loudness", "start_normalizing"]


def start_loudness(timeline: Timeline, studio: Studio) -> "Job[Loudness]":
    """Start to measure the loudness of the whole mix.

    Raises:
        CompositionError: The timeline has no sound.
    """
    insist_on_sound(timeline)

    def work(reporter: Reporter) -> Loudness:
        return loudness_of(timeline, studio.library, reporter)

    return studio.start(f"loudness of {timeline.name}", work)


def start_normalizing(
    timeline: Timeline, studio: Studio, target_lufs: float, peak_db: float
) -> "Job[tuple[Loudness, tuple[Effect, ...]]]":
    """Start to find the effects of the timeline that bring it to a loudness.

    Raises:
        CompositionError: The timeline has no sound.
    """
    insist_on_sound(timeline)

    def work(reporter: Reporter) -> tuple[Loudness, tuple[Effect, ...]]:
        goal = LoudnessGoal(target_lufs, peak_db)
        return normalized(timeline, studio.library, reporter, goal)

    return studio.start(f"normalize {timeline.name}", work)


def levels_table(
    timeline: Timeline, studio: Studio, span: TimeRange, steps: int
) -> "pd.DataFrame":
    """Return peaks per time and track: `time_s`, `track`, `left_db`, `right_db`."""
    import pandas as pd

    rate = timeline.sample_rate_hz
    first, last = round(span.start * rate), round(span.end * rate)
    edges = np.linspace(first, last, steps + 1).round().astype(int)
    rows = []
    with AudioMixer(timeline, studio.library, start=first) as mixer:
        for start, end in pairwise(edges.tolist()):
            mixer.read(end - start)
            for name, peaks in mixer.levels.items():
                left, right = 20 * np.log10(np.maximum(peaks, 1e-6))
                place = {"time_s": start / rate, "track": name}
                rows.append(place | {"left_db": float(left), "right_db": float(right)})
    return pd.DataFrame(rows, columns=["time_s", "track", "left_db", "right_db"])
