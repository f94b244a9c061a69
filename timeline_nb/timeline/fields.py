"""The types of a struct's fields, checked on values that Python did not check.

Constructors of `msgspec` structs take any value; only decoding checks types. A value
that passes here is one that a project file gives back: equal, but for tuples and
fractions within free values, which come back as lists and as text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
)

import msgspec
from cachetools import LRUCache

from timeline_nb.core.locks import new_lock
from timeline_nb.core.near_names import kind_of
from timeline_nb.timebase import MAX_DENOMINATOR, MAX_SECONDS
from timeline_nb.timeline.choices import choice_hint
from timeline_nb.timeline.limits import (
    MAX_FREE_DEPTH,
    MAX_FREE_DIGITS,
    MAX_FREE_LETTERS,
)

__all__ = ["Check", "check_of", "field_faults", "value_fault"]

# Boxes of a redaction are thousands of numbers, which edits of its clips share.
_passed: LRUCache[int, dict[str, Any]] = LRUCache(512)
_lock = new_lock("fields that were checked")

# Returns what is wrong: the path within the value, and the fault; None if nothing is.
Check: TypeAlias = Callable[[Any], tuple[str, str] | None]

_NAMES: Final = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    Fraction: "a Fraction, as Fraction(1, 2)",
    dict: "a dict",
    tuple: "a tuple",
}
# What is shown of a wrong value, in letters; longer numbers take long to print.
_SHOWN: Final = 40
_MOST_BITS: Final = 10_000
_LEAST_LONG: Final = 10**MAX_FREE_DIGITS
# A dict of fewer plain values is checked sooner than found among those that passed.
_LEAST_KEPT: Final = 16
# Each element of these is checked by itself, where it changes.
_ROWS: Final = {"items", "tracks"}
# Lone surrogates, but for those that stand for bytes of file names (PEP 383).
_SURROGATE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def field_faults(value: msgspec.Struct) -> Iterator[str]:
    """Yield each field whose value is of a wrong type, with the nearest allowed value.

    Args:
        value: A struct of the timeline; structs within it are checked too.
    """
    for path, fault in _faults(value):
        yield f"{path} {fault}"


def _faults(value: msgspec.Struct) -> Iterator[tuple[str, str]]:
    for name, default, check in _checks(type(value)):
        field = getattr(value, name)
        if field is not default and (found := check(field)):
            path, fault = found
            yield name + path, fault


def value_fault(value: Any) -> tuple[str, str] | None:
    """Return what keeps a free value out of a project file, with the path to it."""
    return _json(value, 0)


@cache
def _checks(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any, Check], ...]:
    """Return name, default and check of each field; a default itself is right."""
    return tuple(
        (
            field.name,
            field.default,
            _row if field.name in _ROWS else check_of(field.type),
        )
        for field in msgspec.structs.fields(kind)
    )


def _row(value: Any) -> tuple[str, str] | None:
    if isinstance(value, tuple):
        for place, part in enumerate(value):
            if not isinstance(part, msgspec.Struct):
                return f"[{place}]", _wrong(part, "a part of a timeline")
        return None
    return "", _wrong(value, "a tuple")


@cache
def check_of(kind: Any) -> Check:
    """Return what checks values of a type, as an annotation has it."""
    origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind)
    makers: dict[Any, Callable[[tuple[Any, ...]], Check]] = {
        Annotated: _limited,
        Literal: _literal,
        Union: _union,
        UnionType: _union,
        tuple: _tuple,
        dict: _dict,
    }
    if origin in makers:
        return makers[origin](get_args(kind))
    return value_fault if kind is Any else _plain(kind)


def _plain(kind: Any) -> Check:
    rule = _RULES.get(kind, _no_fault)

    def check(value: Any) -> tuple[str, str] | None:
        # The abstract base of Fraction makes isinstance slow.
        if type(value) is kind:
            is_right = True
        elif isinstance(value, bool):
            is_right = False
        else:
            is_right = isinstance(value, (int, float) if kind is float else kind)
        if not is_right:
            name = _NAMES.get(kind, getattr(kind, "__name__", "?"))
            return "", _wrong(value, name)
        fault = rule(value)
        return ("", fault) if fault else None

    return check


def _text_rule(value: str) -> str:
    if value.isascii():
        return ""
    found = _SURROGATE.search(value)
    return f"has half a letter, {found[0]!r} (a lone surrogate)" if found else ""


def _number_rule(value: float) -> str:
    # NaN is not within bounds, either; whole numbers may be beyond all floats.
    return "" if -1e300 < value < 1e300 else f"is {_short(value)}: it must be finite"


def _time_rule(value: Fraction) -> str:
    if value.denominator > MAX_DENOMINATOR:
        return f"has a denominator beyond {MAX_DENOMINATOR:,}"
    if abs(value.numerator) > MAX_SECONDS * value.denominator:
        return f"is {_short(float(value))}: it is beyond a century"
    return ""


def _no_fault(value: Any) -> str:
    del value
    return ""


_RULES: Final[dict[Any, Callable[[Any], str]]] = {
    str: _text_rule,
    float: _number_rule,
    Fraction: _time_rule,
}


def _limited(kinds: tuple[Any, ...]) -> Check:
    """Return the check of a type with limits, as `Annotated[str, Meta(...)]`."""
    own, limits = check_of(kinds[0]), kinds[1]
    longest, low, high = limits.max_length, limits.ge, limits.le

    def check(value: Any) -> tuple[str, str] | None:
        if found := own(value):
            return found
        if longest is not None and len(value) > longest:
            parts = "letters" if isinstance(value, str) else "parts"
            return "", f"has {len(value):,} {parts}, more than {longest:,}"
        if low is not None and not low <= value <= high:
            return "", f"is {_short(value)}: it must be between {low:,} and {high:,}"
        return None

    return check


def _short(value: Any) -> str:
    # Python refuses to print whole numbers of more than 4,300 digits.
    shown = "a huge number" if _is_huge(value) else repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 3]}..."


def _is_huge(value: Any) -> bool:
    return isinstance(value, int) and value.bit_length() > _MOST_BITS


def _wrong(value: Any, wanted: str) -> str:
    return f"is {_short(value)}, {kind_of(value)}: it must be {wanted}"


def _literal(allowed: tuple[Any, ...]) -> Check:
    def check(value: Any) -> tuple[str, str] | None:
        if isinstance(value, str) and value in allowed:
            return None
        return "", f"is {_short(value)}: {choice_hint(value, map(str, allowed))}"

    return check


def _union(kinds: tuple[Any, ...]) -> Check:
    checks = [(kind, check_of(kind)) for kind in kinds if kind is not NoneType]

    def check(value: Any) -> tuple[str, str] | None:
        if value is None and NoneType in kinds:
            return None
        faults = []
        for kind, one in checks:
            found = one(value)
            if found is None or found[0] or type(value) is kind:
                return found
            faults.append(found[1])
        if len(faults) == 1:
            return "", faults[0]
        wanted = " or ".join(fault.partition(": ")[2] for fault in faults)
        shown = wanted.replace("it must be ", "").replace("it is one of", "one of")
        return "", _wrong(value, shown)

    return check


def _tuple(kinds: tuple[Any, ...]) -> Check:
    is_open = len(kinds) == 2 and kinds[1] is Ellipsis
    own = [check_of(kind) for kind in kinds if kind is not Ellipsis]

    def check(value: Any) -> tuple[str, str] | None:
        if not isinstance(value, tuple):
            return "", _wrong(value, "a tuple")
        if not is_open and len(value) != len(own):
            return "", f"has {len(value)} values: it must have {len(own)}"
        for place, part in enumerate(value):
            if found := own[0 if is_open else place](part):
                return f"[{place}]{found[0]}", found[1]
        return None

    return check


def _dict(kinds: tuple[Any, ...]) -> Check:
    own = check_of(kinds[1])

    def check(value: Any) -> tuple[str, str] | None:
        if not isinstance(value, dict):
            return "", _wrong(value, "a dict")
        is_kept = len(value) >= _LEAST_KEPT or any(
            isinstance(part, (list, tuple, dict)) for part in value.values()
        )
        if is_kept:
            with _lock:
                if _passed.get(id(value)) is value:
                    return None
        for name, part in value.items():
            if not isinstance(name, str):
                return "", f"has the key {name!r}: keys are text"
            if found := own(part):
                return f".{name}{found[0]}", found[1]
        if is_kept:
            with _lock:
                _passed[id(value)] = value
        return None

    return check


def _struct(kind: type[msgspec.Struct]) -> Check:
    # Clips of one media share its reference.
    last: list[object] = [_wrong]

    def check(value: Any) -> tuple[str, str] | None:
        if value is last[0]:
            return None
        if not isinstance(value, kind):
            article = "an" if kind.__name__[0] in "AEIOU" else "a"
            return "", _wrong(value, f"{article} {kind.__name__}")
        for path, fault in _faults(value):
            return f".{path}", fault
        last[0] = value
        return None

    return check


def _json(  # noqa: PLR0911 - one return a kind of value
    value: Any, depth: int
) -> tuple[str, str] | None:
    """Return what JSON could not hold of a free value."""
    if value is None or isinstance(value, (bool, str, int, float, Fraction)):
        fault = _free_fault(value)
        return ("", fault) if fault else None
    if depth > MAX_FREE_DEPTH:
        return "", f"nests more than {MAX_FREE_DEPTH} deep"
    if isinstance(value, (list, tuple)):
        return _json_parts(((f"[{n}]", part) for n, part in enumerate(value)), depth)
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                return "", f"has the key {_short(name)}: keys are text"
            if fault := _free_fault(name):
                return "", f"has a key that {fault}"
        return _json_parts(((f".{name}", part) for name, part in value.items()), depth)
    return "", _wrong(value, "text, a number, True, False, None, or a list or dict")


def _free_fault(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        if len(value) > MAX_FREE_LETTERS:
            return f"has {len(value):,} letters, more than {MAX_FREE_LETTERS:,}"
        return _text_rule(value)
    if isinstance(value, int):
        is_long = abs(value) >= _LEAST_LONG
        return f"has more than {MAX_FREE_DIGITS} digits" if is_long else ""
    return _number_rule(value) if isinstance(value, float) else _time_rule(value)


def _json_parts(parts: Iterable[tuple[str, Any]], depth: int) -> tuple[str, str] | None:
    for path, part in parts:
        if found := _json(part, depth + 1):
            return path + found[0], found[1]
    return None
