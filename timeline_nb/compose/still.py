"""A single composed frame, for a filmstrip, a preview or a look."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.compositor import Compositor
from timeline_nb.errors import CompositionError
from timeline_nb.media.convert import converted
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import frame_at
from timeline_nb.timeline.model import Timeline

__all__ = ["compose_frame", "compose_frames"]


def compose_frame(
    timeline: Timeline,
    time: Fraction,
    library: MediaLibrary,
    *,
    size: tuple[int, int] | None = None,
) -> NDArray[np.uint8]:
    """What a render shows at a time: `(H, W, 3) uint8 RGB`.

    Args:
        timeline: What is shown.
        time: Timeline seconds.
        library: Where media come from.
        size: Width and height, both even; the timeline's own if not given.

    Raises:
        CompositionError: Nothing is shown at that time, or a media file is missing.
        MediaError: A frame does not decode.
    """
    number = frame_at(time, timeline.rate)
    with Compositor(timeline, library, size=size) as compositor:
        if not 0 <= number < len(compositor):
            raise CompositionError(
                f"{timeline.name!r} has {len(compositor)} frames: nothing is shown at "
                f"{float(time):g} s"
            )
        (picture,) = compositor.frames(number, number + 1)
        rgb = converted(picture, "rgb24")
        return np.asarray(rgb.to_ndarray(), np.uint8)


def compose_frames(
    timeline: Timeline,
    numbers: range,
    library: MediaLibrary,
    *,
    size: tuple[int, int] | None = None,
) -> Iterator[NDArray[np.uint8]]:
    """Yield what a render shows in frames of these numbers: `(H, W, 3) uint8 RGB`."""
    with Compositor(timeline, library, size=size) as compositor:
        for number in numbers:
            (picture,) = compositor.frames(number, number + 1)
            yield np.asarray(converted(picture, "rgb24").to_ndarray(), np.uint8)
