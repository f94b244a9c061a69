"""The clips of an audio track as voices: when and how loud each is heard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol, cast

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.compose.error_context import clip_context
from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.effects.catalog import find
from timeline_nb.effects.sound.chain import PREROLL_S, SoundChain
from timeline_nb.effects.sound.dynamics import panned
from timeline_nb.effects.sound.readers import Reader, Samples, decibels
from timeline_nb.effects.sound.time_stretch import TimeStretcher
from timeline_nb.media.channels import LAYOUTS
from timeline_nb.media.decoder import SoundDecoder
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.keyframes import values_at
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Timeline, Track, Transition
from timeline_nb.timeline.speed import Speed, speed_of

__all__ = [
    "MixContext",
    "OpenMix",
    "SoundSource",
    "Sounds",
    "Voice",
    "VoiceReader",
    "voices_of",
]

_ZERO: Final = Fraction(0)


class Sounds(Protocol):
    """Opens the sound of media files for a mixer."""

    def audio(
        self, path: str, *, sample_rate_hz: int, layout: str, audio: AudioChoice
    ) -> SoundDecoder:
        """Open a decoder of a file's sound, for the caller to close."""


class SoundSource(Protocol):
    """Samples read in order, of a file or of a nested timeline."""

    def read(self, count: int) -> Samples:
        """Return the next samples: `(channels, count) float32`."""

    def close(self) -> None:
        """Close the files."""


class OpenMix(Protocol):
    """Opens the mix of a nested timeline."""

    def __call__(self, timeline: Timeline, *, start: int) -> SoundSource:
        """Return its sound from sample `start` on."""


@dataclass(frozen=True)
class MixContext:
    """What all voices of a mix share.

    Args:
        library: Opens media files.
        rate_hz: Samples a second.
        layout: The channel layout, by FFmpeg's name.
        track: Reads another track, for a side chain.
        open_mix: Opens the mix of a timeline within the timeline.
    """

    library: Sounds
    rate_hz: int
    layout: str
    track: Callable[[str], Reader]
    open_mix: OpenMix

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return len(LAYOUTS[self.layout])


@dataclass(frozen=True)
class Voice:
    """A clip that sounds.

    Args:
        clip: What is heard.
        start: The timeline second at which its source range begins.
        heard: The timeline seconds in which it sounds, transitions included.
        rise: The transition before it, with how long it takes.
        fall: The transition after it, likewise.
    """

    clip: Clip
    start: Fraction
    heard: TimeRange
    rise: tuple[str, Fraction]
    fall: tuple[str, Fraction]


def voices_of(track: Track) -> Iterator[Voice]:
    """Yield the clips of a track, in order of time."""
    items, layout = track.items, layout_of(track.items)
    for number, item in enumerate(items):
        if not isinstance(item, Clip):
            continue
        start, end = layout.start(number), layout.start(number + 1)
        before = items[number - 1] if number else None
        after = items[number + 1] if number + 1 < len(items) else None
        rise, fall = ("dissolve", _ZERO), ("dissolve", _ZERO)
        heard_from, heard_to = start, end
        if isinstance(before, Transition):
            rise = (before.kind, before.in_offset + before.out_offset)
            heard_from = start - before.in_offset
        if isinstance(after, Transition):
            fall = (after.kind, after.in_offset + after.out_offset)
            heard_to = end + after.out_offset
        heard = TimeRange.between(heard_from, heard_to)
        yield Voice(item, start, heard, rise, fall)


class _Media:
    """A file's samples, from one on."""

    def __init__(self, decoder: SoundDecoder, start: int) -> None:
        self.decoder, self._at = decoder, start

    def read(self, count: int) -> Samples:
        block = self.decoder.read(self._at, count)
        self._at += count
        return block

    def close(self) -> None:
        self.decoder.close()


class VoiceReader:
    """Reads a clip's sound into blocks of the mix.

    Args:
        voice: What is heard, and when.
        context: What the voices of its mix share.

    Raises:
        MediaError: The file cannot be opened; the clip is named.
        CompositionError: An effect's parameter is not valid; the clip is named.
    """

    def __init__(self, voice: Voice, context: MixContext) -> None:
        self.voice = voice
        self._context, self._rate = context, context.rate_hz
        self._reader: Reader | None = None
        self._source: Any = None
        with clip_context(voice.clip):
            self._chain = SoundChain(voice.clip.effects)
            self._rise = find(voice.rise[0], "crossfade").make
            self._fall = find(voice.fall[0], "crossfade").make

    def add_to(self, out: Samples, begin: int) -> None:
        """Add what is heard of it to a block whose first sample is `begin`."""
        voice = self.voice
        first = max(begin, round(voice.heard.start * self._rate))
        last = min(begin + out.shape[1], round(voice.heard.end * self._rate))
        if first >= last:
            return
        with clip_context(voice.clip):
            if self._reader is None:
                self._reader = self._opened(first)
            samples: Any = self._reader.read(last - first)
        time = np.arange(first, last) / self._rate
        samples = samples * self._levels(time)
        own = time - float(voice.start) + float(voice.clip.source_range.start)
        keys = voice.clip.keyframes.get("pan")
        place = values_at(keys, own) if keys else np.array([voice.clip.pan])
        if place.any():
            samples = panned(samples, place)
        out[:, first - begin : last - begin] += samples

    def close(self) -> None:
        """Close the file."""
        if self._source is not None:
            self._source.close()
        self._reader = self._source = None

    def _opened(self, first: int) -> Reader:
        """Return the clip from a sample of the timeline on, through its effects."""
        clip = self.voice.clip
        # The clip's first sample is exactly its media's first sample.
        origin = round(self.voice.start * self._rate)
        source = round(clip.source_range.start * self._rate) + first - origin
        early = 0
        if self._chain:
            least = round(self.voice.heard.start * self._rate)
            early = min(round(PREROLL_S * self._rate), first - least)
        speed = speed_of(clip)
        reader = self._source_from(clip, speed, source - early)
        begins = Fraction(source - early, self._rate)
        reader = self._chain.over(reader, self._rate, begins, self._context.track)
        if early:
            reader.read(early)
        return reader

    def _source_from(self, clip: Clip, speed: Speed | None, at: int) -> Reader:
        rate = self._rate
        if clip.media.timeline is not None:
            return self._nested(clip.media.timeline, speed, at)
        decoder = self._context.library.audio(
            clip.media.path,
            sample_rate_hz=rate,
            layout=self._context.layout,
            audio=clip.audio,
        )
        self._source = _Media(decoder, at)
        if speed is None:
            return cast("Reader", self._source)
        keeps = all(
            effect.parameters.get("keep_pitch", True)
            for effect in clip.effects
            if effect.kind == "speed"
        )
        return TimeStretcher(decoder.read, speed, rate, at, keep_pitch=keeps)

    def _nested(self, timeline: Timeline, speed: Speed | None, at: int) -> Reader:
        inner = replace(timeline, sample_rate_hz=self._rate)
        if speed is None:
            source = self._source = self._context.open_mix(inner, start=at)
            return source
        seekable = _SeekableMix(inner, self._context)
        self._source = seekable
        return TimeStretcher(seekable.read, speed, self._rate, at, keep_pitch=True)

    def _levels(self, time: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the factor at each time, in timeline seconds."""
        voice, clip = self.voice, self.voice.clip
        passed = time - float(voice.start)
        keys = clip.keyframes.get("gain_db")
        if keys:
            own = passed + float(clip.source_range.start)
            level = 10 ** (values_at(keys, own) / 20)
        else:
            level = np.full(time.shape, decibels(clip.gain_db))
        left = float(clip.duration) - passed
        if clip.fade_in:
            level *= np.clip(passed / float(clip.fade_in), 0, 1)
        if clip.fade_out:
            level *= np.clip(left / float(clip.fade_out), 0, 1)
        if voice.rise[1]:
            share = (time - float(voice.heard.start)) / float(voice.rise[1])
            level *= self._rise(np.clip(share, 0, 1))
        if voice.fall[1]:
            share = (float(voice.heard.end) - time) / float(voice.fall[1])
            level *= self._fall(np.clip(share, 0, 1))
        return level.astype(np.float32)


class _SeekableMix:
    """A timeline's sound, read from any sample on."""

    def __init__(self, timeline: Timeline, context: MixContext) -> None:
        self._timeline, self._context = timeline, context
        self._mixer: SoundSource | None = None
        self._at = -1

    def read(self, start: int, count: int) -> Samples:
        if start < 0:
            silence = np.zeros((self._context.channels, min(count, -start)), np.float32)
            rest = self.read(0, count + start) if count > -start else silence[:, :0]
            return np.concatenate([silence, rest], axis=1)
        if self._mixer is None or start != self._at:
            self.close()
            self._mixer = self._context.open_mix(self._timeline, start=start)
        self._at = start + count
        return self._mixer.read(count)

    def close(self) -> None:
        if self._mixer is not None:
            self._mixer.close()
        self._mixer = None
