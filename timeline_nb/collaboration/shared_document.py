"""The document that several kernels share: a list of steps, joined by pycrdt.

Whatever order updates come in, and however often, all who have the same updates have
the same list, in which each step comes after those that its author had seen.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from timeline_nb.errors import ProjectError

if TYPE_CHECKING:
    from pycrdt import Array

__all__ = ["MAX_UPDATE_BYTES", "SharedDocument", "can_share"]

MAX_UPDATE_BYTES: Final = 256_000_000
_STEPS: Final = "steps"


def can_share() -> bool:
    """Return whether pycrdt is installed, which comes with jupyter-collaboration."""
    return find_spec("pycrdt") is not None


class SharedDocument:
    """A list of steps; it is used on the thread that made it alone.

    Raises:
        ProjectError: The extra `collaboration` is not installed.
    """

    def __init__(self) -> None:
        try:
            import pycrdt
        except ImportError as error:
            raise ProjectError(
                "a shared edit needs pycrdt: pip install 'timeline-nb[collaboration]'"
            ) from error
        self._doc: pycrdt.Doc[Array[bytes]] = pycrdt.Doc()
        self._steps: Array[bytes] = self._doc.get(_STEPS, type=pycrdt.Array)

    def add(self, record: bytes) -> bytes:
        """Add a step at the end; return the update that adds it elsewhere."""
        before = self._doc.get_state()
        self._steps.append(record)
        return self._doc.get_update(before)

    def take(self, update: bytes, where: str) -> None:
        """Take an update of somebody else.

        Args:
            update: The update.
            where: Names its file for messages.

        Raises:
            ProjectError: It is none, or too large.
        """
        if len(update) > MAX_UPDATE_BYTES:
            raise ProjectError(f"{where} has an update of {len(update):,} bytes")
        try:
            self._doc.apply_update(update)
        except (ValueError, RuntimeError) as error:
            words = str(error).partition("\n")[0][:200]
            raise ProjectError(
                f"{where} has no update of a document: {words}"
            ) from None

    def whole(self) -> bytes:
        """Return one update that makes all of the document."""
        return self._doc.get_update()

    def records(self) -> list[bytes]:
        """Return the steps in their order; what is no text of a step is left out."""
        return [bytes(one) for one in self._steps if isinstance(one, bytes | bytearray)]
