"""How an edit sounds: measured, brought to a level, watched track by track."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from timeline_nb.compose.mix import AudioMixer, has_sound
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.effects.sound.loudness import Loudness, measure
from timeline_nb.effects.sound.stream import Samples
from timeline_nb.errors import CompositionError
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import duration

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["levels_table", "normalised", "start_loudness"]

_BLOCK = 4800


def start_loudness(timeline: Timeline, studio: Studio) -> "Job[Loudness]":
    """Measure the whole mix.

    Raises:
        CompositionError: Nothing in it sounds.
    """
    if not has_sound(timeline):
        raise CompositionError(f"{timeline.name!r} has no sound to be measured")

    def work(reporter: Reporter) -> Loudness:
        rate = timeline.sample_rate_hz
        return measure(_blocks(timeline, studio, reporter), rate)

    return studio.start(f"loudness of {timeline.name}", work)


def _blocks(
    timeline: Timeline, studio: Studio, reporter: Reporter
) -> Iterator[Samples]:
    total = int(duration(timeline) * timeline.sample_rate_hz)
    with AudioMixer(timeline, studio.library) as mixer:
        for start in range(0, total, _BLOCK):
            reporter.report("listen", start, total)
            yield mixer.read(min(_BLOCK, total - start))


def normalised(
    timeline: Timeline, measured: Loudness, target_lufs: float, peak_db: float
) -> tuple[Effect, ...]:
    """The timeline's effects with a gain that brings it to a level, and a limiter.

    Raises:
        CompositionError: It is silent.
    """
    if not np.isfinite(measured.integrated_lufs):
        raise CompositionError(f"{timeline.name!r} is silent: it cannot be normalised")
    gain = target_lufs - measured.integrated_lufs
    others = tuple(timeline.effects)
    made: tuple[Effect, ...] = (
        Effect(kind="gain", parameters={"gain_db": round(gain, 2)}),
    )
    if measured.true_peak_dbtp + gain > peak_db:
        # A little below: between the samples the wave goes higher.
        limit = {"limit_db": peak_db - 0.5}
        made += (Effect(kind="limiter", parameters=limit),)
    return (*others, *made)


def levels_table(
    timeline: Timeline, studio: Studio, span: TimeRange, steps: int
) -> "pd.DataFrame":
    """One row a moment and track: `time_s`, `track`, `left_db`, `right_db` (peaks)."""
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
                told = {"time_s": start / rate, "track": name}
                rows.append(told | {"left_db": float(left), "right_db": float(right)})
    return pd.DataFrame(rows, columns=["time_s", "track", "left_db", "right_db"])
