"""Requests about one file, to a process that may be lost and replaced."""

import pickle
from collections.abc import Callable
from typing import Final, TypeVar

from timeline_nb.access.use import scope_in_use
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.apart.broken import BrokenFiles
from timeline_nb.media.apart.failures import OUT_OF_MEMORY, error_of
from timeline_nb.media.apart.messages import (
    Answer,
    Failed,
    OpenSound,
    OpenVideo,
    UseScope,
)
from timeline_nb.media.apart.pool import POOL, Lease
from timeline_nb.media.apart.process import DecoderLostError, DecoderProcess, Loss

__all__ = ["Session", "checked"]

T = TypeVar("T")
# A process may be ended by others: what breaks it does so again.
_MOST_LOST: Final[dict[Loss, int]] = {"crashed": 2, "killed": 4, "ended": 4}


class Session:
    """A file in a process apart; not thread-safe.

    Args:
        path: The file, as its errors name it.
        broken: Remembers files that break their decoder.
        opening: Makes the request that opens it; None for whole answers.
    """

    def __init__(
        self,
        path: str,
        broken: BrokenFiles,
        opening: Callable[[DecoderProcess], OpenVideo | OpenSound] | None = None,
    ) -> None:
        self.path = path
        self._broken, self._opening = broken, opening
        self._lease = Lease()
        self._scope = scope_in_use()

    def perform(self, work: Callable[[DecoderProcess], T]) -> T:
        """Call `work` with a process that has the file open.

        Args:
            work: Called with the process; once more, after the file was opened anew,
                if the process is lost meanwhile.

        Raises:
            MediaError: The file cannot be opened, or breaks its decoder; or what
                `work` raises.
        """
        lost = 0
        while True:
            try:
                with POOL.lent(self._lease) as (process, is_new):
                    if is_new:
                        self._broken.check(self.path)
                        process.send(UseScope(scope=pickle.dumps(self._scope)))
                    if is_new and self._opening is not None:
                        checked(process.ask(self._opening(process)), self.path)
                    return work(process)
            except DecoderLostError as error:
                lost += 1
                if lost >= _MOST_LOST.get(error.loss, 1):
                    raise self._error(error, lost) from None

    def close(self) -> None:
        """Give the process back."""
        POOL.give_back(self._lease)

    def _error(self, lost: DecoderLostError, count: int) -> MediaError:
        if lost.loss in {"killed", "ended"}:
            return MediaError(
                Message(
                    "{path} cannot be decoded now: its decoder, in a process apart, "
                    "was ended {count} times ({why}): try again",
                    path=self.path,
                    count=count,
                    why=lost,
                )
            )
        return self._broken.add(self.path, str(lost))


def checked(answer: Answer, path: str) -> Answer:
    """Return an answer that is no failure.

    Args:
        answer: The answer.
        path: The file, which an error names.

    Raises:
        TimelineNbError: It is a failure, of that kind.
        DecoderLostError: The process has not enough memory.
    """
    if not isinstance(answer, Failed):
        return answer
    if answer.kind == OUT_OF_MEMORY:
        raise DecoderProcess.too_large()
    raise error_of(answer, path)
