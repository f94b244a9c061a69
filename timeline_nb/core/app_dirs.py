"""The folders of the package: caches that may be deleted, and data of the user."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

__all__ = ["CACHE_VARIABLE", "DATA_VARIABLE", "cache_dir", "data_dir"]

CACHE_VARIABLE = "TIMELINE_NB_CACHE_DIR"
DATA_VARIABLE = "TIMELINE_NB_DATA_DIR"


def cache_dir() -> Path:
    """Return the cache folder; the variable `TIMELINE_NB_CACHE_DIR` wins."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else user_cache_path("timeline_nb", appauthor=False)


def data_dir() -> Path:
    """Return the folder of user data; `TIMELINE_NB_DATA_DIR` wins."""
    chosen = os.environ.get(DATA_VARIABLE)
    return Path(chosen) if chosen else user_data_path("timeline_nb", appauthor=False)
