"""Keyframes of clips that no line on the clip shows: each time is a mark on it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from timeline_nb.timeline.model import Clip, Keyframe, Track
from timeline_nb.timeline.queries import range_of
from timeline_nb.widgets.track_answers import KeyMarksView

__all__ = ["KeyedParameter", "marked", "marks_of"]

# What a track's clips have a line for.
_LINES: Final = {"video": "opacity", "audio": "gain_db"}
# Its points have a curve of their own in the inspector.
_RAMP: Final = "speed"
# Of seconds: far below a frame, and above what adding floats loses.
_DIGITS: Final = 9


class KeyedParameter(NamedTuple):
    """A parameter with keyframes: the clip's own, or of its effect of a number."""

    name: str
    number: int | None
    keyframes: tuple[Keyframe, ...]


def marked(track: Track, clip: Clip) -> Iterator[KeyedParameter]:
    """Yield the parameters of a track's clip whose keyframes are marks on it."""
    for name, keys in clip.keyframes.items():
        if name != _LINES.get(track.kind):
            yield KeyedParameter(name, None, keys)
    for number, effect in enumerate(clip.effects):
        if effect.kind != _RAMP:
            for name, keys in effect.keyframes.items():
                yield KeyedParameter(name, number, keys)


def marks_of(track: Track) -> list[KeyMarksView]:
    """Return the marks of a track's clips, in timeline seconds."""
    found = []
    for place, item in enumerate(track.items):
        if not isinstance(item, Clip) or not (item.keyframes or item.effects):
            continue
        own = {float(key.time) for one in marked(track, item) for key in one.keyframes}
        if own:
            # Of a keyframe a frame there are thousands, which Fractions take long for.
            shift = float(range_of(track, place).start - item.source_range.start)
            times_s = [round(time + shift, _DIGITS) for time in sorted(own)]
            found.append(KeyMarksView(item=item.id, times_s=times_s))
    return found
