"""Encode segments in a worker: a thread, a process, or another machine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import av

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.compose.compositor import Compositor
from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.core.executors import interrupts_ignored
from timeline_nb.core.file_errors import reason_of
from timeline_nb.core.prefetch import prefetch
from timeline_nb.core.telemetry.spans import beside, span
from timeline_nb.core.telemetry.stages import iterate_in, iterate_staged, stage
from timeline_nb.core.worker_channel import WorkerStatus
from timeline_nb.errors import (
    JobCancelledError,
    MediaError,
    RenderError,
    TimelineNbError,
)
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import reason
from timeline_nb.media.apart.isolation import NOTHING_APART, Isolation
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.hardware import device_that_works
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.segments.convert import Converter
from timeline_nb.segments.cutting import Named, Namer
from timeline_nb.segments.encoding import Encoding, open_encoder
from timeline_nb.segments.file import SegmentWriter, writing
from timeline_nb.segments.inputs import (
    ChangedEffectError,
    Inputs,
    TouchedError,
    work_steadily,
)
from timeline_nb.segments.segment import Segment
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timeline.model import Timeline

__all__ = ["EncodeTask"]

# Frames composed ahead of the encoder: where few segments are due, the
# cores share one segment.
_AHEAD: Final = 4


@dataclass(frozen=True)
class EncodeTask:
    """What a worker is asked to encode.

    Args:
        timeline: What is rendered.
        encoding: What it is encoded as.
        segments: Neighbors, in order: decoders read on from one to the next.
        store: The folder of the segment store.
        cache: The folder of frame indexes.
        status: Reports the worker's progress.
        threads: That decode a file; as many as there are cores if 0.
        start: The frame of the timeline that is the film's first.
        inputs: The files and effects that were planned with.
        scope: What may be read; everything if None.
        isolation: Which files are decoded in processes apart.
        effects: Put up the effects of plugins in a process of a worker.
    """

    timeline: Timeline
    encoding: Encoding
    segments: tuple[Segment, ...]
    store: Path
    cache: Path
    status: WorkerStatus
    threads: int = 1
    start: int = 0
    inputs: Inputs = field(default_factory=Inputs)
    scope: Scope | None = None
    isolation: Isolation = NOTHING_APART
    effects: tuple[Callable[[], object], ...] = ()

    def run(self, library: MediaLibrary | None = None) -> None:
        """Encode the segments that are not in the store yet.

        Args:
            library: Opens media files; one of this process if not given, and
                then it is checked that segments show what they showed where they
                were planned.

        Raises:
            RenderError: The disk is full, the encoder fails, or files or effects
                differ here.
            ChangedEffectError: An effect changed meanwhile.
            MediaError: A frame does not decode; segment and clip are named. Or a file
                changed meanwhile.
            CompositionError: A frame cannot be composed; segment and clip are named.
            PluginError: A plugin cannot be used in this process.
            JobCancelledError: The render was stopped.
        """
        with interrupts_ignored(), use_scope(self.scope):
            for put_up in () if library else self.effects:
                put_up()
            inputs = self.inputs if library else Inputs.of(self.timeline)
            work_steadily(lambda now: self._encode_missing(library, now), inputs)
            self.status.report(-1)

    def _encode_missing(self, library: MediaLibrary | None, inputs: Inputs) -> None:
        """Encode what is not in the store; nothing is kept once an input changed."""
        store, encoding = SegmentStore(self.store), self.encoding
        device = device_that_works() if encoding.on_device else None
        opened = library or _library(self.cache, self.isolation)
        pictures = _Pictures(opened, self.threads, device)
        with Compositor(
            self.timeline,
            pictures,
            size=encoding.size,
            on_damage=encoding.on_damage,
            colors=encoding.canvas,
        ) as compositor:
            namer = None
            if library is None:
                namer = Namer(compositor, self.timeline, pictures, encoding)
            for segment in self.segments:
                self.status.report(segment.number)
                if store.has(segment.key):
                    self.status.done += segment.frames
                    continue
                first, last = self.start + segment.first, self.start + segment.last
                with _segment_span(segment), _segment_context(segment):
                    if namer is not None:
                        self._check_same(segment, namer.name(first, last), inputs)
                    path = store.path(segment.key)
                    # In this order: what was written before a change is dropped.
                    with writing(path) as writer, _unchanged(inputs):
                        frames = compositor.frames(first, last)
                        self._encode(frames, segment, writer)

    def _check_same(self, segment: Segment, named: Named, inputs: Inputs) -> None:
        """Check that a segment is here what it was where it was planned."""
        # After the "-" stands what only the plan knows.
        if named.key == segment.key.partition("-")[0]:
            return
        differs = inputs.differing(self.inputs)
        if differs:
            raise MediaError(
                Message(
                    "{differs} changed while it was rendered, or is another "
                    "file for the worker: give it the same file, and render "
                    "again",
                    differs=differs,
                )
            )
        raise RenderError(
            Message(
                "a worker sees other files, fonts or effects than the notebook: give "
                "it the same files, or render in threads if an effect is one of your "
                "own"
            )
        )

    def _encode(
        self,
        pictures: Iterator[av.VideoFrame],
        segment: Segment,
        writer: SegmentWriter,
    ) -> None:
        context = open_encoder(self.encoding)
        converter = Converter(self.encoding)
        writer.extradata = context.extradata or b""
        # The compositor may return the same frame again, with another time.
        composed = map(converter.convert, pictures)
        encoder = self.encoding.encoder
        with beside("render.pictures", segment=segment.number) as lane:
            timed = iterate_in(lane.place, composed)
            with closing(prefetch(timed, _AHEAD, self.status.check)) as frames:
                for place, frame in enumerate(iterate_staged(frames, "wait")):
                    self.status.step(segment.number)
                    frame.pts = place
                    with stage("encode", encoder):
                        packets = context.encode(frame)
                    _write(writer, packets)
        with stage("encode", encoder):
            packets = context.encode()
        _write(writer, packets)


def _segment_span(segment: Segment) -> AbstractContextManager[object]:
    return span(
        "render.segment",
        f"{segment.label}: {', '.join(segment.layers)}",
        segment=segment.number,
        first=segment.first,
        frames=segment.frames,
        action="encode",
    )


class _Pictures:
    """A library whose decoders use a number of threads, or a device."""

    def __init__(self, library: MediaLibrary, threads: int, device: str | None) -> None:
        self._library, self._threads, self._device = library, threads, device

    @property
    def scope(self) -> Scope | None:
        return self._library.scope

    def probe(self, path: str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        return self._library.probe(path, assumed=assumed)

    def video(self, path: str, *, assumed: Assumption = AS_TOLD) -> Decoder:
        threads, device = self._threads, self._device
        return self._library.video(
            path, threads=threads, device=device, assumed=assumed
        )


# Libraries are thread-safe; should two threads make one each, either serves.
@lru_cache(maxsize=4)
def _library(cache: Path, isolation: Isolation) -> MediaLibrary:
    """Return the library of a worker's process."""
    return MediaLibrary(cache, isolation=isolation)


@contextmanager
def _segment_context(segment: Segment) -> Iterator[None]:
    """Prefix an error of the block with the segment."""
    name = segment.label
    try:
        yield
    except (JobCancelledError, TouchedError, ChangedEffectError):
        raise
    except TimelineNbError as error:
        raise type(error)(f"{name}: {error}") from error
    except av.error.FFmpegError as error:
        raise RenderError(
            Message("{name}: the encoder fails: {why}", name=name, why=reason(error))
        ) from error
    except (OSError, MemoryError) as error:
        seen = ", ".join(segment.layers)
        raise RenderError(
            Message(
                "{name} of {seen}: {why}", name=name, seen=seen, why=reason_of(error)
            )
        ) from error


@contextmanager
def _unchanged(inputs: Inputs) -> Iterator[None]:
    """Check the inputs after the block; an error of it may come from their change."""
    try:
        yield
    except JobCancelledError:
        raise
    except TimelineNbError:
        inputs.check()
        raise
    inputs.check()


def _write(writer: SegmentWriter, packets: "list[av.Packet[Any]]") -> None:
    with stage("write"):
        for packet in packets:
            writer.add(
                bytes(packet),
                pts=packet.pts or 0,
                is_key=packet.is_keyframe,
                duration=packet.duration or 0,
            )
