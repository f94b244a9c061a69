"""The clock of an audio file, which may be several recordings joined end to end."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from timeline_nb.errors import MediaError
from timeline_nb.media._pyav import audio_stream, open_input, packets
from timeline_nb.media.clock import JOINED_FORMATS, Clock, is_break
from timeline_nb.media.info import MediaInfo

__all__ = ["audio_clock"]


def audio_clock(info: MediaInfo) -> Clock:
    """Return the clock that converts stamps to media time, for files without video.

    Each part of a joined recording follows the one before it. All packets are read
    once; those of formats that are not joined by laying bytes end to end are not.
    """
    if info.container not in JOINED_FORMATS or not info.audio:
        return Clock(info.start_time)
    shifts: list[Fraction] = []
    latest: Fraction | None = None
    end = shift = Fraction(0)
    # What is before any damage can be heard.
    with suppress(MediaError):
        for raw, length in _stamps(info):
            if latest is not None and is_break(latest, raw, container=info.container):
                shift = end - raw
                shifts.append(shift)
            latest = raw
            end = raw + shift + length
    return Clock(info.start_time, tuple(shifts))


def _stamps(info: MediaInfo) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield raw time and duration of each packet that has a stamp."""
    stream = info.audio[0]
    with open_input(info.path) as container:
        for packet in packets(container, audio_stream(container, stream.index)):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if packet.size and stamp is not None:
                base = stream.time_base
                yield stamp * base, (packet.duration or 0) * base
