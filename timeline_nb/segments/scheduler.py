"""Schedule the encoding of segments on an executor."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Final

from timeline_nb.access.use import scope_in_use
from timeline_nb.compose.dependencies import Dependencies
from timeline_nb.core.app_dirs import cache_refusal
from timeline_nb.core.executors import failure_of
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.run_all import run_all, shares_memory
from timeline_nb.core.worker_channel import WorkerChannel, WorkerStatus
from timeline_nb.effects.provided import providers_for_workers
from timeline_nb.errors import JobCancelledError, RenderError, TimelineNbError
from timeline_nb.i18n import Message
from timeline_nb.media.library import MediaLibrary
from timeline_nb.segments.encode import EncodeTask
from timeline_nb.segments.plan import Plan
from timeline_nb.segments.segment import Segment
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timeline.model import Timeline

__all__ = ["RENDERS", "SegmentScheduler"]

# The folder of worker channels, in the cache folder.
RENDERS: Final = "renders"
# The sizes of a run, as parts of its share, within which its end is chosen.
_LEAST_SHARE, _MOST_SHARE = 0.4, 2.0


@dataclass(frozen=True)
class SegmentScheduler:
    """Encodes segments on an executor.

    Args:
        executor: Runs tasks: threads, processes, or a cluster's that sees the same
            files.
        workers: How many run at once.
        library: Where media come from; workers elsewhere open their own.
        store: The folder of the segment store.
        cache: The folder of frame indexes and worker channels.
    """

    executor: Executor
    workers: int
    library: MediaLibrary
    store: SegmentStore
    cache: Path

    def encode(
        self,
        timeline: Timeline,
        plan: Plan | None,
        reporter: Reporter,
        beside: "Callable[[WorkerStatus, MediaLibrary | None], None] | None" = None,
    ) -> None:
        """Encode the segments of a plan that are not cached, and run another task.

        Args:
            timeline: What the plan is of.
            plan: What is encoded; only the other task if None.
            reporter: Reports each frame; pauses and cancels.
            beside: The other task, run by a worker at the same time: the sound.

        Raises:
            RenderError: A worker died; its segments and files are named.
            TimelineNbError: A segment failed; it is named.
            JobCancelledError: The job was cancelled.

        Without an error, segments are missing only if the cache folder vanished.
        """
        missing = _without_doubles(plan.of("encode")) if plan else []
        total = sum(segment.frames for segment in missing)
        library = self.library if shares_memory(self.executor) else None
        calls: list[Callable[[], None]] = []
        with self._channel(total) as channel:
            if beside is not None:
                calls.append(partial(beside, WorkerStatus(channel.folder, 0), library))
            tasks = self._tasks(timeline, plan, missing, channel) if plan else []
            calls += [partial(task.run, library) for task in tasks]
            try:
                run_all(self.executor, calls, channel, reporter)
            except (JobCancelledError, RenderError) as error:
                reporter.check()
                # Workers stop when the cache folder vanishes with their channel, or
                # find their segment gone: what is missing is encoded again.
                if not channel.is_there:
                    return
                if isinstance(error, JobCancelledError):
                    # Nobody has stopped it.
                    raise RenderError(
                        Message(
                            "a part of the render ended before its time: {error}; "
                            "render again, and what was encoded is used",
                            error=error,
                        )
                    ) from error
                raise
            except Exception as error:
                raise _named(error, channel.at_work, plan) from error

    def _channel(self, total: int) -> WorkerChannel:
        folder = self.cache / RENDERS
        try:
            return WorkerChannel(folder, stage="encode", total=total)
        except OSError as error:
            raise RenderError(cache_refusal(self.cache, error)) from error

    def _tasks(
        self,
        timeline: Timeline,
        plan: Plan,
        missing: Sequence[Segment],
        channel: WorkerChannel,
    ) -> list[EncodeTask]:
        runs = list(_runs(missing, self.workers))
        apart = not shares_memory(self.executor)
        kinds = Dependencies(timeline).kinds if apart else ()
        effects = providers_for_workers(kinds)
        cores = os.cpu_count() or 1
        threads = max(1, cores // max(1, min(self.workers, len(runs))))
        return [
            EncodeTask(
                timeline,
                plan.encoding,
                tuple(run),
                self.store.folder,
                self.cache,
                WorkerStatus(channel.folder, number),
                threads,
                plan.start,
                plan.inputs,
                self.library.scope or scope_in_use(),
                self.library.isolation,
                effects,
            )
            for number, run in enumerate(runs, 1)
        ]


def _without_doubles(segments: Sequence[Segment]) -> list[Segment]:
    return list({segment.key: segment for segment in reversed(segments)}.values())[::-1]


def _runs(segments: Sequence[Segment], workers: int) -> Iterator[list[Segment]]:
    """Yield runs of neighbors, so that decoders read on; long ones first.

    Each is a worker's share of half of what is left: all workers end together.
    """
    rest = list(segments)
    while rest:
        share = sum(segment.cost for segment in rest) / (2 * workers)
        count = _length(rest, share)
        yield rest[:count]
        del rest[:count]


def _length(segments: Sequence[Segment], share: float) -> int:
    """Return how many segments make a run of about `share` in cost.

    A run ends where the fewest clips continue: each costs a seek.
    """
    ends: list[tuple[int, float, int]] = []
    taken = 0.0
    for count, (segment, after) in enumerate(zip_longest(segments, segments[1:]), 1):
        taken += segment.cost
        if ends and taken > _MOST_SHARE * share:
            break
        if after is None or after.first != segment.last:
            ends.append((0, abs(taken - share), count))
            break
        if taken >= _LEAST_SHARE * share:
            going_on = len(set(segment.layers) & set(after.layers))
            ends.append((going_on, abs(taken - share), count))
    return min(ends)[2]


def _named(error: Exception, at_work: list[int], plan: Plan | None) -> Exception:
    """Return an error of a worker, with the segments it was encoding."""
    if isinstance(error, TimelineNbError):
        return error
    doing = "; ".join(
        f"{s.label} of {', '.join(s.layers)}"
        for s in (plan.segments if plan else ())
        if s.number in at_work
    )
    return RenderError(
        Message(
            "{why}; at {place}: what was finished is kept; look at "
            "these clips' files, or render again",
            why=failure_of(error),
            place=doing or Message("no segment yet"),
        )
    )
