"""The part of an edit that keeps unsaved steps, and sees who else has its project."""

from typing import TYPE_CHECKING, Final

from timeline_nb.collaboration.autosave import Autosave
from timeline_nb.collaboration.elsewhere import Elsewhere
from timeline_nb.collaboration.recovery import Recovery
from timeline_nb.core.tables import table_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Autosaved"]

_COLUMNS: Final = ("where", "what", "base", "ours", "theirs")


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
            >>> cut.recovery is None  # all steps were saved, or nobody left any
            True
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

        Where both are shown in an editor and the extra `collaboration` is installed,
        both edit together: see `share`. Else an edit that is shown follows the other's
        steps, until a step of your own. `save` refuses to write over the project
        meanwhile, and `save("another name")` works. When the other one ends, this edit
        goes on.

        Example:
            >>> cut.elsewhere is None  # nobody else edits it
            True
        """
        return self._autosave.elsewhere

    def share(self) -> None:
        """Edit together with whoever else has the project open, and shares it.

        Editors of the same project do so by themselves where the extra `collaboration`
        is installed; a script asks for it. Each step is seen in the other kernels
        within moments. Independent changes join. Of changes to the same thing, that
        which stands first in the common order holds, the same everywhere;
        `shared_conflicts` lists the others. `undo` takes back your own steps alone, and
        whoever saves saves for all.

        Raises:
            ProjectError: The edit was never saved, the extra is not installed, or who
                has the project open does not share it.

        Example:
            >>> cut.share()  # doctest: +SKIP
            >>> cut.people  # doctest: +SKIP
            [<Elsewhere: ada on studio-2 in street.ipynb since 12:00:05, shared>]
        """
        self._autosave.share()

    @property
    def people(self) -> list[Elsewhere]:
        """Who else edits together with you now, by `share`; empty if nobody does."""
        return list(self._autosave.people)

    @property
    def shared_conflicts(self) -> "pd.DataFrame":
        """What several people changed at once, each in their way; by `share`.

        Columns: `where`, `what`, `base`, `ours`, which holds everywhere, and `theirs`,
        which does not: make that change again if it is the better one.

        Example:
            >>> cut.shared_conflicts.columns.tolist()
            ['where', 'what', 'base', 'ours', 'theirs']
        """
        one = self._autosave.sharing
        rows = () if one is None else one.conflicts
        return table_of(
            [{name: getattr(row, name) for name in _COLUMNS} for row in rows], _COLUMNS
        )
