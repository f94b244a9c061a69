"""Mux subtitles as timed text."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

import av
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from msgspec.structs import replace

from timeline_nb.render.language_codes import three_letters
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.track import cues_of
from timeline_nb.subtitles.write_ass import to_script
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.edits.subtitle import LANE_OF
from timeline_nb.timeline.model import Timeline, Track

__all__ = ["add_subtitles", "mux_subtitles", "tracks_of", "without_subtitles"]

_TICK: Final = Fraction(1, 1000)


def tracks_of(timeline: Timeline) -> list[Track]:
    """Return the enabled subtitle tracks, without the lanes of overlapping lines."""
    return [
        t
        for t in timeline.tracks
        if t.kind == "subtitle" and t.enabled and t.items and LANE_OF not in t.metadata
    ]


def without_subtitles(timeline: Timeline) -> Timeline:
    """Return the timeline with its subtitle tracks disabled."""
    tracks = tuple(
        replace(track, enabled=False) if track.kind == "subtitle" else track
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks)


def add_subtitles(
    container: OutputContainer, timeline: Timeline, codec: str
) -> list[tuple[SubtitleStream, Track]]:
    """Add a stream of timed text for each track, with the language of its metadata."""
    streams = []
    for track in tracks_of(timeline):
        stream = container.add_stream(codec)
        assert isinstance(stream, SubtitleStream)  # noqa: S101 - as its codec is
        # The encoder requires a header of styles; timed text keeps none of them.
        header = to_script([], timeline.size, {}, is_v4=False)
        stream.codec_context.subtitle_header = header.encode()
        stream.time_base = stream.codec_context.time_base = _TICK
        language = track.metadata.get("language")
        if isinstance(language, str):
            stream.metadata["language"] = three_letters(language)
        streams.append((stream, track))
    return streams


def mux_subtitles(
    container: OutputContainer,
    timeline: Timeline,
    streams: list[tuple[SubtitleStream, Track]],
    shown: TimeRange,
) -> None:
    """Mux the lines of each track.

    Args:
        container: What is written.
        timeline: Has the lines.
        streams: As `add_subtitles` made them.
        shown: The range of the timeline that the film has.
    """
    for stream, track in streams:
        further = [
            t
            for t in timeline.tracks
            if t.enabled and t.metadata.get(LANE_OF) == track.name
        ]
        lines = [
            Cue(
                max(line.start, shown.start) - shown.start,
                min(line.end, shown.end) - shown.start,
                line.text,
            )
            for own in (track, *further)
            for line in cues_of(own)
            if line.start < shown.end and line.end > shown.start
        ]
        for packet in _packets(stream, _one_at_a_time(lines)):
            container.mux(packet)


def _one_at_a_time(lines: list[Cue]) -> Iterator[Cue]:
    """Yield overlapping lines merged into one: timed text shows one at a time."""
    ordered = sorted(lines, key=lambda line: line.start)
    edges = sorted({edge for line in lines for edge in (line.start, line.end)})
    shown: list[Cue] = []
    turn = 0
    for start, end in pairwise(edges):
        shown = [line for line in shown if line.end > start]
        while turn < len(ordered) and ordered[turn].start <= start:
            shown.append(ordered[turn])
            turn += 1
        if shown:
            yield Cue(start, end, "\n".join(line.text for line in shown))


def _packets(
    stream: SubtitleStream, lines: Iterable[Cue]
) -> Iterator["av.Packet[SubtitleStream]"]:
    for number, line in enumerate(lines):
        start = round(line.start / _TICK)
        length = max(1, round((line.end - line.start) / _TICK))
        text = line.text.replace("\n", "\\N")
        event = f"{number},0,Default,,0,0,0,,{text}".encode()
        line_set = SubtitleSet.create(text=event, start=0, end=length, pts=start)
        packet = stream.codec_context.encode_subtitle(line_set)
        packet.stream, packet.time_base = stream, _TICK
        packet.pts = packet.dts = start
        packet.duration = length
        yield packet
