"""The compositor: the pictures of a timeline, frame after frame."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Protocol, Self

import av
from av.video.frame import PictureType

from timeline_nb.compose.effects.registry import (
    KINDS,
    PictureEffect,
    applied,
    effects_of,
)
from timeline_nb.compose.graph import (
    CANVAS_COLOR_SPACE,
    StackGraph,
    has_alpha,
    kind_of,
    passes_through,
)
from timeline_nb.compose.layers import Layer, Shot, Span, shots_of, spans
from timeline_nb.compose.naming import naming
from timeline_nb.compose.placement import Canvas, place
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import frame_count, frame_time
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clips, duration

__all__ = ["Compositor", "Pictures", "check_media", "warnings_of"]


class Pictures(Protocol):
    """Where a compositor's pictures come from: a media library, or one of drafts."""

    def probe(self, path: str) -> MediaInfo:
        """Tell what a media file holds."""

    def video(self, path: str) -> VideoDecoder:
        """A new decoder of its pictures, for the caller to close."""


def check_media(timeline: Timeline) -> None:
    """Insist that every file of the timeline is there.

    Raises:
        CompositionError: One is not; its clip is named.
    """
    known: dict[str, bool] = {}
    for clip in clips(timeline):
        path = clip.media.path
        if not known.setdefault(path, Path(path).is_file()):
            raise CompositionError(
                f"the media of clip {clip.label} is offline: there is no "
                f"{path}; relink it"
            )


def warnings_of(timeline: Timeline, library: MediaLibrary) -> list[str]:
    """What a render of this timeline leaves out or may get wrong, each by name."""
    found = [
        f"track {track.name!r}: subtitles are not drawn into the picture"
        for track in timeline.tracks
        if track.kind == "subtitle" and track.enabled and track.items
    ]
    told: set[str] = set()
    for clip in clips(timeline):
        found += [
            f"clip {clip.label}: the effect {effect.kind!r} is not known "
            "and not applied"
            for effect in clip.effects
            if effect.enabled and effect.kind not in KINDS
        ]
        if clip.media.path in told:
            continue
        told.add(clip.media.path)
        info = library.probe(clip.media.path)
        if clip.media.fingerprint and info.fingerprint != clip.media.fingerprint:
            found.append(f"{clip.media.path} has changed since it was put in")
        if info.video and info.video[0].is_hdr:
            found.append(f"{clip.media.path} is HDR: its tones are not mapped to SDR")
    return found


class Compositor:
    """Makes the pictures of a timeline; a context manager.

    Args:
        timeline: What is shown.
        library: Where media come from.
        size: Width and height of the canvas, even; the timeline's own if not given.

    Raises:
        CompositionError: A media file is not there.
    """

    def __init__(
        self,
        timeline: Timeline,
        library: Pictures,
        *,
        size: tuple[int, int] | None = None,
    ) -> None:
        check_media(timeline)
        width, height = size or timeline.size
        self._timeline = timeline
        self._canvas = Canvas(width, height, width / timeline.size[0])
        self._decoders = _Decoders(library)
        self._library = library
        self._effects: dict[str, tuple[PictureEffect, ...]] = {}
        self._spans = spans(timeline)
        self._ends = [frame_count(s.range.end, timeline.rate) for s in self._spans]

    def __len__(self) -> int:
        """How many frames the timeline has."""
        return frame_count(duration(self._timeline), self._timeline.rate)

    def frames(
        self, first: int = 0, last: int | None = None
    ) -> Iterator[av.VideoFrame]:
        """Frames `first:last`: yuv420p, BT.709, limited range; PTS is the number.

        Frame `n` shows what the timeline has at `n / rate` seconds.

        Raises:
            MediaError: A frame does not decode; its clip is named.
        """
        last = len(self) if last is None else last
        for number in range(bisect_right(self._ends, first), len(self._spans)):
            begin = max(first, self._ends[number - 1] if number else 0)
            end = min(last, self._ends[number])
            if begin >= last:
                return
            if begin < end:
                yield from self._span_frames(self._spans[number], begin, end)

    def close(self) -> None:
        """Let go of the files."""
        self._decoders.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _span_frames(self, span: Span, begin: int, end: int) -> Iterator[av.VideoFrame]:
        layers = self._visible(span.layers)
        shots = [shot for layer in layers for shot in shots_of(layer)]
        decoders = self._decoders.for_shots(shots)
        graph: StackGraph | None = None
        for number in range(begin, end):
            time = frame_time(number, self._timeline.rate)
            frames = [
                self._decoded(shot, decoder, time)
                for shot, decoder in zip(shots, decoders, strict=True)
            ]
            if frames and passes_through(layers, frames[0], self._canvas):
                yield _as_canvas(frames[0], number, self._timeline.rate)
                continue
            try:
                if graph is None or graph.kinds != tuple(map(kind_of, frames)):
                    graph = StackGraph(
                        layers, frames, self._canvas, self._timeline.rate
                    )
                composed = graph.compose(number, time, frames)
            except (av.error.FFmpegError, ValueError) as error:
                names = ", ".join(shot.clip.label for shot in shots) or "no clip"
                raise CompositionError(
                    f"frame {number} cannot be composed of {names}: {error}"
                ) from error
            yield composed

    def _decoded(self, shot: Shot, decoder: VideoDecoder, time: Fraction) -> Frame:
        with naming(shot.clip):
            frame = self._frame_of(decoder, shot.media_time(time))
            return applied(self._effects_of(shot.clip), frame)

    def _effects_of(self, clip: Clip) -> tuple[PictureEffect, ...]:
        if clip.id not in self._effects:
            self._effects[clip.id] = effects_of(clip)
        return self._effects[clip.id]

    def _frame_of(self, decoder: VideoDecoder, time: Fraction) -> Frame:
        end = decoder.index.end_of(len(decoder.index) - 1)
        if time >= end and decoder.info.kind != "image":
            # A file cut short since it was put in would be its last frame for ever.
            raise MediaError(
                f"{decoder.info.path} ends at {float(end):.3f} s: there is no frame at "
                f"{float(time):.3f} s"
            )
        return decoder.frame_at(time)

    def _visible(self, layers: Sequence[Layer]) -> list[Layer]:
        """The layers from the topmost that hides all below it."""
        for number in range(len(layers) - 1, -1, -1):
            if all(self._hides(shot) for shot in shots_of(layers[number])):
                return list(layers[number:])
        return list(layers)

    def _hides(self, shot: Shot) -> bool:
        transform = shot.clip.transform
        video = self._library.probe(shot.clip.media.path).video
        if not video:
            return False
        size = video[0].display_size
        for effect in self._effects_of(shot.clip):
            size = effect.shown_size(size)
        return (
            transform.opacity == 1
            and not shot.fades
            and not has_alpha(video[0].pix_fmt)
            and place(transform, size, self._canvas).covers
        )


def _as_canvas(frame: Frame, number: int, rate: Fraction) -> av.VideoFrame:
    """A source frame as a frame of the result, its pixels untouched."""
    picture = frame.picture
    picture.pts, picture.time_base = number, 1 / rate
    # Else the encoder would copy the source's choice of keyframes.
    picture.pict_type = PictureType.NONE
    picture.colorspace = CANVAS_COLOR_SPACE
    return picture


class _Decoders:
    """Decoders of the clips in sight; one is handed on to the next clip of its file."""

    def __init__(self, library: Pictures) -> None:
        self._library = library
        self._open: dict[str, tuple[str, VideoDecoder]] = {}

    def for_shots(self, shots: Sequence[Shot]) -> list[VideoDecoder]:
        """A decoder for each shot; those of clips out of sight are passed on."""
        wanted = {shot.clip.id for shot in shots}
        idle = {key: self._open.pop(key) for key in set(self._open) - wanted}
        for shot in shots:
            key, path = shot.clip.id, shot.clip.media.path
            if key in self._open:
                continue
            passed_on = next((k for k, (p, _) in idle.items() if p == path), None)
            if passed_on is not None:
                self._open[key] = idle.pop(passed_on)
            else:
                self._open[key] = (path, self._opened(shot.clip))
        for _, decoder in idle.values():
            decoder.close()
        return [self._open[shot.clip.id][1] for shot in shots]

    def _opened(self, clip: Clip) -> VideoDecoder:
        with naming(clip):
            return self._library.video(clip.media.path)

    def close(self) -> None:
        for _, decoder in self._open.values():
            decoder.close()
        self._open.clear()
