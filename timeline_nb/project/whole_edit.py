"""An edit with what is kept for the editor beside it, as one value: for journals.

A journal compares, shares and writes timelines alone. What lies beside one travels in
its metadata there, under a name of its own, and never reaches the edit.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.errors import ProjectError
from timeline_nb.project.editor_state import editor_state_of
from timeline_nb.timeline.model import Timeline

__all__ = ["parts_of", "whole_of"]

_NAME: Final = "timeline_nb: kept for the editor"


def whole_of(timeline: Timeline, editor: Mapping[str, Any]) -> Timeline:
    """Return a timeline with the fields that are kept beside it; itself without any."""
    if not editor:
        return timeline
    return replace(timeline, metadata={**timeline.metadata, _NAME: dict(editor)})


def parts_of(whole: Timeline) -> tuple[Timeline, Mapping[str, Any]]:
    """Return the timeline, and the fields beside it; none if they cannot be used."""
    if _NAME not in whole.metadata:
        return whole, {}
    metadata = {name: one for name, one in whole.metadata.items() if name != _NAME}
    timeline, editor = replace(whole, metadata=metadata), whole.metadata[_NAME]
    try:
        if isinstance(editor, dict):
            editor_state_of(editor)
            return timeline, editor
    except ProjectError:
        # A journal may be anybody's: its steps are there all the same.
        pass
    return timeline, {}
