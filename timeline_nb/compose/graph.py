"""A libavfilter graph for a stack of layers."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, cast

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext

from timeline_nb.compose.layers import Blend, Shot
from timeline_nb.compose.placement import Canvas, Placement, place
from timeline_nb.core.telemetry.stages import staged
from timeline_nb.effects.frames import canvas_picture
from timeline_nb.media.color import FULL, MATRICES, Colors, tagged_colors
from timeline_nb.media.convert import mapping, meaning_of, tag_colors
from timeline_nb.media.frame import Frame, has_alpha

__all__ = [
    "StackGraph",
    "blank_picture",
    "kinds_of",
    "passes_through",
]

_WHOLE = (0.0, 0.0, 1.0, 1.0)


class _Kind(NamedTuple):
    """The properties of an input picture that a graph is built for."""

    width: int
    height: int
    pix_fmt: str
    colors: Colors


# What libavfilter's colorspace takes, beside yuvj: exact, and ten times as fast as
# swscale is when it is exact.
_PLANAR = {
    f"yuv{shape}p{depth}"
    for shape in ("420", "422", "444")
    for depth in ("", "10le", "12le")
} | {"yuvj420p", "yuvj422p", "yuvj444p"}
# The matrices that it knows.
_SPACES = {number: MATRICES[number] for number in (1, 4, 5, 6, 7, 9)}
_EXACT = "flags=bicubic+accurate_rnd+full_chroma_int"


def kinds_of(frames: Sequence[Frame], base: Frame | None) -> tuple[_Kind, ...]:
    """Return the properties of all input pictures that a graph is built for."""
    given = [base, *frames] if base is not None else frames
    return tuple(map(_kind_of, given))


def passes_through(
    layers: Sequence[Shot | Blend], frame: Frame, canvas: Canvas
) -> bool:
    """Return whether a frame is the canvas already, and needs no graph."""
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
        and picture.format.name == canvas.pix_fmt()
        and _is_canvas(_kind_of(frame), canvas)
    )


@dataclass
class _OpacityControl:
    """An opacity that changes from frame to frame."""

    filter: FilterContext
    value_at: Callable[[Fraction], Fraction | float]
    _now: str = "val"

    def turn(self, time: Fraction) -> None:
        wanted = f"val*{float(self.value_at(time)):.6f}"
        # A command has all 65,536 values computed anew: 11 ms.
        if wanted != self._now:
            self.filter.process_command("a", wanted)
            self._now = wanted


class StackGraph:
    """Composes a stack of layers, frame after frame.

    Args:
        layers: Bottom to top.
        frames: A frame of each shot, in the order of `shots_of` over the layers; all
            that follow must be like them.
        canvas: What is composed on.
        rate: Frames a second of the result.
        base: The canvas below them, given with each frame; black if None.
        clear: Whether the background is transparent, not black.
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
        self._dials: list[_OpacityControl] = []
        self.kinds = kinds_of(frames, base)
        sources = iter(frames)
        below: FilterContext | None = None
        if base is not None:
            self._buffers.append(self._buffer(_kind_of(base)))
            below = self._as_canvas(self._buffers[-1], _kind_of(base))
        for layer in layers:
            below = self._layer(below, layer, sources)
        if below is None:
            below = self._blank()
        ready = self._then(below, "format", canvas.pix_fmt(clear=clear))
        self._sink = self._then(ready, "buffersink")
        self._graph.configure()

    @staged("compose", "layers")
    def compose(
        self,
        number: int,
        time: Fraction,
        frames: Sequence[Frame],
        base: Frame | None = None,
    ) -> av.VideoFrame:
        """Return the canvas at a time, as frame `number`, in the canvas's colors.

        It is yuv420p, or yuva420p on nothing; of ten bits where the canvas is HDR.
        """
        for control in self._dials:
            control.turn(time)
        all_frames = [base, *frames] if base is not None else list(frames)
        pictures = [frame.picture for frame in all_frames]
        given = zip(self._buffers, pictures, strict=True)
        for buffer, picture in (*given, *self._backs):
            picture.pts, picture.time_base = number, 1 / self._rate
            buffer.push(picture)
        composed = cast("av.VideoFrame", self._sink.pull())
        composed.pts, composed.time_base = number, 1 / self._rate
        tag_colors(composed, self._canvas.colors)
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
        clear = (
            opacity == 1 and not shot.fades and not has_alpha(_kind_of(frame).pix_fmt)
        )
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
            picture = self._rotated(picture, spot)
        return self._over(below, picture, *spot.corner, port=port)

    def _buffer(self, kind: _Kind) -> FilterContext:
        rate = self._rate
        colors = kind.colors
        return self._graph.add(
            "buffer",
            f"video_size={kind.width}x{kind.height}:pix_fmt={kind.pix_fmt}:"
            f"pixel_aspect=1/1:time_base={rate.denominator}/{rate.numerator}:"
            f"frame_rate={rate.numerator}/{rate.denominator}:"
            f"colorspace={MATRICES.get(colors.matrix, 'bt709')}:"
            f"range={'pc' if colors.range == FULL else 'tv'}",
        )

    def _scaled(
        self, picture: FilterContext, spot: Placement, frame: Frame
    ) -> FilterContext:
        """Return the upright picture at its size, in the canvas's colors."""
        for name, args in frame.orientation.filters:
            picture = self._then(picture, name, args)
        if spot.crop != _WHOLE:
            left, top, wide, high = spot.crop
            area = f"iw*{wide:.6f}:ih*{high:.6f}:iw*{left:.6f}:ih*{top:.6f}"
            picture = self._then(picture, "crop", area)
        size = f"{spot.width}:{spot.height}"
        scaled = self._as_canvas(picture, _kind_of(frame), size)
        return self._then(scaled, "setsar", "1")

    def _as_canvas(
        self, picture: FilterContext, kind: _Kind, size: str = ""
    ) -> FilterContext:
        """Return the picture at a size, in the canvas's colors and depth."""
        canvas = self._canvas
        if not size and _is_canvas(kind, canvas):
            return picture
        alpha = has_alpha(kind.pix_fmt)
        pix_fmt = canvas.pix_fmt(clear=alpha)
        wanted, own = canvas.colors, kind.colors
        steps = mapping(meaning_of(own), meaning_of(wanted), alpha=alpha)
        output = f"out_color_matrix={MATRICES[wanted.matrix]}:out_range=tv"
        alike = (own.matrix, own.range) == (wanted.matrix, wanted.range)
        if steps:
            flat = f"{size}:flags=bicubic" if size else "flags=bicubic"
            steps = (("scale", flat), *steps, ("scale", f"{_EXACT}:{output}"))
        elif alike or kind.pix_fmt not in _PLANAR or own.matrix not in _SPACES:
            flags = "flags=bicubic" if alike else _EXACT
            steps = (("scale", f"{size}:{flags}:{output}".lstrip(":")),)
        else:
            steps = (("scale", f"{size}:flags=bicubic"),) if size else ()
            own_range = "pc" if own.range == FULL else "tv"
            # Only matrix and range are converted: "fast" leaves the transfer as it is.
            args = (
                f"fast=1:iall=bt709:all=bt709:ispace={_SPACES[own.matrix]}:"
                f"irange={own_range}:space={_SPACES[wanted.matrix]}:range=tv:"
                f"format={pix_fmt.removesuffix('le')}"
            )
            steps = (*steps, ("colorspace", args))
        for name, args_ in (*steps, ("format", pix_fmt)):
            picture = self._then(picture, name, args_)
        return picture

    def _dimmed(
        self, picture: FilterContext, value_at: Callable[[Fraction], Fraction | float]
    ) -> FilterContext:
        veil = self._then(picture, "format", self._canvas.pix_fmt(clear=True))
        dimmed = self._then(veil, "lutyuv", "a=val")
        self._dials.append(_OpacityControl(dimmed, value_at))
        return dimmed

    def _rotated(self, picture: FilterContext, spot: Placement) -> FilterContext:
        angle = f"{math.radians(spot.rotation_deg):.9f}"
        clear = self._then(picture, "format", self._canvas.pix_fmt(clear=True))
        wide, high = spot.turned
        return self._then(clear, "rotate", f"a={angle}:ow={wide}:oh={high}:c=black@0")

    def _blank(self) -> FilterContext:
        """Return the source of a black or transparent canvas, given with each frame."""
        blank = blank_picture(self._canvas, clear=self._clear)
        size = blank.width, blank.height
        buffer = self._buffer(_Kind(*size, blank.format.name, self._canvas.colors))
        self._backs.append((buffer, blank))
        return buffer

    def _over(
        self,
        below: FilterContext,
        above: FilterContext,
        x: int,
        y: int,
        *,
        port: int = 0,
    ) -> FilterContext:
        deep = "yuv420p10" if self._canvas.colors.is_hdr else "yuv420"
        overlay = self._graph.add(
            "overlay", f"x={x}:y={y}:eval=init:format={deep}:eof_action=pass"
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


def blank_picture(canvas: Canvas, *, clear: bool = False) -> av.VideoFrame:
    """Return a black or transparent canvas."""
    width, height = canvas.width, canvas.height
    deep = canvas.colors.is_hdr
    kind, one = (np.uint16, 4) if deep else (np.uint8, 1)
    planes = [
        np.full((height, width), 16 * one, kind),
        np.full((height // 2, width // 2), 128 * one, kind),
        np.full((height // 2, width // 2), 128 * one, kind),
    ]
    if clear:
        planes.append(np.zeros((height, width), kind))
    picture = canvas_picture(planes, canvas.pix_fmt(clear=clear))
    tag_colors(picture, canvas.colors)
    return picture


def _kind_of(frame: Frame) -> _Kind:
    picture = frame.picture
    colors = tagged_colors(picture)
    return _Kind(picture.width, picture.height, picture.format.name, colors)


def _is_canvas(kind: _Kind, canvas: Canvas) -> bool:
    """Return whether a picture has the canvas's colors and depth."""
    own, wanted = kind.colors, canvas.colors
    return (
        kind.pix_fmt in {canvas.pix_fmt(clear=clear) for clear in (False, True)}
        and (own.matrix, own.range) == (wanted.matrix, wanted.range)
        and meaning_of(own) == meaning_of(wanted)
    )
