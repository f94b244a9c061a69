"""From the canvas to what an encoder takes."""

from typing import cast

import av
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.reformatter import ColorRange, Colorspace

from timeline_nb.segments.encoding import Encoding

__all__ = ["Converter"]

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
        self._palette: tuple[FilterContext, FilterContext] | None = None

    def convert(self, picture: av.VideoFrame) -> av.VideoFrame:
        """The same picture, with the same time."""
        # Some encoders believe what the picture tells, not what they were told.
        picture.color_primaries = picture.color_trc = _BT709
        if picture.format.name == self._pix_fmt:
            return picture
        if self._pix_fmt == "pal8":
            return self._paletted(picture)
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

    def _paletted(self, picture: av.VideoFrame) -> av.VideoFrame:
        """In 256 colours, chosen anew for each picture."""
        if self._palette is None:
            self._palette = self._graph()
        source, sink = self._palette
        source.push(picture)
        made = cast("av.VideoFrame", sink.pull())
        made.pts, made.time_base = picture.pts, picture.time_base
        return made

    def _graph(self) -> tuple[FilterContext, FilterContext]:
        graph, (width, height) = Graph(), self._encoding.size
        rate = self._encoding.rate
        source = graph.add(
            "buffer",
            f"video_size={width}x{height}:pix_fmt=yuv420p:pixel_aspect=1/1:"
            f"time_base={rate.denominator}/{rate.numerator}:colorspace=bt709:range=tv",
        )
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
        self._kept = graph
        return source, sink
