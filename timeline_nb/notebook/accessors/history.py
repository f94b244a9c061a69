"""`cut.history`: undo and redo, the steps as code, and named versions."""

from keyword import iskeyword
from typing import TYPE_CHECKING

from timeline_nb.commands.history import Step
from timeline_nb.commands.script import script_of
from timeline_nb.commands.session import EditSession
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.comparing.difference import Diff
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EditHistory"]


class EditHistory:
    """The steps of an edit, made by cells or in a widget.

    Args:
        session: The edit's session.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
        self._versions: dict[str, Timeline] = {}

    @property
    def point(self) -> Step:
        """The current step, from which `script` can begin later."""
        return self._session.step

    @property
    def steps(self) -> list[str]:
        """The labels of the steps that were made and not undone, the oldest first."""
        return [step.label for step in self._session.steps_made]

    def undo(self) -> None:
        """Undo the last step.

        Raises:
            TimelineError: No step is left.
        """
        self._session.undo()

    def redo(self) -> None:
        """Redo the step that was undone last.

        Raises:
            TimelineError: No step is left.
        """
        self._session.redo()

    def go_to(self, number: int) -> None:
        """Go to a step, back or forward: `steps[number - 1]`; 0 is the beginning.

        Raises:
            TimelineError: There is no such step.
        """
        self._session.go_to(number)

    @property
    def is_saved(self) -> bool:
        """Whether what is shown is in the edit's file, or nothing was done yet."""
        return self._session.overview.is_saved

    def script(self, since: Step | None = None, *, name: str = "cut") -> str:
        """Return Python code that makes the same steps.

        Args:
            since: An earlier `cut.history.point`; the beginning if not given.
            name: The variable that holds the edit; a name that Python allows.

        Raises:
            TimelineError: That point was undone, or is more than 1,000 steps ago.
        """
        if not str(name).isidentifier() or iskeyword(name):
            raise TimelineError(
                f"name={name!r} is no name of a variable: give one such as 'cut'"
            )
        session = self._session
        steps = session.steps_since(since) if since else session.steps_made
        return script_of(steps, rate=session.timeline.rate, name=name)

    def save_version(self, name: str) -> None:
        """Keep the current timeline under a name, until the kernel stops.

        A version with the same name is replaced.
        """
        if not name:
            raise TimelineError("name='': give the version a name, such as 'v1'")
        self._versions[name] = self._session.timeline

    @property
    def versions(self) -> list[str]:
        """The names of the saved versions, the oldest first."""
        return list(self._versions)

    def compare(self, version: str, other: str | None = None) -> "pd.DataFrame":
        """Return what changed from one version to another: one row per change.

        Columns are `where`, `what`, `before`, `after` and `frames`.

        Args:
            version: The name of the earlier one.
            other: The name of the later one; the current timeline if not given.

        Raises:
            TimelineError: There is no such version.
        """
        new = self._session.timeline if other is None else self._version(other)
        return Diff(self._version(version), new).to_dataframe()

    def restore(self, version: str) -> None:
        """Restore a version; one step of the history, which `undo` takes back.

        Raises:
            TimelineError: There is no such version.
        """
        timeline = self._version(version)
        self._session.apply(f"restore {version}", lambda _: timeline)

    def _version(self, name: str) -> Timeline:
        if name not in self._versions:
            raise TimelineError(
                f"there is no version {name!r}{suggestion(name, self._versions)}"
            )
        return self._versions[name]

    def __repr__(self) -> str:
        last = ", ".join(self.steps[-5:]) or "nothing"
        return f"<history of {len(self.steps)} steps: {last}>"
