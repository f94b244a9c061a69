"""The file that lists the installed plugins: its name, and whether it changed."""

import os
from collections.abc import Hashable
from pathlib import Path
from typing import Final

__all__ = ["INDEX_NAME", "index_state"]

# In the folder of plugins.
INDEX_NAME: Final = "installed.json"


def index_state(folder: Path) -> Hashable:
    """Return what changes when the list is written; None if there is none.

    Args:
        folder: Of plugins.
    """
    try:
        found = os.stat(folder / INDEX_NAME)  # noqa: PTH116 - asked for at each look-up
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
