"""Remarks of this program in an EDL: what the format has no words for, kept exactly.

`* TIMELINE_NB id=c3 speed=1/3`: other programs pass over them. They count only where
they agree with what the events say, so that what another program changed holds.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final
from urllib.parse import quote, unquote

__all__ = ["fraction_of", "read_remark", "write_remark"]

_HEAD: Final = "* TIMELINE_NB"
_PAIR: Final = re.compile(r"([a-z]{1,20})=(\S*)")
_FRACTION: Final = re.compile(r"(-?[0-9]{1,30})/?([0-9]{1,30})?")
_MOST: Final = 20


def read_remark(row: str) -> dict[str, str] | None:
    """Return the keys and values of a remark; None of another program's."""
    if not row.startswith(_HEAD):
        return None
    words = row[len(_HEAD) :].split(None, _MOST)[:_MOST]
    found = (match for word in words if (match := _PAIR.fullmatch(word)))
    return {one[1]: unquote(one[2], errors="replace") for one in found}


def write_remark(values: Mapping[str, str]) -> str:
    """Return the row of a remark."""
    pairs = (f"{name}={quote(value, safe='/+:-')}" for name, value in values.items())
    return " ".join((_HEAD, *pairs))


def fraction_of(text: str | None) -> Fraction | None:
    """Return an exact number; None of what is none."""
    match = _FRACTION.fullmatch(text or "")
    if match is None or (match[2] is not None and not int(match[2])):
        return None
    return Fraction(int(match[1]), int(match[2] or 1))
