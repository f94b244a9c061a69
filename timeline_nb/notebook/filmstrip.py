"""Draw an edit as a filmstrip: a ruler, and tracks with thumbnails and waveforms."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.notebook.drawing import INK, MUTED, PAPER, fitted_text, font
from timeline_nb.timebase import TimeRange, format_timecode
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Track,
    Transition,
)
from timeline_nb.timeline.queries import duration, range_of
from timeline_nb.timeline.speed import speed_of

__all__ = ["draw_filmstrip"]

# Pixels of an image that is shown at half its size, sharp on dense screens.
_LABEL_PX = 72
_RULER_PX = 48
_GAP_PX = 6
_BAR_PX = 34
_HEIGHT_PX = {"video": 150, "audio": 96, "subtitle": 48}
_TEXT_PX = 24
# Narrower clips show their color alone: opening thousands of files takes too long.
_LEAST_SHOWN_PX = 32
_CLIP_COLOR = {"video": "#2f4b7c", "audio": "#1f6f5c", "subtitle": "#6b4e9b"}
_WAVE_COLOR = "#7fe0c3"
_TRANSITION_COLOR = (255, 200, 60)
_OFFLINE_COLOR = "#7a2e2e"
_TICK_ROOM_PX = 180
# Steps of the ruler, in seconds.
_TICKS_S = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


def draw_filmstrip(
    timeline: Timeline, library: MediaLibrary, *, width_px: int = 1920
) -> Image.Image:
    """Draw the whole timeline, `width_px` wide."""
    return _Filmstrip(timeline, library, width_px).drawn()


@dataclass(frozen=True)
class _Box:
    """The place of an item in the image, in pixels; `x1` and `y1` are exclusive."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0


class _Filmstrip:
    def __init__(
        self, timeline: Timeline, library: MediaLibrary, width_px: int
    ) -> None:
        self._timeline = timeline
        self._library = library
        self._duration = max(duration(timeline), 1 / timeline.rate)
        self._px_per_s = Fraction(width_px - _LABEL_PX) / self._duration
        # Video tracks lie as in the frame: the topmost first.
        video = [track for track in timeline.tracks if track.kind == "video"]
        others = [track for track in timeline.tracks if track.kind != "video"]
        self._tracks: list[Track] = [*reversed(video), *others]
        height = _RULER_PX + sum(
            _HEIGHT_PX[track.kind] + _GAP_PX for track in self._tracks
        )
        self._image = Image.new("RGB", (width_px, height), PAPER)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def drawn(self) -> Image.Image:
        self._ruler()
        y = _RULER_PX
        for track in self._tracks:
            height = _HEIGHT_PX[track.kind]
            color = INK if track.enabled else MUTED
            self._draw.text((14, y + 4), track.name, fill=color, font=font(_TEXT_PX))
            for item, box in self._boxes(track, y, y + height):
                self._item(track, item, box)
            for item, box in self._boxes(track, y, y + height):
                if isinstance(item, Transition):
                    self._transition(box)
            y += height + _GAP_PX
        return self._image

    def _x(self, time: Fraction) -> int:
        return _LABEL_PX + round(time * self._px_per_s)

    def _boxes(self, track: Track, y0: int, y1: int) -> Iterator[tuple[Item, _Box]]:
        for number, item in enumerate(track.items):
            place = range_of(track, number)
            yield item, _Box(self._x(place.start), y0, self._x(place.end), y1)

    def _ruler(self) -> None:
        rate = self._timeline.rate
        # A second of timecode is 30 frames, also at 30000/1001.
        second = -(-rate.numerator // rate.denominator) / rate
        step = second * next(
            (s for s in _TICKS_S if s * self._px_per_s >= _TICK_ROOM_PX), _TICKS_S[-1]
        )
        for number in range(int(self._duration // step) + 1):
            time = number * step
            x = self._x(time)
            self._draw.line((x, _RULER_PX - 14, x, _RULER_PX - 4), fill=MUTED)
            label = format_timecode(time, rate)
            if x + _TICK_ROOM_PX <= self._image.width + 20:
                self._draw.text((x + 6, 10), label, fill=MUTED, font=font(_TEXT_PX - 4))

    def _item(self, track: Track, item: Item, box: _Box) -> None:
        if isinstance(item, Subtitle):
            self._fill(box, _CLIP_COLOR["subtitle"])
            self._name(item.text, box)
        elif isinstance(item, Clip):
            self._clip(track, item, box)
        elif isinstance(item, Gap):
            right = max(box.x0, box.x1 - 2)
            self._draw.rectangle((box.x0, box.y0, right, box.y1), fill="#1d2026")

    def _clip(self, track: Track, clip: Clip, box: _Box) -> None:
        self._fill(box, _CLIP_COLOR[track.kind])
        if not clip.media.is_file:
            self._name(clip.name, box)
            return
        below = _Box(box.x0, box.y0 + _BAR_PX, box.x1 - 1, box.y1)
        try:
            if below.width >= _LEAST_SHOWN_PX and track.kind == "video":
                self._thumbnails(clip, below)
            elif below.width >= _LEAST_SHOWN_PX and track.kind == "audio":
                self._waveform(clip, below)
        except MediaError:
            self._fill(box, _OFFLINE_COLOR)
            self._name(f"offline: {clip.name}", box)
            return
        self._name(clip.name, box)

    def _fill(self, box: _Box, color: str) -> None:
        # One pixel is left free between neighbors.
        right = max(box.x0, box.x1 - 2)
        self._draw.rectangle((box.x0, box.y0, right, box.y1 - 1), fill=color)

    def _name(self, name: str, box: _Box) -> None:
        text = fitted_text(self._draw, name, _TEXT_PX, box.width - 12)
        self._draw.text((box.x0 + 6, box.y0 + 2), text, fill=INK, font=font(_TEXT_PX))

    def _thumbnails(self, clip: Clip, box: _Box) -> None:
        height = box.y1 - box.y0
        width_px, height_px = clip.media.size or (16, 9)
        step = max(1, round(height * width_px / height_px))
        lefts = range(box.x0, box.x1, step)
        span, speed = clip.source_range, speed_of(clip)
        last = span.end - Fraction(1, 1000)
        times = [
            min(
                span.start + (min(x + step // 2, box.x1) - box.x0) / self._px_per_s,
                last,
            )
            for x in lefts
        ]
        if speed is not None:
            times = [max(Fraction(0), speed.frame_time(time)) for time in times]
        frames = self._library.thumbnails(
            clip.media.path, times, height_px=height, assumed=clip.media.assumed
        )
        for left, frame in zip(lefts, frames, strict=True):
            room = min(frame.shape[1], box.x1 - left)
            self._image.paste(Image.fromarray(frame[:, :room]), (left, box.y0))

    def _waveform(self, clip: Clip, box: _Box) -> None:
        low, high = self._peaks(clip, box.width)
        middle, half = (box.y0 + box.y1) / 2, (box.y1 - box.y0) / 2 - 2
        for x, (bottom, top) in enumerate(zip(low, high, strict=True)):
            ends = (box.x0 + x, middle - top * half, box.x0 + x, middle - bottom * half)
            self._draw.line(ends, fill=_WAVE_COLOR)

    def _peaks(
        self, clip: Clip, bins: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        media_range: TimeRange = clip.source_range
        wave = self._library.waveform(
            clip.media.path, bins=bins, time_range=media_range
        )
        return wave.low.min(axis=0), wave.high.max(axis=0)

    def _transition(self, box: _Box) -> None:
        top, bottom = box.y0 + _BAR_PX, box.y1 - 1
        area = (box.x0, top, box.x1, bottom)
        self._draw.rectangle(area, outline=(*_TRANSITION_COLOR, 230), width=2)
        self._draw.polygon(
            [(box.x0, bottom), (box.x1, bottom), (box.x1, top)],
            fill=(*_TRANSITION_COLOR, 70),
        )
