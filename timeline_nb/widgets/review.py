"""The review widget: plays an edit, shows its comments and takes new ones."""

from collections.abc import Callable
from typing import Any

from timeline_nb.commands.comments import AddComment
from timeline_nb.commands.session import EditSession
from timeline_nb.studio import Studio
from timeline_nb.widgets.comments_part import CommentsPart
from timeline_nb.widgets.player import Player
from timeline_nb.widgets.requests import (
    AddCommentRequest,
    ByeRequest,
    CodeRequest,
    FramesRequest,
    HelloRequest,
    MoreRequest,
    PingRequest,
    PlayRequest,
    SoundRequest,
    StopRequest,
)
from timeline_nb.widgets.settings_requests import AskSettingsRequest
from timeline_nb.widgets.source import HasSession, session_of, studio_of

__all__ = ["Review"]


class Review(Player):
    """Plays an edit, shows its comments and takes new ones, and no other change.

    Args:
        edit: The edit, or its session.
        studio: Its caches are used; the edit's studio if not given.
        add: Performs the command of a new comment; the edit's session if not given.

    Attributes:
        playhead: Seconds; can be set, observed and linked like any trait.
        frame: The number of the frame that is shown.
        playing: Whether it plays.

    Raises:
        FileNotFoundError: The front end was not built.
        TimelineError: It is no edit.

    Example:
        >>> review = tl.Review(cut)  # a cell shows it
        >>> review
        <Review of 'traffic'>
    """

    front_end = "review"

    def __init__(
        self,
        edit: EditSession | HasSession,
        *,
        studio: Studio | None = None,
        add: Callable[[AddComment], object] | None = None,
    ) -> None:
        session: Any = session_of(edit)
        super().__init__(session, studio=studio_of(edit, studio))
        self._comments = CommentsPart(self.post, session, add)
        self._assemble(self._player, self._comments, self._settings)
        # Here, where no page has a say in it.
        self.allow_only(
            {
                *(HelloRequest, PingRequest, ByeRequest, CodeRequest),
                *(FramesRequest, PlayRequest, MoreRequest, StopRequest, SoundRequest),
                *(AddCommentRequest, AskSettingsRequest),
            }
        )
