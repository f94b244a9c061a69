"""Soft subtitles: text beside the picture, which a player shows or leaves out."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
import pysubs2
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from msgspec.structs import replace

from timeline_nb.subtitles.track import lines_of
from timeline_nb.timeline.model import Timeline, Track

__all__ = ["add_subtitles", "mux_subtitles", "tracks_of", "without_subtitles"]

_TICK: Final = Fraction(1, 1000)


def tracks_of(timeline: Timeline) -> list[Track]:
    """The subtitle tracks that are shown."""
    return [
        t for t in timeline.tracks if t.kind == "subtitle" and t.enabled and t.items
    ]


def without_subtitles(timeline: Timeline) -> Timeline:
    """The timeline with nothing written into its picture."""
    tracks = tuple(
        replace(track, enabled=False) if track.kind == "subtitle" else track
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks)


def add_subtitles(
    container: OutputContainer, timeline: Timeline, codec: str
) -> list[tuple[SubtitleStream, Track]]:
    """A stream of timed text for each track; a language in its metadata is told."""
    streams = []
    for track in tracks_of(timeline):
        stream = container.add_stream(codec)
        assert isinstance(stream, SubtitleStream)  # noqa: S101 - as its codec is
        # What the encoder wants to know of styles; timed text keeps none of them.
        header = pysubs2.SSAFile().to_string("ass")
        stream.codec_context.subtitle_header = header.encode()
        stream.time_base = stream.codec_context.time_base = _TICK
        language = track.metadata.get("language")
        if isinstance(language, str):
            stream.metadata["language"] = language
        streams.append((stream, track))
    return streams


def mux_subtitles(
    container: OutputContainer, streams: list[tuple[SubtitleStream, Track]]
) -> None:
    """Write all lines; between them nothing is shown."""
    for stream, track in streams:
        for packet in _packets(stream, track):
            container.mux(packet)


def _packets(
    stream: SubtitleStream, track: Track
) -> Iterator["av.Packet[SubtitleStream]"]:
    for number, line in enumerate(lines_of(track)):
        start = round(line.start / _TICK)
        length = max(1, round((line.end - line.start) / _TICK))
        text = line.text.replace("\n", "\\N")
        told = f"{number},0,Default,,0,0,0,,{text}".encode()
        line_set = SubtitleSet.create(text=told, start=0, end=length, pts=start)
        packet = stream.codec_context.encode_subtitle(line_set)
        packet.stream, packet.time_base = stream, _TICK
        packet.pts = packet.dts = start
        packet.duration = length
        yield packet
