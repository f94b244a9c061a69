"""The files of installed plugins and of grants: their names, and when they change."""

import os
from collections.abc import Hashable
from pathlib import Path
from typing import Final

__all__ = ["GRANTS_NAME", "INDEX_NAME", "index_state", "rights_state"]

# In the folder of plugins.
INDEX_NAME: Final = "installed.json"
GRANTS_NAME: Final = "grants.json"


def index_state(folder: Path) -> Hashable:
    """Return what changes when the list is written; None if there is none.

    Args:
        folder: Of plugins.
    """
    return _state(f"{folder}{os.sep}{INDEX_NAME}")


def rights_state(folder: Path) -> Hashable:
    """Return what changes when plugins are installed, removed, granted or revoked.

    Args:
        folder: Of plugins.
    """
    # Asked for at each call: to join a `Path` takes as long as to look at the file.
    start = f"{folder}{os.sep}"
    return _state(start + INDEX_NAME), _state(start + GRANTS_NAME)


def _state(path: str) -> Hashable:
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for at each look-up and call
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
