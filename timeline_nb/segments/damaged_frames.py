"""Frames of sources that an edit shows and that do not decode."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from timeline_nb.compose.layers import Shot, shots_of, spans
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["DamagedStretch", "find_damage"]


@dataclass(frozen=True)
class DamagedStretch:
    """Frames of a source within an edit that are known not to decode.

    Args:
        path: The source.
        clip: What shows them.
        frames: Their numbers in the source, rising.
        first_s: Media seconds at which the first is shown.
    """

    path: str
    clip: str
    frames: tuple[int, ...]
    first_s: Fraction

    def __str__(self) -> str:
        count = len(self.frames)
        return (
            f"clip {self.clip}: {count} frame{'s' * (count != 1)} of {self.path} "
            f"cannot be decoded, the first at {float(self.first_s):.3f} s"
        )


def find_damage(
    timeline: Timeline, library: MediaLibrary, span: range | None = None
) -> list[DamagedStretch]:
    """Return the frames shown by an edit that are known not to decode.

    Args:
        timeline: The edit.
        library: Opens media files, and remembers damage.
        span: The frames of the timeline that count; all if None.
    """
    found: dict[tuple[str, str], set[int]] = {}
    within = TimeRange(Fraction(0), duration(timeline))
    if span is not None:
        within = TimeRange.between(
            span.start / timeline.rate, span.stop / timeline.rate
        )
    for path, clip, numbers in _shown_damage(timeline, library, within):
        found.setdefault((path, clip), set()).update(numbers)
    stretches = []
    for (path, clip), lost in found.items():
        frames = tuple(sorted(lost))
        first = library.index(library.probe(path)).time_of(frames[0])
        stretches.append(DamagedStretch(path, clip, frames, first))
    return stretches


def _shown_damage(
    timeline: Timeline, library: MediaLibrary, within: TimeRange
) -> Iterator[tuple[str, str, list[int]]]:
    """Yield source, clip and frames of each span of the timeline that shows damage."""
    for span in spans(timeline):
        seen = span.range.intersection(within)
        if seen is None:
            continue
        for layer in span.layers:
            for shot in shots_of(layer):
                nested = shot.clip.media.timeline
                if nested is not None:
                    whole = TimeRange(Fraction(0), duration(nested))
                    yield from _shown_damage(nested, library, whole)
                if not shot.clip.media.is_file:
                    continue
                info = library.probe(shot.clip.media.path)
                damaged = library.damaged(info) if info.kind == "video" else ()
                if damaged:
                    index = library.index(info)
                    low, high = _reach(shot, seen.start, seen.end)
                    first = index.frame_at(low)
                    here = [
                        n for n in damaged if n >= first and index.time_of(n) < high
                    ]
                    if here:
                        yield info.path, shot.clip.label, here


def _reach(shot: Shot, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
    """Return the media time that a shot shows between two seconds of the timeline."""
    times = sorted((shot.media_time(start), shot.media_time(end)))
    return times[0], times[1]
