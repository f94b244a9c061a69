"""Measure the loudness of a timeline, and normalize it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from msgspec.structs import replace

from timeline_nb.compose.mix import AudioMixer, has_sound
from timeline_nb.compose.voices import Sounds
from timeline_nb.core.jobs import Reporter
from timeline_nb.effects.sound.loudness import Loudness, measure
from timeline_nb.effects.sound.readers import Samples
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["LoudnessGoal", "insist_on_sound", "loudness_of", "normalized"]

_BLOCK: Final = 4800
_TRIES: Final = 5
_NEAR_LU: Final = 0.1


@dataclass(frozen=True)
class LoudnessGoal:
    """What a timeline is normalized to.

    Args:
        target_lufs: Integrated loudness.
        peak_db: The true peak that is not exceeded.
        layout: The channels in which it is mixed.
        span: The timeline seconds that are measured; all if None.
    """

    target_lufs: float
    peak_db: float
    layout: str = "stereo"
    span: TimeRange | None = None


def insist_on_sound(timeline: Timeline) -> None:
    """Raise a CompositionError where nothing sounds."""
    if not has_sound(timeline):
        raise CompositionError(
            Message("{name} has no sound to be measured", name=repr(timeline.name))
        )


def loudness_of(
    timeline: Timeline,
    library: Sounds,
    reporter: Reporter,
    layout: str = "stereo",
    span: TimeRange | None = None,
) -> Loudness:
    """Measure the mix in a layout (EBU R 128): all of it, or a span of seconds."""
    span = span or TimeRange(Fraction(0), duration(timeline))
    blocks = _blocks(timeline, library, reporter, layout, span)
    return measure(blocks, timeline.sample_rate_hz)


def normalized(
    timeline: Timeline,
    library: Sounds,
    reporter: Reporter,
    goal: LoudnessGoal,
) -> tuple[Loudness, tuple[Effect, ...]]:
    """Return the loudness, and the effects that normalize it.

    A gain lifts soft parts over the gate, and a limiter takes some loudness
    away: the result is measured and corrected until it is near enough.

    Raises:
        CompositionError: It is silent.
    """
    before = now = loudness_of(timeline, library, reporter, goal.layout, goal.span)
    if not np.isfinite(before.integrated_lufs):
        raise CompositionError(
            Message(
                "{name} is silent: it cannot be normalized", name=repr(timeline.name)
            )
        )
    gain = 0.0
    effects = timeline.effects
    for _ in range(_TRIES):
        gain += goal.target_lufs - now.integrated_lufs
        limits = before.true_peak_dbtp + gain > goal.peak_db
        effects = (
            *timeline.effects,
            *_to_level(gain, goal.peak_db if limits else None),
        )
        mended = replace(timeline, effects=effects)
        now = loudness_of(mended, library, reporter, goal.layout, goal.span)
        if abs(now.integrated_lufs - goal.target_lufs) < _NEAR_LU:
            break
    return before, effects


def _blocks(
    timeline: Timeline,
    library: Sounds,
    reporter: Reporter,
    layout: str,
    span: TimeRange,
) -> Iterator[Samples]:
    first, last = (int(t * timeline.sample_rate_hz) for t in (span.start, span.end))
    with AudioMixer(timeline, library, start=first, layout=layout) as mixer:
        for start in range(first, last, _BLOCK):
            reporter.report("measure", start - first, last - first, unit="sample")
            yield mixer.read(min(_BLOCK, last - start))


def _to_level(gain_db: float, peak_db: float | None) -> tuple[Effect, ...]:
    """Return a gain, and a limiter where peaks would be too high."""
    gain = Effect(kind="gain", parameters={"gain_db": round(gain_db, 2)})
    if peak_db is None:
        return (gain,)
    # A little below: true peaks lie between the samples.
    limiter = Effect(kind="limiter", parameters={"limit_db": peak_db - 0.5})
    return gain, limiter
