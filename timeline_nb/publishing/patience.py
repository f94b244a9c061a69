"""How long to wait before a request is sent again."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["Patience", "retry_after_s"]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often a request is sent again, and after what time.

    The waiting time doubles from one attempt to the next, and is drawn between its half
    and its whole, so that many clients do not come back at one moment ("equal jitter",
    Amazon Builders' Library, Timeouts, retries and backoff with jitter).

    Args:
        attempts: How many in a row may fail without progress.
        first_s: The first waiting time.
        most_s: The longest one that is not asked for.
        longest_asked_s: The longest that a server may ask for; a longer one ends the
            upload with a word of when to go on.
        silence_s: How long a server may say nothing, or take no byte.
        poll_s: How often it is asked whether the film was processed.
        processed_within_s: How long that may take.
        chance: Draws from 0 to 1.
    """

    attempts: int = 8
    first_s: float = 1.0
    most_s: float = 64.0
    longest_asked_s: float = 600.0
    silence_s: float = 120.0
    poll_s: float = 5.0
    processed_within_s: float = 900.0
    chance: Callable[[], float] = random.random

    def wait_s(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row, 1 or more."""
        whole = min(self.most_s, self.first_s * 2.0 ** (failures - 1))
        return float(whole / 2 + whole / 2 * self.chance())


def retry_after_s(value: str | None) -> float | None:
    """Return what a header `Retry-After` asks for in seconds; None if it asks nothing.

    It holds seconds or a date (RFC 9110, 10.2.3).
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
