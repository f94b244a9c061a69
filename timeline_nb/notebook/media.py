"""A media file in a notebook: its frames, sound, clips, tables and detections."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from timeline_nb.access.use import use_scope
from timeline_nb.core.assumption import AssumedColor, AssumedFields, AssumedRange
from timeline_nb.core.audio_choice import AudioChoiceLike
from timeline_nb.media.decoder import SoundDecoder
from timeline_nb.media.sequence import title_of
from timeline_nb.notebook.assuming import assuming
from timeline_nb.notebook.clipping import clip_range, pairs_of
from timeline_nb.notebook.detected import DetectedMedia
from timeline_nb.notebook.drawing import html_image, html_rows
from timeline_nb.notebook.facts import facts_of
from timeline_nb.notebook.pictured import PicturedMedia
from timeline_nb.notebook.signals import Signals
from timeline_nb.notebook.streams import choice_of, streams_table
from timeline_nb.timebase import TimeLike, TimeRange
from timeline_nb.timeline.model import Clip

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["Media"]

_PREVIEW_FRAMES = 4
_PREVIEW_HEIGHT_PX = 108


class Media(DetectedMedia, PicturedMedia):
    """A media file, opened by `tl.open`.

    Times given to its methods are media times: 0 is the first picture, or the first
    sample of a file that has none. Sound that begins before the pictures lies before 0.

    Args:
        info: What the probe found.
        studio: Whose caches and threads to use.

    Example:
        >>> src = tl.open("bikes.mp4")
        >>> src.duration, src.rate, src.size
        (Fraction(10, 1), Fraction(25, 1), (640, 272))
        >>> src.name, src.path, src.timecode
        ('bikes.mp4', PosixPath('bikes.mp4'), '')
        >>> src
        <Media 'bikes.mp4' video, 640x272, h264, 25 fps, 250 frames, 00:00:10:00>
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

        Example:
            >>> with tl.open("bunny.mp4").sound(rate_hz=16_000, layout="mono") as sound:
            ...     samples = sound.read(0, 16_000)
            >>> samples.shape, samples.dtype
            ((1, 16000), dtype('float32'))
        """
        return self.studio.library.audio(
            self.path,
            sample_rate_hz=rate_hz,
            layout=layout,
            audio=choice_of(self.info, audio),
        )

    @cached_property
    def streams(self) -> "pd.DataFrame":
        """All streams of the file, one row each: kind, codec, language, rate ...

        Example:
            >>> tl.open("bunny.mp4").streams[["kind", "codec"]]
                kind codec
            0  video  h264
            1  audio   aac
        """
        with use_scope(self.studio.scope):
            return streams_table(self.info)

    @cached_property
    def signals(self) -> Signals:
        """Shots, black, freezes, motion, silence and loudness, as tables.

        Example:
            >>> shots = src.signals.shots()
            >>> shots[["shot", "first_frame", "last_frame"]]
               shot  first_frame  last_frame
            0     0            0          29
            1     1           30          75
            2     2           76         136
            3     3          137         186
            4     4          187         241
            5     5          242         249
        """
        return Signals(self)

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

        Example:
            >>> src.assume(color="bt601").clip().media.assumed
            Assumption(color='bt601', range='', fields='')
        """
        given = {"color": color, "range": range, "fields": fields}
        return Media(assuming(self.info, **given), self.studio)

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

        Example:
            >>> clip = src.clip("1s", "3s", name="crossing")
            >>> clip.duration
            Fraction(2, 1)
            >>> cut.append(clip)
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

        Example:
            >>> [clip.duration for clip in src.clips([("1s", "2s"), (4, 7)])]
            [Fraction(1, 1), Fraction(3, 1)]
            >>> cars = table.query("label == 'car' and score > 0.4")
            >>> cut.append(src.clips(cars.tl.ranges(merge_gap="1s")))
        """
        if not hasattr(ranges, "to_dict"):
            return [self.clip(*pair, audio=audio) for pair in pairs_of(ranges)]
        from timeline_nb.recognition.tables.edits import table_ranges

        rows = table_ranges(cast("pd.DataFrame", ranges), self)
        return [
            self.clip(row.start, row.end, audio=audio, metadata=row.metadata)
            for row in rows
        ]

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
