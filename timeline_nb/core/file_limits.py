"""Limits of what a file may ask for; a variable of the environment raises each.

A file from elsewhere may hold, or announce, more than anyone would make: a million
cues, a picture of 2**40 pixels. What is beyond a limit is refused before memory or time
is spent on it, and the error names the limit and its variable. Workers inherit the
environment of the process that starts them, so the limits are the same there.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.errors import TimelineNbError

__all__ = [
    "MAX_ANIMATION_FRAMES",
    "MAX_ANIMATION_PIXELS",
    "MAX_CUBE_BYTES",
    "MAX_CUES",
    "MAX_FONT_BYTES",
    "MAX_JPEG_SCANS",
    "MAX_PICTURE_PIXELS",
    "MAX_PNG_CHUNKS",
    "MAX_SUBTITLE_BYTES",
    "MAX_SUBTITLE_ROWS",
    "MAX_SUBTITLE_STYLES",
    "MAX_SUBTITLE_TAGS",
    "FileLimit",
    "check_size",
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


def check_size(path: Path, limit: FileLimit, kind: type[TimelineNbError]) -> None:
    """Check that what is to be read whole is an ordinary file within a limit.

    A pipe would be waited for, and a device read without end.

    Args:
        path: The file; that there is none is left to who opens it.
        limit: In bytes.
        kind: The error's.

    Raises:
        TimelineNbError: Of that kind: it is something else, or larger.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise kind(f"{path} is a device or a pipe, not a file")
    if status.st_size > limit.value:
        raise kind(f"{path} has {status.st_size:,} bytes, {limit.excess}")


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

# A table of 129 x 129 x 129 in ten digits takes 84 MB.
MAX_CUBE_BYTES: Final = FileLimit("TIMELINE_NB_MAX_CUBE_BYTES", 100_000_000)

# 16384 x 8192: above 8K in both directions. A picture of 16 bits a color counts twice,
# since it takes twice the memory.
MAX_PICTURE_PIXELS: Final = FileLimit("TIMELINE_NB_MAX_PICTURE_PIXELS", 134_217_728)
# Of an animated GIF, PNG, WebP or AVIF, which is read from its first frame on: 13
# minutes at 25 frames a second, or two minutes of 1280 x 720.
MAX_ANIMATION_FRAMES: Final = FileLimit("TIMELINE_NB_MAX_ANIMATION_FRAMES", 20_000)
MAX_ANIMATION_PIXELS: Final = FileLimit(
    "TIMELINE_NB_MAX_ANIMATION_PIXELS", 4_000_000_000
)
# libpng writes chunks of 8 KiB: 73,000 for 100 megapixels of 16 bits.
MAX_PNG_CHUNKS: Final = FileLimit("TIMELINE_NB_MAX_PNG_CHUNKS", 100_000)
# Progressive files in use have ten; each scan is a pass over the whole picture.
MAX_JPEG_SCANS: Final = FileLimit("TIMELINE_NB_MAX_JPEG_SCANS", 50)

# A collection of all CJK faces has 20 MB; Apple's color emoji 190.
MAX_FONT_BYTES: Final = FileLimit("TIMELINE_NB_MAX_FONT_BYTES", 300_000_000)

# Detections of 50 objects in every frame of two hours, and their bytes as text.
MAX_TABLE_ROWS: Final = FileLimit("TIMELINE_NB_MAX_TABLE_ROWS", 10_000_000)
MAX_TABLE_BYTES: Final = FileLimit("TIMELINE_NB_MAX_TABLE_BYTES", 2_000_000_000)
