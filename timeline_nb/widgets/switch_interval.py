"""Let waiting threads run sooner while a widget is shown.

Python switches between busy threads every 5 ms, and an answer to the browser takes many
switches. At 1 ms a seek beside a cell in a tight loop takes a third of the time
(`tests/bench/busy.py`).
"""

import sys
from typing import Final

from timeline_nb.core.locks import new_lock

__all__ = ["restore_switch_interval", "shorten_switch_interval"]

_SHORT_S: Final = 0.001
_lock = new_lock("the switch interval")
# How many widgets are shown, and the interval before the first was.
_shown = 0
_before_s = 0.0


def shorten_switch_interval() -> None:
    """Shorten the interpreter's switch interval for a widget that is now shown."""
    global _shown, _before_s  # noqa: PLW0603 - the interpreter has one interval
    with _lock:
        if not _shown:
            _before_s = sys.getswitchinterval()
            sys.setswitchinterval(min(_before_s, _SHORT_S))
        _shown += 1


def restore_switch_interval() -> None:
    """Restore the interval as it was before, once no widget is shown."""
    global _shown  # noqa: PLW0603 - the interpreter has one interval
    with _lock:
        _shown -= 1
        if not _shown:
            sys.setswitchinterval(_before_s)
