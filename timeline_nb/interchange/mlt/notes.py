"""Notes: what MLT has no place for, in properties that are read here again.

A note of keyframes is valid as long as the value that was written of them is the same:
what another program changed is not overridden.
"""

import json
from fractions import Fraction
from typing import Any, Final
from zlib import crc32

from timeline_nb.errors import TimelineNbError
from timeline_nb.interchange.flat import FlatKey
from timeline_nb.timebase import to_fraction

__all__ = ["OWN", "fraction_of_note", "keys_of_note", "note_of_keys"]

# What begins the names of these properties.
OWN: Final = "timeline_nb:"
_CURVES: Final = {
    "hold",
    "linear",
    "bezier",
    "ease",
    "ease_in",
    "ease_out",
    "ease_in_out",
}
_FAULTS: Final = (
    ArithmeticError,
    AttributeError,
    RecursionError,
    TimelineNbError,
    TypeError,
    ValueError,
)
_MOST_LETTERS: Final = 1_000_000


def note_of_keys(keys: dict[str, tuple[FlatKey, ...]], written: str) -> str:
    """Return keyframes as a note.

    Args:
        keys: By the parameter's name.
        written: What MLT is given of them.
    """
    rows = {
        name: [
            [str(key.frame), key.value, key.interpolation, list(key.handles)]
            for key in row
        ]
        for name, row in keys.items()
    }
    return f"{crc32(written.encode()):08x} {json.dumps(rows, separators=(',', ':'))}"


def keys_of_note(note: str, written: str) -> dict[str, tuple[FlatKey, ...]]:
    """Return the keyframes of a note; none if it is not valid.

    Args:
        note: The note; empty if there is none.
        written: What MLT is given now.
    """
    check, _, text = note.partition(" ")
    if check != f"{crc32(written.encode()):08x}" or len(text) > _MOST_LETTERS:
        return {}
    try:
        rows: Any = json.loads(text)
        return {
            str(name): tuple(_key(*one) for one in row) for name, row in rows.items()
        }
    except _FAULTS:
        return {}


def _key(frame: str, value: Any, curve: str, handles: list[float]) -> FlatKey:
    if curve not in _CURVES:
        raise ValueError(curve)
    first, second, third, fourth = map(float, handles)
    numbers = value if isinstance(value, list) else [value]
    if not all(isinstance(one, (int, float)) and abs(one) < 1e6 for one in numbers):
        raise ValueError(value)
    return FlatKey(
        frame=Fraction(to_fraction(frame)),
        value=value,
        interpolation=curve,  # type: ignore[arg-type]
        handles=(first, second, third, fourth),
    )


def fraction_of_note(text: str) -> Fraction | None:
    """Return a fraction that was noted; None if it is none."""
    top, _, bottom = text.partition("/")
    if not all(
        one.lstrip("-").isdigit() and len(one) < 20 for one in (top, bottom or "1")
    ):
        return None
    return Fraction(int(top), int(bottom or 1)) if int(bottom or 1) else None
