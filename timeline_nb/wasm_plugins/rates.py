"""How often a plugin may do something."""

import time
from collections.abc import Callable

from timeline_nb.core.locks import new_lock

__all__ = ["RateLimit"]


class RateLimit:
    """Allows so many steps a second, and as many at once after a second of rest.

    Args:
        per_s: Steps a second.
        now: The clock, in seconds.
    """

    def __init__(self, per_s: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_s, self._now = per_s, now
        self._lock = new_lock("a rate limit")
        self._left, self._at = float(per_s), now()

    def take(self) -> bool:
        """Return whether one more step is allowed now, and count it if so."""
        with self._lock:
            now = self._now()
            more = (now - self._at) * self._per_s
            self._left, self._at = min(self._per_s, self._left + more), now
            if self._left < 1:
                return False
            self._left -= 1
            return True
