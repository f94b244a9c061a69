"""`cut.history`: undo and redo, the steps as code, and named versions."""

from typing import TYPE_CHECKING

from timeline_nb.commands.history import Step
from timeline_nb.commands.script import script_of
from timeline_nb.commands.session import EditSession
from timeline_nb.core.tables import table_of
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.compare import compare
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EditHistory"]


class EditHistory:
    """What was done to an edit, by cell or by mouse.

    Args:
        session: The edit's.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._versions: dict[str, Timeline] = {}

    @property
    def point(self) -> Step:
        """Now: a point that `script` can begin at later."""
        return self._session.step

    @property
    def steps(self) -> list[str]:
        """The labels of all that was done and not undone, the oldest first."""
        return [step.label for step in self._session.steps_made]

    def undo(self) -> None:
        """Take the last step back.

        Raises:
            TimelineError: There is none.
        """
        self._session.undo()

    def redo(self) -> None:
        """Make the step again that was last taken back.

        Raises:
            TimelineError: There is none.
        """
        self._session.redo()

    def script(self, since: Step | None = None, *, name: str = "cut") -> str:
        """Return Python that does again what was done.

        Args:
            since: A point kept from `cut.history.point`; the beginning if not given.
            name: The variable that holds the edit.

        Raises:
            TimelineError: That point was undone since.
        """
        session = self._session
        steps = session.steps_since(since) if since else session.steps_made
        return script_of(steps, rate=session.timeline.rate, name=name)

    def save_version(self, name: str) -> None:
        """Keep the edit as it is now under a name, as long as the notebook runs.

        A version of the same name is replaced.
        """
        if not name:
            raise TimelineError("a version needs a name")
        self._versions[name] = self._session.timeline

    @property
    def versions(self) -> list[str]:
        """The names of the versions that were kept, the oldest first."""
        return list(self._versions)

    def compare(self, version: str, other: str | None = None) -> "pd.DataFrame":
        """Return what changed from one version to another: one row a change.

        Columns are `kind`, `what`, `name`, `track`, `field`, `before` and `after`.

        Args:
            version: The name of the earlier one.
            other: The name of the later one; the edit now if not given.

        Raises:
            TimelineError: There is no such version.
        """
        new = self._session.timeline if other is None else self._version(other)
        changes = compare(self._version(version), new)
        columns = ["kind", "what", "name", "track", "field", "before", "after"]
        return table_of([change.to_row() for change in changes], columns)

    def restore(self, version: str) -> None:
        """Go back to a version; one step, which `undo` takes back.

        Raises:
            TimelineError: There is no such version.
        """
        timeline = self._version(version)
        self._session.apply(f"restore {version}", lambda _: timeline)

    def _version(self, name: str) -> Timeline:
        if name not in self._versions:
            known = ", ".join(map(repr, self._versions)) or "none"
            raise TimelineError(f"there is no version {name!r}; there are {known}")
        return self._versions[name]

    def __repr__(self) -> str:
        last = ", ".join(self.steps[-5:]) or "nothing"
        return f"<history of {len(self.steps)} steps: {last}>"
