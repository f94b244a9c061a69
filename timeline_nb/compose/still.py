"""Composed frames one at a time, as arrays: for a look, a filmstrip, or NumPy."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

import av
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from timeline_nb.access.use import under_own_scope
from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.dependencies import Dependencies
from timeline_nb.compose.pooled_pictures import PooledPictures
from timeline_nb.core.forks import forks_seen
from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.effects.failures import FailedEffects
from timeline_nb.errors import CompositionError
from timeline_nb.media.convert import Rescaler, converted
from timeline_nb.media.decoder_pool import DecoderPool
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import frame_at, frame_count
from timeline_nb.timeline.model import Timeline

__all__ = ["FrameComposer", "compose_frame"]

_Size: TypeAlias = tuple[int, int]
_FrameKey: TypeAlias = tuple[int, Hashable, tuple[int, int], int]
# Idle compositors kept; each holds the decoders of the clips it showed last.
_MOST_IDLE: Final = 2
# About forty frames of 1080p.
_KEPT_BYTES: Final = 256_000_000


@dataclass(frozen=True)
class _WarmCompositor:
    """A compositor that is kept between frames.

    Args:
        timeline: What it shows; held, so that its id stays its own.
        size: Width and height of its canvas.
        compositor: It.
        dependencies: What else its pictures depend on.
        state: Of the dependencies, when it was built.
        rescaler: Keeps swscale's tables from one frame to the next.
    """

    timeline: Timeline
    size: _Size
    compositor: Compositor
    dependencies: Dependencies
    state: Hashable
    rescaler: Rescaler = field(default_factory=Rescaler)


class FrameComposer:
    """Composes frames of timelines as arrays; thread-safe.

    What a frame needs stays open for the next: the compositors of the timelines shown
    last, the decoders of their files, and the frames themselves. A timeline that was
    changed gets a new compositor, which takes over the decoders.

    An effect of a plugin that is missing or fails is left out, and a warning says so.

    Args:
        library: Opens media files.
        decoders: Lends decoders; a pool of its own if not given.
        kept_bytes: What composed frames may take in memory.
    """

    def __init__(
        self,
        library: MediaLibrary,
        *,
        decoders: DecoderPool | None = None,
        kept_bytes: int = _KEPT_BYTES,
    ) -> None:
        self._library, self.scope = library, library.scope
        self._owns_decoders = decoders is None
        self._decoders = DecoderPool(library) if decoders is None else decoders
        self._pictures = PooledPictures(library, self._decoders)
        self._lock = new_lock("stills of a timeline")
        self._idle: OrderedDict[int, _WarmCompositor] = OrderedDict()
        self._frames: LRUCache[_FrameKey, NDArray[np.uint8]] = LRUCache(
            kept_bytes, getsizeof=lambda rgb: int(rgb.nbytes)
        )
        self._failed = FailedEffects(_warn)
        self._is_closed = False

    @property
    def kept(self) -> tuple[int, int]:
        """How many composed frames are kept, and their bytes."""
        with self._lock:
            return len(self._frames), int(self._frames.currsize)

    @under_own_scope
    def frame(
        self, timeline: Timeline, time: Fraction, *, size: _Size | None = None
    ) -> NDArray[np.uint8]:
        """Return what a render shows at a time: `(H, W, 3) uint8 RGB`, a copy.

        Args:
            timeline: What is shown.
            time: Timeline seconds.
            size: Width and height, both even; the timeline's own if not given.

        Raises:
            CompositionError: Nothing is shown at that time, or a media file is missing.
            MediaError: A frame does not decode.
        """
        size = _checked(size or timeline.size)
        number = frame_at(time, timeline.rate)
        with self._borrowed(timeline, size) as warm:
            _check_shown(warm.compositor, timeline, time)
            key = (id(timeline), warm.state, size, number)
            with self._lock:
                kept = self._frames.get(key)
            count_look("frames", hit=kept is not None)
            if kept is None:
                failures = self._failed.count
                (picture,) = warm.compositor.frames(number, number + 1)
                kept = _rgb(picture, warm.rescaler)
                is_same = warm.dependencies.state() == warm.state
                # One that failed may work the next time.
                is_same = is_same and failures == self._failed.count
                with self._lock:
                    fits = kept.nbytes <= self._frames.maxsize
                    if fits and is_same and not self._is_closed:
                        self._frames[key] = kept
            return kept.copy()

    def frames(
        self,
        timeline: Timeline,
        *,
        start: Fraction = Fraction(0),
        end: Fraction | None = None,
        rate: Fraction | None = None,
        size: _Size | None = None,
    ) -> Iterator[NDArray[np.uint8]]:
        """Return frames in order, each composed when it is asked for.

        Args:
            timeline: What is shown.
            start: Timeline seconds of the first.
            end: Timeline seconds before which the last is shown; the timeline's end if
                not given.
            rate: Frames a second; the timeline's own if not given. Frame `n` is the one
                shown at `start + n / rate`.
            size: Width and height, both even; the timeline's own if not given.

        Returns:
            An iterator over `(H, W, 3) uint8 RGB`, each an array of its own.

        Raises:
            CompositionError: Nothing is shown at `start`, a media file is missing, or
                the rate is not positive.
        """
        size = _checked(size or timeline.size)
        if rate is not None and rate <= 0:
            raise CompositionError(f"rate={rate} is not positive")
        compositor = self._compositor(timeline, size)
        step = 1 / (rate or timeline.rate)
        whole = len(compositor) / timeline.rate
        end = whole if end is None else min(end, whole)
        try:
            _check_shown(compositor, timeline, start)
        except CompositionError:
            compositor.close()
            raise
        count = max(0, frame_count(end - start, 1 / step))
        times = (start + n * step for n in range(count))
        return _composed(compositor, times, timeline.rate)

    def close(self) -> None:
        """Close the files, and forget the frames."""
        with self._lock:
            self._is_closed = True
            idle = list(self._idle.values())
            self._idle.clear()
            self._frames.clear()
        for warm in idle:
            warm.compositor.close()
        if self._owns_decoders:
            self._decoders.close()

    def _compositor(self, timeline: Timeline, size: _Size) -> Compositor:
        return Compositor(timeline, self._pictures, size=size, failed=self._failed)

    @contextmanager
    def _borrowed(self, timeline: Timeline, size: _Size) -> Iterator[_WarmCompositor]:
        """Take a compositor for one frame; no other thread gets it meanwhile."""
        with self._lock:
            found = next(
                (
                    key
                    for key, warm in self._idle.items()
                    if warm.timeline is timeline and warm.size == size
                ),
                None,
            )
            warm = None if found is None else self._idle.pop(found)
            # A new one takes over the decoders of the one that makes room for it.
            dropped = self._drop_idle(_MOST_IDLE - 1) if warm is None else []
        for one in dropped:
            one.compositor.close()
        if warm is not None and warm.dependencies.state() != warm.state:
            warm.compositor.close()
            warm = None
        if warm is None:
            needs = Dependencies(timeline)
            state = needs.state()
            compositor = self._compositor(timeline, size)
            warm = _WarmCompositor(timeline, size, compositor, needs, state)
        try:
            yield warm
        except BaseException:
            warm.compositor.close()
            raise
        self._put_back(warm)

    def _put_back(self, warm: _WarmCompositor) -> None:
        with self._lock:
            self._idle[id(warm)] = warm
            dropped = self._drop_idle(0 if self._is_closed else _MOST_IDLE)
            shown = {id(one.timeline) for one in self._idle.values()}
            for key in [key for key in self._frames if key[0] not in shown]:
                # An id is another timeline's once its own is gone.
                del self._frames[key]
        for one in dropped:
            one.compositor.close()

    def _drop_idle(self, most: int) -> list[_WarmCompositor]:
        """Take out those that were used longest ago, for the caller to close."""
        count = max(0, len(self._idle) - most)
        return [self._idle.popitem(last=False)[1] for _ in range(count)]


def compose_frame(
    timeline: Timeline,
    time: Fraction,
    library: MediaLibrary,
    *,
    size: _Size | None = None,
) -> NDArray[np.uint8]:
    """Return a single frame, as `FrameComposer.frame` does; nothing is kept."""
    composer = FrameComposer(library)
    try:
        return composer.frame(timeline, time, size=size)
    finally:
        composer.close()


def _composed(
    compositor: Compositor, times: Iterator[Fraction], rate: Fraction
) -> Iterator[NDArray[np.uint8]]:
    last, rgb = -1, None
    rescaler, forks = Rescaler(), forks_seen()
    with compositor:
        for time in times:
            number = frame_at(time, rate)
            if forks != forks_seen():
                raise CompositionError(
                    "these frames were begun in the process that this one was forked "
                    "from: call frames() here"
                )
            if rgb is None or number != last:
                (picture,) = compositor.frames(number, number + 1)
                last, rgb = number, _rgb(picture, rescaler)
                yield rgb
            else:
                yield rgb.copy()


def _warn(sentence: str) -> None:
    warn_user(f"shown {sentence}")


def _checked(size: _Size) -> _Size:
    if any(side < 2 or side % 2 for side in size):
        raise CompositionError(f"size={size} is not of two even numbers")
    return size


def _check_shown(compositor: Compositor, timeline: Timeline, time: Fraction) -> None:
    if not 0 <= frame_at(time, timeline.rate) < len(compositor):
        raise CompositionError(
            f"{timeline.name!r} has {len(compositor)} frames: nothing is shown at "
            f"{float(time):g} s"
        )


def _rgb(picture: av.VideoFrame, rescaler: Rescaler) -> NDArray[np.uint8]:
    """Return a composed picture as `(H, W, 3) uint8 RGB`."""
    made = converted(picture, "rgb24", rescaler=rescaler)
    return np.asarray(made.to_ndarray(), np.uint8)
