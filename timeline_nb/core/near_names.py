"""Suggestions for names that are not known: the nearest ones, and what there is."""

import difflib
from collections.abc import Iterable
from typing import Final

__all__ = ["near_names", "quoted", "suggestion"]

_MOST_LISTED: Final = 20
_CUTOFF: Final = 0.6
_MOST_NEAR: Final = 3
_SHORTEST_PART: Final = 3
# Letters of a name that are shown, and that are compared with others.
_MOST_LETTERS: Final = 60
_MOST_BITS: Final = 10_000


def quoted(name: object) -> str:
    """Return a name in quotes, cut where it is too long to read."""
    if isinstance(name, int) and name.bit_length() > _MOST_BITS:
        # Python refuses to print whole numbers of more than 4,300 digits.
        return "a huge number"
    if not isinstance(name, str) or len(name) <= _MOST_LETTERS:
        return repr(name)
    shown = repr(name[:_MOST_LETTERS])
    return f"{shown[:-1]}…{shown[-1]}"


def near_names(name: object, known: Iterable[str]) -> list[str]:
    """Return the known names nearest to `name`, at most three, best first.

    Names that contain `name` follow those that are spelt nearly the same. Upper case,
    spaces and hyphens do not count: `ease-in` is near to `ease_in`.
    """
    names = {_plain(one): one for one in known}
    wanted = _plain(str(name)[:_MOST_LETTERS])
    found = difflib.get_close_matches(wanted, names, _MOST_NEAR, _CUTOFF)
    if len(wanted) >= _SHORTEST_PART:
        found += [one for one in names if wanted in one and one not in found]
    return [names[one] for one in found[:_MOST_NEAR]]


def suggestion(name: object, known: Iterable[str]) -> str:
    """Return the end of an error message: the nearest names, then what there is.

    A list longer than 20 names is only cut short where no name is near.
    """
    names = list(known)
    near = near_names(name, names)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    if near and len(names) > _MOST_LISTED:
        return hint
    listed = ", ".join(names[:_MOST_LISTED])
    more = len(names) - _MOST_LISTED
    listed += f" and {more} more" if more > 0 else ""
    verb = "There are" if near else "; there are"
    return f"{hint} {verb} {listed}" if near else f"{verb} {listed or 'none'}"


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
