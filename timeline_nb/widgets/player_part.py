"""Send frames, streams and sound of an edit or a media file to players."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np

from timeline_nb.commands.session import EditSession
from timeline_nb.compose.dependencies import has_foreign
from timeline_nb.core.locks import new_rlock
from timeline_nb.editor_settings import EditorSettings
from timeline_nb.effects.provided import catalog_changed
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.preview.browser_files import browser_sound_type, browser_type, is_light
from timeline_nb.preview.media_source import MediaPlayerSource
from timeline_nb.preview.player_source import SOUND_HZ, PlayerSource, pcm_of
from timeline_nb.preview.proxies import proxy_size
from timeline_nb.preview.scrub import JpegRequest, Scrubber
from timeline_nb.preview.stream import Chunk
from timeline_nb.preview.timeline_source import TimelinePlayerSource, audio_only_source
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import (
    FrameData,
    PlayerSourceView,
    PreviewWarning,
    SoundData,
    StreamData,
)
from timeline_nb.widgets.channel import Handler, Part, Reply, SendAnswer
from timeline_nb.widgets.file_watch import FileWatch
from timeline_nb.widgets.language import page_language
from timeline_nb.widgets.refusal import said
from timeline_nb.widgets.served_proxies import ServedProxies
from timeline_nb.widgets.source import address_for_view
from timeline_nb.widgets.view_streams import ViewStreams, WantedStream

__all__ = ["PlayerPart"]

_MAX_SOUND_S: Final = 10
# An exact frame is at most this wide: 4K costs the channel without being seen.
_MAX_FRAME_PX: Final = 1920


class PlayerPart(Part):
    """Sends the frames, streams and sound of an edit or a media file.

    Each change of what is shown opens a new player source with a version of its own;
    requests name the version they mean. The lock guards which source and streams
    there are; they are opened, used and closed outside it.

    Args:
        post: Sends an answer to the browser.
        source: The edit's session, or the file.
        studio: Opens media and makes proxies.
        visible: Returns the part of a timeline that is shown, such as solo tracks.
        on_first_frame: Called with the first frame's JPEG, for pages without a kernel.
        watch: Sees which files of an edit are no media, or lack something; nobody does
            if None.
    """

    def __init__(  # noqa: PLR0913 - each is an option
        self,
        post: SendAnswer,
        source: EditSession | MediaInfo,
        studio: Studio,
        *,
        visible: Callable[[Timeline], Timeline] = lambda timeline: timeline,
        on_first_frame: Callable[[bytes], None] = lambda _: None,
        watch: FileWatch | None = None,
    ) -> None:
        super().__init__(post)
        self.source = source
        self._studio = studio
        self._visible = visible
        self._on_first_frame = on_first_frame
        self._watch = watch
        self._has_first_frame = False
        # What views were warned of.
        self._warned: set[str] = set()
        self._lock = new_rlock("a player part")
        self._is_started = False
        self._player_source: PlayerSource | None = None
        self._version = 0
        self._last_version = 0
        self._language = ""
        self._scrubber = Scrubber(self._send_frame)
        self._streams = ViewStreams(studio.proxies)
        self._served = ServedProxies(post, studio)

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of frames, playback and sound."""
        return {
            ask.FramesRequest: self._want_frames,
            ask.PlayRequest: self._play,
            ask.MoreRequest: self._allow_more,
            ask.StopRequest: self._stop_stream,
            ask.SoundRequest: self._read_sound,
        }

    def start(self) -> None:
        """Open the source, and follow the edit."""
        with self._lock:
            self._is_started = True
            self._warned = set()
        self._streams.open()
        if isinstance(self.source, EditSession):
            self.source.changed.connect(self._on_change)
            catalog_changed.connect(self._on_catalog)
            self._studio.editor_settings.changed.connect(self._on_settings)
        self.reload()

    def stop(self) -> None:
        """Close the source, with its decoders and threads."""
        if isinstance(self.source, EditSession):
            self.source.changed.disconnect(self._on_change)
            catalog_changed.disconnect(self._on_catalog)
            self._studio.editor_settings.changed.disconnect(self._on_settings)
        self._scrubber.clear()
        self._studio.proxies.rest()
        with self._lock:
            self._is_started = False
            closed, self._player_source = self._player_source, None
        self._streams.close()
        if closed is not None:
            closed.close()

    def on_view_opened(self, view: str) -> None:
        """Send a new view what the source is."""
        self._served.forget(view)
        self._announce(view)

    def on_view_closed(self, view: str) -> None:
        """Drop the view's frame requests, and stop its stream."""
        self._scrubber.request(view, [])
        self._streams.close_view(view)
        self._served.forget(view)

    def source_at(self, version: int) -> PlayerSource | None:
        """Return the source if it is of this version, None if the version is old."""
        with self._lock:
            return self._player_source if version == self._version else None

    def reload(self) -> None:
        """Show the source as it is now."""
        with self._lock:
            if not self._is_started:
                return
            self._last_version += 1
            version = self._last_version
        opened = self._open()
        replaced = self._replace(opened, version)
        if replaced is not None:
            replaced.close()
        if replaced is not opened:
            self._announce("")

    def _replace(self, opened: PlayerSource, version: int) -> PlayerSource | None:
        """Show a newly opened source; return the one that is no longer needed.

        That is the new one itself if another thread has opened a later one, or the
        last view has closed meanwhile.
        """
        with self._lock:
            if not self._is_started or version < self._version:
                return opened
            before, self._player_source = self._player_source, opened
            self._version = version
            return before

    def _on_change(self, old: Timeline, new: Timeline) -> None:
        if self._visible(old) != self._visible(new):
            self.reload()

    def _on_catalog(self) -> None:
        """Show the edit anew if it has effects from elsewhere: they may be others."""
        if isinstance(self.source, EditSession) and has_foreign(self.source.timeline):
            with self._lock:
                self._warned = set()
            self.reload()

    def _on_settings(self, _: EditorSettings) -> None:
        """Show slates in the language that was chosen."""
        with self._lock:
            is_same = self._language == self._studio.language
        if not is_same:
            self.reload()

    def _warn(self, sentence: str) -> None:
        """Tell the views, once, of an effect that is left out."""
        with self._lock:
            is_new = sentence not in self._warned
            self._warned.add(sentence)
        if is_new:
            shown = Message("Shown {how}", how=sentence)
            self._post(PreviewWarning(text=said(shown)))

    def _open(self) -> PlayerSource:
        library, proxies = self._studio.library, self._studio.proxies
        watch, language = self._watch, self._studio.language
        with self._lock:
            self._language = language

        def of_timeline(timeline: Timeline) -> TimelinePlayerSource:
            return TimelinePlayerSource(
                timeline,
                library,
                proxies,
                self._studio.segments,
                report=self._warn,
                unreadable={} if watch is None else watch.unreadable,
                replaced={} if watch is None else watch.lacking,
                language=language or page_language(),
            )

        if isinstance(self.source, EditSession):
            return of_timeline(self._visible(self.source.timeline))
        if not self.source.video:
            return audio_only_source(self.source, of_timeline)
        return MediaPlayerSource(self.source, library, proxies)

    def _announce(self, view: str) -> None:
        """Send what the source is now."""
        self._turns.run(("source", view), lambda: self._send_source(view))

    def _send_source(self, view: str) -> None:
        with self._lock:
            source, version = self._player_source, self._version
        if source is None:
            return
        times: list[bytes] = []
        if isinstance(source, MediaPlayerSource) and source.is_uneven:
            seconds = [float(source.time_of(n)) for n in range(len(source))]
            times = [np.array(seconds, np.float64).tobytes()]
        name = (
            self.source.timeline.name
            if isinstance(self.source, EditSession)
            else Path(self.source.path).name
        )
        answer = PlayerSourceView(
            view=view,
            version=version,
            name=name,
            frames=len(source),
            rate_num=source.rate.numerator,
            rate_den=source.rate.denominator,
            duration_s=float(source.time_of(len(source))),
            width=source.size[0],
            height=source.size[1],
            has_sound=source.has_sound,
            **self._file_facts(),
        )
        self._post(answer, times)

    def _file_facts(self) -> dict[str, Any]:
        """Return where a file is, and what a browser plays of it; an edit is none."""
        info = self.source
        if isinstance(info, EditSession):
            return {}
        return {
            "file": address_for_view(info.path, self._studio),
            "file_type": browser_type(info),
            "is_light": is_light(info),
            "sound_type": browser_sound_type(info),
            "has_pictures": bool(info.video),
        }

    def _want_frames(self, request: ask.FramesRequest) -> None:
        source = self.source_at(request.version)
        numbers = [n for n in request.numbers if source and 0 <= n < len(source)]
        if source is None or not numbers:
            self._scrubber.request(request.view, [])
            return
        size = None
        if request.width_px:
            size = _exact_size(request.width_px, request.height_px, source.size)
        requests = [
            JpegRequest(source, request.version, number, None) for number in numbers
        ]
        requests[0] = JpegRequest(source, request.version, numbers[0], size)
        self._scrubber.request(request.view, requests)
        source.request_proxies(numbers[0])
        self._served.tell(request.view, request.version, source, numbers)

    def _send_frame(self, view: str, request: JpegRequest, jpeg: bytes | str) -> None:
        problem = jpeg if isinstance(jpeg, str) else ""
        if problem and self._is_of_changed_file():
            # What the file is now is shown by the next version.
            return
        answer = FrameData(
            view=view,
            version=request.version,
            number=request.number,
            width_px=request.size[0] if request.size else 0,
            problem=said(problem),
        )
        self._post(answer, [] if isinstance(jpeg, str) else [jpeg])
        if isinstance(jpeg, bytes) and not self._has_first_frame:
            self._has_first_frame = True
            self._on_first_frame(jpeg)

    def _is_of_changed_file(self) -> bool:
        """Return whether a file has just changed, which is said soon."""
        return self._watch is not None and self._watch.has_changed()

    def _play(self, request: ask.PlayRequest) -> None:
        source = self.source_at(request.version)
        if source is None or not 0 <= request.first < len(source):
            self._stop_stream(request)
            return
        view, stream = request.view, request.stream

        def send(chunk: Chunk | str | None) -> None:
            if isinstance(chunk, str) and self._is_of_changed_file():
                chunk = None
            data = [chunk.data] if isinstance(chunk, Chunk) else []
            self._post(_stream_data(view, stream, chunk), data)

        wanted = WantedStream(
            number=stream,
            film=source,
            first=request.first,
            sound=request.sound,
            until=Fraction(request.until_s),
            deliver=send,
        )
        self._streams.play(view, wanted)

    def _allow_more(self, request: ask.MoreRequest) -> None:
        self._streams.allow(request.view, request.stream, Fraction(request.until_s))

    def _stop_stream(self, request: ask.StopRequest | ask.PlayRequest) -> None:
        self._streams.stop(request.view, request.stream)

    def _read_sound(self, request: ask.SoundRequest) -> Reply:
        source = self.source_at(request.version)
        length = min(request.duration_s, _MAX_SOUND_S)
        if source is None or not source.has_sound:
            raise CompositionError(
                Message("what the player shows has no sound: play it without")
            )
        if length <= 0 or request.start_s < 0:
            raise CompositionError(
                Message(
                    "there is no sound from {start} s for {duration} s: give a start "
                    "from 0 and a duration above 0",
                    start=request.start_s,
                    duration=request.duration_s,
                )
            )
        reader = source.open_sound(round(request.start_s * SOUND_HZ))
        try:
            samples = pcm_of(reader.read(round(length * SOUND_HZ)))
        finally:
            reader.close()
        return Reply(SoundData(), [samples.tobytes()])


def _stream_data(view: str, stream: int, chunk: Chunk | str | None) -> StreamData:
    """Return the message for a chunk, the end (None), or a problem (text)."""
    if chunk is None:
        return StreamData(view=view, stream=stream, ends=True)
    if isinstance(chunk, str):
        return StreamData(view=view, stream=stream, ends=True, problem=said(chunk))
    return StreamData(
        view=view,
        stream=stream,
        until_s=float(chunk.until),
        offset_s=float(chunk.offset),
    )


def _exact_size(width: int, height: int, source: tuple[int, int]) -> tuple[int, int]:
    """Return a view's size in even pixels, at most the source's and `_MAX_FRAME_PX`."""
    factor = min(1.0, _MAX_FRAME_PX / max(width, height, 1), source[0] / max(width, 1))
    least = proxy_size(source)
    even_width = max(least[0], round(width * factor / 2) * 2)
    return even_width, max(least[1], round(height * factor / 2) * 2)
