"""A media file in a notebook: its frames, sound, clips, tables and detections."""

import builtins
from collections.abc import Iterable
from concurrent.futures import Executor
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, cast

import numpy as np
from numpy.typing import NDArray

from timeline_nb.access.use import use_scope
from timeline_nb.core.assumption import AssumedColor, AssumedFields, AssumedRange
from timeline_nb.core.audio_choice import AudioChoiceLike
from timeline_nb.core.executors import check_executor
from timeline_nb.core.jobs import Job
from timeline_nb.errors import RecognitionError
from timeline_nb.media.decoder import SoundDecoder
from timeline_nb.media.sequence import title_of
from timeline_nb.media.waveform import Waveform
from timeline_nb.notebook.analyzed import AnalyzedMedia
from timeline_nb.notebook.assuming import assuming
from timeline_nb.notebook.clipping import clip_range, pairs_of
from timeline_nb.notebook.drawing import contact_sheet, html_image, html_rows
from timeline_nb.notebook.facts import facts_of
from timeline_nb.notebook.frames import png_path, save_png
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.signals import Signals
from timeline_nb.notebook.streams import choice_of, streams_table
from timeline_nb.timebase import TimeLike, TimeRange
from timeline_nb.timeline.model import Clip

if TYPE_CHECKING:
    import pandas as pd
    from PIL.Image import Image

    from timeline_nb.notebook.detection_result import DetectionResult
    from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["Media"]

_PREVIEW_FRAMES = 4
_PREVIEW_HEIGHT_PX = 108


class Media(AnalyzedMedia):
    """A media file, opened by `tl.open`.

    Times given to its methods are media times: 0 is the first picture, or the first
    sample of a file that has none. Sound that begins before the pictures lies before 0.

    Args:
        info: What the probe found.
        studio: Whose caches and threads to use.
    """

    @property
    def timecode(self) -> str:
        """The timecode of the first frame, as the camera wrote it; empty if none."""
        return self.info.tags.get("timecode", "")

    def sound(
        self,
        rate_hz: int = 48_000,
        *,
        audio: AudioChoiceLike = None,
        layout: str = "stereo",
    ) -> SoundDecoder:
        """Open a decoder of the sound; close it, or use it in a `with` block.

        Args:
            rate_hz: Samples per second of what it returns.
            audio: Which streams are mixed, as in `clip`.
            layout: Channels of what it returns: `mono`, `stereo`, `5.1` or `7.1`.

        Raises:
            MediaError: The file has no sound, or not those streams.
        """
        return self.studio.library.audio(
            self.path,
            sample_rate_hz=rate_hz,
            layout=layout,
            audio=choice_of(self.info, audio),
        )

    @cached_property
    def streams(self) -> "pd.DataFrame":
        """All streams of the file, one row each: kind, codec, language, rate ..."""
        with use_scope(self.studio.scope):
            return streams_table(self.info)

    @cached_property
    def signals(self) -> Signals:
        """Shots, black, freezes, motion, silence and loudness, as tables."""
        return Signals(self)

    def thumbnails(
        self, count: int = 8, *, height_px: int = 90, exact: bool = True
    ) -> list[NDArray[np.uint8]]:
        """Decode small frames from the middles of `count` equal parts of the file.

        Args:
            count: How many.
            height_px: Their height.
            exact: False takes the keyframe before each time instead, which is decoded
                in a fraction of the time.

        Returns:
            `(height_px, W, 3) uint8 RGB` each; fewer if the file has fewer frames.

        Raises:
            MediaError: The file has no pictures, or a frame does not decode.
        """
        times = self._middles(count)
        return self.studio.library.thumbnails(
            self.path,
            times,
            height_px=height_px,
            exact=exact,
            assumed=self.info.assumed,
        )

    def contact_sheet(
        self, count: int = 12, *, columns: int = 4, height_px: int = 120
    ) -> "Image":
        """Draw frames of the whole file in rows, each over its time.

        Args:
            count: How many frames: from the middles of so many equal parts.
            columns: Frames per row.
            height_px: The height of each.

        Returns:
            A Pillow image: a cell shows it, and `save` writes it to a file.

        Raises:
            MediaError: The file has no pictures, or a frame does not decode.
        """
        frames = self.thumbnails(count, height_px=height_px)
        times = self._middles(count)
        captions = [f"{float(time):.2f} s" for time in times] if len(times) > 1 else []
        return contact_sheet(frames, captions, columns=columns)

    def save_frame(  # noqa: PLR0913 - three ways to name a frame
        self,
        path: Path | str,
        at: TimeLike | None = None,
        *,
        number: SupportsIndex | None = None,
        pts: SupportsIndex | None = None,
        size: tuple[int, int] | None = None,
        overwrite: bool = False,
    ) -> Path:
        """Write a frame to a PNG file, all of it or nothing.

        Args:
            path: The file, which ends in `.png`. One that `save_frame` wrote is
                replaced; any other only with `overwrite`.
            at: The frame shown at this media time; see `frame`.
            number: Or the frame of this number.
            pts: Or the frame of this presentation time stamp.
            size: Width and height in pixels; the file's own if not given.
            overwrite: Replace a file that something else wrote.

        Raises:
            MediaError: There is no such frame, or the file cannot be written.
            TimeError: The time lies outside the file, or more than one is named.
        """
        target = png_path(path)
        picture = self.frame(at, number=number, pts=pts, size=size)
        return save_png(picture, target, overwrite=overwrite)

    def assume(
        self,
        *,
        color: AssumedColor | None = None,
        range: AssumedRange | None = None,  # noqa: A002 - FFmpeg's word
        fields: AssumedFields | None = None,
    ) -> "Media":
        """Return the media with other color or field properties than the file says.

        Its clips keep them. What is not given stays as it was; `""` means what the file
        says.

        Args:
            color: `bt601`, `bt709`, `bt2020`, or HDR of BT.2020: `pq`, `hlg`. A file
                that says nothing is BT.709 from 720 lines or 1280 columns on, else
                BT.601.
            range: `tv`, where black is 16 of 255, or `pc`, where it is 0.
            fields: `progressive` is not deinterlaced; `tt` and `bb` are interlaced, top
                or bottom field first.

        Raises:
            MediaError: The file has no pictures, or a value is none of these.
        """
        given = {"color": color, "range": range, "fields": fields}
        return Media(assuming(self.info, **given), self.studio)

    def waveform(self, bins: int = 1000) -> Waveform:
        """Compute the least and greatest sample in `bins` equal parts of the sound.

        Raises:
            MediaError: The file has no sound.
        """
        return self.studio.library.waveform(self.path, bins=bins)

    def clip(
        self,
        start: TimeLike = 0,
        end: TimeLike | None = None,
        *,
        audio: AudioChoiceLike = None,
        name: str = "",
        metadata: dict[str, Any] | None = None,
    ) -> Clip:
        """Make a clip of the media from `start` up to `end`.

        Args:
            start: The first media time.
            end: The media time up to which; the file's end if not given.
            audio: Which audio streams are used: `0`, `[0, 1]` (their `number` in
                `streams`; several are mixed), `"all"`, or `"dual_mono"`, which puts the
                first two mono streams left and right. The default stream of the file,
                or its first, if not given.
            name: The clip's name; the file's if not given.
            metadata: Kept with the clip.

        Raises:
            TimeError: The range is empty, or reaches outside the file by a frame or
                more.
            MediaError: The file does not have those audio streams.
        """
        span = clip_range(self, start, end)
        return Clip(
            name=name or title_of(self.path),
            media=self.reference,
            source_range=span,
            audio=choice_of(self.info, audio),
            metadata=metadata or {},
        )

    def clips(
        self,
        ranges: "pd.DataFrame | Iterable[TimeRange | tuple[TimeLike, TimeLike]]",
        *,
        audio: AudioChoiceLike = None,
    ) -> list[Clip]:
        """Make one clip per range; none of an empty table.

        Args:
            ranges: Time ranges, pairs of start and end, or a table. A table has `start`
                and `end`, or `start_s` and `end_s`, as numbers, text or Timedelta; the
                rest of a row becomes the clip's metadata. A detection table gives the
                ranges that its rows cover.
            audio: Which audio streams are used, as for `clip`.

        Raises:
            TimeError: A range is empty, reaches outside the file, or is none.
            RecognitionError: The table is of other media, or has no such columns.
        """
        if not hasattr(ranges, "to_dict"):
            return [self.clip(*pair, audio=audio) for pair in pairs_of(ranges)]
        from timeline_nb.recognition.tables.edits import table_ranges

        rows = table_ranges(cast("pd.DataFrame", ranges), self)
        return [
            self.clip(row.start, row.end, audio=audio, metadata=row.metadata)
            for row in rows
        ]

    def detect(  # noqa: PLR0913 - each is one word about what is detected
        self,
        *,
        every: int = 1,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        model: Path | str | None = None,
        spec: "ModelSpec | None" = None,
        score: float = 0.25,
        iou: float = 0.6,
        region: tuple[int, int, int, int] | None = None,
        tiles: tuple[int, int] = (1, 1),
        overlap: float = 0.2,
        tight: bool = True,
        batch: int | None = None,
        executor: Executor | None = None,
    ) -> "DetectionResult":
        """Detect objects in the pictures, with a progress bar.

        What was found is kept on disk: a second run costs nothing, and a longer part
        of the file only what is new.

        Args:
            every: Only each `every`-th frame.
            start: The first media time; the file's start if not given.
            end: The media time up to which; the file's end if not given.
            model: Of `tl.models`, a file, or `PLUGIN/detector`; embedded if not given.
            spec: A `ModelSpec`, for a file that does not say what it is.
            score: The least score that counts, 0 to 1.
            iou: Boxes of a class that overlap more than this are one object.
            region: Left, top, right and bottom of the part searched, in pixels.
            tiles: Columns and rows of tiles searched beside the whole frame, for small
                objects.
            overlap: The share of a tile that its neighbor covers too.
            tight: Leave out the gray that pads wide frames to a square, where the
                model's file can be made smaller for them.
            batch: Frames per run of the network; what suits the machine if not given.
            executor: Where frames are searched: a process pool that spawns its workers
                (see `Edit.render`), or a cluster's.

        Raises:
            RecognitionError: The model or the executor cannot be used, a value is out
                of its range, or a worker dies.
            MediaError: The file has no pictures, or a frame does not decode.
            TimeError: There are no such frames.
        """
        return finish(
            lambda: self.start_detection(
                every=every,
                start=start,
                end=end,
                model=model,
                spec=spec,
                score=score,
                iou=iou,
                region=region,
                tiles=tiles,
                overlap=overlap,
                tight=tight,
                batch=batch,
                executor=executor,
            )
        )

    def start_detection(  # noqa: PLR0913 - as `detect`
        self,
        *,
        every: int = 1,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        model: Path | str | None = None,
        spec: "ModelSpec | None" = None,
        score: float = 0.25,
        iou: float = 0.6,
        region: tuple[int, int, int, int] | None = None,
        tiles: tuple[int, int] = (1, 1),
        overlap: float = 0.2,
        tight: bool = True,
        batch: int | None = None,
        executor: Executor | None = None,
    ) -> "Job[DetectionResult]":
        """Start `detect` as a job, which can be awaited, watched and cancelled."""
        from timeline_nb.notebook.detect import detect
        from timeline_nb.notebook.detect_frames import DetectionRequest

        check_executor(executor, RecognitionError)
        request = DetectionRequest(
            every=every,
            start=start,
            end=end,
            model=model,
            spec=spec,
            score=score,
            iou=iou,
            region=region,
            tiles=tiles,
            overlap=overlap,
            tight=tight,
            batch=batch,
            executor=executor,
        )
        request.numbers(self)
        return self.studio.start(
            f"detect {self.name}", lambda reporter: detect(self, request, reporter)
        )

    def __repr__(self) -> str:
        return f"<Media {self.name!r} {self._facts()}>"

    def _facts(self) -> str:
        index = self.index if self.info.kind == "video" else None
        return ", ".join(facts_of(self.info, index))

    def _repr_html_(self) -> str:
        rows = html_rows([(self.name, self._facts())])
        if not self.info.video:
            return rows
        sheet = self.contact_sheet(_PREVIEW_FRAMES, height_px=_PREVIEW_HEIGHT_PX)
        return rows + html_image(sheet, self.name)

    def _middles(self, count: int) -> list[Fraction]:
        """Return the middles of so many equal parts, at most one per frame."""
        if self.info.kind == "image":
            return [Fraction(0)]
        count = max(1, min(count, len(self.index)))
        step = self.range.duration / count
        halves = (n + Fraction(1, 2) for n in builtins.range(count))
        return [self.range.start + step * half for half in halves]
