"""The part of an edit that keeps unsaved steps, and sees who else has its project."""

from timeline_nb.collaboration.autosave import Autosave
from timeline_nb.collaboration.elsewhere import Elsewhere
from timeline_nb.collaboration.recovery import Recovery

__all__ = ["Autosaved"]


class Autosaved:
    """The part of an edit that keeps its steps, and sees who else has its project."""

    _autosave: Autosave

    @property
    def journal(self) -> Autosave:
        """What keeps the steps, for widgets that show the edit.

        :meta private:
        """
        return self._autosave

    def keep_no_steps(self) -> None:
        """Keep the steps no longer, as where each is saved at once.

        :meta private:
        """
        self._autosave.close()

    @property
    def recovery(self) -> Recovery | None:
        """What was not saved when the project was last edited; None if all was.

        Example:
            >>> cut.recovery  # doctest: +SKIP
            <Recovery of 2 steps, the last 'move' at 2026-05-04 12:00:31: V1, clip ...>
        """
        return self._autosave.recovery

    def recover(self) -> None:
        """Take the steps that were not saved into the edit, as one step.

        `undo` takes them back; `save` keeps them.

        Raises:
            ProjectError: There are none: `recovery` is None.

        Example:
            >>> cut = tl.load("street.tlp")  # doctest: +SKIP
            >>> cut.recover()  # doctest: +SKIP
        """
        self._autosave.recover()

    def discard_recovery(self) -> None:
        """Forget the steps that were not saved, and remove them from the disk.

        Example:
            >>> cut.discard_recovery()
            >>> cut.recovery is None
            True
        """
        self._autosave.discard()

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Who else edits the project now, in another notebook; None if nobody does.

        An edit that is shown in an editor follows the other's steps, until a step of
        your own. `save` refuses to write over the project meanwhile, and
        `save("another name")` works. When the other one ends, this edit goes on.

        Example:
            >>> cut.elsewhere is None  # nobody else edits it
            True
        """
        return self._autosave.elsewhere
