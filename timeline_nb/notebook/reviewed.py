"""The part of an edit that has to do with review: comments, and the widget for them."""

from functools import cached_property
from typing import TYPE_CHECKING

from timeline_nb.commands.session import EditSession
from timeline_nb.notebook.accessors.comments import Comments
from timeline_nb.studio import Studio

if TYPE_CHECKING:
    from timeline_nb.widgets.review import Review

__all__ = ["Reviewed"]


class Reviewed:
    """Comments of an edit, and a widget that plays it and takes more."""

    session: EditSession
    studio: Studio

    @cached_property
    def comments(self) -> Comments:
        """What people wrote at times of the edit, as a table too.

        Example:
            >>> cut.comments.add("1s", "Shorter, please", author="Ada")
            >>> [comment.text for comment in cut.comments]
            ['Shorter, please']
        """
        return Comments(self.session, self.studio)

    def review(self) -> "Review":
        """Return a widget that plays the edit, shows its comments and takes more.

        It changes nothing else. For people without Jupyter, `timeline-nb serve
        --read-only` in a terminal serves the same.

        Raises:
            FileNotFoundError: The front end was not built.

        Example:
            >>> cut.comments.add("1s", "Shorter, please")
            >>> cut.review()  # a cell shows the player with the comments
            <Review of 'traffic'>
        """
        from timeline_nb.widgets.review import Review

        return Review(self.session, studio=self.studio)
