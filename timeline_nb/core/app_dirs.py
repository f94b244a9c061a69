"""The folders of the package: caches that may be deleted, and data of the user."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from timeline_nb.core.file_errors import reason_of
from timeline_nb.core.locks import new_lock
from timeline_nb.core.user_warnings import warn_user
from timeline_nb.errors import TimelineNbError

__all__ = [
    "CACHE_VARIABLE",
    "DATA_VARIABLE",
    "cache_dir",
    "cache_refusal",
    "cached_if_possible",
    "data_dir",
    "warn_unwritable",
]

CACHE_VARIABLE = "TIMELINE_NB_CACHE_DIR"
DATA_VARIABLE = "TIMELINE_NB_DATA_DIR"
_ADVICE = (
    "free space there, make it writable, or choose another folder by "
    f"{CACHE_VARIABLE} or tl.Settings(cache_dir=...)"
)
_lock = new_lock("cache warnings")
_warned: set[Path] = set()


def cache_dir() -> Path:
    """Return the cache folder; the variable `TIMELINE_NB_CACHE_DIR` wins."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else user_cache_path("timeline_nb", appauthor=False)


def data_dir() -> Path:
    """Return the folder of user data; `TIMELINE_NB_DATA_DIR` wins."""
    chosen = os.environ.get(DATA_VARIABLE)
    return Path(chosen) if chosen else user_data_path("timeline_nb", appauthor=False)


def cache_refusal(
    folder: Path,
    error: OSError | MemoryError,
    *,
    verb: str = "written",
    outcome: str = "",
) -> str:
    """Return a message about a cache folder that cannot be used, with ways out.

    Args:
        folder: The cache folder.
        error: Why.
        verb: What cannot be done with it.
        outcome: What happens now; the work stops if empty.
    """
    what = f"{outcome}; " if outcome else ""
    return (
        f"the cache folder {folder} cannot be {verb} ({reason_of(error)}): "
        f"{what}{_ADVICE}"
    )


@contextmanager
def cached_if_possible(folder: Path) -> Iterator[None]:
    """Write to the cache in the block; warn if that fails, and go on.

    Args:
        folder: The cache folder.
    """
    try:
        yield
    except (OSError, MemoryError) as error:
        warn_unwritable(folder, error)
    except TimelineNbError as error:
        if not isinstance(error.__cause__, OSError | MemoryError):
            raise
        warn_unwritable(folder, error.__cause__)


def warn_unwritable(folder: Path, error: OSError | MemoryError) -> None:
    """Warn that work goes on without a cache, once for each cache folder.

    Args:
        folder: The cache folder.
        error: Why it cannot be written.
    """
    with _lock:
        if folder in _warned:
            return
        _warned.add(folder)
    outcome = "work goes on, and what is computed is not kept"
    warn_user(cache_refusal(folder, error, outcome=outcome))
