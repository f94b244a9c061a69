"""Find the quality of a film of a given size or bit rate, in two passes."""

import math
from dataclasses import replace as with_changed
from typing import Final

from msgspec.structs import replace

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.render.mux import opened
from timeline_nb.render.target import Target
from timeline_nb.segments.plan import Plan, drop_uncached, make_plan
from timeline_nb.segments.scheduler import SegmentScheduler
from timeline_nb.segments.segment import Segment
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Timeline

__all__ = ["PACKET_BYTES", "search_quality"]

# The first pass encodes every n-th chunk of a film that has many.
_EVERY: Final = 4
_PASSES: Final = 6
# The least share of the size that is made use of.
_NEAR: Final = 0.95
# Bytes a packet takes in a container's index, and a file without any.
PACKET_BYTES, _FILE_BYTES = 24, 4096
# A step of 18.75 of quality, 6 of crf, about halves or doubles a film.
_HALF: Final = 18.75


@spanned("render.size")
def search_quality(
    target: Target,
    timeline: Timeline,
    scheduler: SegmentScheduler,
    reporter: Reporter,
    *,
    beside_bytes: int,
) -> Target:
    """Find the constant quality at which a film is as large as it may be.

    Chunks are encoded at a guess, which is corrected by their size; they stay
    in the cache, so that the last pass is the film itself.

    Args:
        target: With a size or a bit rate.
        timeline: What is shown.
        scheduler: Encodes the chunks.
        reporter: Reports each frame.
        beside_bytes: Of the sound.

    Raises:
        RenderError: The film cannot be so small, or its encoder has no quality.
    """
    goal = _goal(target, timeline, scheduler, beside_bytes)
    quality = target.profile.quality
    low, high = 0.0, 100.0
    best: Target | None = None
    for attempt in range(_PASSES):
        tried = _at(target, quality)
        plan = _plan(tried, timeline, scheduler)
        # First a sample, then all of it.
        share = _EVERY if attempt < 2 and len(plan.segments) > 2 * _EVERY else 1
        segments = plan.segments[::share]
        taken = _bytes(plan, segments, timeline, scheduler, reporter)
        over = taken / goal
        if share == 1 and over <= 1:
            best = tried
            if over >= _NEAR:
                break
            low = max(low, quality)
        elif share == 1:
            high = min(high, quality)
        aim = quality - _HALF * math.log2(over / (1 + _NEAR) * 2)
        aim = min(max(aim, 0.0), 100.0)
        if not low < aim < high and low < high - 1:
            aim = (low + high) / 2
        if abs(aim - quality) < 0.3 and best is not None:
            break
        quality = round(aim, 1)
    if best is None:
        raise RenderError(
            Message(
                "{path} cannot be made so small: its pictures take more "
                "than {goal} bytes at quality {quality}; give it more, "
                "or a smaller size",
                path=target.path,
                goal=f"{goal:,}",
                quality=f"{quality:g}",
            )
        )
    return best


def _goal(
    target: Target, timeline: Timeline, scheduler: SegmentScheduler, beside_bytes: int
) -> int:
    """Return the bytes that the pictures may take."""
    profile, plan = target.profile, _plan(target, timeline, scheduler)
    if profile.bit_rate_bps:
        return int(profile.bit_rate_bps * frame_time(plan.frames, plan.rate) / 8)
    seconds = float(frame_time(plan.frames, plan.rate))
    packets = plan.frames + (50 * seconds if beside_bytes else 0)
    overhead = _FILE_BYTES + PACKET_BYTES * packets
    goal = int((profile.target_bytes or 0) - beside_bytes - overhead)
    if goal <= 0:
        raise RenderError(
            Message(
                "target_bytes {target_bytes} is less than the sound "
                "takes ({beside_bytes} bytes): give more, or lower "
                "audio_bit_rate_bps",
                target_bytes=f"{profile.target_bytes:,}",
                beside_bytes=f"{beside_bytes:,}",
            )
        )
    return goal


def _at(target: Target, quality: float) -> Target:
    """Return the target at a quality."""
    assert target.video is not None  # noqa: S101 - a sized film has pictures
    assert target.choice is not None  # noqa: S101 - likewise
    profile = replace(target.profile, quality=quality, crf=None)
    encoder_options = target.choice.encoder.encoder_options
    options = encoder_options(profile)
    if encoder_options(replace(profile, quality=10)) == encoder_options(
        replace(profile, quality=90)
    ):
        raise RenderError(
            Message(
                "{encoder} has no quality setting: leave target_bytes and "
                "bit_rate_bps out",
                encoder=target.video.encoder,
            )
        )
    return with_changed(target, video=replace(target.video, options=options))


def _plan(target: Target, timeline: Timeline, scheduler: SegmentScheduler) -> Plan:
    assert target.video is not None  # noqa: S101 - a sized film has pictures
    return make_plan(
        timeline, scheduler.library, target.video, scheduler.store, span=target.span
    )


def _bytes(
    plan: Plan,
    segments: tuple[Segment, ...],
    timeline: Timeline,
    scheduler: SegmentScheduler,
    reporter: Reporter,
) -> float:
    """Estimate a film's bytes from some of its segments, which are encoded for it."""
    scheduler.encode(timeline, with_changed(plan, segments=segments), reporter)
    taken, frames = 0, 0
    for segment in segments:
        taken += opened(segment, scheduler.store).size_bytes
        frames += segment.frames
    drop_uncached(plan, scheduler.store)
    return taken * plan.frames / max(1, frames)
