"""Render timelines to films, each whole or not at all."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import replace as changed
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final

from timeline_nb.access.use import under_own_scope
from timeline_nb.compose.missing_effects import refuse_missing_effects
from timeline_nb.compose.offline import only_online
from timeline_nb.compose.warnings import uncovered_warnings, warnings_of
from timeline_nb.core.executors import check_executor
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.partials import sweep
from timeline_nb.core.run_all import workers_of
from timeline_nb.core.telemetry.spans import span
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.core.written_files import WrittenFiles, written_files
from timeline_nb.errors import CompositionError, RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.damage import damage_warnings, refuse_damage
from timeline_nb.render.film_range import at_film_rate, is_whole, refuse_empty
from timeline_nb.render.levelling import left_as_it_is, levelled
from timeline_nb.render.mastering import add_mastering_display
from timeline_nb.render.mux import FilmParts, join
from timeline_nb.render.place import check_free
from timeline_nb.render.platforms import refusals
from timeline_nb.render.profile import Profile
from timeline_nb.render.rate_control import search_quality
from timeline_nb.render.result import RenderResult
from timeline_nb.render.sequence import write_sequence
from timeline_nb.render.sound import SoundTask, clipping_warnings, sound_key
from timeline_nb.render.subtitle_mux import without_subtitles
from timeline_nb.render.target import Target, resolve_target
from timeline_nb.render.verify import Check, probe_film, verify
from timeline_nb.render.writable_cache import writable_cache
from timeline_nb.render.write_errors import write_context
from timeline_nb.segments.file import SegmentFile
from timeline_nb.segments.inputs import Inputs, with_steady_effects
from timeline_nb.segments.journal import Journal, JournalEntry
from timeline_nb.segments.plan import Plan, counted, drop_uncached, make_plan
from timeline_nb.segments.scheduler import RENDERS, SegmentScheduler
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timeline.model import Timeline

__all__ = ["Renderer"]

# Attempts, where another process removes segments from the cache meanwhile.
_TRIES: Final = 3


class Renderer:
    """Turns timelines into films.

    Args:
        library: Opens media files.
        cache: The cache folder.
        store: Keeps segments; one in the cache folder if not given.
        executor: Where segments are encoded: threads, processes, or a cluster's that
            sees the same files. Threads of its own if not given.
        workers: How many are encoded at once; the executor's number if not given.
        written: Knows the films that were written here, which are replaced; those of
            the data folder if not given.

    Raises:
        RenderError: The executor's workers cannot encode; see `check_executor`.
    """

    def __init__(  # noqa: PLR0913 - what a render uses, all but two with defaults
        self,
        library: MediaLibrary,
        cache: Path,
        *,
        store: SegmentStore | None = None,
        executor: Executor | None = None,
        workers: int | None = None,
        written: WrittenFiles | None = None,
    ) -> None:
        check_executor(executor, RenderError)
        self._library, self._cache, self.scope = library, cache, library.scope
        self._store = store or SegmentStore(cache / "segments")
        self._executor, self._workers = executor, workers
        self._written = written or written_files()

    @under_own_scope
    def plan(
        self,
        timeline: Timeline,
        path: Path,
        profile: Profile,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
    ) -> Plan:
        """Plan a film; nothing is decoded or encoded.

        Args:
            timeline: What is rendered.
            path: Where the film goes.
            profile: What it is encoded as.
            start: As for `render`.
            end: Likewise.

        Raises:
            RenderError: The film cannot be written there, or has no pictures.
            CompositionError: A media file or a plugin is not there, or an effect is
                not valid.
        """
        drawn, target = self.prepared(timeline, path, profile, start, end)
        if target.video is None:
            raise RenderError(Message("{path} has no pictures to plan", path=path))
        return self._plan(drawn, target)

    def prepared(
        self,
        timeline: Timeline,
        path: Path,
        profile: Profile,
        start: Fraction | None,
        end: Fraction | None,
    ) -> tuple[Timeline, Target]:
        """Return the timeline as it is drawn, and what a render makes; as `plan`."""
        timeline, _ = at_film_rate(timeline, path, profile)
        timeline, target = self._target(timeline, path, profile, start, end)
        return _drawn(timeline, target), target

    @under_own_scope
    def render(  # noqa: PLR0913 - what is rendered, where, as what, and who watches
        self,
        timeline: Timeline,
        path: Path,
        profile: Profile,
        reporter: Reporter,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        overwrite: bool = False,
    ) -> RenderResult:
        """Render a timeline to a file.

        The film is written beside its final name and moved there once it is whole and
        has been checked; when anything fails, nothing is left of it. Encoded segments
        are kept, and the next render continues from there.

        Args:
            timeline: What is rendered.
            path: Where the film goes; its suffix selects the container.
            profile: What it is encoded as.
            reporter: Reports each frame; pauses and cancels the render.
            start: Timeline seconds: the frame shown then is the film's first. The
                timeline's start if not given.
            end: Timeline seconds: the frame shown then is not in the film any more. The
                timeline's end if not given.
            overwrite: Replace a file that was not written here.

        Raises:
            RenderError: The film cannot be written there, the disk is full, the
                encoder fails, a worker dies, or the result is not what was asked for.
            CompositionError: A media file or a plugin is not there, or an effect
                fails; clip, effect and time are named.
            MediaError: A clip does not decode; its segment is named.
            JobCancelledError: The job was cancelled.
        """
        with ExitStack() as stack:
            stack.enter_context(file_errors(path, RenderError, verb="rendered"))
            timeline, warnings = at_film_rate(timeline, path, profile)
            timeline, target = self._target(timeline, path, profile, start, end)
            target = changed(target, overwrite=overwrite)
            refuse_empty(timeline, target.span)
            check_free(path, target.span, self._written, overwrite=overwrite)
            cache, store, found = stack.enter_context(
                writable_cache(self._cache, self._store, path)
            )
            renderer = Renderer(
                self._library,
                cache,
                store=store,
                executor=self._executor,
                workers=self._workers,
                written=self._written,
            )
            return renderer._rendered(target, timeline, reporter, [*warnings, *found])

    def _rendered(
        self,
        target: Target,
        timeline: Timeline,
        reporter: Reporter,
        warnings: list[str],
    ) -> RenderResult:
        """Render a timeline at the film's rate, with a cache that can be written."""
        profile = target.profile
        drawn = _drawn(timeline, target)
        warnings += self._warnings(timeline, target)
        heard = timeline
        if profile.loudness_lufs is not None and target.sound is not None:
            try:
                heard = levelled(timeline, target, self._library, self._store, reporter)
            except CompositionError as error:
                warnings.append(left_as_it_is(error))
        with self.scheduler() as scheduler:
            task = self._sound_task(heard, target)
            if profile.bit_rate_bps or profile.target_bytes:
                scheduler.encode(heard, None, reporter, task)
                target = self._sized(target, drawn, scheduler, reporter, task)
            refuse_damage(drawn, target, self._library)
            plan, sound = with_steady_effects(
                partial(self._encoded, drawn, target, task, scheduler, reporter)
            )
            warnings += damage_warnings(drawn, target, self._library)
        files = FilmParts(self._store, self._library, plan, sound)
        try:
            info, checks = self._write(target, files, timeline, reporter)
        finally:
            drop_uncached(plan, self._store)
        if plan is not None and is_whole(target.span, timeline):
            self._remember(timeline, plan)
        self._store.trim()
        return RenderResult(
            target.path,
            len(target.span) if target.video else 0,
            info,
            (*warnings, *clipping_warnings(sound), *refusals(info, profile.name)),
            (*target.notes, *(plan.uncached if plan else ())),
            tuple(checks),
            plan,
        )

    def _target(
        self,
        timeline: Timeline,
        path: Path,
        profile: Profile,
        start: Fraction | None,
        end: Fraction | None,
    ) -> tuple[Timeline, Target]:
        """Resolve the target of a timeline that is at the film's rate.

        Returns:
            The timeline without what is offline and not shown, and the target.
        """
        target = resolve_target(timeline, path, profile, start=start, end=end)
        refuse_missing_effects(timeline, target.span)
        timeline = only_online(timeline, target.span)
        return timeline, add_mastering_display(target, timeline, self._library)

    def _warnings(self, timeline: Timeline, target: Target) -> list[str]:
        """Return what the film leaves out or may get wrong, known beforehand."""
        hdr = target.video is not None and target.video.canvas.is_hdr
        found = warnings_of(timeline, self._library, hdr=hdr)
        return [*found, *uncovered_warnings(timeline)]

    def _write(
        self, target: Target, files: FilmParts, timeline: Timeline, reporter: Reporter
    ) -> tuple[MediaInfo, list[Check]]:
        """Write the film to its path; return the probe and all checks."""
        path = target.path
        with write_context(path):
            if target.container.format == "sequence" and files.plan is not None:
                first = write_sequence(target, files.plan, self._store, self._written)
                return probe_film(first), []
            frames = len(target.span)
            own, overwrite = self._written, target.overwrite
            with own.replacing(path, RenderError, overwrite=overwrite) as unfinished:
                join(target, files, unfinished, timeline, reporter)
                reporter.report("check", 0, frames)
                _, checks = verify(unfinished, timeline, target, frames=frames)
                reporter.report("check", frames, frames)
            return probe_film(path), checks

    @contextmanager
    def scheduler(self) -> Iterator[SegmentScheduler]:
        """Encode segments within a block, as renders do."""
        sweep(self._cache / RENDERS)
        executor = self._executor
        own = None
        if executor is None:
            count = self._workers or os.cpu_count() or 1
            own = executor = WorkerThreads(count, "segments")
        workers = self._workers or workers_of(executor)
        try:
            yield SegmentScheduler(
                executor, workers, self._library, self._store, self._cache
            )
        finally:
            if own is not None:
                own.shutdown()

    def _plan(self, drawn: Timeline, target: Target) -> Plan:
        assert target.video is not None  # noqa: S101 - asked before
        journal = Journal.load(self._cache, drawn.name)
        return make_plan(
            drawn,
            self._library,
            target.video,
            self._store,
            span=target.span,
            journal=journal,
        )

    def _sound_task(self, heard: Timeline, target: Target) -> SoundTask | None:
        if target.sound is None:
            return None
        inputs = Inputs.of(heard, effects=False)
        key = sound_key(heard, target.span, target.sound, self._library)
        return SoundTask(
            heard,
            target.span,
            target.sound,
            key,
            self._store.folder,
            self._cache,
            inputs,
            self._library.isolation,
            self.scope,
        )

    def _encoded(
        self,
        drawn: Timeline,
        target: Target,
        task: SoundTask | None,
        scheduler: SegmentScheduler,
        reporter: Reporter,
    ) -> tuple[Plan | None, SegmentFile | None]:
        """Encode what is not cached, and check that all of it is there.

        What another process removes from the cache meanwhile is encoded again.
        """
        for _ in range(_TRIES):
            plan = self._plan(drawn, target) if target.video else None
            keys = [s.key for s in plan.of("cached")] if plan else []
            if task is not None and self._store.has(task.key):
                keys.append(task.key)
            if self._store.drop_damaged(keys):
                continue
            missing = len(plan.of("encode")) if plan else 0
            missing += task is not None and task.key not in keys
            self._store.use(keys)
            self._store.count(hits=len(keys), misses=missing)
            if missing:
                try:
                    with span("render.encode", workers=scheduler.workers):
                        scheduler.encode(drawn, plan, reporter, task)
                except BaseException:
                    drop_uncached(plan, self._store)
                    raise
            now = plan.known(self._store) if plan else None
            sound = self._store.open(task.key) if task else None
            if not (now and now.of("encode")) and (task is None or sound):
                return counted(plan), sound
        raise RenderError(
            Message(
                "segments vanish from {folder} while they are needed: is another "
                "program clearing it, or is the cache's limit too low?",
                folder=self._store.folder,
            )
        )

    def _sized(
        self,
        target: Target,
        drawn: Timeline,
        scheduler: SegmentScheduler,
        reporter: Reporter,
        task: SoundTask | None,
    ) -> Target:
        """Return the target at the quality that fits its size."""
        search = partial(search_quality, target, drawn, scheduler, reporter)
        return with_steady_effects(partial(search, beside_bytes=self._bytes_of(task)))

    def _bytes_of(self, task: SoundTask | None) -> int:
        if task is None:
            return 0
        file = self._store.open(task.key)
        if file is None:
            raise RenderError(
                Message(
                    "the sound is gone from the cache {folder}: render again",
                    folder=self._store.folder,
                )
            )
        return file.size_bytes

    def _remember(self, timeline: Timeline, plan: Plan) -> None:
        lines = tuple(JournalEntry(s.key, s.descriptor) for s in plan.segments)
        Journal(lines).save(self._cache, timeline.name)


def _drawn(timeline: Timeline, target: Target) -> Timeline:
    is_burnt = target.profile.subtitles == "burn"
    return timeline if is_burnt else without_subtitles(timeline)
