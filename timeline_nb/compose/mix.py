"""Mix the sound of a timeline: clips into tracks, tracks into the mix, in float32."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.error_context import owner_context
from timeline_nb.compose.voices import (
    MixContext,
    Sounds,
    Voice,
    VoiceReader,
    voices_of,
)
from timeline_nb.effects.sound.chain import PREROLL_S, SoundChain
from timeline_nb.effects.sound.dynamics import panned
from timeline_nb.effects.sound.readers import Reader, Samples, decibels
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.channels import LAYOUTS
from timeline_nb.timeline.model import Clip, Timeline, Track

__all__ = ["AudioMixer", "has_sound"]

_ZERO: Final = Fraction(0)


def has_sound(timeline: Timeline) -> bool:
    """Return whether any audio track that is heard holds a clip."""
    return any(
        isinstance(item, Clip)
        for track in timeline.tracks
        if track.kind == "audio" and track.enabled
        for item in track.items
    )


class AudioMixer:
    """Mixes the sound of a timeline; a context manager.

    Sample `n` is the one at `n / sample_rate_hz` seconds. A clip that begins between
    two samples begins at the nearer. Transitions keep the power constant unless their
    kind says otherwise: one clip falls as a cosine while the other rises as a sine.
    Fades are linear. Effects of clips, of tracks and of the timeline are applied in
    that order; they read a preroll, so that they have settled when they are heard.

    Args:
        timeline: What is heard.
        library: Opens media files.
        start: The number of the first sample to be read.
        layout: The channels: `stereo`, `5.1` or `7.1`.

    Raises:
        CompositionError: An effect's parameter is not valid; its owner is named.
    """

    def __init__(
        self,
        timeline: Timeline,
        library: Sounds,
        *,
        start: int = 0,
        layout: str = "stereo",
    ) -> None:
        self._timeline, self._library = timeline, library
        self._layout = layout
        self._rate = timeline.sample_rate_hz
        self._buses: list[_Bus] = []
        with owner_context("the timeline"):
            chain = SoundChain(timeline.effects)
        begin = max(0, start - round(PREROLL_S * self._rate)) if chain else start
        heard = [t for t in timeline.tracks if t.kind == "audio" and t.enabled]
        self.levels: dict[str, NDArray[np.float32]] = {}
        readers = [(track.name, self._track(track, begin)) for track in heard]
        summed = _Sum(readers, self.levels, channels=len(LAYOUTS[layout]))
        begins = Fraction(begin, self._rate)
        self._whole = chain.over(summed, self._rate, begins, self._other(begin))
        if start > begin:
            self._whole.read(start - begin)

    def read(self, count: int) -> Samples:
        """Return the next samples: `(channels, count) float32`, not limited to ±1.

        `levels` has the peak of each track's channels in them, by its name.

        Raises:
            MediaError: A clip does not decode; it is named.
        """
        return np.asarray(self._whole.read(count), np.float32)

    def close(self) -> None:
        """Close the files."""
        for bus in self._buses:
            bus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _track(self, track: Track, start: int) -> Reader:
        """Return a track with its effects, gain and pan, from a sample on."""
        with owner_context(f"track {track.name!r}"):
            chain = SoundChain(track.effects)
        begin = max(0, start - round(PREROLL_S * self._rate)) if chain else start
        bus = self._bus(track, begin)
        begins = Fraction(begin, self._rate)
        with owner_context(f"track {track.name!r}"):
            reader = chain.over(bus, self._rate, begins, self._other(begin))
        if start > begin:
            reader.read(start - begin)
        return _Placed(reader, decibels(track.gain_db), track.pan)

    def _bus(self, track: Track, start: int, through: tuple[str, ...] = ()) -> "_Bus":
        """Return a track's clips; `through` are the tracks that lead here."""
        context = MixContext(
            self._library,
            self._rate,
            self._layout,
            track=self._other(start, (*through, track.name)),
            open_mix=self._nested,
        )
        bus = _Bus(track, context, start)
        self._buses.append(bus)
        return bus

    def _nested(self, timeline: Timeline, *, start: int) -> "AudioMixer":
        return AudioMixer(timeline, self._library, start=start, layout=self._layout)

    def _other(self, start: int, through: tuple[str, ...] = ()) -> "_Others":
        return _Others(self, start, through)

    def dry(self, name: str, start: int, through: tuple[str, ...] = ()) -> Reader:
        """Return a track without its effects, for a side chain.

        Args:
            name: Of the track.
            start: The first sample.
            through: The tracks whose clips lead here, one under the next.

        Raises:
            CompositionError: There is no such track, or it would hear itself.
        """
        if name in through:
            raise CompositionError(
                Message(
                    "track {name} would hear itself ({tracks}): give the "
                    "effect another track",
                    name=repr(name),
                    tracks=" under ".join((*through, name)),
                )
            )
        for track in self._timeline.tracks:
            if track.name == name and track.kind == "audio":
                return self._bus(track, start, through)
        names = [t.name for t in self._timeline.tracks if t.kind == "audio"]
        raise CompositionError(
            Message(
                "there is no audio track {name}; there are {tracks}",
                name=repr(name),
                tracks=", ".join(names) or Message("none"),
            )
        )


class _Others:
    """Opens other tracks from the same sample on."""

    def __init__(self, mixer: AudioMixer, start: int, through: tuple[str, ...]) -> None:
        self._mixer, self._start, self._through = mixer, start, through

    def __call__(self, name: str) -> Reader:
        return self._mixer.dry(name, self._start, self._through)


class _Sum:
    """The sum of tracks; their peaks are kept."""

    def __init__(
        self,
        readers: list[tuple[str, Reader]],
        levels: dict[str, NDArray[np.float32]],
        *,
        channels: int,
    ) -> None:
        self._readers, self._levels = readers, levels
        self._channels = channels

    def read(self, count: int) -> Samples:
        out = np.zeros((self._channels, count), np.float32)
        for name, reader in self._readers:
            block = reader.read(count)
            self._levels[name] = np.abs(block).max(axis=1, initial=0)
            out += block
        return out


class _Placed:
    """A reader with gain and pan."""

    def __init__(self, reader: Reader, gain: float, pan: float) -> None:
        self._reader, self._gain, self._pan = reader, gain, pan

    def read(self, count: int) -> Samples:
        block: Any = self._reader.read(count)
        if self._gain != 1:
            block = block * np.float32(self._gain)
        if self._pan:
            block = panned(block, np.array([self._pan]))
        return np.asarray(block, np.float32)


class _Bus:
    """The clips of a track, each at its exact sample."""

    def __init__(self, track: Track, context: MixContext, start: int) -> None:
        self._rate, self._context = context.rate_hz, context
        self._voices = sorted(
            (v for v in voices_of(track) if v.heard.end * self._rate > start),
            key=lambda voice: voice.heard.start,
        )
        self._next = 0
        self._sounding: list[VoiceReader] = []
        self._at = start

    def read(self, count: int) -> Samples:
        out = np.zeros((self._context.channels, count), np.float32)
        begin, end = self._at, self._at + count
        for voice in self._begun(Fraction(end, self._rate)):
            self._sounding.append(VoiceReader(voice, self._context))
        for reader in self._sounding:
            reader.add_to(out, begin)
        time = Fraction(end, self._rate)
        for reader in self._sounding:
            if reader.voice.heard.end <= time:
                reader.close()
        self._sounding = [r for r in self._sounding if r.voice.heard.end > time]
        self._at = end
        return out

    def close(self) -> None:
        for reader in self._sounding:
            reader.close()
        self._sounding.clear()

    def _begun(self, time: Fraction) -> Iterator[Voice]:
        while self._next < len(self._voices):
            voice = self._voices[self._next]
            if voice.heard.start >= time:
                return
            self._next += 1
            yield voice
