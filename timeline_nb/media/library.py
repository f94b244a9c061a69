"""The media library: opens files, and caches their probes and indexes."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from cachetools import LRUCache, TTLCache
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import under_own_scope
from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.locks import new_rlock
from timeline_nb.errors import DamagedFrameError, MediaError
from timeline_nb.media.apart.isolation import NOTHING_APART, Isolation
from timeline_nb.media.clock import Clock
from timeline_nb.media.damage_log import DamageLog
from timeline_nb.media.decoder import Decoder, Skimmer, SoundDecoder
from timeline_nb.media.file_state import MediaState, changed, read_steadily, state_of
from timeline_nb.media.frame import Frame
from timeline_nb.media.index import READING, FrameIndex
from timeline_nb.media.index_file import keep_index, load_index
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.readers import MediaReaders
from timeline_nb.media.stored_packets import BATCH_BYTES, StoredPackets
from timeline_nb.media.subtitle_packets import SubtitlePackets
from timeline_nb.media.waveform import Waveform, measure_waveform
from timeline_nb.timebase import TimeRange

__all__ = ["MediaLibrary"]

_PROBES: Final = 10_000
_INDEXES: Final = 256
_WAVEFORMS: Final = 512
# Of audio of unknown sample rate.
_UNTOLD_HZ: Final = 48_000
_THUMBNAIL_BYTES: Final = 64_000_000

_FileKey = tuple[Path, MediaState]
_ThumbnailKey = tuple[str, int, int, Assumption]


class MediaLibrary:
    """Opens media files, and caches their probes and indexes; thread-safe.

    Args:
        cache_dir: The folder for frame indexes, kept by the files' fingerprints.
        ttl_s: Seconds for which a probe is cached while size and time stay the same.
        isolation: Which files are decoded in processes apart; none if not given.
        scope: What may be read; the scope in use if not given.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        ttl_s: float = 300.0,
        isolation: Isolation = NOTHING_APART,
        scope: Scope | None = None,
    ) -> None:
        self.scope = scope
        self._index_dir = cache_dir / f"index-{READING}"
        self._ttl_s = ttl_s
        self._readers = MediaReaders(isolation, cache_dir / "broken")
        self.begin_anew()
        watch_forks(self)

    def begin_anew(self) -> None:
        """Empty the caches; in a forked process, another thread may have left one half.

        Frame indexes stay on disk.
        """
        self.damage = DamageLog(self._index_dir)
        self._lock = new_rlock("a media library")
        self._infos: TTLCache[_FileKey, MediaInfo] = TTLCache(_PROBES, self._ttl_s)
        self._indexes: LRUCache[str, FrameIndex] = LRUCache(_INDEXES)
        self._clocks: LRUCache[str, Clock] = LRUCache(_INDEXES)
        self._waveforms: LRUCache[tuple[str, int, TimeRange], Waveform] = LRUCache(
            _WAVEFORMS
        )
        self._thumbnails: LRUCache[_ThumbnailKey, NDArray[np.uint8]] = LRUCache(
            _THUMBNAIL_BYTES, getsizeof=lambda picture: int(picture.nbytes)
        )

    @under_own_scope
    def probe(self, path: Path | str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        """Return what a media file holds.

        Args:
            path: The file.
            assumed: What is said of its pictures, overriding the file.

        Raises:
            MediaError: There is no such file, or it is not media.
        """
        key = _key(path)
        with self._lock:
            info = self._infos.get(key)
        if info is None:
            info = self._probed(path)
        return replace(info, assumed=assumed) if assumed else info

    def _probed(self, path: Path | str) -> MediaInfo:
        with file_errors(path, MediaError, verb="read"):
            info, state = read_steadily(path, lambda: self._readers.probe(path))
        if state is not None:
            with self._lock:
                self._infos[Path(path).absolute(), state] = info
        return info

    @under_own_scope
    def index(self, info: MediaInfo, *, reporter: Reporter | None = None) -> FrameIndex:
        """Return every frame of the first video stream, from memory, disk, or the file.

        Raises:
            MediaError: The file has no pictures, or is another than was probed.
        """
        with self._lock:
            index = self._indexes.get(info.fingerprint)
        if index is not None:
            return index
        kept = self._index_dir / f"{info.fingerprint}.npz"
        index = load_index(kept)
        if index is None or index.stream != info.video[0].index:
            with file_errors(info.path, MediaError, verb="indexed"):
                index = self._build_index(info, reporter)
            keep_index(index, kept)
        with self._lock:
            self._indexes[info.fingerprint] = index
        return index

    def _build_index(self, info: MediaInfo, reporter: Reporter | None) -> FrameIndex:
        def build() -> FrameIndex:
            if self.probe(path).fingerprint != info.fingerprint:
                raise changed(path)
            return self._readers.index(info, reporter)

        index, state = read_steadily(path := info.path, build)
        if state is None:
            raise changed(path)
        return index

    def range(self, info: MediaInfo) -> TimeRange:
        """Return the media time that has pictures, or sound where there are none.

        Media time 0 is the first picture, or the first sample of a file without.

        Raises:
            MediaError: The file cannot be read.
        """
        if info.kind != "video":
            return TimeRange(Fraction(0), info.duration)
        index = self.index(info)
        return TimeRange(Fraction(0), index.end_of(len(index) - 1))

    @under_own_scope
    def video(
        self,
        path: Path | str,
        *,
        threads: int = 0,
        device: str | None = None,
        assumed: Assumption = AS_TOLD,
    ) -> Decoder:
        """Open a decoder of the file's pictures, for the caller to close.

        Args:
            path: The file.
            threads: Decoding threads; as many as there are cores if 0.
            device: The hardware decoder, by FFmpeg's name; software if None.
            assumed: What is said of its pictures, overriding the file.

        Raises:
            MediaError: The file has no pictures.
        """
        while True:
            before = state_of(path)
            info = self.probe(path, assumed=assumed)
            index = self.index(info)
            decoder = self._readers.video(
                info, index, self.damage, threads=threads, device=device
            )
            if state_of(path) == before:
                return decoder
            # What was opened may not be what was probed.
            decoder.close()

    @under_own_scope
    def analysis(
        self, info: MediaInfo, index: FrameIndex, *, anchors_only: bool = False
    ) -> Skimmer:
        """Open a decoder for analysis, as `open_analysis_decoder` does.

        Raises:
            MediaError: The file cannot be opened.
        """
        return self._readers.analysis(info, index, anchors_only=anchors_only)

    @under_own_scope
    def subtitles(
        self, info: MediaInfo, number: int, *, start: Fraction
    ) -> SubtitlePackets:
        """Read all of an embedded text stream, as `read_subtitle_packets` does.

        Raises:
            MediaError: There is no such stream, it holds pictures, or cannot be read.
        """
        return self._readers.subtitles(info, number, start=start)

    def stored_packets(
        self, info: MediaInfo, frame: int, *, most_bytes: int = BATCH_BYTES
    ) -> StoredPackets:
        """Read packets of pictures, as `read_stored_packets` does."""
        return self._readers.packets(info, self.index(info), frame, most_bytes)

    @property
    def isolation(self) -> Isolation:
        """Which files are decoded in processes apart."""
        return self._readers.isolation

    def try_again(self, path: Path | str) -> None:
        """Have a file that broke its decoder opened again, though it did not change.

        Raises:
            MediaError: It is not there.
        """
        self._readers.try_again(path)

    def damaged(self, info: MediaInfo) -> frozenset[int]:
        """Return the numbers of the file's frames that were found not to decode."""
        return self.damage.frames(info.fingerprint)

    def frame_shown(self, info: MediaInfo, time: Fraction) -> int:
        """Return the number of the frame shown at a media time.

        For one that is known not to decode it is the last before it that does, as
        `Decoder.frame_or_held` gives it.

        Raises:
            MediaError: The file has no pictures.
        """
        index, damaged = self.index(info), self.damaged(info)
        number = index.frame_at(time)
        if number not in damaged:
            return number
        others = (*range(number - 1, -1, -1), *range(number + 1, len(index)))
        return next((other for other in others if other not in damaged), number)

    @under_own_scope
    def audio(
        self,
        path: Path | str,
        *,
        sample_rate_hz: int,
        layout: str = "stereo",
        audio: AudioChoice = "default",
    ) -> SoundDecoder:
        """Open a decoder of the file's sound, for the caller to close.

        Args:
            path: The file.
            sample_rate_hz: Of what is given.
            layout: The channels of what is given, by FFmpeg's name.
            audio: Which streams are heard.

        Raises:
            MediaError: The file has no sound, or not those streams.
        """
        info = self.probe(path)
        return self._readers.audio(
            info,
            sample_rate_hz=sample_rate_hz,
            layout=layout,
            audio=audio,
            clock=self._clock(info) if info.audio else None,
        )

    def _clock(self, info: MediaInfo) -> Clock:
        """Return the clock that converts a file's audio stamps to media time.

        Without video, media time 0 is the file's announced start.
        """
        if info.kind == "video":
            index = self.index(info)
            return Clock(index.start_time, tuple(part.shift for part in index.breaks))
        with self._lock:
            clock = self._clocks.get(info.fingerprint)
        if clock is None:
            before = state_of(info.path)
            is_same = self.probe(info.path).fingerprint == info.fingerprint
            clock = self._readers.clock(info)
            if is_same and state_of(info.path) == before:
                with self._lock:
                    self._clocks[info.fingerprint] = clock
        return clock

    @under_own_scope
    def thumbnails(
        self,
        path: Path | str,
        times: Sequence[Fraction],
        *,
        height_px: int,
        exact: bool = True,
        assumed: Assumption = AS_TOLD,
    ) -> list[NDArray[np.uint8]]:
        """Return the frames shown at media times, small: `(height_px, W, 3) uint8 RGB`.

        Args:
            path: The file.
            times: Media times.
            height_px: How high they are.
            exact: False takes the keyframes before, which cost far less.
            assumed: What is said of its pictures, overriding the file.

        Raises:
            MediaError: The file has no pictures, or a frame does not decode.
        """
        before = state_of(path)
        info = self.probe(path, assumed=assumed)
        index = self.index(info)
        numbers = [index.frame_at(time) for time in times]
        if not exact:
            numbers = [index.keyframe_before(number) for number in numbers]
        width, height = info.video[0].display_size
        size = (max(1, round(width * height_px / height)), height_px)
        pictures: dict[int, NDArray[np.uint8]] = {}
        with self._lock:
            for number in numbers:
                key = (info.fingerprint, number, height_px, assumed)
                kept = self._thumbnails.get(key)
                if kept is not None:
                    pictures[number] = kept
        missing = sorted(set(numbers) - set(pictures))
        if missing:
            for number, frame in self._frames(info, index, missing, exact=exact):
                pictures[number] = frame.to_rgb(size)
            lasting = missing if state_of(path) == before else []
            with self._lock:
                for number in lasting:
                    key = (info.fingerprint, number, height_px, assumed)
                    self._thumbnails[key] = pictures[number]
        return [pictures[number] for number in numbers]

    @under_own_scope
    def waveform(
        self, path: Path | str, *, bins: int, time_range: TimeRange | None = None
    ) -> Waveform:
        """Return the extremes of the sound in `bins` equal parts of a media time range.

        Raises:
            MediaError: The file has no sound.
        """
        before = state_of(path)
        info = self.probe(path)
        time_range = time_range or self.range(info)
        key = (info.fingerprint, bins, time_range)
        with self._lock:
            wave = self._waveforms.get(key)
        if wave is None:
            rate = info.audio[0].sample_rate_hz if info.audio else 0
            with self.audio(path, sample_rate_hz=rate or _UNTOLD_HZ) as decoder:
                wave = measure_waveform(decoder, bins=bins, time_range=time_range)
            if state_of(path) == before:
                with self._lock:
                    self._waveforms[key] = wave
        return wave

    def _frames(
        self,
        info: MediaInfo,
        index: FrameIndex,
        numbers: Sequence[int],
        *,
        exact: bool,
    ) -> Iterator[tuple[int, Frame]]:
        """Yield frames with the numbers that were asked for."""
        if not exact and info.reader == "ffmpeg":
            with suppress(DamagedFrameError):
                frames = self._readers.keyframes(info, index, numbers)
                yield from zip(numbers, frames, strict=True)
                return
        with self._readers.video(info, index, self.damage) as decoder:
            for number in numbers:
                yield number, decoder.frame_or_held(number)


def _key(path: Path | str) -> _FileKey:
    """Return a key that changes with a file, or with a file of a sequence."""
    return Path(path).absolute(), state_of(path)
