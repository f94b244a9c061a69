"""The sound of a timeline: every clip at its very sample, added up in float32."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.naming import naming
from timeline_nb.media.audio import AudioDecoder
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition

__all__ = ["AudioMixer", "has_sound"]

_ZERO: Final = Fraction(0)


def has_sound(timeline: Timeline) -> bool:
    """Whether any audio track that is heard holds a clip."""
    return any(
        isinstance(item, Clip)
        for track in timeline.tracks
        if track.kind == "audio" and track.enabled
        for item in track.items
    )


@dataclass(frozen=True)
class _Voice:
    """A clip that sounds.

    Args:
        clip: What is heard.
        start: The timeline second at which its source range begins.
        heard: The timeline seconds in which it sounds, transitions included.
        rise: Seconds of the transition before it, 0 without.
        fall: Seconds of the transition behind it, 0 without.
        gain: Factor, of the clip and its track.
    """

    clip: Clip
    start: Fraction
    heard: TimeRange
    rise: Fraction
    fall: Fraction
    gain: float


class AudioMixer:
    """Adds up the sound of a timeline, in stereo; a context manager.

    Sample `n` is the one at `n / sample_rate_hz` seconds. A clip that begins between
    two samples begins at the nearer. Transitions keep the power equal: the one falls
    as a cosine while the other rises as a sine. Fades are linear.

    Args:
        timeline: What is heard.
        library: Where media come from.
        start: The number of the first sample to be read.
    """

    def __init__(
        self, timeline: Timeline, library: MediaLibrary, *, start: int = 0
    ) -> None:
        self._rate = timeline.sample_rate_hz
        self._library = library
        self._voices = sorted(
            (
                voice
                for track in timeline.tracks
                if track.kind == "audio" and track.enabled
                for voice in _voices(track)
                if voice.heard.end * self._rate > start
            ),
            key=lambda voice: voice.heard.start,
        )
        self._next = 0
        self._sounding: list[tuple[_Voice, AudioDecoder]] = []
        self._at = start

    def read(self, count: int) -> NDArray[np.float32]:
        """The next samples: `(2, count) float32`, not limited to ±1.

        Raises:
            MediaError: A clip does not decode; it is named.
        """
        out = np.zeros((2, count), np.float32)
        begin, end = self._at, self._at + count
        self._open_until(Fraction(end, self._rate))
        for voice, decoder in self._sounding:
            self._add(out, begin, voice, decoder)
        self._close_before(Fraction(end, self._rate))
        self._at = end
        return out

    def close(self) -> None:
        """Let go of the files."""
        for _, decoder in self._sounding:
            decoder.close()
        self._sounding.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_until(self, time: Fraction) -> None:
        while self._next < len(self._voices):
            voice = self._voices[self._next]
            if voice.heard.start >= time:
                return
            with naming(voice.clip):
                decoder = self._library.audio(
                    voice.clip.media.path, sample_rate_hz=self._rate
                )
            self._sounding.append((voice, decoder))
            self._next += 1

    def _close_before(self, time: Fraction) -> None:
        for voice, decoder in self._sounding:
            if voice.heard.end <= time:
                decoder.close()
        self._sounding = [pair for pair in self._sounding if pair[0].heard.end > time]

    def _add(
        self,
        out: NDArray[np.float32],
        begin: int,
        voice: _Voice,
        decoder: AudioDecoder,
    ) -> None:
        first = max(begin, round(voice.heard.start * self._rate))
        last = min(begin + out.shape[1], round(voice.heard.end * self._rate))
        if first >= last:
            return
        # The clip's first sample and its media's first sample fall together.
        origin = round(voice.start * self._rate)
        source = round(voice.clip.source_range.start * self._rate) + first - origin
        with naming(voice.clip):
            samples = decoder.read(source, last - first)
        level = _levels(voice, np.arange(first, last) / self._rate)
        out[:, first - begin : last - begin] += samples * level


def _levels(voice: _Voice, time: NDArray[np.float64]) -> NDArray[np.float32]:
    """The factor at each time, in timeline seconds."""
    clip = voice.clip
    level = np.full(time.shape, voice.gain)
    passed, left = time - float(voice.start), float(voice.start + clip.duration) - time
    if clip.fade_in:
        level *= np.clip(passed / float(clip.fade_in), 0, 1)
    if clip.fade_out:
        level *= np.clip(left / float(clip.fade_out), 0, 1)
    quarter = np.pi / 2
    if voice.rise:
        share = (time - float(voice.heard.start)) / float(voice.rise)
        level *= np.sin(quarter * np.clip(share, 0, 1))
    if voice.fall:
        share = (float(voice.heard.end) - time) / float(voice.fall)
        level *= np.sin(quarter * np.clip(share, 0, 1))
    return level.astype(np.float32)


def _voices(track: Track) -> Iterator[_Voice]:
    items, layout = track.items, layout_of(track.items)
    for number, item in enumerate(items):
        if not isinstance(item, Clip):
            continue
        start, end = layout.start(number), layout.start(number + 1)
        before = items[number - 1] if number else None
        after = items[number + 1] if number + 1 < len(items) else None
        rise = fall = _ZERO
        heard_from, heard_to = start, end
        if isinstance(before, Transition):
            rise = before.in_offset + before.out_offset
            heard_from = start - before.in_offset
        if isinstance(after, Transition):
            fall = after.in_offset + after.out_offset
            heard_to = end + after.out_offset
        yield _Voice(
            clip=item,
            start=start,
            heard=TimeRange.between(heard_from, heard_to),
            rise=rise,
            fall=fall,
            gain=10 ** ((item.gain_db + track.gain_db) / 20),
        )
