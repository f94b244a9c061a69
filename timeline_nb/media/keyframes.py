"""Keyframes alone: each is one packet, decoded without any other."""

from collections.abc import Iterator, Sequence

import av
from av.container import InputContainer

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import open_input, packets, video_stream
from timeline_nb.media.decode import VideoDecoder, framed
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo

__all__ = ["keyframes"]


def keyframes(
    info: MediaInfo, index: FrameIndex, numbers: Sequence[int]
) -> Iterator[Frame]:
    """Decode these frames, all of which are keyframes, in rising order.

    Raises:
        MediaError: One does not decode.
    """
    with open_input(info.path) as container:
        stream = video_stream(container, index.stream)
        # One packet goes in, and one picture comes out: threads would wait for more.
        stream.thread_type = "NONE"
        for number in numbers:
            picture = _decoded(container, stream, int(index.pts[number]))
            if picture is None:
                # Transport streams have no index: a seek may land behind the packet.
                with VideoDecoder(info, index) as decoder:
                    yield decoder.frame(number)
            else:
                yield framed(info, index, number, picture)


def _decoded(
    container: InputContainer, stream: av.VideoStream, stamp: int
) -> av.VideoFrame | None:
    """The picture of the packet with this PTS; None if it is not found, or broken."""
    context = stream.codec_context
    context.flush_buffers()
    try:
        container.seek(stamp, stream=stream)
        for packet in packets(container, stream):
            found = packet.pts if packet.pts is not None else packet.dts
            if found == stamp:
                pictures = [*context.decode(packet), *context.decode(None)]
                return pictures[0] if pictures else None
            if found is None or found > stamp:
                return None
    except (av.error.FFmpegError, MediaError):
        return None
    return None
