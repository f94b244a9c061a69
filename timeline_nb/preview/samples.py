"""Pictures of what kinds of the catalog make of a clip's frame."""

from collections.abc import Callable
from fractions import Fraction
from hashlib import blake2b
from typing import Any, Final

import cv2
import numpy as np
from cachetools import LRUCache
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.compose.still import FrameComposer
from timeline_nb.core.locks import new_lock
from timeline_nb.core.structs import to_json
from timeline_nb.effects.catalog import find
from timeline_nb.effects.samples import sample_of, test_image
from timeline_nb.effects.titles.template_clips import template_clip
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.media.convert import rgb_picture
from timeline_nb.preview.jpeg import JpegEncoder
from timeline_nb.timebase import frame_at, frame_time
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Timeline, Track
from timeline_nb.timeline.queries import clip_of, duration
from timeline_nb.timeline.queries import find as place_of

__all__ = ["SampleMaker"]

_HEIGHT_PX: Final = 90
_WIDEST: Final = 16 / 9
_KEPT_BYTES: Final = 16_000_000
_RGB = NDArray[np.uint8]


class SampleMaker:
    """Makes small JPEGs of what kinds do with a clip's frame; thread-safe.

    The frame is composed once, and effects run on the small picture.

    Args:
        composer: Returns what composes frames.
    """

    def __init__(self, composer: Callable[[], FrameComposer]) -> None:
        self._composer = composer
        self._lock = new_lock("samples of effects")
        self._kept: LRUCache[Any, bytes] = LRUCache(_KEPT_BYTES, getsizeof=len)
        self._frames: LRUCache[Any, list[_RGB]] = LRUCache(4)

    def sample(self, timeline: Timeline, name: str, item: str, at: Fraction) -> bytes:
        """Return a JPEG, 90 pixels high.

        Args:
            timeline: Where the clip is.
            name: `medium:kind`, or `lut:path`.
            item: The clip; a stand-in picture is shown for an empty one.
            at: The timeline second; the clip's nearest one is shown.

        Raises:
            TimelineNbError: There is no such kind or clip, the frame does not decode,
                or the effect fails.
        """
        clip, own = _frame_of(timeline, item, at) if item else (None, Fraction(0))
        key = (name, _known(clip), own, timeline.size)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return kept
        made = self._made(timeline, name, clip, own)
        high, wide = made.shape[:2]
        data = JpegEncoder((wide, high), 4).encode(rgb_picture(made))
        with self._lock:
            self._kept[key] = data
        return data

    def _made(
        self, timeline: Timeline, name: str, clip: Clip | None, own: Fraction
    ) -> _RGB:
        medium, _, kind = name.partition(":")
        if medium == "template":
            return self._template(timeline, kind)
        pictures = self._pictures(timeline, clip, own)
        if medium == "lut":
            return sample_of(find("lut", "picture"), pictures, path=kind)
        if medium == "none":
            return pictures[0]
        return sample_of(find(kind, medium), pictures)  # type: ignore[arg-type] # it is checked there

    def _pictures(
        self, timeline: Timeline, clip: Clip | None, own: Fraction
    ) -> list[_RGB]:
        """Return the clip's frame and a second picture for transitions."""
        size = _small(timeline.size)
        evening = np.asarray(cv2.resize(test_image(1), size), np.uint8)
        if clip is None:
            return [np.asarray(cv2.resize(test_image(0), size), np.uint8), evening]
        key = (_known(clip), own, size)
        with self._lock:
            kept = self._frames.get(key)
        if kept is None:
            track = Track(kind="video", name="V1", items=(clip,))
            alone = Timeline(
                name="sample", rate=timeline.rate, size=timeline.size, tracks=(track,)
            )
            kept = [self._composer().frame(alone, own, size=size), evening]
            with self._lock:
                self._frames[key] = kept
        return [picture.copy() for picture in kept]

    def _template(self, timeline: Timeline, kind: str) -> _RGB:
        clip = template_clip(
            kind, rate=timeline.rate, size=timeline.size, **TEMPLATES[kind].samples
        )
        track = Track(kind="video", name="V1", items=(replace(clip, id="c1"),))
        alone = Timeline(
            name="sample", rate=timeline.rate, size=timeline.size, tracks=(track,)
        )
        middle = frame_at(duration(alone) / 2, timeline.rate)
        return self._composer().frame(
            alone, frame_time(middle, timeline.rate), size=_small(timeline.size)
        )


def _known(clip: Clip | None) -> bytes:
    """Return what tells a clip from others: its fields are not hashable."""
    return b"" if clip is None else blake2b(to_json(clip)).digest()


def _small(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a sample: even, and no wider than the lists have room for."""
    width = min(_WIDEST, size[0] / size[1]) * _HEIGHT_PX
    return max(2, round(width / 2) * 2), _HEIGHT_PX


def _frame_of(timeline: Timeline, item: str, at: Fraction) -> tuple[Clip, Fraction]:
    """Return a clip and the second of it, from its start, nearest to a time."""
    clip, place = clip_of(timeline, item), place_of(timeline, item)
    track = timeline.tracks[place.track]
    start = layout_of(track.items).start(place.item)
    last = max(Fraction(0), clip.duration - 1 / timeline.rate)
    own = min(max(Fraction(0), at - start), last)
    still = replace(clip, fade_in=Fraction(0), fade_out=Fraction(0))
    return still, frame_time(frame_at(own, timeline.rate), timeline.rate)
