"""Comments: markers with what a person wrote of a time or a range, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Marker, Timeline
from timeline_nb.timeline.queries import item_index_at, range_of
from timeline_nb.timeline.validate import marker_problems

__all__ = [
    "MOST_COMMENT_LETTERS",
    "Comment",
    "add_comment",
    "comments_of",
    "followed",
    "is_comment",
]

# A long letter; whoever reviews an edit may be a stranger.
MOST_COMMENT_LETTERS: Final = 4_000
_MOST_COMMENTS: Final = 10_000
_NAME_LETTERS: Final = 60
_COLOR: Final = "orange"
_KEY: Final = "comment"


@dataclass(frozen=True)
class Comment:
    """What a person wrote of a time or a range of an edit.

    Args:
        at: Timeline seconds.
        text: What they wrote.
        author: Who they said they are; empty if they did not.
        written: When, in ISO 8601 with its time zone.
        duration: The seconds of the range; 0 of a time.
    """

    at: Fraction
    text: str
    author: str
    written: str
    duration: Fraction = Fraction(0)


def is_comment(marker: Marker) -> bool:
    """Return whether a marker is a comment."""
    return isinstance(marker.metadata.get(_KEY), dict)


def comments_of(timeline: Timeline) -> Iterator[Comment]:
    """Yield the comments of a timeline in order of time."""
    for marker in filter(is_comment, timeline.markers):
        found: dict[str, Any] = marker.metadata[_KEY]
        text, author, written = (
            str(found.get(name, "")) for name in ("text", "author", "written")
        )
        span = marker.marked_range
        yield Comment(span.start, text, author, written, span.duration)


def add_comment(timeline: Timeline, comment: Comment) -> Timeline:
    """Add a comment to the timeline; markers are kept in order of time.

    Raises:
        TimelineError: It has no text, what is no text, or too much of it, would begin
            before 0, or end before it begins; or there are too many.
    """
    for name in ("text", "author", "written"):
        value = getattr(comment, name)
        if not isinstance(value, str):
            raise TimelineError(
                f"{name}={value!r} of a comment is {kind_of(value)}: give text"
            )
    text = comment.text.strip()
    if not text or len(text) > MOST_COMMENT_LETTERS:
        raise TimelineError(
            Message(
                "a comment has 1 to {most} letters, not {count}",
                most=MOST_COMMENT_LETTERS,
                count=len(text),
            )
        )
    if comment.duration < 0:
        raise TimelineError(
            Message("a comment ends before it begins: give a duration from 0")
        )
    if sum(map(is_comment, timeline.markers)) >= _MOST_COMMENTS:
        raise TimelineError(
            Message(
                "{name} has {most} comments already",
                name=repr(timeline.name),
                most=_MOST_COMMENTS,
            )
        )
    first = text.splitlines()[0]
    is_short = len(first) <= _NAME_LETTERS
    marker = Marker(
        name=first if is_short else f"{first[: _NAME_LETTERS - 1]}…",
        marked_range=TimeRange(comment.at, comment.duration),
        color=_COLOR,
        metadata={
            _KEY: {
                "text": text,
                "author": comment.author.strip(),
                "written": comment.written,
            }
        },
    )
    if fault := next(marker_problems(marker), ""):
        raise TimelineError(fault)
    markers = sorted([*timeline.markers, marker], key=lambda m: m.marked_range.start)
    return replace(timeline, markers=tuple(markers))


def followed(time: Fraction, then: Timeline, now: Timeline) -> Fraction:
    """Return the time at which an edit shows what another copy of it shows at a time.

    The topmost clip at that time is looked for by its id; where it is gone, or shows
    that stretch of its media no more, the time stays.

    Args:
        time: Timeline seconds of the copy.
        then: The copy.
        now: The edit.
    """
    for track in reversed([one for one in then.tracks if one.kind == "video"]):
        number = item_index_at(track, time)
        item = None if number is None else track.items[number]
        if number is None or not isinstance(item, Clip):
            continue
        shown = item.source_range.start + time - range_of(track, number).start
        return _time_of(now, item, shown, otherwise=time)
    return time


def _time_of(
    timeline: Timeline, clip: Clip, shown: Fraction, *, otherwise: Fraction
) -> Fraction:
    for track in timeline.tracks:
        for number, item in enumerate(track.items):
            if not isinstance(item, Clip) or item.id != clip.id:
                continue
            span = item.source_range
            if item.media.label == clip.media.label and span.start <= shown < span.end:
                return range_of(track, number).start + shown - span.start
    return otherwise
