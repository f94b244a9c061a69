"""Deinterlace pictures, one for each frame, so that frame numbers stay the same.

FFmpeg's bwdif looks at the frames before and after. It keeps the lines of the field
that was shot first, and interpolates the others where something moved.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, cast

import av
from av.filter import Graph
from av.filter.context import FilterContext
from cachetools import LRUCache

from timeline_nb.errors import MediaError
from timeline_nb.media.color import tagged_colors
from timeline_nb.media.convert import buffer_args, tag_colors
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.frame import Frame
from timeline_nb.media.info import MediaInfo

__all__ = ["Deinterlacer", "is_deinterlaced"]

# Frames kept for steps back and repeats.
_KEPT: Final = 4
_PARITY: Final = {"tt": "tff", "bb": "bff"}


def is_deinterlaced(info: MediaInfo) -> bool:
    """Return whether a file's pictures are deinterlaced.

    They are, unless they are assumed to be progressive. Pictures tagged as
    progressive are kept within interlaced files, unless their fields are assumed.
    """
    assumed = info.assumed.fields
    if info.kind != "video" or assumed:
        return info.kind == "video" and assumed != "progressive"
    return info.video[0].field_order != "progressive"


class Deinterlacer:
    """Deinterlaces a decoder's frames, in any order.

    Args:
        decoder: Gives them as they are coded.
        fetch: Returns its frames by number; the replacements of damaged ones, too, if
            not given.
    """

    def __init__(
        self, decoder: Decoder, fetch: Callable[[int], Frame] | None = None
    ) -> None:
        self._decoder = decoder
        self._fetch = fetch or decoder.frame_or_held
        self._wanted = is_deinterlaced(decoder.info)
        self._parity = _PARITY.get(decoder.info.assumed.fields, "auto")
        self._kept: LRUCache[int, Frame] = LRUCache(_KEPT)
        self._graph: tuple[Graph, FilterContext, FilterContext] | None = None
        # The frame that the graph was given last.
        self._pushed = -1

    def frame(self, number: int) -> Frame:
        """Return frame `number`, whole, with its identity.

        Raises:
            MediaError: There is no such frame, or it does not decode.
        """
        if not self._wanted:
            return self._fetch(number)
        if number not in self._kept:
            frame = self._fetch(number)
            if self._parity != "auto" or frame.picture.interlaced_frame:
                frame = replace(frame, picture=self._whole(number, frame.picture))
            self._kept[number] = frame
        return self._kept[number]

    def frames(self, first: int, last: int) -> Iterator[Frame]:
        """Return frames `first:last`."""
        return (self.frame(number) for number in range(first, last))

    def _whole(self, number: int, picture: av.VideoFrame) -> av.VideoFrame:
        if self._graph is None or self._pushed != number:
            self._graph = _begun(picture, self._parity)
            # Nothing comes out for the first, and the one before for the second.
            if number:
                self._push(self._beside(number - 1, picture), number - 1)
            self._push(picture, number)
            if number:
                self._pull()
        self._pushed = number + 1
        if number + 1 < len(self._decoder.index):
            self._push(self._beside(number + 1, picture), number + 1)
        else:
            self._graph[1].push(None)
        whole = self._pull()
        if number + 1 == len(self._decoder.index):
            self._graph = None
        tag_colors(whole, tagged_colors(picture))
        return whole

    def _beside(self, number: int, picture: av.VideoFrame) -> av.VideoFrame:
        """Return another frame's picture, or this one if that is unusable."""
        try:
            other = self._fetch(number).picture
        except MediaError:
            return picture
        return other if _kind(other) == _kind(picture) else picture

    def _push(self, picture: av.VideoFrame, number: int) -> None:
        assert self._graph is not None  # noqa: S101 - it was begun
        picture.pts = number
        self._graph[1].push(picture)

    def _pull(self) -> av.VideoFrame:
        assert self._graph is not None  # noqa: S101 - it was begun
        return cast("av.VideoFrame", self._graph[2].pull())


def _kind(picture: av.VideoFrame) -> tuple[int, int, str]:
    return picture.width, picture.height, picture.format.name


def _begun(
    picture: av.VideoFrame, parity: str
) -> tuple[Graph, FilterContext, FilterContext]:
    graph = Graph()
    source = graph.add("buffer", buffer_args(picture))
    fields = graph.add("bwdif", f"mode=send_frame:parity={parity}:deint=all")
    sink = graph.add("buffersink")
    source.link_to(fields)
    fields.link_to(sink)
    graph.configure()
    return graph, source, sink
