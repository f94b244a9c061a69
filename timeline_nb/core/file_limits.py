"""Limits of what a file may ask for; a variable of the environment raises each.

A file from elsewhere may hold, or announce, more than anyone would make: a million
cues, a picture of 2**40 pixels. What is beyond a limit is refused before memory or time
is spent on it, and the error names the limit and its variable. Workers inherit the
environment of the process that starts them, so the limits are the same there.
"""

import os
from dataclasses import dataclass
from typing import Final

from timeline_nb.errors import TimelineNbError

__all__ = [
    "MAX_CUES",
    "MAX_SUBTITLE_BYTES",
    "MAX_SUBTITLE_ROWS",
    "MAX_SUBTITLE_STYLES",
    "MAX_SUBTITLE_TAGS",
    "FileLimit",
]


@dataclass(frozen=True)
class FileLimit:
    """The most of something that is read of a file.

    Args:
        variable: The variable of the environment that sets another value.
        default: The value without it.
    """

    variable: str
    default: int

    @property
    def value(self) -> int:
        """The limit that holds now.

        Raises:
            TimelineNbError: The variable is set, and not to a positive whole number.
        """
        text = os.environ.get(self.variable)
        if not text:
            return self.default
        plain = text.replace("_", "").strip()
        if not (plain.isascii() and plain.isdigit()) or not 0 < len(plain) <= 18:
            raise TimelineNbError(
                f"{self.variable}={text[:40]!r}: give a whole number above 0"
            )
        return max(1, int(plain))

    @property
    def excess(self) -> str:
        """The end of an error's sentence: the limit, and what raises it."""
        return f"more than {self.value:,}: set {self.variable} to allow more"


# Larger than any subtitle file, except ASS with embedded fonts.
MAX_SUBTITLE_BYTES: Final = FileLimit("TIMELINE_NB_MAX_SUBTITLE_BYTES", 32 << 20)
# Fonts in ASS are rows of 80 letters: all that such a file may hold is 400,000 rows.
MAX_SUBTITLE_ROWS: Final = FileLimit("TIMELINE_NB_MAX_SUBTITLE_ROWS", 1_000_000)
# Days of cues.
MAX_CUES: Final = FileLimit("TIMELINE_NB_MAX_CUES", 50_000)
# Of tags, comments and entities; ten hours of captions timed by the word have 270,000.
MAX_SUBTITLE_TAGS: Final = FileLimit("TIMELINE_NB_MAX_SUBTITLE_TAGS", 500_000)
# Scripts in use have tens.
MAX_SUBTITLE_STYLES: Final = FileLimit("TIMELINE_NB_MAX_SUBTITLE_STYLES", 10_000)
