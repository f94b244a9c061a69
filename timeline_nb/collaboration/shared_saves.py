"""Which steps the project's file has, of an edit that several kernels save."""

from typing import Final

from timeline_nb.collaboration.replica import Replica
from timeline_nb.collaboration.shared_dues import SharedDue
from timeline_nb.collaboration.shared_fold import Seen
from timeline_nb.collaboration.shared_known import KnownTimelines
from timeline_nb.collaboration.sharer import Sharer

__all__ = ["SharedSaves"]

# The file may be seen later than the word of it, such as on a network's disk.
_MOST_LOOKS: Final = 10


class SharedSaves:
    """What is heard of saves of a shared edit, and what the project's file has.

    Several may save at once: the order of their steps does not tell whose file is there
    now, so it is looked at.

    Args:
        sharer: The edit's journal.
        known: The session's own timelines.
    """

    def __init__(self, sharer: Sharer, known: KnownTimelines) -> None:
        self._sharer, self._known = sharer, known
        self.file_is = ""
        self._heard: set[str] = set()
        self._looks = 0

    def step_of(self, replica: Replica, due: SharedDue, seen: Seen | None) -> bytes:
        """Make a step of a file that has not all steps made here; return its update.

        What another program wrote is merged by all, as what somebody did there.

        Args:
            replica: The shared edit.
            due: The save.
            seen: Which steps the file has, if that is known.

        Raises:
            ProjectError: As of `Replica.add`.
        """
        if due.is_file:
            update = replica.add_file(due.timeline, due.saved, after=self.file_is)
        else:
            update = replica.add_save(due.saved, seen)
        self.hear(replica, due.saved)
        return update

    def hear(self, replica: Replica, *digests: str) -> None:
        """Note that files were written, and take over the one that is there."""
        self._heard.update(digests)
        self._looks = _MOST_LOOKS
        self.look(replica)

    def look(self, replica: Replica) -> None:
        """Take over the file that is there, if it was heard of and was not yet seen."""
        if not self._heard or not self._looks:
            return
        self._looks -= 1
        digest = self._sharer.file_digest()
        if digest not in self._heard:
            return
        self._heard.clear()
        self.file_is = digest
        seen = replica.state_of(digest)
        if seen is not None and digest != self._sharer.saved_state()[1]:
            own = self._known.timeline_of(seen)
            self._sharer.shared_file_is(digest, own or replica.view(seen))
