"""What was done in a kernel and is not shared yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from timeline_nb.collaboration.keeper import TurnEnd
from timeline_nb.timeline.model import Timeline

__all__ = ["SharedDue", "waited_for"]


@dataclass(frozen=True)
class SharedDue:
    """A step that was made here, or a save.

    Args:
        label: The step's label.
        timeline: The timeline after it, or that was saved.
        saved: The digest of the file that was written; empty of a step.
        is_file: Whether another program wrote the file.
        done: Says when it is shared.
    """

    label: str
    timeline: Timeline
    saved: str = ""
    is_file: bool = False
    done: TurnEnd = field(default_factory=TurnEnd)


def waited_for(dues: "SimpleQueue[SharedDue]", wait_s: float) -> Iterator[SharedDue]:
    """Yield all that waits, the first once it is there or so many seconds passed."""
    try:
        yield dues.get(timeout=wait_s) if wait_s else dues.get_nowait()
        while True:
            yield dues.get_nowait()
    except Empty:
        return
