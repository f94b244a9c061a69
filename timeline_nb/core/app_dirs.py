"""Where the package keeps what it may lose: caches under one folder a user."""

import os
from pathlib import Path

from platformdirs import user_cache_path

__all__ = ["CACHE_VARIABLE", "cache_dir"]

CACHE_VARIABLE = "TIMELINE_NB_CACHE_DIR"


def cache_dir() -> Path:
    """The folder for caches; the environment's `TIMELINE_NB_CACHE_DIR` wins."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else user_cache_path("timeline_nb", appauthor=False)
