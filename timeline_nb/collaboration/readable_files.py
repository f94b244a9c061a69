"""Keep which files an edit may read, for who opens its journal after a kill."""

from timeline_nb.access.scope import Scope
from timeline_nb.collaboration.recovery import known_key
from timeline_nb.compose.file_uses import file_uses
from timeline_nb.project.known import KnownProjects
from timeline_nb.timeline.model import Timeline

__all__ = ["ReadableFiles"]


class ReadableFiles:
    """The files of an edit that were allowed, kept on this machine alone.

    They are kept under a key of the journal that nobody guesses, so that a journal from
    elsewhere gives no right to read anything.

    Args:
        known: Keeps them.
        scope: What may be read.
        key: The journal's.
    """

    def __init__(self, known: KnownProjects, scope: Scope, key: str) -> None:
        self._known, self._scope, self.key = known, scope, key
        self._noted: set[str] = set()

    def note(self, part: Timeline, whole: Timeline) -> None:
        """Keep the files of an edit, if a part of it has any that were not kept."""
        paths = {use.path for use in file_uses(part)} - self._noted
        if paths:
            self._noted |= paths
            self._known.note(known_key(self.key), whole, self._scope)
