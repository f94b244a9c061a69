"""Sources of the frames of clips: files, nested timelines, generators."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Final, Literal, Protocol, TypeAlias

import av
import numpy as np

from timeline_nb.access.scope import Scope
from timeline_nb.compose.error_context import clip_context
from timeline_nb.compose.graph import blank_picture
from timeline_nb.compose.layers import Shot
from timeline_nb.compose.placement import Canvas
from timeline_nb.core.assumption import AS_TOLD, Assumption
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.effects.catalog import find
from timeline_nb.effects.failures import EffectRun, FailedEffects
from timeline_nb.effects.frames import frame_of
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.provided import missing_plugin
from timeline_nb.effects.spec import Spec, values_of
from timeline_nb.errors import CompositionError, DamagedFrameError, MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.decode import framed
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.deinterlace import Deinterlacer
from timeline_nb.media.frame import Frame, FrameId
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.orientation import UPRIGHT
from timeline_nb.timebase import frame_at
from timeline_nb.timeline.model import Clip, Effect, Timeline

__all__ = ["FrameSource", "MediaOpener", "NestedCompositor", "OnDamage", "Sources"]

# What replaces a frame that does not decode: the last good one, black, or an error.
OnDamage: TypeAlias = Literal["hold", "black", "error"]


class MediaOpener(Protocol):
    """Opens media for a compositor: a media library, or one of proxies."""

    @property
    def scope(self) -> Scope | None:
        """What may be read; None leaves that to the scope in use."""

    def probe(self, path: str, *, assumed: Assumption = AS_TOLD) -> MediaInfo:
        """Return what a media file holds."""

    def video(self, path: str, *, assumed: Assumption = AS_TOLD) -> Decoder:
        """Open a decoder of its pictures, for the caller to close."""


class FrameSource(Protocol):
    """A source of the frames of a clip."""

    def frame_at(self, time: Fraction) -> Frame:
        """Return the frame at a second of the media."""

    def after(self, time: Fraction) -> tuple[Frame, Fraction] | None:
        """Return the frame after that one, and how far the time is on the way to it."""

    def close(self) -> None:
        """Close what it holds."""


class NestedCompositor(Protocol):
    """A compositor of a nested timeline."""

    def __len__(self) -> int: ...

    def frames(self, first: int, last: int) -> Iterable[av.VideoFrame]:
        """Return frames `first:last`."""

    def close(self) -> None:
        """Close the files."""


class _FileSource:
    """The frames of a file, deinterlaced.

    Args:
        decoder: Where they come from.
        on_damage: What replaces those that do not decode.
    """

    def __init__(self, decoder: Decoder, on_damage: OnDamage) -> None:
        self.decoder = decoder
        self._on_damage = on_damage
        self._shown = Deinterlacer(decoder, self._frame)
        video = decoder.info.video[0]
        self._what = f"{video.codec} {video.width}x{video.height}"

    def frame_at(self, time: Fraction) -> Frame:
        index, info = self.decoder.index, self.decoder.info
        end = index.end_of(len(index) - 1)
        if time >= end and info.kind != "image":
            # A file that got shorter would show its last frame for ever.
            raise MediaError(
                Message(
                    "{path} ends at {end} s: there is no frame at {time} s",
                    path=info.path,
                    end=f"{float(end):.3f}",
                    time=f"{float(time):.3f}",
                )
            )
        return self._shown.frame(index.frame_at(time))

    def _frame(self, number: int) -> Frame:
        with stage("decode", self._what):
            return self._decoded(number)

    def _decoded(self, number: int) -> Frame:
        if self._on_damage == "hold":
            return self.decoder.frame_or_held(number)
        try:
            return self.decoder.frame(number)
        except DamagedFrameError:
            if self._on_damage == "error":
                raise
        index, info = self.decoder.index, self.decoder.info
        video = info.video[0]
        black = blank_picture(Canvas(video.width + video.width % 2, video.height))
        return framed(info, index, number, black)

    def after(self, time: Fraction) -> tuple[Frame, Fraction] | None:
        index = self.decoder.index
        number = index.frame_at(time)
        if number + 1 >= len(index):
            return None
        begins, ends = index.time_of(number), index.time_of(number + 1)
        way = (time - begins) / (ends - begins)
        return self._shown.frame(number + 1), min(max(way, Fraction(0)), Fraction(1))

    def close(self) -> None:
        self.decoder.close()


class _NestSource:
    """A timeline's frames."""

    def __init__(self, maker: NestedCompositor, rate: Fraction) -> None:
        self._maker, self._rate = maker, rate

    def frame_at(self, time: Fraction) -> Frame:
        number = min(max(0, frame_at(time, self._rate)), len(self._maker) - 1)
        (picture,) = self._maker.frames(number, number + 1)
        return _made(picture, number, 1 / self._rate)

    def after(self, time: Fraction) -> tuple[Frame, Fraction] | None:
        number = frame_at(time, self._rate)
        if number + 1 >= len(self._maker):
            return None
        return self.frame_at((number + 1) / self._rate), time * self._rate - number

    def close(self) -> None:
        self._maker.close()


def _nothing(moment: Moment, size: tuple[int, int]) -> Picture:
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    return Picture(moment=moment, rgb=rgb, alpha=rgb[..., 0].copy())


# Drawn in place of a generator that is missing.
_NOTHING: Final = Spec("nothing", "generator", "", "", {}, _nothing)


class _GeneratedSource:
    """Pictures that a generator makes.

    Args:
        generator: Its kind and parameters.
        canvas: What it draws for.
        rate: Frames a second of the timeline.
        failed: As for `EffectRun`. One of a plugin that is missing draws nothing.
    """

    def __init__(
        self,
        generator: Effect,
        canvas: Canvas,
        rate: Fraction,
        failed: FailedEffects | None,
    ) -> None:
        missing = missing_plugin(generator.kind)
        if failed is not None and missing:
            failed.note(f"without a generator: {missing}")
            self._spec, generator = _NOTHING, Effect(kind=_NOTHING.kind)
        else:
            self._spec = find(generator.kind, "generator")
        self._run = EffectRun(self._spec, failed)
        self._values = values_of(self._spec, generator)
        self._size = (canvas.width, canvas.height)
        self._step = 1 / rate
        self._moves = "position" in generator.keyframes
        # The last picture, and the values that it was drawn by.
        self._kept: Frame | None = None
        self._drawn_by: dict[str, Any] = {}

    def frame_at(self, time: Fraction) -> Frame:
        kept, drawn_by = self._kept, self._drawn_by
        moment = Moment(time, self._step, moves=self._moves)
        values: dict[str, Any] = {}

        def work() -> Picture | Frame:
            values.update(self._values.at(time))
            # Between an animation's keyframes it stands still for most of the time.
            if kept is not None and not self._spec.timed and values == drawn_by:
                return kept
            with stage("generate", self._spec.kind):
                drawn: Picture = self._spec.make(moment, self._size, **values)
            return drawn

        fails = False

        def without() -> Picture | Frame:
            nonlocal fails
            fails = True
            return _nothing(moment, self._size)

        made = self._run(work, without)
        if isinstance(made, Frame):
            return made
        blank = _made(blank_picture(Canvas(2, 2)), moment.number, self._step)
        frame = frame_of(made, blank)
        # One that failed is drawn again.
        self._kept, self._drawn_by = (None if fails else frame), values
        return frame

    def after(self, _: Fraction) -> tuple[Frame, Fraction] | None:
        return None

    def close(self) -> None:
        self._kept = None


def _made(picture: av.VideoFrame, number: int, step: Fraction) -> Frame:
    """Return a picture that no file holds, as a frame."""
    return Frame(
        id=FrameId("", 0, number),
        number=number,
        time=number * step,
        duration=step,
        picture=picture,
        orientation=UPRIGHT,
        sample_aspect_ratio=Fraction(1),
    )


class Sources:
    """Sources of the clips in sight; a file's next clip reuses its decoder.

    Args:
        pictures: Opens files.
        canvas: What generated pictures are made for.
        rate: Frames a second of the timeline.
        nest: Opens a timeline within the timeline.
        on_damage: What replaces frames that do not decode.
        failed: As for `EffectRun`.
    """

    def __init__(  # noqa: PLR0913 - what is opened, how, and what may fail
        self,
        pictures: MediaOpener,
        canvas: Canvas,
        rate: Fraction,
        nest: Callable[[Timeline], NestedCompositor],
        *,
        on_damage: OnDamage = "hold",
        failed: FailedEffects | None = None,
    ) -> None:
        self._pictures, self._failed = pictures, failed
        self._canvas, self._rate = canvas, rate
        self._nest = nest
        self._on_damage = on_damage
        self._open: dict[str, tuple[Clip, FrameSource]] = {}
        self._idle: dict[str, tuple[Clip, FrameSource]] = {}

    def settle(self, shots: Sequence[Shot]) -> None:
        """Open the sources of these clips, and close all others."""
        wanted = {shot.clip.id for shot in shots}
        self._idle = {key: self._open.pop(key) for key in set(self._open) - wanted}
        for shot in shots:
            self.of(shot.clip)
        for _, source in self._idle.values():
            source.close()
        self._idle = {}

    def of(self, clip: Clip) -> FrameSource:
        """Return the source of a clip.

        Raises:
            MediaError: Its file cannot be opened; the clip is named.
            CompositionError: Its generator's parameters are not valid.
        """
        if clip.id not in self._open:
            self._open[clip.id] = (clip, self._handed_on(clip) or self._opened(clip))
        return self._open[clip.id][1]

    def close(self) -> None:
        """Close all sources."""
        for _, source in self._open.values():
            source.close()
        self._open.clear()

    def _handed_on(self, clip: Clip) -> FrameSource | None:
        if clip.media.is_file:
            for key, (other, source) in self._idle.items():
                if other.media.is_file and _same_file(other, clip):
                    del self._idle[key]
                    return source
        return None

    def _opened(self, clip: Clip) -> FrameSource:
        media = clip.media
        with clip_context(clip):
            if media.timeline is not None:
                maker = self._nest(media.timeline)
                if not len(maker):
                    raise CompositionError(
                        Message(
                            "the timeline {name} within it is empty: put a clip into "
                            "it",
                            name=repr(media.timeline.name),
                        )
                    )
                return _NestSource(maker, media.timeline.rate)
            if media.generator is not None:
                made_for = (self._canvas, self._rate, self._failed)
                return _GeneratedSource(media.generator, *made_for)
            with stage("open"):
                decoder = self._pictures.video(media.path, assumed=media.assumed)
            return _FileSource(decoder, self._on_damage)


def _same_file(one: Clip, other: Clip) -> bool:
    """Return whether a decoder of the one gives the pictures of the other."""
    same_path = one.media.path == other.media.path
    return same_path and one.media.assumed == other.media.assumed
