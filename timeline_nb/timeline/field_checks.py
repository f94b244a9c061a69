"""What a field takes when a value is made, judged by types where they say enough.

Limits of length and size are judged where a value is placed (`timeline/validate.py`),
structs within a struct were checked when they were made, and free values (parameters,
metadata) may be anything until they are placed: most fields cost one look-up.
"""

from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

import msgspec

from timeline_nb.timeline.fields import Check, check_of

__all__ = ["FieldCheck", "field_checks"]

_PLAIN: Final[frozenset[type]] = frozenset({str, int, float, bool, NoneType})
_DICT: Final[frozenset[type]] = frozenset({dict})


class FieldCheck(NamedTuple):
    """What a field takes.

    Args:
        types: Values of just these types are right.
        parts: Tuples of values of just these types are right; None of a field of which
            that says too little.
        check: Finds what is wrong with any other value.
    """

    types: frozenset[type]
    parts: frozenset[type] | None
    check: Check

    def fault(self, value: Any) -> tuple[str, str] | None:
        """Return what is wrong with a value of another type, with the path to it."""
        parts = self.parts
        is_right = (
            parts is not None
            and type(value) is tuple
            and parts.issuperset(map(type, value))
        )
        return None if is_right else self.check(value)


@cache
def field_checks(kind: type[msgspec.Struct]) -> dict[str, FieldCheck]:
    """Return what each field of a struct takes, by name."""
    return {field.name: _takes(field.type) for field in msgspec.structs.fields(kind)}


def _takes(hint: Any) -> FieldCheck:
    if hint is Any:
        return FieldCheck(_PLAIN, None, _no_fault)
    check = check_of(hint)
    if get_origin(hint) is not dict:
        return FieldCheck(_right_types(hint), _part_types(hint), check)
    part = get_args(hint)[1]
    if part is Any:
        return FieldCheck(_DICT, None, check)
    return FieldCheck(frozenset(), None, _lists_check(check, _part_types(part)))


def _lists_check(check: Check, parts: frozenset[type] | None) -> Check:
    """Return the check of a dict of tuples, which may be lists until it is placed."""

    def checked(value: Any) -> tuple[str, str] | None:
        if parts is None or not isinstance(value, dict):
            return check(value)
        others = {
            name: part
            for name, part in value.items()
            if not isinstance(part, (tuple, list))
            or not isinstance(name, str)
            or not parts.issuperset(map(type, part))
        }
        return check(others) if others else None

    return checked


def _no_fault(value: Any) -> None:
    del value


def _right_types(hint: Any) -> frozenset[type]:
    hint = _without_limits(hint)
    if get_origin(hint) in {Union, UnionType}:
        return frozenset(kind for one in get_args(hint) for kind in _right_types(one))
    is_plain = hint in {str, float, bool, Fraction, NoneType}
    is_struct = isinstance(hint, type) and issubclass(hint, msgspec.Struct)
    return frozenset({hint}) if is_plain or is_struct else frozenset()


def _part_types(hint: Any) -> frozenset[type] | None:
    hint = _without_limits(hint)
    kinds = get_args(hint)
    if get_origin(hint) is tuple and kinds[1:] == (Ellipsis,):
        return _right_types(kinds[0])
    return None


def _without_limits(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint
