"""Where an edit is saved, and what is known of that file."""

from dataclasses import dataclass
from pathlib import Path

from timeline_nb.project.journal import journal_path

__all__ = ["ProjectPlace"]

# Names of files have so many bytes at most; a journal's has ten more than its project.
_MOST_NAME_BYTES = 255


@dataclass
class ProjectPlace:
    """The file of an edit.

    Args:
        path: The project's file; None if the edit was never saved.
        digest: The file's digest as it was last read or written here.
    """

    path: Path | None = None
    digest: str | None = None

    @property
    def journal(self) -> Path | None:
        """Where the edit's journal belongs; None where no file can have the name."""
        if self.path is None:
            return None
        found = journal_path(self.path)
        fits = len(found.name.encode(errors="surrogateescape")) <= _MOST_NAME_BYTES
        return found if fits else None
