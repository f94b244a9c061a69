"""Send an edit's comments, and take new ones."""

from collections.abc import Callable

from timeline_nb.commands.comments import AddComment
from timeline_nb.commands.session import EditSession
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.comments import comments_of
from timeline_nb.timeline.model import Timeline
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import CommentsView, CommentView
from timeline_nb.widgets.channel import Handler, Part, SendAnswer

__all__ = ["CommentsPart"]


class CommentsPart(Part):
    """Sends an edit's comments when they change, and adds those of views.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        add: Performs the command of a new comment; the session if not given.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        add: Callable[[AddComment], object] | None = None,
    ) -> None:
        super().__init__(post)
        self._session = session
        self._perform = add or session.perform

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handler of comments."""
        return {ask.AddCommentRequest: self._add}

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)

    def stop(self) -> None:
        """Disconnect from the edit's changes."""
        self._session.changed.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view all comments."""
        self._turns.run(("comments", view), lambda: self._send(view))

    def _follow(self, old: Timeline, new: Timeline) -> None:
        if old.markers != new.markers:
            self._turns.run(("comments", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        found = [
            CommentView(
                at_s=float(comment.at),
                duration_s=float(comment.duration),
                author=comment.author,
                text=comment.text,
                written=comment.written,
            )
            for comment in comments_of(self._session.timeline)
        ]
        self._post(CommentsView(view=view, comments=found))

    def _add(self, request: ask.AddCommentRequest) -> None:
        timeline = self._session.timeline
        # On frames, as all that the player shows.
        at, length = (
            frame_time(round(seconds * timeline.rate), timeline.rate)
            for seconds in (request.at_s, request.duration_s)
        )
        self._perform(
            AddComment.now(
                at=at, text=request.text, author=request.author, duration=length
            )
        )
