"""Decode keyframes alone, each from one packet."""

from collections.abc import Iterator, Sequence

import av
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import open_input, picture_decoder, video_stream
from timeline_nb.media.decode import VideoDecoder, framed
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.packets import numbered, seek_packet

__all__ = ["keyframes"]


def keyframes(
    info: MediaInfo, index: FrameIndex, numbers: Sequence[int]
) -> Iterator[Frame]:
    """Decode these frames, all of which are keyframes, in rising order.

    Raises:
        DamagedFrameError: One does not decode.
    """
    with open_input(info.path) as container:
        stream = video_stream(container, index.stream)
        # One packet goes in, and one picture comes out: threads would wait for more.
        context = picture_decoder(stream)
        context.thread_type = "NONE"
        for number in numbers:
            picture = _decoded(container, stream, context, index, number)
            if picture is None:
                # A picture of two fields, or a seek that landed after the packet.
                with VideoDecoder(info, index) as decoder:
                    yield decoder.frame(number)
            else:
                yield framed(info, index, number, picture)


def _decoded(
    container: InputContainer,
    stream: av.VideoStream,
    context: VideoCodecContext,
    index: FrameIndex,
    frame: int,
) -> av.VideoFrame | None:
    """Return the picture of a frame's packet; None if it is not found, or broken."""
    context.flush_buffers()
    wanted = int(index.packet[frame])
    if index.number_of_packet(wanted + 1) is None and wanted + 1 < len(index.packets):
        return None  # what follows may be its second field
    try:
        seek_packet(container, stream, index.packets, wanted, int(index.stamp[frame]))
        for number, packet in numbered(
            container, stream, index.packets, from_start=False
        ):
            if number == wanted and packet.size:
                pictures = [*context.decode(packet), *context.decode(None)]
                return pictures[0] if pictures else None
            if number > wanted:
                return None
    except (av.error.FFmpegError, MediaError):
        return None
    return None
