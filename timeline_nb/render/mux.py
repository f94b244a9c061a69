"""Mux segments and sound into a film."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
from av.container import OutputContainer

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.telemetry.spans import spanned
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.sound import configure_sound
from timeline_nb.render.subtitle_mux import add_subtitles, mux_subtitles
from timeline_nb.render.target import SoundEncoding, Target
from timeline_nb.segments.copying import read_copied
from timeline_nb.segments.encoding import configure
from timeline_nb.segments.file import SegmentFile
from timeline_nb.segments.h264 import annex_b
from timeline_nb.segments.plan import Plan
from timeline_nb.segments.segment import Segment
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.comments import is_comment
from timeline_nb.timeline.model import Timeline

__all__ = ["FilmParts", "join", "opened"]

# A packet with its time in seconds and its stream's place, to interleave streams.
_Timed = tuple[Fraction, int, "av.Packet[Any]"]
# The tag that Apple's players require of H.265 in MP4 (QuickTime file format).
_TAGS = {"h265": "hvc1"}


@dataclass(frozen=True)
class FilmParts:
    """The encoded parts of a film.

    Args:
        store: Holds the segments.
        library: Opens the files of copied packets.
        plan: The pictures; None where there are none.
        sound: The sound; None where there is none.
    """

    store: SegmentStore
    library: MediaLibrary
    plan: Plan | None
    sound: SegmentFile | None


@spanned("render.mux")
def join(
    target: Target, files: FilmParts, path: Path, timeline: Timeline, reporter: Reporter
) -> None:
    """Mux a film.

    Args:
        target: What kind of film.
        files: What it is made of.
        path: Where it is written.
        timeline: For chapters and timed text.
        reporter: Reports each segment.

    Raises:
        RenderError: A segment is missing, or does not fit the others.
        MediaError: A source of copied packets is not what it was.
    """
    container, profile = target.container, target.profile
    flags = {"movflags": "+faststart"} if container.streams else {}
    if container.draws_ids:
        # Streams are numbered, so that equal films are equal to the byte.
        flags["fflags"] = "+bitexact"
    with av.open(str(path), "w", format=container.format, options=flags) as out:
        out.metadata.update(profile.tags)
        streams: list[Iterator[_Timed]] = []
        if files.plan is not None:
            video = _add_video(out, target, files.plan, files.store)
            packets = _pictures(files.plan, files, reporter)
            streams.append(_stamped(packets, video, 1 / files.plan.rate, 0))
        if files.sound is not None and target.sound is not None:
            audio = _add_audio(out, target.sound, files.sound)
            tick = Fraction(1, target.sound.sample_rate_hz)
            streams.append(_stamped(_sounds(files.sound), audio, tick, 1))
        texts = []
        if profile.subtitles == "soft" and container.subtitles:
            texts = add_subtitles(out, timeline, container.subtitles)
        shown = TimeRange(
            target.span.start / timeline.rate, len(target.span) / timeline.rate
        )
        if (
            container.chapters
            and profile.chapters
            and (chapters := _chapters(timeline, shown))
        ):
            out.set_chapters(chapters)
        mux_subtitles(out, timeline, texts, shown)
        for _, _, packet in heapq.merge(*streams, key=lambda timed: timed[:2]):
            out.mux(packet)


def _add_video(
    out: OutputContainer, target: Target, plan: Plan, store: SegmentStore
) -> av.VideoStream:
    encoding = plan.encoding
    stream = cast(
        "av.VideoStream", out.add_stream(encoding.encoder, rate=encoding.rate)
    )
    context = stream.codec_context
    configure(context, encoding)
    headers = {
        opened(segment, store).extradata
        for segment in plan.segments
        if segment.copied is None
    }
    if len(headers) > 1:
        raise RenderError(
            Message(
                "segments of different encoders do not join: clear the cache and "
                "render again"
            )
        )
    sets = next((s.copied.sets for s in plan.segments if s.copied), ())
    context.extradata = annex_b(sets) + (headers.pop() if headers else b"")
    codec = target.choice.encoder.codec if target.choice else ""
    if codec in _TAGS and target.container.format in {"mp4", "mov"}:
        context.codec_tag = _TAGS[codec]
    return stream


def _add_audio(
    out: OutputContainer, encoding: SoundEncoding, sound: SegmentFile
) -> av.AudioStream:
    encoder, rate = encoding.encoder, encoding.sample_rate_hz
    stream = cast("av.AudioStream", out.add_stream(encoder, rate=rate))
    context = stream.codec_context
    configure_sound(context, encoding)
    context.extradata = sound.extradata or None
    return stream


def opened(segment: Segment, store: SegmentStore) -> SegmentFile:
    """Return a segment of the store.

    Raises:
        RenderError: It is not there any more.
    """
    file = store.open(segment.key)
    if file is None:
        raise RenderError(
            Message(
                "{label} is gone from the cache {folder}: render again",
                label=segment.label,
                folder=store.folder,
            )
        )
    return file


def _pictures(
    plan: Plan, files: FilmParts, reporter: Reporter
) -> Iterator[tuple[bytes, int, bool, int, int]]:
    """Yield packets in decoding order: bytes, PTS, is a keyframe, duration, DTS."""
    depth = _depth(plan, files.store)
    place = 0
    for segment in plan.segments:
        reporter.report("join", segment.first, plan.frames)
        packets: Iterable[tuple[bytes, int, bool]]
        if segment.copied is not None:
            packets = read_copied(segment.copied, files.library)
        else:
            packets = (
                (data, segment.first + packed.pts, packed.is_key)
                for packed, data in opened(segment, files.store)
            )
        for data, pts, is_key in packets:
            # DTS count through the whole film, so that they rise over every border.
            yield data, pts, is_key, 1, place - depth
            place += 1
    if plan.of("copy"):
        plan.inputs.check_files()
    reporter.report("join", plan.frames, plan.frames)


def _depth(plan: Plan, store: SegmentStore) -> int:
    """Return how many frames decoders hold back to show them in order."""
    depths = [segment.copied.depth for segment in plan.segments if segment.copied]
    for segment in plan.segments:
        if segment.copied is None:
            packets = opened(segment, store).packets
            depths.append(max((n - p.pts for n, p in enumerate(packets)), default=0))
    return max(0, *depths)


def _sounds(sound: SegmentFile) -> Iterator[tuple[bytes, int, bool, int, int]]:
    for packed, data in sound:
        yield data, packed.pts, True, packed.duration, packed.pts


def _stamped(
    packets: Iterable[tuple[bytes, int, bool, int, int]],
    stream: "av.VideoStream | av.AudioStream",
    tick: Fraction,
    place: int,
) -> Iterator[_Timed]:
    for data, pts, is_key, duration, dts in packets:
        packet: av.Packet[Any] = av.Packet(data)
        packet.stream, packet.time_base = stream, tick
        packet.pts, packet.dts, packet.duration = pts, dts, duration
        packet.is_keyframe = is_key
        yield dts * tick, place, packet


def _chapters(timeline: Timeline, shown: TimeRange) -> list[Any]:
    """Return markers as chapters, in the film's time.

    Each lasts at least to the next; one before the film's start continues in it.
    """
    chapters = (one for one in timeline.markers if not is_comment(one))
    markers = sorted(chapters, key=lambda marker: marker.marked_range.start)
    made = []
    for number, marker in enumerate(markers):
        start, end = marker.marked_range.start, marker.marked_range.end
        if number + 1 < len(markers):
            end = markers[number + 1].marked_range.start
        end = max(start, end)
        if start >= shown.end or (end <= shown.start and start < shown.start):
            continue
        start, end = max(start, shown.start), min(end, shown.end)
        made.append(
            {
                "id": number + 1,
                "start": round((start - shown.start) * 1000),
                "end": round((end - shown.start) * 1000),
                "time_base": Fraction(1, 1000),
                "metadata": {"title": marker.name},
            }
        )
    return made
