"""One libavfilter graph for one stack of layers: pictures in, a canvas out."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, cast

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext

from timeline_nb.compose.layers import Blend, Shot
from timeline_nb.compose.placement import Canvas, Placement, place
from timeline_nb.effects.frames import canvas_picture
from timeline_nb.media.frame import Frame, has_alpha

__all__ = [
    "CANVAS_COLOR_SPACE",
    "StackGraph",
    "blank_picture",
    "kinds_of",
    "passes_through",
]

# AVCOL_SPC_BT709 and AVCOL_RANGE_MPEG: what every canvas is in.
CANVAS_COLOR_SPACE = 1
_CANVAS_RANGE = 1
_UNTOLD = {0, 2}
_WHOLE = (0.0, 0.0, 1.0, 1.0)
# Width, height, pixel format, matrix and range.
_Kind: TypeAlias = tuple[int, int, str, str, str]


def _tagged(frame: Frame) -> av.VideoFrame:
    """The picture with its colours told: what is untold counts as the canvas's."""
    picture = frame.picture
    if not picture.format.is_rgb and int(picture.colorspace) in _UNTOLD:
        picture.colorspace = CANVAS_COLOR_SPACE
    if not picture.format.is_rgb and not int(picture.color_range):
        full = picture.format.name.startswith("yuvj")
        picture.color_range = 2 if full else _CANVAS_RANGE
    return picture


def kinds_of(frames: Sequence[Frame], base: Frame | None) -> tuple[_Kind, ...]:
    """What a graph is built for, of all that goes in."""
    given = [base, *frames] if base is not None else frames
    return tuple(map(_kind_of, given))


def passes_through(
    layers: Sequence[Shot | Blend], frame: Frame, canvas: Canvas
) -> bool:
    """Whether a frame is the canvas as it is, and needs no graph at all."""
    if len(layers) != 1 or not isinstance(layers[0], Shot):
        return False
    shot, picture = layers[0], frame.picture
    if shot.fades or shot.clip.transform.opacity != 1:
        return False
    if not frame.orientation.is_upright:
        return False
    spot = place(shot.clip.transform, frame.size, canvas)
    size = (canvas.width, canvas.height)
    return (
        spot.covers
        and spot.crop == _WHOLE
        and (spot.width, spot.height) == size == (picture.width, picture.height)
        and picture.format.name == "yuv420p"
        and int(picture.colorspace) in {CANVAS_COLOR_SPACE, *_UNTOLD}
        and int(picture.color_range) in {0, _CANVAS_RANGE}
    )


@dataclass(frozen=True)
class _Dial:
    """An opacity that changes from frame to frame."""

    filter: FilterContext
    value_at: Callable[[Fraction], Fraction | float]

    def turn(self, time: Fraction) -> None:
        self.filter.process_command("a", f"val*{float(self.value_at(time)):.6f}")


class StackGraph:
    """Composes a stack of layers, frame after frame.

    Args:
        layers: Bottom to top.
        frames: A frame of each shot, in the order of `shots_of` over the layers; all
            that follow must be like them.
        canvas: What is composed on.
        rate: Frames a second of the result.
        base: A canvas that they lie on, given anew with each frame; black if None.
        clear: Whether nothing, not black, lies below them.
    """

    def __init__(  # noqa: PLR0913 - what is composed, and on what
        self,
        layers: Sequence[Shot | Blend],
        frames: Sequence[Frame],
        canvas: Canvas,
        rate: Fraction,
        *,
        base: Frame | None = None,
        clear: bool = False,
    ) -> None:
        self._canvas = canvas
        self._rate = rate
        self._clear = clear
        self._graph = Graph()
        self._buffers: list[FilterContext] = []
        self._backs: list[tuple[FilterContext, av.VideoFrame]] = []
        self._dials: list[_Dial] = []
        self.kinds = kinds_of(frames, base)
        sources = iter(frames)
        below: FilterContext | None = None
        if base is not None:
            below = self._buffer(_kind_of(base))
            self._buffers.append(below)
        for layer in layers:
            below = self._layer(below, layer, sources)
        if below is None:
            below = self._blank()
        ready = self._then(below, "format", "yuva420p" if clear else "yuv420p")
        self._sink = self._then(ready, "buffersink")
        self._graph.configure()

    def compose(
        self,
        number: int,
        time: Fraction,
        frames: Sequence[Frame],
        base: Frame | None = None,
    ) -> av.VideoFrame:
        """The canvas at a time, as frame `number`: BT.709, limited range.

        It is yuv420p, or yuva420p on nothing.
        """
        for dial in self._dials:
            dial.turn(time)
        all_frames = [base, *frames] if base is not None else list(frames)
        given = zip(self._buffers, map(_tagged, all_frames), strict=True)
        for buffer, picture in (*given, *self._backs):
            picture.pts, picture.time_base = number, 1 / self._rate
            buffer.push(picture)
        composed = cast("av.VideoFrame", self._sink.pull())
        composed.pts, composed.time_base = number, 1 / self._rate
        return composed

    def _layer(
        self, base: FilterContext | None, layer: Shot | Blend, sources: Iterator[Frame]
    ) -> FilterContext:
        if isinstance(layer, Shot):
            return self._shot(base, layer, next(sources))
        # The whole canvas with the one becomes the whole canvas with the other.
        below: list[FilterContext | None] = [None, None]
        ports = [0, 0]
        if base is not None:
            split = self._then(base, "split", "2")
            below, ports = [split, split], [0, 1]
        outgoing = self._shot(below[0], layer.outgoing, next(sources), port=ports[0])
        incoming = self._shot(below[1], layer.incoming, next(sources), port=ports[1])
        veil = self._dimmed(incoming, layer.progress_at)
        return self._over(outgoing, veil, 0, 0)

    def _shot(
        self, base: FilterContext | None, shot: Shot, frame: Frame, *, port: int = 0
    ) -> FilterContext:
        spot = place(shot.clip.transform, frame.size, self._canvas)
        self._buffers.append(self._buffer(_kind_of(frame)))
        picture = self._scaled(self._buffers[-1], spot, frame)
        opacity = shot.clip.transform.opacity
        clear = opacity == 1 and not shot.fades and not has_alpha(_kind_of(frame)[2])
        if spot.covers:
            x, y = spot.corner
            width, height = self._canvas.width, self._canvas.height
            if (spot.width, spot.height) != (width, height):
                picture = self._then(picture, "crop", f"{width}:{height}:{-x}:{-y}")
            if clear:
                if base is not None:
                    base.link_to(self._graph.add("nullsink"), port, 0)
                return picture
        below, port = (self._blank(), 0) if base is None else (base, port)
        if not clear:
            picture = self._dimmed(
                picture, lambda time: float(shot.level_at(time)) * shot.opacity_at(time)
            )
        if spot.covers:
            return self._over(below, picture, 0, 0, port=port)
        if spot.rotation_deg % 360:
            picture = self._rotated(picture, spot.rotation_deg)
            left = f"{spot.middle[0]:.3f}-overlay_w/2"
            top = f"{spot.middle[1]:.3f}-overlay_h/2"
            return self._over(below, picture, left, top, port=port)
        return self._over(below, picture, *spot.corner, port=port)

    def _buffer(self, kind: _Kind) -> FilterContext:
        width, height, pix_fmt, space, color_range = kind
        rate = self._rate
        return self._graph.add(
            "buffer",
            f"video_size={width}x{height}:pix_fmt={pix_fmt}:pixel_aspect=1/1:"
            f"time_base={rate.denominator}/{rate.numerator}:"
            f"frame_rate={rate.numerator}/{rate.denominator}:"
            f"colorspace={space}:range={color_range}",
        )

    def _scaled(
        self, picture: FilterContext, spot: Placement, frame: Frame
    ) -> FilterContext:
        """The upright picture at its size, in the canvas's colours."""
        for name, args in frame.orientation.filters:
            picture = self._then(picture, name, args)
        if spot.crop != _WHOLE:
            left, top, wide, high = spot.crop
            area = f"iw*{wide:.6f}:ih*{high:.6f}:iw*{left:.6f}:ih*{top:.6f}"
            picture = self._then(picture, "crop", area)
        size = f"{spot.width}:{spot.height}"
        colors = "flags=bicubic:out_color_matrix=bt709:out_range=tv"
        scaled = self._then(picture, "scale", f"{size}:{colors}")
        alpha = has_alpha(_kind_of(frame)[2])
        scaled = self._then(scaled, "format", "yuva420p" if alpha else "yuv420p")
        return self._then(scaled, "setsar", "1")

    def _dimmed(
        self, picture: FilterContext, value_at: Callable[[Fraction], Fraction | float]
    ) -> FilterContext:
        veil = self._then(picture, "format", "yuva420p")
        dimmed = self._then(veil, "lutyuv", "a=val")
        self._dials.append(_Dial(dimmed, value_at))
        return dimmed

    def _rotated(self, picture: FilterContext, degrees: float) -> FilterContext:
        angle = f"{math.radians(degrees):.9f}"
        clear = self._then(picture, "format", "yuva420p")
        return self._then(
            clear, "rotate", f"a={angle}:ow=rotw({angle}):oh=roth({angle}):c=black@0"
        )

    def _blank(self) -> FilterContext:
        """A canvas of black, or of nothing, given anew with each frame."""
        width, height = self._canvas.width, self._canvas.height
        kind = "yuva420p" if self._clear else "yuv420p"
        buffer = self._buffer((width, height, kind, "bt709", "tv"))
        self._backs.append((buffer, blank_picture(width, height, clear=self._clear)))
        return buffer

    def _over(
        self,
        below: FilterContext,
        above: FilterContext,
        x: int | str,
        y: int | str,
        *,
        port: int = 0,
    ) -> FilterContext:
        overlay = self._graph.add(
            "overlay", f"x={x}:y={y}:eval=init:format=yuv420:eof_action=pass"
        )
        below.link_to(overlay, port, 0)
        above.link_to(overlay, 0, 1)
        return overlay

    def _then(
        self, before: FilterContext, name: str, args: str | None = None
    ) -> FilterContext:
        node = self._graph.add(name, args)
        before.link_to(node)
        return node


def blank_picture(width: int, height: int, *, clear: bool = False) -> av.VideoFrame:
    """A canvas of black, or of nothing."""
    planes = [
        np.full((height, width), 16, np.uint8),
        np.full((height // 2, width // 2), 128, np.uint8),
        np.full((height // 2, width // 2), 128, np.uint8),
    ]
    if not clear:
        return canvas_picture(planes, "yuv420p")
    return canvas_picture([*planes, np.zeros((height, width), np.uint8)], "yuva420p")


def _kind_of(frame: Frame) -> _Kind:
    """What a graph is built for: size, pixel format, matrix and range."""
    picture = _tagged(frame)
    if picture.format.is_rgb:
        return picture.width, picture.height, picture.format.name, "gbr", "pc"
    return (
        picture.width,
        picture.height,
        picture.format.name,
        _MATRICES.get(int(picture.colorspace), "bt709"),
        "pc" if int(picture.color_range) == 2 else "tv",
    )


_MATRICES = {
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
