"""The part of a media file that a clip shows."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from timeline_nb.errors import TimeError
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.timebase import TimeLike, TimeRange

__all__ = ["clip_range", "pairs_of"]

# What a clip of sound may reach out by, as a frame of pictures.
_LEAST_STEP_S: Final = Fraction(1, 25)


def clip_range(media: MediaFile, start: TimeLike, end: TimeLike | None) -> TimeRange:
    """Return the media time of a clip; what reaches out by less than a frame is cut.

    Args:
        media: The file.
        start: The first media time.
        end: The media time up to which; the file's end if None.

    Raises:
        TimeError: It is empty, or reaches outside the file by a frame or more.
    """
    if end is None and media.info.kind == "image":
        raise TimeError(f"{media.name} is a still: say how long, as in end='5s'")
    first = media.time(start)
    last = media.range.end if end is None else media.time(end)
    if last <= first:
        raise TimeError(f"{media.name}: a clip from {start!r} to {end!r} is empty")
    return _within(media, TimeRange.between(first, last))


def _within(media: MediaFile, span: TimeRange) -> TimeRange:
    """Cut off what reaches outside the file by less than a frame.

    Raises:
        TimeError: It reaches out further.
    """
    whole = media.reference.available_range
    if whole is None or whole.encloses(span):
        return span
    step = 1 / media.rate if media.info.kind == "video" else _LEAST_STEP_S
    first, last = max(span.start, whole.start), min(span.end, whole.end)
    if first - span.start < step and span.end - last < step and first < last:
        return TimeRange.between(first, last)
    begins = span.start < whole.start
    nearest = whole.start if begins else whole.end
    raise TimeError(
        f"{media.name}: a clip of {span} reaches outside the file, which has "
        f"{whole}: {'begin it at' if begins else 'end it at'} {nearest} s at the "
        f"{'earliest' if begins else 'latest'}"
    )


def pairs_of(ranges: Iterable[Any]) -> list[tuple[TimeLike, TimeLike]]:
    """Return start and end of each range.

    Raises:
        TimeError: One is neither a time range nor a pair.
    """
    if isinstance(ranges, str) or not isinstance(ranges, Iterable):
        raise TimeError(f"{ranges!r}: give a table, or pairs of start and end")
    pairs: list[tuple[TimeLike, TimeLike]] = []
    for place, one in enumerate(ranges):
        if isinstance(one, TimeRange):
            pairs.append((one.start, one.end))
        elif isinstance(one, (tuple, list)) and len(one) == 2:
            pairs.append((one[0], one[1]))
        else:
            raise TimeError(f"range {place}, {one!r}, is no pair of start and end")
    return pairs
