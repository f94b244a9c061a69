"""Which files are decoded in processes apart, and what they may take there."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from timeline_nb.core.file_limits import FileLimit
from timeline_nb.errors import TimelineError
from timeline_nb.media.sequence import sequence_at

__all__ = [
    "ISOLATES",
    "MAX_DECODER_BYTES",
    "MAX_DECODER_SECONDS",
    "NOTHING_APART",
    "Isolate",
    "Isolation",
    "checked_isolate",
]

Isolate: TypeAlias = Literal["never", "outside", "always"]
ISOLATES: Final[tuple[Isolate, ...]] = ("never", "outside", "always")

# 8K of 10 bits, decoded by sixteen threads, takes 2.5 GB.
MAX_DECODER_BYTES: Final = FileLimit("TIMELINE_NB_MAX_DECODER_BYTES", 4_000_000_000)
# Without an answer. Of a film without an index a probe reads all: at 200 MB/s these are
# 24 GB.
MAX_DECODER_SECONDS: Final = FileLimit("TIMELINE_NB_MAX_DECODER_SECONDS", 120)


@dataclass(frozen=True)
class Isolation:
    """Decides which files are decoded apart.

    Args:
        isolate: `never`, `always`, or `outside`: what is not below a root.
        roots: Folders whose files are trusted, with all below them.
    """

    isolate: Isolate = "never"
    roots: tuple[Path, ...] = ()

    def is_apart(self, path: Path | str) -> bool:
        """Return whether a file, or any file of a sequence, is decoded apart.

        Links count by what they point to.
        """
        if self.isolate != "outside":
            return self.isolate == "always"
        sequence = sequence_at(path)
        files = [Path(path)] if sequence is None else sequence.files()
        roots = [os.path.realpath(root) for root in self.roots]
        try:
            return not all(_is_below(os.path.realpath(file), roots) for file in files)
        except (OSError, ValueError):
            # A path that is none: opening it says so.
            return False


def _is_below(path: str, roots: list[str]) -> bool:
    return any(Path(path).is_relative_to(root) for root in roots)


def checked_isolate(isolate: str | None) -> Isolate:
    """Return how files are isolated; the best of what the system has if not given.

    Raises:
        TimelineError: There is no such way, or not on this system.
    """
    has_processes = sys.platform != "win32"
    if isolate is None:
        return "outside" if has_processes else "never"
    for known in ISOLATES:
        if isolate == known:
            if known != "never" and not has_processes:
                break
            return known
    known_words = ISOLATES if has_processes else ISOLATES[:1]
    raise TimelineError(
        f"isolate={isolate!r}: give one of {', '.join(map(repr, known_words))}"
    )


NOTHING_APART: Final = Isolation()
