"""Which streams of a file are heard."""

from typing import Literal, TypeAlias

from timeline_nb.errors import MediaError
from timeline_nb.media.info import AudioStream, MediaInfo

__all__ = ["AudioChoice", "in_file_order", "sounding"]

# Places among the streams of sound in the order of the file, or a rule:
# `default` is the one that the file's disposition names, or the first; `all` adds up
# all of them; `dual_mono` takes the first two of one channel as left and right.
AudioChoice: TypeAlias = Literal["default", "all", "dual_mono"] | tuple[int, ...]


def in_file_order(info: MediaInfo) -> list[AudioStream]:
    """The streams of sound as the file numbers them: `info.audio` is sorted by use."""
    return sorted(info.audio, key=lambda stream: stream.index)


def sounding(info: MediaInfo, audio: AudioChoice) -> list[tuple[AudioStream, str]]:
    """The streams that are heard, each with the one channel it is heard in, if any.

    Raises:
        MediaError: The file has no sound, or not those streams.
    """
    if not info.audio:
        raise MediaError(f"{info.path} has no sound")
    streams = in_file_order(info)
    if audio == "default":
        return [(info.audio[0], "")]
    if audio == "all":
        return [(stream, "") for stream in streams]
    if audio == "dual_mono":
        pair = [stream for stream in streams if stream.channels == 1][:2]
        if len(pair) < 2:
            raise MediaError(
                f"{info.path} has no two streams of one channel to be heard left and "
                f"right: it has {_told(streams)}"
            )
        return list(zip(pair, ("FL", "FR"), strict=True))
    for place in audio:
        if not 0 <= place < len(streams):
            raise MediaError(
                f"{info.path} has no sound stream {place}: it has {_told(streams)}"
            )
    return [(streams[place], "") for place in audio]


def _told(streams: list[AudioStream]) -> str:
    return ", ".join(
        f"{place} ({stream.layout}{', ' + stream.language if stream.language else ''})"
        for place, stream in enumerate(streams)
    )
