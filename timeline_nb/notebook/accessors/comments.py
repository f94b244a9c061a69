"""`cut.comments`: what people wrote at times of the edit."""

from typing import TYPE_CHECKING

from timeline_nb.commands.comments import AddComment
from timeline_nb.commands.session import EditSession
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.comments import Comment, comments_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["Comments"]

_COLUMNS = ["start_s", "text", "author", "written"]


class Comments:
    """The comments of an edit, in order of time; iterate over them, or count them.

    They are markers, shown on the timeline, and do not become chapters of a film.

    Args:
        session: The edit's session.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._resolve = Resolver(session)

    def add(
        self, at: TimeLike, text: str, *, author: str = "", written: str = ""
    ) -> None:
        """Write a comment at a time.

        Args:
            at: The time of the edit.
            text: What is written, at most 4,000 letters.
            author: Who writes it.
            written: When, in ISO 8601; now if not given.

        Raises:
            TimelineError: There is no text, or too much.
        """
        time = self._resolve.time(at)
        command = AddComment.now(at=time, text=text, author=author)
        if written:
            command = AddComment(at=time, text=text, author=author, written=written)
        self._session.perform(command)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per comment: `start_s`, `text`, `author`, `written`.

        `written` is a time in UTC, NaT where none is known.
        """
        import pandas as pd

        rows = [
            (float(found.at), found.text, found.author, found.written) for found in self
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
