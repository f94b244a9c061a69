"""Watches the locks of the package; imported before anything of it."""

import os
from typing import Final

ARE_WATCHED: Final = True
os.environ["TIMELINE_NB_WATCH_LOCKS"] = "1"


def faults() -> list[str]:
    """What was found since the last call; empty where all locks were in order."""
    from timeline_nb.core.locks import LOCK_ORDER

    assert LOCK_ORDER is not None, "the package was imported first"
    return LOCK_ORDER.take_faults()
