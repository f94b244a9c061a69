"""Where the clips in sight lie on the picture: the arithmetic of composing alone."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from timeline_nb.compose.clip_renderer import is_between_pixels, transform_at
from timeline_nb.compose.layers import Shot, lower, shots_of
from timeline_nb.compose.placement import Canvas, Placement, place
from timeline_nb.effects.chain import Chain
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.info import MediaInfo
from timeline_nb.timeline.model import Clip, Timeline, Transform

__all__ = ["PlacedClip", "placed_clips"]


@dataclass(frozen=True)
class PlacedClip:
    """A clip in sight, and its place.

    Args:
        shot: The clip; a line of subtitles is the title that draws it.
        own: The second of the clip's own time, in which its keyframes count.
        transform: Its place as asked for at that time.
        spot: Its place on the canvas.
    """

    shot: Shot
    own: Fraction
    transform: Transform
    spot: Placement

    @property
    def clip(self) -> Clip:
        """The clip."""
        return self.shot.clip


def placed_clips(
    timeline: Timeline, time: Fraction, probe: Callable[[str], MediaInfo]
) -> list[PlacedClip]:
    """Return the clips seen at a timeline time with their places, bottom to top.

    Args:
        timeline: What is composed; its size is the canvas.
        time: Timeline seconds.
        probe: Returns what a media file holds. One that cannot be read counts with
            the size that its clip has.
    """
    canvas = Canvas(*timeline.size)
    found = []
    for layer in lower(timeline, time):
        for shot in shots_of(layer):
            own = shot.clip_time(time)
            transform = transform_at(shot.clip, own)
            size = _size_of(shot.clip, canvas, probe)
            moves = is_between_pixels(shot.clip, canvas)
            spot = place(transform, size, canvas, moves=moves)
            found.append(PlacedClip(shot, own, transform, spot))
    return found


def _size_of(
    clip: Clip, canvas: Canvas, probe: Callable[[str], MediaInfo]
) -> tuple[int, int]:
    """Return the size of the pictures that a clip's effects give."""
    media = clip.media
    size = media.size or (canvas.width, canvas.height)
    if media.generator is not None:
        size = (canvas.width, canvas.height)
    elif media.timeline is not None:
        size = media.timeline.size
    else:
        try:
            video = probe(media.path).video
            size = video[0].display_size if video else size
            return Chain(clip.effects).shown_size(size)
        except TimelineNbError:
            # It is offline, or an effect cannot be applied: it shows nothing now.
            return size
    return size
