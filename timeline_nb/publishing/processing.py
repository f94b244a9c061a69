"""Waiting until a platform has processed a film."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.caller import Caller

__all__ = ["until_ready"]

T = TypeVar("T")
_LONGEST_S: Final = 60.0


async def until_ready(caller: Caller, ask: Callable[[], Awaitable[T | None]]) -> T:
    """Ask until there is an answer, with longer and longer pauses.

    Args:
        caller: Its patience says how often, and for how long.
        ask: Returns None while the film is processed.

    Raises:
        PublishError: It takes too long; the upload can go on later.
    """
    patience, caller.stage = caller.patience, "process"
    began, wait_s = time.monotonic(), patience.poll_s
    while (found := await ask()) is None:
        passed = time.monotonic() - began
        if passed > patience.processed_within_s:
            raise PublishError(
                Message(
                    "{title} has the film, and is still processing it after "
                    "{passed} minutes: publish again later, nothing is sent twice",
                    title=caller.title,
                    passed=f"{passed / 60:.0f}",
                )
            )
        caller.reporter.report("process", round(passed), None, unit="s")
        await asyncio.sleep(wait_s)
        wait_s = min(_LONGEST_S, wait_s * 1.5)
    return found
