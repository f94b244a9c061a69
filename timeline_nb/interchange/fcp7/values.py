"""Rates, frames and numbers of Final Cut Pro 7's XML."""

import re
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.core.near_names import quoted
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.flat import FlatMedia

__all__ = [
    "add_rate",
    "child_text",
    "end_of",
    "is_true",
    "number_of",
    "rate_of",
    "words_of",
    "written_number",
]

_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?")
_NTSC: Final = Fraction(1000, 1001)
_FASTEST: Final = 1_000


def child_text(element: XmlElement | None, *path: str) -> str:
    """Return the text of a child of a child; empty if there is none."""
    return words_of(element, *path).strip()


def words_of(element: XmlElement | None, *path: str) -> str:
    """Return the text of a child of a child, with the spaces around it."""
    for tag in path:
        element = None if element is None else element.first(tag)
    return "" if element is None else element.text


def number_of(element: XmlElement, tag: str, name: str) -> Fraction | None:
    """Return the number in a child; None if there is none.

    Raises:
        ProjectError: It is no number; the file and the line are named.
    """
    text = child_text(element, tag)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ProjectError(
            f"{name}, line {element.line}: {tag} of {element.tag} is {quoted(text)}, "
            "not a number of frames"
        )
    return Fraction(text)


def is_true(element: XmlElement, tag: str, *, default: bool) -> bool:
    """Return whether a child says TRUE."""
    text = child_text(element, tag).upper()
    return default if not text else text == "TRUE"


def rate_of(element: XmlElement, name: str) -> Fraction | None:
    """Return the frames a second of an element's `rate`; None if it has none.

    Raises:
        ProjectError: It is no rate.
    """
    rate = element.first("rate")
    if rate is None:
        return None
    base = number_of(rate, "timebase", name)
    if base is None:
        return None
    if not 0 < base <= _FASTEST:
        raise ProjectError(f"{name}, line {rate.line}: a timebase of {base} is no rate")
    return base * _NTSC if is_true(rate, "ntsc", default=False) else base


def end_of(media: FlatMedia) -> Fraction | None:
    """Return the second at which media end; None where it is not known."""
    if media.edit is not None:
        return media.edit.duration / media.edit.rate
    return media.available.end if media.available is not None else None


def add_rate(owner: XmlElement, rate: Fraction) -> None:
    """Append a rate.

    Raises:
        ProjectError: The format has no such rate.
    """
    base = rate if rate.denominator == 1 else rate / _NTSC
    if base.denominator != 1:
        raise ProjectError(
            f"{float(rate):.6g} frames a second is no rate of Final Cut Pro 7's XML, "
            "which has whole ones and those by 1.001: cut.resize(rate=25) makes one"
        )
    element = owner.add("rate")
    element.add("timebase", str(base))
    element.add("ntsc", "TRUE" if base != rate else "FALSE")


def written_number(value: float) -> str:
    """Return a number without an exponent."""
    text = f"{value:.8f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text
