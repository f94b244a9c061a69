"""The edit of a timeline that is nested in another edit."""

from typing import Self

from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.commands.session import EditSession
from timeline_nb.notebook.resolve import ClipLike
from timeline_nb.notebook.verbs import Verbs
from timeline_nb.project.document import Project
from timeline_nb.studio import Studio

__all__ = ["NestedVerbs"]


class NestedVerbs(Verbs):
    """The methods of an edit, and of what is nested in it."""

    studio: Studio

    def nested(self, clip: ClipLike) -> Self:
        """Return the edit of the timeline that a clip shows.

        What it changes is a step of this edit's history, and is seen in all clips that
        show the same timeline. Where that becomes shorter than such a clip, its last
        frame stays.

        Raises:
            TimelineError: There is no such clip, or it shows no timeline.

        Example:
            >>> intro = tl.Edit("intro", rate=25, size=(320, 180))
            >>> intro.append(src.clip("7s", "9s"))
            >>> cut.nest(intro, at=0)
            >>> inner = cut.nested("c4")
            >>> inner.split("1s")  # also in what `cut` shows
            >>> len(inner.clips)
            2
        """
        inner = type(self).__new__(type(self))
        session = NestedSession(self.session, (self._resolve.item(clip),))
        inner._begin(session, self.studio, None)  # noqa: SLF001 - its own
        return inner

    def _begin(self, own: EditSession, studio: Studio, project: Project | None) -> None:
        raise NotImplementedError
