"""Where the package keeps things: what it may lose, and what a person added."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

__all__ = ["CACHE_VARIABLE", "DATA_VARIABLE", "cache_dir", "data_dir"]

CACHE_VARIABLE = "TIMELINE_NB_CACHE_DIR"
DATA_VARIABLE = "TIMELINE_NB_DATA_DIR"


def cache_dir() -> Path:
    """The folder for caches; the environment's `TIMELINE_NB_CACHE_DIR` wins."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else user_cache_path("timeline_nb", appauthor=False)


def data_dir() -> Path:
    """The folder for what a person added; `TIMELINE_NB_DATA_DIR` wins."""
    chosen = os.environ.get(DATA_VARIABLE)
    return Path(chosen) if chosen else user_data_path("timeline_nb", appauthor=False)
