"""Mix and encode the sound of a film, in one piece: no seam is heard."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import Flags
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.compose.mix import AudioMixer
from timeline_nb.core.structs import to_canonical
from timeline_nb.core.telemetry.spans import span
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.core.worker_channel import WorkerStatus
from timeline_nb.effects.catalog import specs_of
from timeline_nb.effects.spec import Medium
from timeline_nb.errors import CompositionError, MediaError, RenderError
from timeline_nb.i18n import Message
from timeline_nb.media._pyav import reason
from timeline_nb.media.apart.isolation import Isolation
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.samples import sound_frame
from timeline_nb.render.target import SoundEncoding
from timeline_nb.segments.descriptor import digest
from timeline_nb.segments.file import SegmentFile, SegmentWriter, writing
from timeline_nb.segments.inputs import Inputs, work_steadily
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    MediaReference,
    Timeline,
    Transform,
)
from timeline_nb.timeline.queries import media, media_users

__all__ = [
    "SoundTask",
    "clipping_warnings",
    "configure_sound",
    "encode_sound",
    "mixed_as",
    "sound_key",
]

# Raised when mixing changes: older sounds are not reused.
_ENGINE: Final = 2
_BLOCK: Final = 4096
# The media of effects that are heard.
_MEDIA: Final[tuple[Medium, ...]] = ("sound", "time")


@dataclass(frozen=True)
class SoundTask:
    """A worker's task of encoding the sound.

    Args:
        timeline: What is heard.
        span: The frames of the timeline that the film has.
        encoding: What it is encoded as.
        key: Of the encoded sound in the store.
        store: Where it goes.
        cache: The folder of frame indexes.
        inputs: The files that the key was made of.
        isolation: Which files are decoded in processes apart.
        scope: What may be read; everything if None.
    """

    timeline: Timeline
    span: range
    encoding: SoundEncoding
    key: str
    store: Path
    cache: Path
    inputs: Inputs
    isolation: Isolation
    scope: Scope | None = None

    def __call__(self, status: WorkerStatus, library: MediaLibrary | None) -> None:
        """Encode the sound, if it is not in the store yet."""
        with use_scope(self.scope), span("render.sound"):
            self._encode(status, library)

    def _encode(self, status: WorkerStatus, library: MediaLibrary | None) -> None:
        inputs = self.inputs
        if library is None:
            inputs = Inputs.of(self.timeline, effects=False)
            library = MediaLibrary(self.cache, isolation=self.isolation)
        opened = library
        try:
            work_steadily(lambda now: encode_sound(self, status, opened, now), inputs)
        except (MediaError, CompositionError) as error:
            raise type(error)(f"the sound: {error}") from error


def sound_key(
    timeline: Timeline, span: range, encoding: SoundEncoding, library: MediaLibrary
) -> str:
    """Return the cache key of all that is heard, encoded.

    Raises:
        MediaError: A file cannot be read; the clip that uses it is named.
    """
    heard = [
        to_canonical(replace(track, items=tuple(map(_heard, track.items))))
        for track in timeline.tracks
        if track.kind == "audio" and track.enabled
    ]
    files = {}
    for path, reference in media(timeline).items():
        if reference.has_audio:
            try:
                files[path] = library.probe(path).fingerprint
            except MediaError as error:
                user = media_users(timeline)[path]
                raise MediaError(
                    Message("clip {user}: {why}", user=user, why=error)
                ) from error
    clock = [str(len(span) / timeline.rate), timeline.sample_rate_hz]
    if span.start:
        clock.append(str(span.start / timeline.rate))
    versions = sorted(av.library_versions.items())
    effects = to_canonical(_audible(timeline.effects))
    described = [_ENGINE, versions, heard, files, clock, effects, astuple(encoding)]
    return digest(described)


def _heard(item: Any) -> Any:
    """Return a clip without all that does not change its sound."""
    if not isinstance(item, Clip):
        return item
    kept = item.media
    if kept.is_file:
        kept = MediaReference(path=kept.path)
    return replace(
        item,
        id="",
        name="",
        link="",
        media=kept,
        transform=Transform(),
        markers=(),
        effects=_audible(item.effects),
        metadata={},
    )


def _audible(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Return the effects that change the sound."""
    return tuple(effect for effect in effects if any(specs_of(effect.kind, *_MEDIA)))


def mixed_as(encoding: SoundEncoding) -> str:
    """Return the layout in which a film is mixed; mono is mixed down from stereo."""
    return "stereo" if encoding.layout == "mono" else encoding.layout


def configure_sound(context: AudioCodecContext, encoding: SoundEncoding) -> None:
    """Set an encoder's options, and open it.

    Raises:
        RenderError: It does not open.
    """
    context.sample_rate = encoding.sample_rate_hz
    context.format = encoding.sample_format
    context.layout = encoding.layout
    if encoding.bit_rate_bps:
        context.bit_rate = encoding.bit_rate_bps
    context.time_base = Fraction(1, encoding.sample_rate_hz)
    context.flags |= Flags.global_header
    try:
        context.open()
    except (av.error.FFmpegError, ValueError) as error:
        raise RenderError(
            Message(
                "the encoder {encoder} does not open: {why}",
                encoder=encoding.encoder,
                why=reason(error),
            )
        ) from error


def clipping_warnings(sound: SegmentFile | None) -> list[str]:
    """Return a warning if samples of an encoded sound were clipped."""
    count = sound.facts.get("clipped", 0) if sound else 0
    if not count:
        return []
    return [
        Message(
            "{samples} samples are louder than full scale and were clipped: lower the "
            "gain of a track",
            samples=count,
        )
    ]


def encode_sound(
    task: SoundTask, status: WorkerStatus, library: MediaLibrary, inputs: Inputs
) -> None:
    """Mix and encode a film's sound, to the end of its last picture.

    Args:
        task: What is encoded.
        status: Reports to the render.
        library: Opens media files.
        inputs: Nothing is kept once one of them changed.

    Raises:
        MediaError: A clip does not decode; it is named. Or a file changed meanwhile.
        RenderError: The encoder does not open.
        JobCancelledError: The render was stopped.
    """
    store = SegmentStore(task.store)
    if store.has(task.key):
        return
    if sound_key(task.timeline, task.span, task.encoding, library) != task.key:
        inputs.check_files()
        differs = inputs.differing(task.inputs) or "a file of the sound"
        raise MediaError(
            Message(
                "{differs} changed since the render was planned: try again",
                differs=differs,
            )
        )
    made = av.CodecContext.create(task.encoding.encoder, "w")
    context = cast("AudioCodecContext", made)
    configure_sound(context, task.encoding)
    with writing(store.path(task.key)) as writer:
        clipped = 0
        resampler = av.AudioResampler(
            format=task.encoding.sample_format,
            layout=task.encoding.layout,
            rate=task.encoding.sample_rate_hz,
            frame_size=context.frame_size or _BLOCK,
        )
        start = 0
        for mixed in _mixed(task, library):
            status.check()
            clipped += int(np.count_nonzero(np.abs(mixed) > 1))
            frame = _frame(mixed, start, task)
            start += frame.samples
            with stage("encode", task.encoding.encoder):
                for ready in resampler.resample(frame):
                    _write(writer, context.encode(ready))
        for ready in resampler.resample(None):
            _write(writer, context.encode(ready))
        _write(writer, context.encode(None))
        # Some encoders complete their extradata at the end.
        writer.extradata = context.extradata or b""
        writer.facts["clipped"] = clipped
        inputs.check_files()


def _mixed(task: SoundTask, library: MediaLibrary) -> Iterator[NDArray[np.float32]]:
    timeline = task.timeline
    rate = timeline.sample_rate_hz
    begin, end = (
        round(frame / timeline.rate * rate)
        for frame in (task.span.start, task.span.stop)
    )
    layout = mixed_as(task.encoding)
    with AudioMixer(timeline, library, start=begin, layout=layout) as mixer:
        for start in range(begin, end, _BLOCK):
            with stage("mix"):
                samples = mixer.read(min(_BLOCK, end - start))
            yield samples


def _frame(mixed: NDArray[np.float32], start: int, task: SoundTask) -> av.AudioFrame:
    layout = task.encoding.layout
    laid = np.clip(mixed, -1, 1)
    if layout == "mono":
        laid = laid.mean(axis=0, keepdims=True)
    frame = sound_frame(laid, layout, task.timeline.sample_rate_hz)
    frame.pts, frame.time_base = start, Fraction(1, frame.sample_rate)
    return frame


def _write(writer: SegmentWriter, packets: "list[av.Packet[Any]]") -> None:
    for packet in packets:
        writer.add(
            bytes(packet),
            pts=packet.pts or 0,
            is_key=True,
            duration=packet.duration or 0,
        )
