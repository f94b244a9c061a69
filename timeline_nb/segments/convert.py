"""From the canvas to what an encoder takes."""

from functools import cached_property
from typing import TypeAlias, cast

import av
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.reformatter import ColorRange, Colorspace

from timeline_nb.segments.encoding import Encoding

__all__ = ["Converter"]

# A graph, held as long as its two ends are used.
Pipe: TypeAlias = tuple[Graph, FilterContext, FilterContext]

# ITU-T H.273.
_BT709 = 1


class Converter:
    """Turns composed pictures, BT.709 in limited range, into an encoder's format.

    Args:
        encoding: What they are encoded as.
    """

    def __init__(self, encoding: Encoding) -> None:
        # VAAPI is given what it brings to its device itself.
        self._pix_fmt = {"vaapi": "nv12"}.get(encoding.pix_fmt, encoding.pix_fmt)
        self._encoding = encoding
        pixels = av.VideoFormat(self._pix_fmt)
        self._is_full = pixels.is_rgb or encoding.pix_fmt.startswith("yuvj")

    def convert(self, picture: av.VideoFrame) -> av.VideoFrame:
        """The same picture with the same time, in a frame that nobody else holds."""
        # Some encoders believe what the picture tells, not what they were told.
        picture.color_primaries = picture.color_trc = _BT709
        if picture.format.name == self._pix_fmt:
            return _sent(self._plain, picture)
        if self._pix_fmt == "pal8":
            return _sent(self._palette, picture)
        full = ColorRange.JPEG if self._is_full else ColorRange.MPEG
        made = picture.reformat(
            format=self._pix_fmt,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=full,
        )
        made.pts, made.time_base = picture.pts, picture.time_base
        made.color_primaries = made.color_trc = _BT709
        return made

    @cached_property
    def _plain(self) -> Pipe:
        """A new frame about the same bytes."""
        graph, source = self._begun()
        sink = graph.add("buffersink")
        source.link_to(sink)
        graph.configure()
        return graph, source, sink

    @cached_property
    def _palette(self) -> Pipe:
        """In 256 colours, chosen anew for each picture."""
        graph, source = self._begun()
        plain = graph.add("format", "rgb24")
        split = graph.add("split", "2")
        chosen = graph.add("palettegen", "stats_mode=single")
        used = graph.add("paletteuse", "new=1:dither=bayer:bayer_scale=3")
        sink = graph.add("buffersink")
        source.link_to(plain)
        plain.link_to(split)
        split.link_to(used, 0, 0)
        split.link_to(chosen, 1, 0)
        chosen.link_to(used, 0, 1)
        used.link_to(sink)
        graph.configure()
        return graph, source, sink

    def _begun(self) -> tuple[Graph, FilterContext]:
        """A graph into which the canvas is given."""
        graph, (width, height) = Graph(), self._encoding.size
        rate = self._encoding.rate
        source = graph.add(
            "buffer",
            f"video_size={width}x{height}:pix_fmt=yuv420p:pixel_aspect=1/1:"
            f"time_base={rate.denominator}/{rate.numerator}:colorspace=bt709:range=tv",
        )
        return graph, source


def _sent(pipe: Pipe, picture: av.VideoFrame) -> av.VideoFrame:
    _, source, sink = pipe
    source.push(picture)
    made = cast("av.VideoFrame", sink.pull())
    made.pts, made.time_base = picture.pts, picture.time_base
    return made
