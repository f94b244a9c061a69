"""What is known of steps that were not saved, and of who else edits the project."""

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.refusal import Text

__all__ = ["JournalView"]


class JournalView(Answer, frozen=True, kw_only=True, tag="journal"):
    """Steps that can be recovered, and who else has the project.

    `steps` is how many were not saved, 0 if none; `at_s` when the last was made, in
    seconds since 1970, `label` its label, and `changes` what they changed, a line each.
    `who` edits the project elsewhere since `since_s`; empty if nobody does. `place` has
    the names of the machine and the notebook. `is_followed` tells whether those steps
    are shown here as they are made, and `is_shared` whether steps that are made here
    are shown there, too. `conflicts` are what several people changed at once, a line
    each: what holds, and what does not.
    """

    steps: int
    at_s: float
    label: Text
    changes: list[Text]
    who: Text
    place: str
    since_s: float
    is_followed: bool
    is_shared: bool
    conflicts: list[Text]
