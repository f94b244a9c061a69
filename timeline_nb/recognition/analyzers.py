"""Analyzers: who measures pictures or sound of a file, one part after another.

Plugins of WebAssembly and of Python both state these; `tables/measured.py` makes a
table of what they return.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Analyzer",
    "Column",
    "ColumnType",
    "MediaPart",
    "Row",
    "Stream",
    "column_fault",
]

ColumnType: TypeAlias = Literal["number", "integer", "text", "boolean"]
# Cells by the names of columns. `frame` (of sound, `sample`) may name a part that was
# given before; without it, the row is of the part that was given last.
Row: TypeAlias = Mapping[str, Any]
# Columns of the tables themselves, and of those that are made of them.
_TABLE_COLUMNS: Final = frozenset(
    {
        "frame",
        "sample",
        "pts",
        "end_pts",
        "time_s",
        "start",
        "end",
        "duration",
        "start_s",
        "end_s",
    }
)
# What methods of `df.tl` compute with, where a table has such columns.
_KNOWN_TYPES: Final[Mapping[str, ColumnType]] = {
    "label": "text",
    "score": "number",
    "x1": "number",
    "y1": "number",
    "x2": "number",
    "y2": "number",
    "track_id": "integer",
}


def column_fault(name: str, type_: ColumnType) -> str:
    """Return why a table of an analyzer cannot have a column; empty if it can."""
    if name in _TABLE_COLUMNS:
        return f"{name!r} is a column of every table"
    wanted = _KNOWN_TYPES.get(name, type_)
    return "" if type_ == wanted else f"{name!r} is of the type {wanted}"


@dataclass(frozen=True)
class Column:
    """A column of an analyzer's table.

    Args:
        name: What it is called.
        type: What its cells hold.
        about: One sentence, with the unit.
    """

    name: str
    type: ColumnType = "number"
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """What an analyzer is given, as far as it is known before the first part.

    Args:
        of: Pictures or sound.
        parts: How many parts there are; fewer come if some do not decode.
        size: Width and height of the pictures; (0, 0) of sound.
        channels: Of sound; 0 of pictures.
        samples: Of each channel in a block, at most; 0 of pictures.
        sample_rate_hz: Of sound; 0 of pictures.
    """

    of: Literal["picture", "sound"]
    parts: int
    size: tuple[int, int] = (0, 0)
    channels: int = 0
    samples: int = 0
    sample_rate_hz: int = 0


@dataclass(frozen=True, eq=False)
class MediaPart:
    """A picture, or a block of sound.

    Args:
        data: `(H, W, 3) uint8 RGB`, or `(channels, n) float32`, -1 to 1.
        number: The frame's number from 0 in the order shown, or that of the first
            sample, from media time 0.
        time: Media seconds of its beginning.
    """

    data: NDArray[np.uint8] | NDArray[np.float32]
    number: int
    time: Fraction


@dataclass(frozen=True, kw_only=True)
class Analyzer:
    """Measures pictures or sound of a file.

    Args:
        name: `PLUGIN_ID/analyzer`.
        about: One sentence.
        origin: Whose it is, as messages have it: `the plugin org.example.meter`.
        of: What it is given.
        columns: Of its table, beside those of time.
        identity: Differs where results may: a hash of its code. What was measured is
            not kept if it is empty.
        checked: Returns its arguments with defaults where they are left out; raises a
            PluginError that names those which do not fit.
        measure: Yields rows. It is given the stream, its parts in order (taking the
            next one raises if the job was cancelled), the arguments, and what is to be
            called several times a second meanwhile, which raises to end the work.
    """

    name: str
    about: str
    origin: str
    of: Literal["picture", "sound"]
    columns: tuple[Column, ...]
    identity: str
    checked: Callable[[Mapping[str, Any]], dict[str, Any]]
    measure: Callable[
        [Stream, Iterator[MediaPart], Mapping[str, Any], Callable[[], object]],
        Iterable[Row],
    ]
