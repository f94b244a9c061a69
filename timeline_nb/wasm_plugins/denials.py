"""What plugins asked for and were refused: logged, and listed."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from timeline_nb.core.locks import new_lock

__all__ = ["Denial", "Denials", "printable"]

_log = logging.getLogger(__name__)
_MOST_KEPT: Final = 200
_MOST_LETTERS: Final = 300


def printable(text: str, most: int = _MOST_LETTERS) -> str:
    """Return a plugin's text without line breaks and control characters, cut short.

    A message that has none, and is short, stays one.
    """
    if text.isprintable() and len(text) <= most:
        return text
    shown = "".join(one if one.isprintable() else "·" for one in text[:most])
    return shown + "…" * (len(text) > most)


@dataclass(frozen=True)
class Denial:
    """A refusal.

    Args:
        at: When, the last time.
        plugin: The plugin's id.
        what: What it asked for.
        reason: Why it was refused, and what would allow it.
        times: How often, one after another.
    """

    at: datetime
    plugin: str
    what: str
    reason: str
    times: int = 1


class Denials:
    """The last 200 refusals; those that repeat are one.

    Args:
        added: Called with the id of each plugin that is refused something.
    """

    def __init__(self, added: Callable[[str], object] = lambda _: None) -> None:
        self._added = added
        self._lock = new_lock("denials of plugins")
        self._kept: deque[Denial] = deque(maxlen=_MOST_KEPT)

    def add(self, plugin: str, what: str, reason: str) -> None:
        """Note a refusal, and log it unless it repeats the one before."""
        what, reason = printable(what), printable(reason)
        new = Denial(datetime.now(UTC), plugin, what, reason)
        with self._lock:
            last = self._kept[-1] if self._kept else None
            is_again = last is not None and (
                (last.plugin, last.what, last.reason) == (plugin, what, reason)
            )
            if last is not None and is_again:
                self._kept[-1] = replace(last, at=new.at, times=last.times + 1)
            else:
                self._kept.append(new)
        if not is_again:
            _log.warning("the plugin %s was refused %s: %s", plugin, what, reason)
        self._added(plugin)

    def all(self, plugin: str | None = None) -> list[Denial]:
        """Return the refusals, of one plugin or of all, the last one last."""
        with self._lock:
            kept = list(self._kept)
        return [one for one in kept if plugin in {None, one.plugin}]
