"""Labels of the history's steps, as the page shows them in its reader's language."""

from typing import Final

from timeline_nb.i18n import Message
from timeline_nb.widgets.refusal import Text, said

__all__ = ["step_label"]

# What `versions.restore` calls its step, before the version's name.
_RESTORED: Final = "restore "


def step_label(label: str) -> Text:
    """Return the label of a step: one without a name in it is looked up by the page."""
    if not label.startswith(_RESTORED):
        return label
    version = label.removeprefix(_RESTORED)
    return said(Message("restore {version}", version=version))
