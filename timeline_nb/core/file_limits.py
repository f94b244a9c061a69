"""Limits of what a file may ask for; a variable of the environment raises each.

A file from elsewhere may hold, or announce, more than anyone would make: a million
cues, a picture of 2**40 pixels. What is beyond a limit is refused before memory or time
is spent on it, and the error names the limit and its variable. Workers inherit the
environment of the process that starts them, so the limits are the same there.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import TimelineNbError
from timeline_nb.i18n import Message

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
    "open_limited",
    "read_limited",
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
        return Message(
            "more than {most}: set {variable} to allow more",
            most=f"{self.value:,}",
            variable=self.variable,
        )


@contextmanager
def open_limited(
    path: Path | str,
    limit: FileLimit,
    kind: type[TimelineNbError],
    *,
    what: str = "",
) -> Iterator[IO[bytes]]:
    """Open an ordinary file within a limit, under the scope in use.

    Args:
        path: The file.
        limit: In bytes.
        kind: The error's.
        what: What errors call it: `the table`; nothing if not given.

    Raises:
        TimelineNbError: Of that kind: it is missing, larger, no ordinary file, or may
            not be read; or what the block raised of the system.
    """
    name = f"{what} {path}" if what else str(path)
    with file_errors(name, kind, verb="read"), open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit.value:
            raise kind(f"{name} has {size:,} bytes, {limit.excess}")
        yield file


def read_limited(
    path: Path | str,
    limit: FileLimit,
    kind: type[TimelineNbError],
    *,
    what: str = "",
) -> bytes:
    """Return all bytes of an ordinary file within a limit, under the scope in use.

    Raises:
        TimelineNbError: As `open_limited`, or it grows while it is read.
    """
    with open_limited(path, limit, kind, what=what) as file:
        data = file.read(limit.value + 1)
        if len(data) > limit.value:
            raise kind(f"{path} grows while it is read, to {limit.excess}")
        return data


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
