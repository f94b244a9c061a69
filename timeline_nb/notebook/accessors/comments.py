"""`cut.comments`: what people wrote of times and ranges of the edit."""

from html import escape
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from timeline_nb.commands.changing import AddMarker
from timeline_nb.commands.comments import AddComment
from timeline_nb.commands.session import EditSession
from timeline_nb.i18n import Message
from timeline_nb.notebook.compared import EditLike, timeline_of
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike, format_timecode
from timeline_nb.timeline.comments import Comment, comments_of, followed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["Comments"]

_COLUMNS = ["start_s", "duration_s", "text", "author", "written"]
_COLOR: Final = "orange"
_NAME_LETTERS: Final = 60


class Comments:
    """The comments of an edit, in order of time; iterate over them, or count them.

    They are markers, shown on the timeline, and do not become chapters of a film.

    Args:
        session: The edit's session.
        studio: Its limits are used when a project is read.

    Example:
        >>> cut.comments.add("1s", "Shorter, please", author="Ada")
        >>> len(cut.comments), [comment.text for comment in cut.comments]
        (1, ['Shorter, please'])
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._studio = session, studio
        self._resolve = Resolver(session)

    def add(
        self,
        at: TimeLike,
        text: str,
        *,
        duration: TimeLike = 0,
        author: str = "",
        written: str = "",
    ) -> None:
        """Write a comment at a time, or of a range.

        Args:
            at: The time of the edit.
            text: What is written, at most 4,000 letters.
            duration: How long the range is that it is of; 0 of a time.
            author: Who writes it.
            written: When, in ISO 8601; now if not given.

        Raises:
            TimelineError: There is no text, or too much.

        Example:
            >>> cut.comments.add("1s", "Too dark", duration="0.5s", author="Ada")
            >>> [(comment.at, comment.text) for comment in cut.comments]
            [(Fraction(1, 1), 'Too dark')]
        """
        time = self._resolve.time(at)
        length = self._resolve.duration(duration)
        command = AddComment.now(at=time, text=text, author=author, duration=length)
        if written:
            command = replace(command, written=written)
        self._session.perform(command)

    def read(self, edit: EditLike) -> int:
        """Take the comments of another copy of the edit, as one step.

        Those that are here already are left out. A comment follows the clip that it was
        of, where that shows the same picture at another time here.

        Args:
            edit: An edit, a timeline, or the path of a `.tlp` project, such as one
                that came back from a review.

        Returns:
            How many comments are new.

        Raises:
            ProjectError: The project cannot be read.
            TimelineError: It is no edit, or there are too many comments.

        Example:
            >>> other = tl.Edit(timeline=cut.timeline)  # a copy that came back
            >>> other.comments.add("1s", "Too dark", author="Ada")
            >>> cut.comments.read(other)
            1
            >>> [comment.text for comment in cut.comments]
            ['Too dark']
        """
        other = timeline_of(edit, studio=self._studio)
        with self._session.group(Message("read comments")):
            timeline = self._session.timeline
            known = {_key(comment) for comment in self}
            new = [found for found in comments_of(other) if _key(found) not in known]
            for found in new:
                self._session.perform(
                    AddComment(
                        at=followed(found.at, other, timeline),
                        text=found.text,
                        duration=found.duration,
                        author=found.author,
                        written=found.written,
                    )
                )
        return len(new)

    def to_markers(self, *, color: str = _COLOR) -> int:
        """Make a marker of each comment, as one step; the comments stay.

        A marker has the comment's first line as its name, and all of it with its author
        as its note; it is exported and becomes a chapter as others do. Comments that
        have their marker are left out. `cut.markers` lists both, the comment as well as
        its marker, and says which is which.

        Args:
            color: Of the markers.

        Returns:
            How many markers are new.

        Raises:
            TimelineError: The color is none.

        Example:
            >>> cut.comments.add("1s", "Too dark", author="Ada")
            >>> cut.comments.to_markers(color="red")  # how many are new
            1
            >>> cut.markers.to_dataframe()[["name", "color", "comment"]]
                   name   color  comment
            0  Too dark  orange     True
            1  Too dark     red    False
        """
        with self._session.group(Message("markers of comments")):
            there = {
                (marker.marked_range.start, marker.note)
                for marker in self._session.timeline.markers
            }
            made = 0
            for found in list(self):
                note = f"{found.author}: {found.text}" if found.author else found.text
                if (found.at, note) in there:
                    continue
                first = found.text.splitlines()[0] if found.text else "comment"
                self._session.perform(
                    AddMarker(
                        at=found.at,
                        name=first[:_NAME_LETTERS],
                        duration=found.duration,
                        color=color,
                        note=note,
                    )
                )
                made += 1
        return made

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per comment: `start_s`, `duration_s`, `text`, `author` ...

        `written` is a time in UTC, NaT where none is known.

        Example:
            >>> cut.comments.add("1s", "Too dark", author="Ada")
            >>> cut.comments.to_dataframe()[["start_s", "text", "author"]]
               start_s      text author
            0      1.0  Too dark    Ada
        """
        import pandas as pd

        rows = [
            (
                float(found.at),
                float(found.duration),
                found.text,
                found.author,
                found.written,
            )
            for found in self
        ]
        table = pd.DataFrame(rows, columns=_COLUMNS)
        table["written"] = pd.to_datetime(
            table["written"], utc=True, errors="coerce", format="ISO8601"
        )
        return table

    def __iter__(self) -> "Iterator[Comment]":
        return comments_of(self._session.timeline)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        count = len(self)
        return f"<Comments: {count} comment{'s' * (count != 1)}>"

    def _repr_html_(self) -> str:
        rate = self._session.timeline.rate
        rows = []
        for found in self:
            times = [found.at, found.at + found.duration][: 1 + bool(found.duration)]
            clock = " to ".join(format_timecode(time, rate) for time in times)
            cells = clock, found.author, found.text, found.written
            rows.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
        if not rows:
            return "<p>no comments</p>"
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f'<table style="color:inherit"><tbody>{body}</tbody></table>'


def _key(comment: Comment) -> tuple[str, str, str]:
    return comment.author, comment.written, comment.text
