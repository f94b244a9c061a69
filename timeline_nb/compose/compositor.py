"""Compose the pictures of a timeline, frame by frame."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from typing import Self

import av
from av.video.frame import PictureType

from timeline_nb.access.use import iterate_under, scope_in_use, use_scope
from timeline_nb.compose.clip_renderer import ClipRenderer
from timeline_nb.compose.error_context import time_context
from timeline_nb.compose.file_uses import FileUse, uses_of_effects
from timeline_nb.compose.graph import passes_through
from timeline_nb.compose.layers import Layer, Shot, Span, shots_of, spans_from
from timeline_nb.compose.offline import are_offline, check_uses, uses_of_layer
from timeline_nb.compose.placement import Canvas
from timeline_nb.compose.sources import MediaOpener, OnDamage, Sources
from timeline_nb.compose.stack import FrameRequest, Stack
from timeline_nb.effects.failures import FailedEffects
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.color import Colors
from timeline_nb.media.convert import SDR, tag_colors
from timeline_nb.media.frame import Frame
from timeline_nb.timebase import frame_count, frame_time
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["Compositor"]


class Compositor:
    """Makes the pictures of a timeline; a context manager.

    Args:
        timeline: What is shown.
        library: Opens media files.
        size: Width and height of the canvas, even; the timeline's own if not given.
        clear: Whether the background is transparent, as when nested, not black.
        on_damage: What replaces frames that do not decode.
        colors: Of the canvas: SDR or HDR.
        failed: Notes effects of plugins that are missing or fail, without which
            pictures are then shown; None, and they are errors.

    Raises:
        CompositionError: An effect's parameter is not valid.
    """

    def __init__(  # noqa: PLR0913 - what is composed, of what, on what
        self,
        timeline: Timeline,
        library: MediaOpener,
        *,
        size: tuple[int, int] | None = None,
        clear: bool = False,
        on_damage: OnDamage = "hold",
        colors: Colors = SDR,
        failed: FailedEffects | None = None,
    ) -> None:
        self.scope = library.scope or scope_in_use()
        with use_scope(self.scope):
            width, height = size or timeline.size
            self._timeline = timeline
            self._canvas = Canvas(width, height, width / timeline.size[0], colors)
            self._library = library
            self._clear = clear
            self._on_damage: OnDamage = on_damage
            self._failed = failed
            self._sources = Sources(
                library,
                self._canvas,
                timeline.rate,
                self.nested,
                on_damage=on_damage,
                failed=failed,
            )
            shown = ClipRenderer(self._sources, self._canvas, timeline.rate, failed)
            self._stack = Stack(timeline, self._canvas, shown, library)
            self._shown = shown
            # The one that was shown last: the next frame is often of it, too.
            self._span: Span | None = None

    def __len__(self) -> int:
        """Return how many frames the timeline has."""
        return frame_count(duration(self._timeline), self._timeline.rate)

    def frames(
        self, first: int = 0, last: int | None = None
    ) -> Iterator[av.VideoFrame]:
        """Yield frames `first:last`, in the canvas's colors; PTS is the number.

        They are yuv420p, of ten bits in HDR; on nothing they are yuva420p.
        Frame `n` shows what the timeline has at `n / rate` seconds.

        Raises:
            MediaError: A file cannot be read, or a frame does not decode where that is
                asked to be an error; its clip is named.
            CompositionError: An effect fails, or a file that is shown is offline; the
                clip is named.
        """
        last = len(self) if last is None else last
        return iterate_under(self.scope, self._frames(first, last))

    def _frames(self, first: int, last: int) -> Iterator[av.VideoFrame]:
        for begin, end, span in self._spans_from(first):
            if begin >= last:
                return
            self._span = span
            yield from self._span_frames(span, max(first, begin), min(last, end))

    def _spans_from(self, first: int) -> Iterator[tuple[int, int, Span]]:
        """Yield the spans of frames from that of a frame on, each with its frames."""
        rate, time = self._timeline.rate, frame_time(first, self._timeline.rate)
        last = self._span
        known = []
        if last is not None and last.range.contains(time):
            known = [last]
            time = last.range.end
        for span in chain(known, spans_from(self._timeline, time)):
            begin = frame_count(span.range.start, rate)
            end = frame_count(span.range.end, rate)
            if begin < end:
                yield begin, end, span

    def stretches(self, first: int = 0) -> Iterator[tuple[int, int, list[Layer]]]:
        """Yield spans of frames, `first` and `last`, with the layers seen in them.

        Layers hidden by others are left out. The first is the one of a frame.
        """
        for begin, end, span in self._spans_from(first):
            # Which layer hides others is seen in its file.
            are_there = not are_offline(_uses_of(span.layers))
            layers = self._stack.visible(span.layers) if are_there else span.layers
            yield begin, end, list(layers)

    def check_shown(self, layers: Sequence[Layer]) -> None:
        """Check that the files of layers are online, and those of the timeline.

        Raises:
            CompositionError: One is not; its owner and the reason are named.
        """
        check_uses(uses_of_effects(self._timeline.effects, "the timeline"))
        check_uses(_uses_of(layers))

    def single_shot(self, layers: Sequence[Layer]) -> Shot | None:
        """Return the shot that may be the whole picture; None if there is none."""
        if self._clear or self._timeline.effects or len(layers) != 1:
            return None
        (layer,) = layers
        return layer if isinstance(layer, Shot) else None

    def nested(self, timeline: Timeline) -> "Compositor":
        """Return a compositor of a nested timeline, at the size of this canvas."""
        width, height = (
            max(2, round(side * self._canvas.scale / 2) * 2) for side in timeline.size
        )
        return Compositor(
            timeline,
            self._library,
            size=(width, height),
            clear=True,
            on_damage=self._on_damage,
            colors=self._canvas.colors,
            failed=self._failed,
        )

    def close(self) -> None:
        """Close the files."""
        self._sources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _span_frames(self, span: Span, begin: int, end: int) -> Iterator[av.VideoFrame]:
        self.check_shown(span.layers)
        layers = self._stack.visible(span.layers)
        shots = [shot for layer in layers for shot in shots_of(layer)]
        self._sources.settle(shots)
        rate = self._timeline.rate
        shot = self.single_shot(layers)
        for number in range(begin, end):
            time = frame_time(number, rate)
            with time_context(time):
                frame = None if shot is None else self._shown.frame(shot, time)
                is_whole = frame and passes_through(shots, frame, self._canvas)
                if frame is not None and is_whole:
                    picture = _as_canvas(frame, number, rate, self._canvas)
                else:
                    # Nor are the frames after it.
                    shot = None
                    request = FrameRequest(number, time, clear=self._clear, shown=frame)
                    picture = self._composed(request, layers, shots)
            picture.pts, picture.time_base = number, 1 / rate
            yield picture

    def _composed(
        self, request: FrameRequest, layers: Sequence[Layer], shots: list[Shot]
    ) -> av.VideoFrame:
        try:
            return self._stack.whole(layers, request)
        except (av.error.FFmpegError, ValueError) as error:
            if isinstance(error, CompositionError):
                raise
            names = ", ".join(shot.clip.label for shot in shots) or "no clip"
            raise CompositionError(
                Message(
                    "frame {number} cannot be composed of {names}: {why}",
                    number=request.number,
                    names=names,
                    why=error,
                )
            ) from error


def _uses_of(layers: Sequence[Layer]) -> Iterator[FileUse]:
    return (use for layer in layers for use in uses_of_layer(layer))


def _as_canvas(
    frame: Frame, number: int, rate: Fraction, canvas: Canvas
) -> av.VideoFrame:
    """Return a source frame as a composed frame, its pixels unchanged."""
    picture = frame.picture
    picture.pts, picture.time_base = number, 1 / rate
    # Else the encoder would copy the source's choice of keyframes.
    picture.pict_type = PictureType.NONE
    tag_colors(picture, canvas.colors)
    return picture
