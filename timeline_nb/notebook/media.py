"""A media file in a notebook: look at it, cut clips from it, detect in it."""

import builtins
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, cast

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.reference import reference_of
from timeline_nb.core.assumption import AssumedColor, AssumedFields, AssumedRange
from timeline_nb.core.audio_choice import AudioChoiceLike
from timeline_nb.core.jobs import Job
from timeline_nb.errors import MediaError, TimeError
from timeline_nb.media.audio import AudioDecoder
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.sequence import shown_name, title_of
from timeline_nb.media.waveform import Waveform
from timeline_nb.notebook.assuming import assuming
from timeline_nb.notebook.cells import pairs_of, plain_cell, rows_of
from timeline_nb.notebook.drawing import contact_sheet, html_image, html_rows
from timeline_nb.notebook.facts import facts_of
from timeline_nb.notebook.progress import finish, watch
from timeline_nb.notebook.signals import Signals
from timeline_nb.notebook.streams import choice_of, streams_table
from timeline_nb.studio import Studio
from timeline_nb.timebase import (
    TimeLike,
    TimeRange,
    parse_time,
)
from timeline_nb.timeline.model import Clip, MediaReference

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.notebook.detect import DetectOptions
    from timeline_nb.notebook.detection_result import DetectionResult
    from timeline_nb.recognition.detections import Source

__all__ = ["Media"]

_PREVIEW_FRAMES = 4
_PREVIEW_HEIGHT_PX = 108
# What a clip of sound may reach out by, as a frame of pictures.
_LEAST_STEP_S = Fraction(1, 25)


class Media:
    """A probed media file; `tl.open` makes one.

    Times given to its methods are media times: 0 is the first picture, or the first
    sample of a file that has none. Sound that begins before the pictures lies before 0.

    Args:
        info: What the probe told.
        studio: Whose caches and threads to use.
    """

    def __init__(self, info: MediaInfo, studio: Studio) -> None:
        self.info = info
        self._studio = studio

    @property
    def path(self) -> Path:
        """Where the file lies; of a sequence, its name with its rate behind."""
        return Path(self.info.path)

    @property
    def name(self) -> str:
        """The file's name; that of a sequence without its rate."""
        return shown_name(self.info.path)

    @property
    def rate(self) -> Fraction:
        """Frames a second; of a rate that varies, what most frames come at.

        Raises:
            MediaError: The file has no moving pictures.
        """
        if self.info.kind != "video":
            raise MediaError(f"{self.name} is {self.info.kind}: it has no rate")
        return self.index.rate

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright.

        Raises:
            MediaError: The file has no pictures.
        """
        if not self.info.video:
            raise MediaError(f"{self.name} has no pictures")
        return self.info.video[0].display_size

    @property
    def timecode(self) -> str:
        """The timecode of the first frame, as the camera wrote it; empty without."""
        return self.info.tags.get("timecode", "")

    def sound(
        self,
        rate_hz: int = 48_000,
        *,
        audio: AudioChoiceLike = None,
        layout: str = "stereo",
    ) -> AudioDecoder:
        """The sound, sample by sample; to be closed, or used with `with`.

        `audio` tells which streams are heard, as in `clip`; `layout` is `mono`,
        `stereo`, `5.1` or `7.1`.

        Raises:
            MediaError: The file has no sound, or not those streams.
        """
        return self._studio.library.audio(
            self.path,
            sample_rate_hz=rate_hz,
            layout=layout,
            audio=choice_of(self.info, audio),
        )

    @cached_property
    def streams(self) -> "pd.DataFrame":
        """All streams, a row each, as `notebook.streams.streams_table` tells them."""
        return streams_table(self.info)

    @property
    def duration(self) -> Fraction:
        """Seconds; 0 for a still."""
        return self.range.duration

    @cached_property
    def index(self) -> FrameIndex:
        """Every frame of the first video stream, by number, PTS and time."""
        return self._studio.library.index(self.info)

    @cached_property
    def range(self) -> TimeRange:
        """The media time that has pictures, or sound where there are none."""
        return self._studio.library.range(self.info)

    @cached_property
    def reference(self) -> MediaReference:
        """What a clip keeps of the file."""
        return reference_of(self.info, self._studio.library)

    @cached_property
    def source(self) -> "Source":
        """The film, as tables of what is found in it tell it."""
        from timeline_nb.recognition.detections import Source

        return Source.of(self.info, self.index)

    @cached_property
    def signals(self) -> Signals:
        """Shots, black, freezes, motion, silence and loudness, as tables."""
        return Signals(self, self._studio)

    def frame(self, at: TimeLike = 0) -> NDArray[np.uint8]:
        """The frame shown at media time `at`: `(H, W, 3) uint8 RGB`, upright.

        Interlaced ones are as coded (players and films show them whole); HDR is mapped.

        Raises:
            MediaError: The file has no pictures, or the frame does not decode.
        """
        assumed = self.info.assumed
        with self._studio.library.video(self.path, assumed=assumed) as decoder:
            return decoder.frame_at(self._time(at)).to_rgb()

    def thumbnails(
        self, count: int = 8, *, height_px: int = 90, exact: bool = True
    ) -> list[NDArray[np.uint8]]:
        """Frames from the middles of `count` equal parts: `(height_px, W, 3) RGB` each.

        Args:
            count: How many.
            height_px: Their height.
            exact: False takes the keyframes before those moments, which are decoded in
                a fraction of the time; in a long film nobody sees the difference.

        Raises:
            MediaError: The file has no pictures, or a frame does not decode.
        """
        times = self._middles(count)
        return self._studio.library.thumbnails(
            self.path,
            times,
            height_px=height_px,
            exact=exact,
            assumed=self.info.assumed,
        )

    def assume(
        self,
        *,
        color: AssumedColor | None = None,
        range: AssumedRange | None = None,  # noqa: A002 - FFmpeg's word
        fields: AssumedFields | None = None,
    ) -> "Media":
        """The same file, read otherwise than it tells of itself; clips keep that.

        What is not given stays as it was; an empty word is again as the file says.

        Args:
            color: `bt601`, `bt709`, `bt2020`, or HDR of BT.2020: `pq`, `hlg`. Untold,
                it is BT.709 from 720 lines or 1280 columns on, and BT.601 below.
            range: `tv`, where black is 16 of 255, or `pc`, where it is 0.
            fields: `progressive` is shown as it is, not deinterlaced; `tt` and `bb`
                are two fields, the upper or the lower one first.

        Raises:
            MediaError: The file has no pictures, or there is no such word.
        """
        given = {"color": color, "range": range, "fields": fields}
        return Media(assuming(self.info, **given), self._studio)

    def waveform(self, bins: int = 1000) -> Waveform:
        """The least and greatest sample in `bins` equal parts of the sound.

        Raises:
            MediaError: The file has no sound.
        """
        return self._studio.library.waveform(self.path, bins=bins)

    def clip(
        self,
        start: TimeLike = 0,
        end: TimeLike | None = None,
        *,
        audio: AudioChoiceLike = None,
        name: str = "",
        metadata: dict[str, Any] | None = None,
    ) -> Clip:
        """The stretch from `start` up to `end` as a clip.

        Args:
            start: The first moment shown.
            end: The first moment no longer shown; the file's end if not given.
            audio: Which streams of sound are heard: `0`, `[0, 1]` (the `number` that
                `streams` tells; several are added up), `"all"`, or `"dual_mono"`, which
                has the first two of one channel left and right. The one that the file
                says is played by default, or its first, if not given.
            name: What a person sees; the file's name if not given.
            metadata: Free; it travels with the clip.

        Raises:
            TimeError: The stretch is empty, or reaches outside the file by a frame
                or more.
            MediaError: The file does not have those streams of sound.
        """
        if end is None and self.info.kind == "image":
            raise TimeError(f"{self.name} is a still: say how long, as in end='5s'")
        first = self._time(start)
        last = self.range.end if end is None else self._time(end)
        if last <= first:
            raise TimeError(f"{self.name}: a clip from {start!r} to {end!r} is empty")
        span = self._within(TimeRange.between(first, last))
        return Clip(
            name=name or title_of(self.path),
            media=self.reference,
            source_range=span,
            audio=choice_of(self.info, audio),
            metadata=metadata or {},
        )

    def _within(self, span: TimeRange) -> TimeRange:
        """A stretch of the file; what reaches out by less than a frame is cut off.

        Raises:
            TimeError: It reaches out further.
        """
        whole = self.reference.available_range
        if whole is None or whole.encloses(span):
            return span
        step = 1 / self.rate if self.info.kind == "video" else _LEAST_STEP_S
        first, last = max(span.start, whole.start), min(span.end, whole.end)
        if first - span.start < step and span.end - last < step and first < last:
            return TimeRange.between(first, last)
        begins = span.start < whole.start
        nearest = whole.start if begins else whole.end
        raise TimeError(
            f"{self.name}: a clip of {span} reaches outside the file, which has "
            f"{whole}: {'begin it at' if begins else 'end it at'} {nearest} s at the "
            f"{'earliest' if begins else 'latest'}"
        )

    def clips(
        self,
        ranges: "pd.DataFrame | Iterable[TimeRange | tuple[TimeLike, TimeLike]]",
        *,
        audio: AudioChoiceLike = None,
    ) -> list[Clip]:
        """One clip a range.

        Args:
            ranges: A table with `start` and `end` (the rest of a row travels as
                the clip's metadata), or time ranges, or pairs of start and end.
            audio: Which streams of sound are heard, as for `clip`.

        Raises:
            TimeError: A range is empty, reaches outside the file, or is none.
        """
        if hasattr(ranges, "to_dict"):
            rows = rows_of(cast("pd.DataFrame", ranges))
            return [self._clip_of_row(row, audio) for row in rows]
        return [self.clip(*pair, audio=audio) for pair in pairs_of(ranges)]

    def _clip_of_row(self, row: dict[Any, Any], audio: AudioChoiceLike) -> Clip:
        facts = {
            str(name): plain_cell(value)
            for name, value in row.items()
            if name not in {"start", "end", "duration"}
        }
        return self.clip(row["start"], row["end"], audio=audio, metadata=facts)

    def detect(self, **options: Unpack["DetectOptions"]) -> "DetectionResult":
        """Detect objects, with a progress bar.

        What was looked at before is kept on disk: a second run costs nothing, and a
        longer stretch only what is new.

        Args:
            options: `every`: look at each `every`-th frame only. `within`: only in this
                stretch of media time. `model`: a name (`tl.models`) or an ONNX file;
                the embedded detector if not given. `spec`: a `ModelSpec`, for a file
                that does not say what it is. `score`: the least score that counts
                (0.25). `iou`: boxes of a class that overlap more are one object
                (0.6). `region`: left, top, right and bottom of what is looked at, in
                pixels. `tiles`: columns and rows of tiles that are looked at beside
                the whole, for small objects; they `overlap` by a share (0.2).
                `tight`: leave out the gray that pads wide pictures to a square, where
                the model's file can be made smaller for them (True).
                `batch`: pictures a run of the network. `executor`: where frames are
                looked at, as for `Edit.render`: processes, or a cluster's.

        Raises:
            RecognitionError: The model cannot be used.
            MediaError: The file has no moving pictures, or a frame does not decode.
            TimeError: There are no such frames.
        """
        return finish(watch(self.start_detection(**options)))

    def start_detection(
        self, **options: Unpack["DetectOptions"]
    ) -> "Job[DetectionResult]":
        """As `detect`, but as a job to be awaited, watched or cancelled."""
        from timeline_nb.notebook.detect import DetectionRequest, look

        wish = DetectionRequest(**options)
        wish.numbers(self)
        return self._studio.start(
            f"detect {self.name}",
            lambda reporter: look(self, self._studio, wish, reporter),
        )

    def _time(self, value: TimeLike) -> Fraction:
        return parse_time(value, self.rate if self.info.kind == "video" else None)

    def __repr__(self) -> str:
        return f"<Media {self.name!r} {self._told()}>"

    def _told(self) -> str:
        index = self.index if self.info.kind == "video" else None
        return ", ".join(facts_of(self.info, index))

    def _repr_html_(self) -> str:
        rows = html_rows([(self.name, self._told())])
        if not self.info.video:
            return rows
        times = self._middles(_PREVIEW_FRAMES)
        frames = self.thumbnails(_PREVIEW_FRAMES, height_px=_PREVIEW_HEIGHT_PX)
        captions = [f"{float(time):.2f} s" for time in times] if len(times) > 1 else []
        return rows + html_image(contact_sheet(frames, captions), self.name)

    def _middles(self, count: int) -> list[Fraction]:
        """The middles of so many equal parts, as far as there are frames."""
        if self.info.kind == "image":
            return [Fraction(0)]
        count = max(1, min(count, len(self.index)))
        step = self.range.duration / count
        halves = (n + Fraction(1, 2) for n in builtins.range(count))
        return [self.range.start + step * half for half in halves]
