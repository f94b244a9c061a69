"""Analyzers of plugins, run on pictures or sound of a media file."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.offers import offer_errors
from timeline_nb.errors import MediaError, TimeError
from timeline_nb.media.channels import LAYOUTS
from timeline_nb.media.decoder import SoundDecoder
from timeline_nb.media.file_state import state_of
from timeline_nb.notebook.frames import checked_size
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.recognition.analyzers import Analyzer, MediaPart, Stream
from timeline_nb.recognition.measure_cache import MeasureStore
from timeline_nb.recognition.measures import Measured, measured_of
from timeline_nb.timebase import TimeLike, TimeRange, parse_duration

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.recognition.source import Source

__all__ = ["Analysis", "SoundParts", "VideoParts"]

_RATE_HZ: Final = 48_000
_BLOCK_S: Final = Fraction(1, 10)
# A picture of 8K has 99.5 MB.
_MOST_PART_BYTES: Final = 100 << 20


class VideoParts:
    """Frames of a file, as an analyzer is given them.

    Args:
        media: The file.
        every: Only each `every`-th frame; all if None.
        start: The first media time; the file's start if None.
        end: The media time up to which; the file's end if None.
        size: Width and height; the file's own if None.

    Raises:
        MediaError: The file has no pictures.
        TimeError: There are no such frames.
    """

    unit = "frame"

    def __init__(
        self,
        media: MediaFile,
        *,
        every: TimeLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._media = media
        step: Any = 1 if every is None else every
        self._numbers = media.numbers(start, end, every=step)
        self._size = checked_size(size) or media.size
        _check_part(media, self._size[0] * self._size[1] * 3, "size=", "a frame")

    @property
    def stream(self) -> Stream:
        """What is known before the first frame."""
        return Stream(of="picture", parts=len(self._numbers), size=self._size)

    @property
    def facts(self) -> dict[str, Any]:
        """What tells these frames from others of the file."""
        chosen = range(self._numbers[0], self._numbers[-1] + 1)
        step = self._numbers[1] - self._numbers[0] if len(self._numbers) > 1 else 1
        return {
            "frames": [chosen.start, chosen.stop, step],
            "size": self._size,
            "assumed": self._media.info.assumed,
        }

    @property
    def source(self) -> "Source":
        """The file, with the clock of its pictures."""
        return self._media.source

    def parts(self) -> Iterator[MediaPart]:
        """Decode the frames in order; those that do not decode are left out."""
        with self._media.studio.library.video(
            self._media.path, assumed=self._media.info.assumed
        ) as decoder:
            for frame in decoder.frames(self._numbers):
                yield MediaPart(frame.to_rgb(self._size), frame.number, frame.time)

    def placed(self, numbers: list[int]) -> tuple[list[int], list[int], list[int]]:
        """Return where frames begin, until when they hold, and their numbers."""
        from timeline_nb.recognition.tables.columns import end_stamps

        starts = np.asarray(self._media.index.pts, np.int64)[numbers]
        ends = end_stamps(starts, self.source)
        return starts.tolist(), ends.tolist(), numbers


class SoundParts:
    """Blocks of a file's sound, as an analyzer is given them.

    Args:
        media: The file.
        every: The length of a block; a tenth of a second if None.
        start: The first media time; 0 if None.
        end: The media time up to which; the file's end if None.
        layout: The channels: `mono`, `stereo`, `5.1` or `7.1`.

    Raises:
        MediaError: The file has no sound.
        TimeError: There is no such time, or a block is too short or too long.
    """

    unit = "block"

    def __init__(
        self,
        media: MediaFile,
        *,
        every: TimeLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        layout: str = "stereo",
    ) -> None:
        self._media, self._layout = media, layout
        if not media.info.audio:
            raise MediaError(f"{media.name} has no sound")
        if layout not in LAYOUTS:
            raise MediaError(f"layout={layout!r} is none of {', '.join(LAYOUTS)}")
        length = _BLOCK_S if every is None else parse_duration(every, self._rate)
        self._block = round(length * _RATE_HZ)
        if self._block < 1:
            raise TimeError(f"every={every!r}: a block of sound has at least a sample")
        size = self._block * len(LAYOUTS[layout]) * 4
        _check_part(media, size, "every=", "a block of sound")
        span = self._span(start, end)
        self._first, self._last = (
            round(time * _RATE_HZ) for time in (span.start, span.end)
        )

    @cached_property
    def _rate(self) -> Fraction | None:
        return self._media.rate if self._media.info.kind == "video" else None

    def _span(self, start: TimeLike | None, end: TimeLike | None) -> TimeRange:
        media, whole = self._media, self._media.range
        first = whole.start if start is None else media.time(start)
        last = whole.end if end is None else media.time(end)
        shared = None
        if first < last:
            shared = TimeRange.between(first, last).intersection(whole)
        if shared is None:
            raise TimeError(
                f"{media.name} lasts {float(media.duration):.6g} s: nothing of it lies "
                f"from {start!r} to {end!r}"
            )
        return shared

    @property
    def stream(self) -> Stream:
        """What is known before the first block."""
        return Stream(
            of="sound",
            parts=len(self._starts),
            channels=len(LAYOUTS[self._layout]),
            samples=self._block,
            sample_rate_hz=_RATE_HZ,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What tells these blocks from others of the file."""
        samples = [self._first, self._last, self._block, _RATE_HZ]
        return {"samples": samples, "layout": self._layout}

    @property
    def _starts(self) -> range:
        return range(self._first, self._last, self._block)

    @cached_property
    def source(self) -> "Source":
        """The file, with a clock of samples from media time 0."""
        from timeline_nb.recognition.source import Source

        info = self._media.info
        return Source(
            path=info.path,
            fingerprint=info.fingerprint,
            stream=info.audio[0].index,
            time_base=Fraction(1, _RATE_HZ),
            start_time=Fraction(0),
            rate=self._rate or Fraction(_RATE_HZ, self._block),
            size=info.video[0].display_size if info.video else (0, 0),
            end_pts=round(self._media.range.end * _RATE_HZ),
        )

    def parts(self) -> Iterator[MediaPart]:
        """Decode the blocks in order."""
        sound: AbstractContextManager[SoundDecoder] = self._media.studio.library.audio(
            self._media.path, sample_rate_hz=_RATE_HZ, layout=self._layout
        )
        with sound as decoder:
            for first in self._starts:
                samples = decoder.read(first, min(self._block, self._last - first))
                yield MediaPart(samples, first, Fraction(first, _RATE_HZ))

    def placed(self, numbers: list[int]) -> tuple[list[int], list[int], list[int]]:
        """Return where blocks begin, where they end, and the frames shown there."""
        ends = [min(first + self._block, self._last) for first in numbers]
        if self._rate is None:
            return numbers, ends, [first // self._block for first in numbers]
        index = self._media.index
        frames = [index.frame_at(Fraction(first, _RATE_HZ)) for first in numbers]
        return numbers, ends, frames


@dataclass(frozen=True)
class Analysis:
    """What an analyzer measures in a file.

    Args:
        media: The file.
        analyzer: Who measures.
        given: What it is given.
        args: Its arguments, checked.
    """

    media: MediaFile
    analyzer: Analyzer
    given: VideoParts | SoundParts
    args: Mapping[str, Any]

    def table(self, reporter: Reporter) -> "pd.DataFrame":
        """Measure, unless it was done before, and return the table.

        Raises:
            PluginError: The analyzer failed, or returned what is no row of its table.
            MediaError: The file does not decode, or changes meanwhile.
            JobCancelledError: The job was cancelled.
        """
        from timeline_nb.recognition.tables.measured import table_of_measures

        store = MeasureStore(self.media.studio.settings.cache_dir / "measures")
        own, key = self.analyzer, self._key(store)
        names = [one.name for one in own.columns]
        measured = store.load(key, names) if key else None
        if measured is None:
            measured = self._measured(reporter)
            if key:
                store.save(key, measured)
        count = len(measured.numbers)
        reporter.report("analyze", count, count, unit=self.given.unit)
        return table_of_measures(measured, own.columns, self.given.source)

    def _key(self, store: MeasureStore) -> str:
        own = self.analyzer
        if not own.identity:
            return ""
        return store.key(
            fingerprint=self.media.info.fingerprint,
            analyzer=own.name,
            identity=own.identity,
            columns=[[one.name, one.type] for one in own.columns],
            args=dict(self.args),
            **self.given.facts,
        )

    def _measured(self, reporter: Reporter) -> Measured:
        path, stream, own = self.media.path, self.given.stream, self.analyzer
        before = state_of(path)
        same = self.media.studio.library.probe(path).fingerprint
        if same != self.media.info.fingerprint:
            raise MediaError(f"{path} has changed since it was opened: open it again")
        with offer_errors(own.name, self.media.name):
            numbers, places, cells = measured_of(
                own,
                self._reported(reporter, stream.parts),
                lambda parts: own.measure(stream, parts, self.args, reporter.check),
            )
        if state_of(path) != before:
            raise MediaError(f"{path} changed while it was measured: open it again")
        starts, ends, frames = self.given.placed(numbers)
        return Measured(
            numbers=numbers,
            starts=starts,
            ends=ends,
            frames=frames,
            places=places,
            cells=cells,
        )

    def _reported(self, reporter: Reporter, total: int) -> Iterator[MediaPart]:
        """Yield the parts, with reports of the progress in between."""
        for count, part in enumerate(self.given.parts()):
            reporter.report("analyze", count, total, unit=self.given.unit)
            yield part


def _check_part(media: MediaFile, size: int, field: str, what: str) -> None:
    if size > _MOST_PART_BYTES:
        raise MediaError(
            f"{media.name}: {what} has {size / 1e6:,.0f} MB, and an analyzer is given "
            f"at most {_MOST_PART_BYTES / 1e6:,.0f} MB at once: give a smaller {field}"
        )
