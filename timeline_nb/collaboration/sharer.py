"""What an edit's journal is to the part that shares the edit."""

from typing import Protocol

from timeline_nb.timeline.model import Timeline

__all__ = ["Sharer"]


class Sharer(Protocol):
    """The edit's journal, as what shares the edit sees it."""

    def saved_state(self) -> tuple[Timeline, str]:
        """Return the timeline of the project's file, and its digest, as known here."""

    def file_digest(self) -> str:
        """Return the digest of the project's file as it is now; empty without one."""

    def keeps_journal(self) -> bool:
        """Return whether the project's journal is written here."""

    def keep_journal(self) -> None:
        """Write the project's journal if nobody else does by now."""

    def follow_instead(self) -> None:
        """Follow who has the project, as long as the edit cannot be shared."""

    def end_following(self) -> Timeline | None:
        """Follow nobody any more; return what was shown of who was followed."""

    def shared_file_is(self, digest: str, timeline: Timeline) -> None:
        """Note what somebody else has written to the project's file."""

    def sharing_changed(self) -> None:
        """Tell who shows the edit that people came or went, or a conflict was found."""
