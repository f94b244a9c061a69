"""Suggestions for names that are not known: the nearest ones, and what there is."""

import difflib
from collections.abc import Iterable
from typing import Final

from timeline_nb.core.and_more import and_more
from timeline_nb.i18n import Message

__all__ = ["kind_of", "near_names", "quoted", "suggestion"]

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


def kind_of(value: object) -> str:
    """Return a value's type with its article: `an int`, `a str`."""
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeioAEIO" else f"a {name}"


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
    meant = _either(near)
    if near and len(names) > _MOST_LISTED:
        return Message("; did you mean {names}?", names=meant)
    listed = and_more(", ".join(names[:_MOST_LISTED]), len(names) - _MOST_LISTED)
    if near:
        return Message(
            "; did you mean {names}? There are {known}", names=meant, known=listed
        )
    if not names:
        return Message("; there are none")
    return Message("; there are {known}", known=listed)


def _either(names: list[str]) -> str:
    """Return names in quotes, of which one is meant."""
    if not names:
        return ""
    said = repr(names[0])
    for name in names[1:]:
        said = Message("{one} or {other}", one=said, other=repr(name))
    return said


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
