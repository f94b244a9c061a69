"""`cut.history`: undo and redo, and the steps as code."""

from keyword import iskeyword

from timeline_nb.commands.history import Step
from timeline_nb.commands.script import script_of
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.arguments import whole_number

__all__ = ["EditHistory"]


class EditHistory:
    """The steps of an edit, made by cells or in a widget.

    Args:
        session: The edit's session.

    Example:
        >>> cut.split("1s")
        >>> cut.history
        <history of 3 steps: append, title, split>
        >>> cut.history.undo()
        >>> cut.history.steps
        ['append', 'title']
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session

    @property
    def point(self) -> Step:
        """The current step, from which `script` can begin later.

        Example:
            >>> here = cut.history.point
            >>> cut.split("1s")
            >>> print(cut.history.script(since=here))
            cut.split("25f")
        """
        return self._session.step

    @property
    def steps(self) -> list[str]:
        """The labels of the steps that were made and not undone, the oldest first."""
        return [step.label for step in self._session.steps_made]

    def undo(self) -> None:
        """Undo the last step.

        Raises:
            TimelineError: No step is left.

        Example:
            >>> cut.split("1s")
            >>> cut.history.undo()
            >>> len(cut.clips)
            2
        """
        self._session.undo()

    def redo(self) -> None:
        """Redo the step that was undone last.

        Raises:
            TimelineError: No step is left.

        Example:
            >>> cut.split("1s")
            >>> cut.history.undo()
            >>> cut.history.redo()
            >>> len(cut.clips)
            3
        """
        self._session.redo()

    def go_to(self, number: int) -> None:
        """Go to a step, back or forward: `steps[number - 1]`; 0 is the beginning.

        While others edit, too, it becomes a step of its own, which leaves theirs: your
        steps since are undone, and those that you undid since are redone.

        Raises:
            TimelineError: There is no such step, or all since are of others.

        Example:
            >>> cut.split("1s")
            >>> cut.history.go_to(1)  # as after the first step
            >>> len(cut.clips), cut.history.steps
            (2, ['append'])
        """
        self._session.go_to(whole_number("number", number))

    @property
    def is_saved(self) -> bool:
        """Whether what is shown is in the edit's file, or nothing was done yet.

        Example:
            >>> cut.history.is_saved
            False
            >>> cut.save("saved.tlp", overwrite=True)
            PosixPath('saved.tlp')
            >>> cut.history.is_saved
            True
        """
        return self._session.overview.is_saved

    def script(self, since: Step | None = None, *, name: str = "cut") -> str:
        """Return Python code that makes the same steps.

        Args:
            since: An earlier `cut.history.point`; the beginning if not given.
            name: The variable that holds the edit; a name that Python allows.

        Raises:
            TimelineError: That point was undone, or is more than 1,000 steps ago.

        Example:
            >>> here = cut.history.point
            >>> cut.split("1s")
            >>> cut.set("c1", name="bridge")
            >>> print(cut.history.script(since=here))
            cut.split("25f")
            cut.set('c1', name='bridge')
        """
        if not str(name).isidentifier() or iskeyword(name):
            raise TimelineError(
                f"name={name!r} is no name of a variable: give one such as 'cut'"
            )
        session = self._session
        steps = session.steps_since(since) if since else session.steps_made
        return script_of(steps, rate=session.timeline.rate, name=name)

    def __repr__(self) -> str:
        last = ", ".join(self.steps[-5:]) or "nothing"
        return f"<history of {len(self.steps)} steps: {last}>"
