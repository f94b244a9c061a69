"""What a player view needs: frames, streams and sound of a film."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from threading import RLock
from typing import Final

import numpy as np

from timeline_nb.errors import CompositionError
from timeline_nb.media.info import MediaInfo
from timeline_nb.preview.media_source import MediaPlayerSource
from timeline_nb.preview.playback import PlaybackStreamer
from timeline_nb.preview.player_source import SOUND_HZ, PlayerSource, pcm_of
from timeline_nb.preview.proxies import proxy_size
from timeline_nb.preview.scrub import JpegRequest, Scrubber
from timeline_nb.preview.stream import Chunk
from timeline_nb.preview.timeline_source import TimelinePlayerSource, audio_only_source
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.session import EditSession
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import (
    FrameData,
    PlayerSourceView,
    SoundData,
    StreamData,
)
from timeline_nb.widgets.channel import Handler, Part, Post

__all__ = ["PlayerPart"]

_MOST_SOUND_S: Final = 10
# An exact frame is at most this wide: 4K costs the channel without being seen.
_MOST_PX: Final = 1920


class PlayerPart(Part):
    """Shows an edit, or a media file.

    Args:
        post: Sends an answer to the browser.
        source: The edit, or the file.
        studio: Where media and proxies come from.
        seen: What is shown of an edit's timeline: solo tracks, say.
        kept: Given the first frame's JPEG, for pages without a kernel.
    """

    def __init__(
        self,
        post: Post,
        source: EditSession | MediaInfo,
        studio: Studio,
        *,
        seen: Callable[[Timeline], Timeline] = lambda timeline: timeline,
        kept: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        super().__init__(post)
        self.source = source
        self._studio = studio
        self._seen = seen
        self._keep = kept
        self._is_kept = False
        self._lock = RLock()
        self._film: PlayerSource | None = None
        self._version = 0
        self._scrubber = Scrubber(self._deliver)
        self._pumps: dict[str, tuple[int, PlaybackStreamer]] = {}

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Frames, playback and sound."""
        return {
            ask.AskFrames: self._frames,
            ask.Play: self._play,
            ask.More: self._more,
            ask.Stop: self._stop,
            ask.AskSound: self._sound,
        }

    def wake(self) -> None:
        """Open the film, and follow the edit."""
        if isinstance(self.source, EditSession):
            self.source.changed.connect(self._follow)
        self.renew()

    def sleep(self) -> None:
        """Let go of the film, its decoders and threads."""
        if isinstance(self.source, EditSession):
            self.source.changed.disconnect(self._follow, missing_ok=True)
        self._scrubber.clear()
        self._studio.proxies.rest()
        with self._lock:
            if self._film is not None:
                self._film.close()
            self._film = None

    def greet(self, view: str) -> None:
        """Tell a new view what the film is."""
        self._tell(view)

    def leave(self, view: str) -> None:
        """Stop what the view played."""
        self._scrubber.request(view, [])
        self._halt(view)

    def film(self, version: int) -> PlayerSource | None:
        """The film now, if it is of this version: what an older one asks is stale."""
        with self._lock:
            return self._film if version == self._version else None

    def renew(self) -> None:
        """Show the source as it is now."""
        with self._lock:
            old, self._film = self._film, self._opened()
            self._version += 1
        if old is not None:
            old.close()
        self._tell("")

    def _follow(self, old: Timeline, new: Timeline) -> None:
        if self._seen(old) != self._seen(new):
            self.renew()

    def _opened(self) -> PlayerSource:
        library, proxies = self._studio.library, self._studio.proxies

        def of_timeline(timeline: Timeline) -> TimelinePlayerSource:
            return TimelinePlayerSource(
                timeline, library, proxies, self._studio.segments
            )

        if isinstance(self.source, EditSession):
            return of_timeline(self._seen(self.source.timeline))
        if not self.source.video:
            return audio_only_source(self.source, of_timeline)
        return MediaPlayerSource(self.source, library, proxies)

    def _tell(self, view: str) -> None:
        with self._lock:
            film, version = self._film, self._version
        if film is None:
            return
        times: list[bytes] = []
        if isinstance(film, MediaPlayerSource) and film.is_uneven:
            seconds = [float(film.time_of(n)) for n in range(len(film))]
            times = [np.array(seconds, np.float64).tobytes()]
        name = (
            self.source.timeline.name
            if isinstance(self.source, EditSession)
            else Path(self.source.path).name
        )
        told = PlayerSourceView(
            view=view,
            version=version,
            name=name,
            frames=len(film),
            rate_num=film.rate.numerator,
            rate_den=film.rate.denominator,
            duration_s=float(film.time_of(len(film))),
            width=film.size[0],
            height=film.size[1],
            has_sound=film.has_sound,
        )
        self._post(told, times)

    def _frames(self, request: ask.AskFrames) -> None:
        film = self.film(request.version)
        numbers = [n for n in request.numbers if film and 0 <= n < len(film)]
        if film is None or not numbers:
            self._scrubber.request(request.view, [])
            return
        size = None
        if request.width_px:
            size = _even(request.width_px, request.height_px, film.size)
        wants = [JpegRequest(film, request.version, number, None) for number in numbers]
        wants[0] = JpegRequest(film, request.version, numbers[0], size)
        self._scrubber.request(request.view, wants)
        film.request_proxies(numbers[0])

    def _deliver(self, view: str, request: JpegRequest, made: bytes | str) -> None:
        problem = made if isinstance(made, str) else ""
        told = FrameData(
            view=view,
            version=request.version,
            number=request.number,
            width_px=request.size[0] if request.size else 0,
            problem=problem,
        )
        self._post(told, [] if isinstance(made, str) else [made])
        if isinstance(made, bytes) and not self._is_kept:
            self._is_kept = True
            self._keep(made)

    def _play(self, request: ask.Play) -> None:
        film = self.film(request.version)
        self._halt(request.view)
        if film is None or not 0 <= request.first < len(film):
            return
        view, stream = request.view, request.stream

        def deliver(made: Chunk | str | None) -> None:
            self._post(_stream_data(view, stream, made), _data_of(made))

        pump = PlaybackStreamer(
            film,
            request.first,
            sound=request.sound,
            deliver=deliver,
            proxies=self._studio.proxies,
        )
        with self._lock:
            self._pumps[view] = (stream, pump)
        pump.allow(Fraction(request.until_s))

    def _more(self, request: ask.More) -> None:
        with self._lock:
            stream, pump = self._pumps.get(request.view, (0, None))
        if pump is not None and stream == request.stream:
            pump.allow(Fraction(request.until_s))

    def _stop(self, request: ask.Stop) -> None:
        self._halt(request.view)

    def _halt(self, view: str) -> None:
        with self._lock:
            _, pump = self._pumps.pop(view, (0, None))
        if pump is not None:
            pump.stop()

    def _sound(self, request: ask.AskSound) -> None:
        film = self.film(request.version)
        length = min(request.duration_s, _MOST_SOUND_S)
        if film is None or not film.has_sound or length <= 0 or request.start_s < 0:
            raise CompositionError("there is no sound to be heard there")
        reader = film.open_sound(round(request.start_s * SOUND_HZ))
        try:
            whole = pcm_of(reader.read(round(length * SOUND_HZ)))
        finally:
            reader.close()
        self._post(SoundData(id=request.id, view=request.view), [whole.tobytes()])


def _stream_data(view: str, stream: int, made: Chunk | str | None) -> StreamData:
    if made is None:
        return StreamData(view=view, stream=stream, ends=True)
    if isinstance(made, str):
        return StreamData(view=view, stream=stream, ends=True, problem=made)
    return StreamData(
        view=view,
        stream=stream,
        until_s=float(made.until),
        offset_s=float(made.offset),
    )


def _data_of(made: Chunk | str | None) -> list[bytes]:
    return [made.data] if isinstance(made, Chunk) else []


def _even(width: int, height: int, film: tuple[int, int]) -> tuple[int, int]:
    """A view's size in even pixels, no larger than the film, and none too large."""
    factor = min(1.0, _MOST_PX / max(width, 1), film[0] / max(width, 1))
    small = proxy_size(film)
    wide = max(small[0], round(width * factor / 2) * 2)
    return wide, max(small[1], round(height * factor / 2) * 2)
