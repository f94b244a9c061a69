"""How an edit sounds: measured, brought to a level, watched track by track."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

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

__all__ = ["levels_table", "start_loudness", "start_normalising"]

_BLOCK = 4800
_TRIES = 5
_NEAR_LU = 0.1


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


def start_normalising(
    timeline: Timeline, studio: Studio, target_lufs: float, peak_db: float
) -> "Job[tuple[Loudness, tuple[Effect, ...]]]":
    """Find the effects of the timeline that bring it to a loudness.

    A louder sound lets more of its soft parts count, and a limiter takes some of it
    away: so what was reached is measured, and mended, until it is near enough.

    Raises:
        CompositionError: Nothing in it sounds.
    """
    if not has_sound(timeline):
        raise CompositionError(f"{timeline.name!r} has no sound to be measured")

    def work(reporter: Reporter) -> tuple[Loudness, tuple[Effect, ...]]:
        rate = timeline.sample_rate_hz
        before = now = measure(_blocks(timeline, studio, reporter), rate)
        if not np.isfinite(before.integrated_lufs):
            raise CompositionError(
                f"{timeline.name!r} is silent: it cannot be normalised"
            )
        gain = 0.0
        for _ in range(_TRIES):
            gain += target_lufs - now.integrated_lufs
            limits = before.true_peak_dbtp + gain > peak_db
            effects = (*timeline.effects, *_to_level(gain, peak_db if limits else None))
            tried = replace(timeline, effects=effects)
            now = measure(_blocks(tried, studio, reporter), rate)
            if abs(now.integrated_lufs - target_lufs) < _NEAR_LU:
                break
        return before, effects

    return studio.start(f"normalise {timeline.name}", work)


def _to_level(gain_db: float, peak_db: float | None) -> tuple[Effect, ...]:
    """A gain, and a limiter where peaks would be too high."""
    gain = Effect(kind="gain", parameters={"gain_db": round(gain_db, 2)})
    if peak_db is None:
        return (gain,)
    # A little below: between the samples the wave goes higher.
    limiter = Effect(kind="limiter", parameters={"limit_db": peak_db - 0.5})
    return gain, limiter


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
