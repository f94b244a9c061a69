"""Estimate the size of a film and the time that its render takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from timeline_nb.access.use import under_own_scope
from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.rate_control import PACKET_BYTES
from timeline_nb.render.render import Renderer
from timeline_nb.render.sound import sound_key
from timeline_nb.render.target import SoundEncoding, Target
from timeline_nb.segments.plan import Plan, drop_uncached
from timeline_nb.segments.scheduler import SegmentScheduler
from timeline_nb.segments.segment import Segment
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timeline.model import Timeline

__all__ = ["RenderEstimate", "RenderEstimator"]

# Of the segments that are to be encoded, one in so many is encoded for the estimate.
_ONE_IN: Final = 8
_MOST_SAMPLES: Final = 3
# Films that cannot be cut are one segment: beyond this it is no sample any more.
_LONGEST_SAMPLE_S: Final = 10
_CHANNELS: Final = {"mono": 1, "stereo": 2, "5.1": 6, "7.1": 8}
_PCM_BYTES: Final = {"pcm": 2, "pcm24": 3}
# Of lossless audio, the share that compression leaves of 16-bit samples.
_LOSSLESS_SHARE: Final = 0.6


@dataclass(frozen=True)
class RenderEstimate:
    """What a render would take.

    Args:
        duration_s: Of the film.
        copied_s: Seconds of it whose packets are copied from sources.
        cached_s: Seconds that earlier renders left in the cache.
        encoded_s: Seconds that are to be encoded.
        size_bytes: Of the film; None while it is not known.
        time_s: Of the render; None while it is not known.
    """

    duration_s: float
    copied_s: float = 0.0
    cached_s: float = 0.0
    encoded_s: float = 0.0
    size_bytes: int | None = None
    time_s: float | None = None


@dataclass(frozen=True)
class _Sample:
    """What encoding some segments took."""

    size_bytes: int = 0
    frames: int = 0
    cost: float = 0.0
    wall_s: float = 0.0


class RenderEstimator:
    """Estimates renders: plans them, and encodes a sample of what is missing.

    The sample stays in the cache, so that the render itself begins with it done.

    Args:
        renderer: What would render.
        library: Tells the sizes of files that are copied from.
        store: Keeps the segments.
    """

    def __init__(
        self, renderer: Renderer, library: MediaLibrary, store: SegmentStore
    ) -> None:
        self._renderer, self._library, self._store = renderer, library, store
        self.scope = renderer.scope

    @under_own_scope
    def estimate(  # noqa: PLR0913 - what would be rendered, and who watches
        self,
        timeline: Timeline,
        path: Path,
        profile: Profile,
        reporter: Reporter,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        on_plan: Callable[[RenderEstimate], None] | None = None,
    ) -> RenderEstimate:
        """Estimate a render.

        Args:
            timeline: As for `Renderer.render`, like all that follow but the last.
            path: Likewise.
            profile: Likewise.
            reporter: Cancels the estimate.
            start: Likewise.
            end: Likewise.
            on_plan: Called with what the plan alone tells, before anything is encoded.

        Raises:
            RenderError: The film cannot be written there, or the encoder fails.
            CompositionError: A media file or a plugin is not there.
            JobCancelledError: The job was cancelled.
        """
        drawn, target = self._renderer.prepared(timeline, path, profile, start, end)
        duration_s = float(len(target.span) / drawn.rate)
        sound = self._sound_bytes(drawn, target, duration_s)
        if target.video is None:
            return RenderEstimate(duration_s, encoded_s=duration_s, size_bytes=sound)
        plan = self._renderer.plan(timeline, path, profile, start=start, end=end)
        reporter.check()
        found = RenderEstimate(
            duration_s,
            copied_s=_seconds(plan, plan.of("copy")),
            cached_s=_seconds(plan, plan.of("cached")),
            encoded_s=_seconds(plan, plan.of("encode")),
        )
        if on_plan is not None:
            on_plan(found)
        with self._renderer.scheduler() as scheduler:
            sample = self._sample(drawn, plan, scheduler, reporter)
        return self._with_sample(found, plan, target, sample, sound)

    def _sample(
        self,
        drawn: Timeline,
        plan: Plan,
        scheduler: SegmentScheduler,
        reporter: Reporter,
    ) -> _Sample:
        """Encode some of the segments, evenly spread, and measure."""
        missing = plan.of("encode")
        count = min(_MOST_SAMPLES, -(-len(missing) // _ONE_IN))
        chosen = [
            missing[(2 * place + 1) * len(missing) // (2 * count)]
            for place in range(count)
        ]
        if not chosen or _seconds(plan, chosen[:1]) > _LONGEST_SAMPLE_S:
            return _Sample()
        began = time.monotonic()
        try:
            scheduler.encode(drawn, replace(plan, segments=tuple(chosen)), reporter)
            wall_s = time.monotonic() - began
            return _Sample(
                sum(self._bytes_of(segment.key) for segment in chosen),
                sum(segment.frames for segment in chosen),
                sum(segment.cost for segment in chosen),
                wall_s,
            )
        finally:
            drop_uncached(replace(plan, segments=tuple(chosen)), self._store)

    def _with_sample(
        self,
        found: RenderEstimate,
        plan: Plan,
        target: Target,
        sample: _Sample,
        sound: int,
    ) -> RenderEstimate:
        """Return an estimate with size and time, where they can be known."""
        missing = plan.of("encode")
        if missing and not sample.frames:
            return found
        frames = sum(segment.frames for segment in missing)
        size: float = sum(self._bytes_of(s.key) for s in plan.of("cached")) + sound
        size += sum(self._copied_bytes(s, plan.rate) for s in plan.of("copy"))
        time_s = 0.0
        size += PACKET_BYTES * plan.frames
        if missing:
            size += sample.size_bytes * frames / sample.frames
            # What was sampled is done by now.
            left = sum(segment.cost for segment in missing) - sample.cost
            time_s = sample.wall_s * left / sample.cost if sample.cost else 0.0
        profile = target.profile
        if profile.bit_rate_bps:
            size = profile.bit_rate_bps * found.duration_s / 8 + sound
        return replace(
            found, size_bytes=profile.target_bytes or round(size), time_s=time_s
        )

    def _bytes_of(self, key: str) -> int:
        file = self._store.open(key)
        return 0 if file is None else file.size_bytes

    def _sound_bytes(
        self, timeline: Timeline, target: Target, duration_s: float
    ) -> int:
        """Return the bytes of the sound: those of an earlier render, if there are."""
        sound = target.sound
        if sound is None:
            return 0
        key = sound_key(timeline, target.span, sound, self._library)
        return self._bytes_of(key) or _usual_bytes(sound, duration_s)

    def _copied_bytes(self, segment: Segment, rate: Fraction) -> float:
        """Return the bytes of a stretch of a source, at the mean of all of it."""
        if segment.copied is None:
            return 0.0
        info = self._library.probe(segment.copied.path)
        seconds = float(segment.frames / rate)
        return info.size_bytes * seconds / max(float(info.duration), seconds)


def _seconds(plan: Plan, segments: tuple[Segment, ...] | list[Segment]) -> float:
    return float(sum(segment.frames for segment in segments) / plan.rate)


def _usual_bytes(sound: SoundEncoding, duration_s: float) -> int:
    """Return what encoded sound usually takes; silence takes less."""
    if sound.bit_rate_bps:
        return round(sound.bit_rate_bps * duration_s / 8)
    samples = sound.sample_rate_hz * _CHANNELS[sound.layout] * duration_s
    width = _PCM_BYTES.get(sound.codec)
    return round(samples * (width or 2 * _LOSSLESS_SHARE))
