"""What the history panel shows."""

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.refusal import Text

__all__ = ["HistoryView"]


class HistoryView(Answer, frozen=True, kw_only=True, tag="history"):
    """All steps, the oldest first, also those that were undone.

    `first` is the number of the first label, `now` that of the step that is shown,
    `saved` that of the step in the file, -1 if there is none. `file` is the name of the
    edit's file, empty if it was never saved; `can_save` tells whether it can be.
    """

    first: int
    labels: list[Text]
    now: int
    saved: int
    is_saved: bool
    can_save: bool
    file: str
