"""Convert the canvas to an encoder's pixel format."""

from functools import cached_property
from typing import TypeAlias, cast

import av
from av.filter import Graph
from av.filter.context import FilterContext

from timeline_nb.core.telemetry.stages import stage
from timeline_nb.media.color import MATRICES
from timeline_nb.media.convert import Rescaler, converted, tag_colors
from timeline_nb.segments.encoding import Encoding

__all__ = ["Converter"]

# A graph, which must live as long as its source and sink.
Pipe: TypeAlias = tuple[Graph, FilterContext, FilterContext]


class Converter:
    """Turns composed pictures into an encoder's format; not thread-safe.

    Args:
        encoding: What they are encoded as.
    """

    def __init__(self, encoding: Encoding) -> None:
        # VAAPI uploads nv12 to its device itself.
        self._pix_fmt = {"vaapi": "nv12"}.get(encoding.pix_fmt, encoding.pix_fmt)
        self._encoding = encoding
        self._colors = encoding.colors
        # Made anew for each picture, its tables take a fifth to half of the time.
        self._rescaler = Rescaler()

    def convert(self, picture: av.VideoFrame) -> av.VideoFrame:
        """Return the picture with the same time, in a new frame."""
        with stage("convert", "for the encoder"):
            return self._converted(picture)

    def _converted(self, picture: av.VideoFrame) -> av.VideoFrame:
        if picture.format.name == self._pix_fmt:
            made = _sent(self._plain, picture)
        elif self._pix_fmt == "pal8":
            made = _sent(self._palette, picture)
        else:
            made = converted(
                picture, self._pix_fmt, to=self._colors, rescaler=self._rescaler
            )
        # Some encoders take the tags of the picture, not their own options.
        if self._pix_fmt != "pal8":
            tag_colors(made, self._colors)
        return made

    @cached_property
    def _plain(self) -> Pipe:
        """A graph that makes a new frame of the same bytes."""
        graph, source = self._begun()
        sink = graph.add("buffersink")
        source.link_to(sink)
        graph.configure()
        return graph, source, sink

    @cached_property
    def _palette(self) -> Pipe:
        """A graph that reduces each picture to 256 colors of its own."""
        graph, source = self._begun()
        exact = graph.add("scale", "flags=bilinear+accurate_rnd+full_chroma_int")
        plain = graph.add("format", "rgb24")
        split = graph.add("split", "2")
        chosen = graph.add("palettegen", "stats_mode=single")
        used = graph.add("paletteuse", "new=1:dither=bayer:bayer_scale=3")
        sink = graph.add("buffersink")
        source.link_to(exact)
        exact.link_to(plain)
        plain.link_to(split)
        split.link_to(used, 0, 0)
        split.link_to(chosen, 1, 0)
        chosen.link_to(used, 0, 1)
        used.link_to(sink)
        graph.configure()
        return graph, source, sink

    def _begun(self) -> tuple[Graph, FilterContext]:
        """Return a graph with a source of the canvas."""
        graph, (width, height) = Graph(), self._encoding.size
        rate, canvas = self._encoding.rate, self._encoding.canvas
        pix_fmt = "yuv420p10le" if canvas.is_hdr else "yuv420p"
        source = graph.add(
            "buffer",
            f"video_size={width}x{height}:pix_fmt={pix_fmt}:pixel_aspect=1/1:"
            f"time_base={rate.denominator}/{rate.numerator}:"
            f"colorspace={MATRICES[canvas.matrix]}:range=tv",
        )
        return graph, source


def _sent(pipe: Pipe, picture: av.VideoFrame) -> av.VideoFrame:
    _, source, sink = pipe
    source.push(picture)
    made = cast("av.VideoFrame", sink.pull())
    made.pts, made.time_base = picture.pts, picture.time_base
    return made
