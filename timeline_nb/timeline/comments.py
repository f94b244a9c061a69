"""Comments: markers with what a person wrote, by whom and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Marker, Timeline
from timeline_nb.timeline.validate import marker_problems

__all__ = [
    "MOST_COMMENT_LETTERS",
    "Comment",
    "add_comment",
    "comments_of",
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
    """What a person wrote at a time of an edit.

    Args:
        at: Timeline seconds.
        text: What they wrote.
        author: Who they said they are; empty if they did not.
        written: When, in ISO 8601 with its time zone.
    """

    at: Fraction
    text: str
    author: str
    written: str


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
        yield Comment(marker.marked_range.start, text, author, written)


def add_comment(timeline: Timeline, comment: Comment) -> Timeline:
    """Add a comment to the timeline; markers are kept in order of time.

    Raises:
        TimelineError: It has no text, too much of it, or would begin before 0; or there
            are too many.
    """
    text = comment.text.strip()
    if not text or len(text) > MOST_COMMENT_LETTERS:
        raise TimelineError(
            f"a comment has 1 to {MOST_COMMENT_LETTERS} letters, not {len(text)}"
        )
    if sum(map(is_comment, timeline.markers)) >= _MOST_COMMENTS:
        raise TimelineError(f"{timeline.name!r} has {_MOST_COMMENTS} comments already")
    first = text.splitlines()[0]
    is_short = len(first) <= _NAME_LETTERS
    marker = Marker(
        name=first if is_short else f"{first[: _NAME_LETTERS - 1]}…",
        marked_range=TimeRange(comment.at, Fraction(0)),
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
