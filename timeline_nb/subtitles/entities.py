"""Entities of HTML: `&amp;`, `&#65;`, `&#x41;`."""

import html
import re
from typing import Final

__all__ = ["unescaped"]

# Python refuses to convert thousands of digits; nine are beyond Unicode already.
_LONG: Final = re.compile(r"&#([0-9]{8,}+)")


def unescaped(text: str) -> str:
    """Return text with the letters that its entities stand for."""
    return html.unescape(_LONG.sub(_shortened, text))


def _shortened(found: re.Match[str]) -> str:
    return f"&#{found[1].lstrip('0')[:9] or '0'}"
