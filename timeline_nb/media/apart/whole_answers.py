"""What a decoder process answers at once: probes, indexes, clocks, packets."""

from collections.abc import Callable

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.media.apart.indexes import data_of, index_of
from timeline_nb.media.apart.messages import (
    Answer,
    BuildIndex,
    ClockFound,
    FindClock,
    Indexed,
    PacketsRead,
    Probe,
    Probed,
    Progressed,
    ReadPackets,
    ReadSubtitles,
    Request,
    SubtitlesRead,
    info_with_path,
    path_of,
)
from timeline_nb.media.audio_clock import audio_clock
from timeline_nb.media.decoder import build_frame_index
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.probe import probe
from timeline_nb.media.stored_packets import read_stored_packets
from timeline_nb.media.subtitle_packets import read_subtitle_packets

__all__ = ["whole_answer"]


def whole_answer(asked: Request, send: Callable[[Answer], None]) -> Answer | None:
    """Return the answer to a request; None if it is not one of these.

    Args:
        asked: The request.
        send: Sends progress.

    Raises:
        MediaError: The file cannot be read.
    """
    match asked:
        case Probe():
            # Its path may have bytes that no text has.
            return Probed(info=info_with_path(probe(path_of(asked.path)), ""))
        case BuildIndex():
            reporter = Reporter(lambda progress: send(_progressed(progress)))
            return Indexed(
                index=data_of(build_frame_index(_read(asked.info), reporter=reporter))
            )
        case FindClock():
            return ClockFound(clock=audio_clock(_read(asked.info)))
        case ReadSubtitles():
            info = _read(asked.info)
            packets = read_subtitle_packets(info, asked.number, start=asked.start)
            return SubtitlesRead(packets=packets)
        case ReadPackets():
            read = read_stored_packets(
                _read(asked.info).path,
                index_of(asked.index),
                asked.frame,
                most_bytes=asked.most_bytes,
            )
            return PacketsRead(packets=read)
        case _:
            return None


def _read(info: MediaInfo) -> MediaInfo:
    return info_with_path(info, path_of(info.path))


def _progressed(progress: Progress) -> Progressed:
    return Progressed(stage=progress.stage, done=progress.done, total=progress.total)
