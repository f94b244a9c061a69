"""An edit as the source of a player."""

import logging
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from timeline_nb.access.use import iterate_under, scope_in_use
from timeline_nb.compose.clip_renderer import (
    is_animated,
    is_between_pixels,
    transform_at,
)
from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.layers import Layer, Shot, lower, shots_of
from timeline_nb.compose.mix import AudioMixer, has_sound
from timeline_nb.compose.placement import Canvas, place
from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.locks import new_rlock
from timeline_nb.effects.chain import Chain
from timeline_nb.effects.failures import FailedEffects
from timeline_nb.effects.sourced.reframe import Reframe
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.preview.encoded_packet import EncodedPacket, encode, playback_encoding
from timeline_nb.preview.jpeg import JpegEncoder
from timeline_nb.preview.player_source import SOUND_HZ, ShownFrame, SoundReader
from timeline_nb.preview.proxies import ProxyStore, proxy_size
from timeline_nb.preview.proxy_library import ProxyLibrary, takes_proxies
from timeline_nb.preview.slates import with_slates
from timeline_nb.segments.cutting import cut_from
from timeline_nb.segments.encoding import Encoding
from timeline_nb.segments.file import writing
from timeline_nb.segments.inputs import Inputs
from timeline_nb.segments.segment import Segment
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import TimeRange, frame_count, frame_time
from timeline_nb.timeline.model import Clip, MediaReference, Timeline, Track
from timeline_nb.timeline.queries import duration

__all__ = ["TimelinePlayerSource", "audio_only_source"]

_log = logging.getLogger(__name__)

_WHOLE: Final = (0.0, 0.0, 1.0, 1.0)


class TimelinePlayerSource:
    """An edit, composed as it is watched: what of it is offline is a slate.

    Args:
        timeline: What is shown.
        library: Opens media files.
        proxies: Holds the proxies of files.
        segments: Keeps what was played; nothing is kept if None.
        report: Takes a sentence about each effect of a plugin that is left out, as it
            is missing or fails.
        unreadable: Files that are there, but cannot be read as media: also slates.
        replaced: What files are now that lack what the timeline has of them, by path:
            slates where they have nothing.
        language: Of what slates say.
    """

    def __init__(  # noqa: PLR0913 - each is a part of its own
        self,
        timeline: Timeline,
        library: MediaLibrary,
        proxies: ProxyStore,
        segments: SegmentStore | None = None,
        report: Callable[[str], object] = _log.warning,
        *,
        unreadable: Collection[str] = (),
        replaced: Mapping[str, MediaReference] = MappingProxyType({}),
        language: str = "en",
    ) -> None:
        scope = library.scope or scope_in_use()
        timeline = with_slates(timeline, scope, unreadable, replaced, language=language)
        self.size = timeline.size
        self.rate = timeline.rate
        self.has_sound = has_sound(timeline)
        self.timeline = timeline
        self._library = library
        self._proxies = proxies
        self._segments, self._failed = segments, FailedEffects(report)
        self._small = proxy_size(timeline.size)
        self._lock = new_rlock("a player source of a timeline")
        self._chains: dict[str, Chain] = {}
        self._is_closed = False
        self._draft: Compositor | None = None
        self._exact: Compositor | None = None
        self._encoder = JpegEncoder(self._small)
        self._count = frame_count(duration(timeline), timeline.rate)

    def __len__(self) -> int:
        return self._count

    def time_of(self, number: int) -> Fraction:
        """Return the second at which a frame is first shown."""
        return frame_time(number, self.rate)

    def cached_jpeg(self, number: int) -> bytes | None:
        """Return the proxy of the one shot that is the whole frame; None otherwise."""
        time = self.time_of(number)
        layers = lower(self.timeline, time)
        if not layers or not isinstance(layers[-1], Shot) or self.timeline.effects:
            return None
        shot = layers[-1]
        clip, transform = shot.clip, shot.clip.transform
        bare = clip.media.is_file and not shot.fades and not is_animated(clip)
        plain = transform.opacity == 1 and transform.blend == "normal"
        if not (bare and plain) or self._chain(clip):
            return None
        media = shot.clip.media
        info = self._library.probe(media.path, assumed=media.assumed)
        if not takes_proxies(info):
            return None
        spot = place(transform, info.video[0].display_size, Canvas(*self.size))
        if not spot.covers or spot.crop != _WHOLE:
            return None
        if (spot.width, spot.height) != self.size:
            return None
        number = self._library.index(info).frame_at(shot.shown_time(time))
        return self._proxies.frame(info, number)

    def draft_jpeg(self, number: int) -> bytes:
        """Return a frame as a small JPEG, from proxies where there are any.

        Raises:
            CompositionError: A media file is not there.
            MediaError: A frame does not decode; its clip is named.
        """
        ready = self.cached_jpeg(number)
        if ready is not None:
            return ready
        with self._composing():
            if self._draft is None:
                self._draft = self._compositor(small=True)
            (picture,) = self._draft.frames(number, number + 1)
            return self._encoder.encode(picture)

    def exact_jpeg(self, number: int, size: tuple[int, int]) -> bytes:
        """Return a frame as a JPEG made of the sources themselves.

        Raises:
            CompositionError: A media file is not there.
            MediaError: A frame does not decode; its clip is named.
        """
        with self._composing():
            if self._exact is None:
                self._exact = Compositor(
                    self.timeline, self._library, failed=self._failed
                )
            (picture,) = self._exact.frames(number, number + 1)
            return JpegEncoder(size).encode(picture)

    @property
    def encoding(self) -> Encoding:
        """The encoding of its pictures for playback."""
        return playback_encoding(self._small, self.rate)

    def encoded_packets(self, first: int) -> Generator[EncodedPacket, None, None]:
        """Yield frames from `first` on, small and encoded, or from the store.

        They are segments of a render of this size, in the same store.
        """
        return iterate_under(self._library.scope, self._packets(first))

    def _packets(self, first: int) -> Generator[EncodedPacket, None, None]:
        pictures = ProxyLibrary(self._library, self._proxies)
        inputs = Inputs.of(self.timeline)
        with self._compositor(small=True) as compositor:
            for segment in cut_from(
                first, compositor, self.timeline, pictures, self.encoding
            ):
                begin = max(first, segment.first)
                yield from self._segment(segment, begin, compositor, inputs)

    def _segment(
        self, segment: Segment, first: int, compositor: Compositor, inputs: Inputs
    ) -> Generator[EncodedPacket, None, None]:
        """Yield a segment from a frame on; one that is played whole is kept."""
        store = self._segments
        known = store.open(segment.key) if store is not None else None
        if known is not None and first == segment.first and known.is_sound():
            for packed, data in known:
                yield EncodedPacket(data, first + packed.pts, packed.is_key)
            return
        failures = self._failed.count
        pictures = compositor.frames(first, segment.last)
        coded = encode(pictures, first, self.encoding)
        if store is None or first > segment.first or segment.uncached:
            yield from coded
            return
        played = []
        for one in coded:
            played.append(one)
            yield one
        # A picture without an effect that failed is not what the key says.
        if failures != self._failed.count or not inputs.are_unchanged():
            return
        path = store.path(segment.key)
        with cached_if_possible(store.folder.parent), writing(path) as writer:
            for one in played:
                place = one.number - first
                writer.add(one.data, pts=place, is_key=one.is_key)

    def open_sound(self, start: int) -> SoundReader:
        """Return the sound from sample `start` on, at 48 kHz."""
        timeline = replace(self.timeline, sample_rate_hz=SOUND_HZ)
        return AudioMixer(timeline, self._library, start=start)

    def source_frames(self, number: int) -> list[ShownFrame]:
        """Return the source frames in a frame, bottom to top."""
        time = self.time_of(number)
        canvas = Canvas(*self.size)
        found = []
        for shot in _shots(lower(self.timeline, time)):
            info = self._library.probe(shot.clip.media.path)
            if not info.video:
                continue
            index = self._library.index(info)
            seen = self._library.frame_shown(info, shot.shown_time(time))
            pts = int(index.pts[seen])
            area = self._area(shot.clip, pts, info.video[0].display_size)
            size = round(area[2]), round(area[3])
            transform = transform_at(shot.clip, shot.clip_time(time))
            moves = is_between_pixels(shot.clip, canvas)
            spot = place(transform, size, canvas, moves=moves)
            found.append(ShownFrame(info.fingerprint, pts, area, spot))
        return found

    def _chain(self, clip: Clip) -> Chain:
        if clip.id not in self._chains:
            self._chains[clip.id] = Chain(clip.effects)
        return self._chains[clip.id]

    def _area(
        self, clip: Clip, pts: int, size: tuple[int, int]
    ) -> tuple[float, float, float, float]:
        """Return left, top, width and height of what a clip shows of a source frame."""
        for effect in self._chain(clip).sourced:
            if isinstance(effect, Reframe):
                left, top, wide, high = effect.window_at(pts)
                x, y = size[0] / effect.size[0], size[1] / effect.size[1]
                return left * x, top * y, wide * x, high * y
        return (0.0, 0.0, float(size[0]), float(size[1]))

    def request_proxies(self, number: int) -> None:
        """Request the proxies of the shots near a frame."""
        time = self.time_of(number)
        for shot in _shots(lower(self.timeline, time)):
            media = shot.clip.media
            info = self._library.probe(media.path, assumed=media.assumed)
            if takes_proxies(info):
                index = self._library.index(info)
                self._proxies.request(info, index.frame_at(shot.shown_time(time)))

    @contextmanager
    def _composing(self) -> Iterator[None]:
        """Compose one frame at a time; close the files after it if that was asked."""
        try:
            with self._lock, self._proxies.paused():
                yield
        finally:
            self._close_if_asked()

    def close(self) -> None:
        """Close the files: at once, or when the frame that is being made is done."""
        self._is_closed = True
        self._close_if_asked()

    def _close_if_asked(self) -> None:
        # Whoever holds the lock comes here after it.
        if not self._is_closed or not self._lock.acquire(blocking=False):
            return
        try:
            for compositor in (self._draft, self._exact):
                if compositor is not None:
                    compositor.close()
            self._draft = self._exact = None
        finally:
            self._lock.release()

    def _compositor(self, *, small: bool) -> Compositor:
        pictures = ProxyLibrary(self._library, self._proxies)
        size = self._small if small else self.size
        return Compositor(self.timeline, pictures, size=size, failed=self._failed)


def _shots(layers: tuple[Layer, ...]) -> Iterator[Shot]:
    """Yield the clips of files in sight."""
    for layer in layers:
        yield from (s for s in shots_of(layer) if s.clip.media.is_file)


def audio_only_source(
    info: MediaInfo, make: Callable[[Timeline], TimelinePlayerSource]
) -> TimelinePlayerSource:
    """Return a player source of sound alone: black, at 25 frames a second.

    Raises:
        CompositionError: The file has neither pictures nor sound.
    """
    if not info.audio:
        raise CompositionError(
            Message("{path} has neither pictures nor sound", path=info.path)
        )
    whole = TimeRange(Fraction(0), info.duration)
    media = MediaReference(path=info.path, available_range=whole, has_audio=True)
    clip = Clip(id="c1", media=media, source_range=whole)
    track = Track(kind="audio", name="A1", items=(clip,))
    name = info.path
    return make(
        Timeline(name=name, rate=Fraction(25), size=(640, 360), tracks=(track,))
    )
