"""Rendering: composed frames and mixed sound into a film, whole or not at all."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.mix import AudioMixer, has_sound
from timeline_nb.compose.warnings import warnings_of
from timeline_nb.core.files import replacing
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.media._pyav import reason
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Channels, Profile
from timeline_nb.render.soft import (
    add_subtitles,
    mux_subtitles,
    without_subtitles,
)
from timeline_nb.render.verify import verify
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

__all__ = ["RenderResult", "render"]

# Samples in a frame of AAC-LC (ISO/IEC 14496-3).
_AAC_FRAME: Final = 1024
_SUFFIXES: Final = {".mp4", ".m4v"}


@dataclass(frozen=True)
class RenderResult:
    """A finished film.

    Args:
        path: Where it lies.
        frames: How many it has.
        info: What a probe of it tells.
        warnings: What was left out or may be wrong, each by name.
    """

    path: Path
    frames: int
    info: MediaInfo
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        width, height = self.info.video[0].display_size
        size_mb = self.info.size_bytes / 1e6
        count = len(self.warnings)
        notes = f", {count} warning{'s' * (count != 1)}" if count else ""
        return (
            f"<RenderResult {self.path.name!r} {width}x{height}, {self.frames} frames, "
            f"{float(self.info.duration):.2f} s, {size_mb:.1f} MB{notes}>"
        )


def render(
    timeline: Timeline,
    path: Path,
    *,
    library: MediaLibrary,
    profile: Profile,
    reporter: Reporter,
) -> RenderResult:
    """Render a timeline to an MP4 file.

    The film is written beside its final name and moved there once it is whole and has
    been checked; when anything fails, nothing is left.

    Args:
        timeline: What is rendered.
        path: Where the film goes.
        library: Where media come from.
        profile: Encoder settings.
        reporter: Told of each frame, and asked whether to stop.

    Raises:
        RenderError: The film cannot be written there, the disk is full, the encoder
            fails, or the result is not what was asked for.
        CompositionError: A media file is not there.
        MediaError: A clip does not decode.
        JobCancelledError: The job was cancelled.
    """
    _check_target(path, timeline)
    film = _Film(timeline, library, profile, reporter)
    burnt = profile.subtitles == "burn"
    drawn = timeline if burnt else without_subtitles(timeline)
    with Compositor(drawn, library) as compositor:
        warnings = warnings_of(timeline, library)
        frames = len(compositor)
        if not frames:
            raise RenderError(f"{timeline.name!r} is empty: there is nothing to render")
        try:
            with replacing(path) as partial:
                film.write(partial, compositor)
                verify(partial, timeline, frames=frames, has_sound=film.has_sound)
        except OSError as error:
            # Media errors are named already; what is left comes from the output.
            if isinstance(error, MediaError):
                raise
            raise RenderError(f"{path} cannot be written: {_why(error)}") from error
    if film.clipped:
        warnings.append(
            f"{film.clipped} samples are louder than full scale and were clipped: "
            "lower the gain of a track"
        )
    return RenderResult(path, frames, library.probe(path), tuple(warnings))


def _why(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return reason(error)


def _check_target(path: Path, timeline: Timeline) -> None:
    if path.suffix.lower() not in _SUFFIXES:
        raise RenderError(f"{path}: name the film .mp4")
    if not path.parent.is_dir():
        raise RenderError(f"{path}: there is no folder {path.parent}")
    if path.is_dir():
        raise RenderError(f"{path} is a folder")
    sources = {Path(name).resolve() for name in media(timeline)}
    if path.resolve() in sources:
        raise RenderError(
            f"{path} is a source of this edit: give the film another name"
        )


class _Film:
    """A film being written."""

    def __init__(
        self,
        timeline: Timeline,
        library: MediaLibrary,
        profile: Profile,
        reporter: Reporter,
    ) -> None:
        self._timeline = timeline
        self._library = library
        self._profile = profile
        self._reporter = reporter
        self.has_sound = has_sound(timeline)
        self.clipped = 0

    def write(self, path: Path, compositor: Compositor) -> None:
        """Encode every frame and sample into a file."""
        total, timeline = len(compositor), self._timeline
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            video = self._add_video(container)
            audio = self._add_audio(container) if self.has_sound else None
            soft = self._profile.subtitles == "soft"
            texts = add_subtitles(container, timeline) if soft else []
            mux_subtitles(container, texts)
            with AudioMixer(timeline, self._library) as mixer:
                samples = self._sound(mixer, total)
                for number, picture in enumerate(compositor.frames()):
                    self._reporter.report("encode", number, total)
                    container.mux(video.encode(picture))
                    if audio is not None:
                        # Up to the picture, so that neither waits for the other.
                        until = (number + 1) / timeline.rate * timeline.sample_rate_hz
                        _write_sound(container, audio, samples, until)
                container.mux(video.encode())
                if audio is not None:
                    _write_sound(container, audio, samples, None)
                    container.mux(audio.encode())
        self._reporter.report("encode", total, total)

    def _add_video(self, container: OutputContainer) -> av.VideoStream:
        rate = self._timeline.rate
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = self._timeline.size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = 1 / rate
        # BT.709 in limited range, as composed (ITU-T H.273: 1, 1, 1).
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 1
        crf = f"{self._profile.crf:g}"
        stream.options = {"preset": self._profile.preset, "crf": crf}
        return stream

    def _add_audio(self, container: OutputContainer) -> av.AudioStream:
        stream = container.add_stream("aac", rate=self._timeline.sample_rate_hz)
        stream.layout = self._profile.channels
        stream.bit_rate = self._profile.audio_bit_rate_bps
        return stream

    def _sound(self, mixer: AudioMixer, frames: int) -> Iterator[av.AudioFrame]:
        """Sound in frames of the encoder's size, to the end of the last picture."""
        rate = self._timeline.sample_rate_hz
        total = round(frames / self._timeline.rate * rate)
        for start in range(0, total, _AAC_FRAME):
            mixed = mixer.read(min(_AAC_FRAME, total - start))
            self.clipped += int(np.count_nonzero(np.abs(mixed) > 1))
            laid = _laid_out(np.clip(mixed, -1, 1), self._profile.channels)
            frame = av.AudioFrame.from_ndarray(laid, "fltp", self._profile.channels)
            frame.sample_rate = rate
            frame.pts, frame.time_base = start, Fraction(1, rate)
            yield frame


def _laid_out(sound: NDArray[np.float32], channels: Channels) -> NDArray[np.float32]:
    """Two channels as those of a film, in FFmpeg's order."""
    if channels == "mono":
        return np.ascontiguousarray(sound.mean(axis=0, keepdims=True), np.float32)
    if channels == "5.1":
        return np.concatenate([sound, np.zeros((4, sound.shape[1]), np.float32)])
    return sound


def _write_sound(
    container: OutputContainer,
    stream: av.AudioStream,
    frames: Iterator[av.AudioFrame],
    until: Fraction | None,
) -> None:
    for frame in frames:
        container.mux(stream.encode(frame))
        if until is not None and (frame.pts or 0) + frame.samples >= until:
            return
