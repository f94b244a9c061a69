"""Structs to and from JSON, with fractions as text: `"1001/30000"`."""

import json
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from timeline_nb.errors import TimeError
from timeline_nb.timebase import MAX_DENOMINATOR, MAX_SECONDS, to_fraction

__all__ = [
    "fault_of",
    "from_builtins",
    "from_json",
    "to_builtins",
    "to_canonical",
    "to_json",
]

T = TypeVar("T")
# What msgspec puts in quotes of the data itself; names of fields that are missing, and
# of types, are our own.
_QUOTED: Final = re.compile(
    r"(Invalid enum value|Invalid value|Object contains unknown field) ['`\"].*?"
    r"(?P<place> - at `\$[\w.\[\]]*`)?$",
    re.DOTALL,
)
_WORDED: Final = {
    "Invalid enum value": "this word is none of those allowed",
    "Invalid value": "this word is none of those allowed",
    "Object contains unknown field": "the object has a field that is not known",
}


def _encode(value: Any) -> Any:
    # A text that can be translated is one of a kind of its own.
    if isinstance(value, (Fraction, Path, str)):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def _decode(kind: type, value: Any) -> Any:
    if kind is not Fraction:
        raise NotImplementedError(f"no {kind.__name__} can be read from JSON")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        # msgspec adds the JSON path to a ValueError, and to no other.
        raise ValueError("Expected a fraction as text")  # noqa: TRY004
    try:
        number = to_fraction(value)
    except TimeError:
        # Its message quotes the value, which may be of a file that is none of ours.
        raise ValueError("it is not a fraction, as '1/25' is") from None
    if number.denominator > MAX_DENOMINATOR:
        raise ValueError(f"it has a denominator beyond {MAX_DENOMINATOR:,}")
    if abs(number) > MAX_SECONDS:
        raise ValueError("it is beyond a century")
    return number


def to_json(value: Any) -> bytes:
    """Return the value as compact JSON, with keys in the order of the fields."""
    try:
        return msgspec.json.encode(value, enc_hook=_encode)
    except UnicodeEncodeError:
        # File names that are not UTF-8 have lone surrogates (PEP 383).
        return json.dumps(to_builtins(value), separators=(",", ":")).encode()


def to_builtins(value: Any) -> Any:
    """Return the value as dicts, lists, strings and numbers."""
    return msgspec.to_builtins(value, enc_hook=_encode)


def to_canonical(value: Any) -> Any:
    """Return the value as `to_builtins` does, without fields that have their defaults.

    Equal values give equal results, which msgspec's own `omit_defaults` does not
    promise: it compares defaults by identity.
    """
    if isinstance(value, msgspec.Struct):
        tag, defaults = _fields(type(value))
        fields = {"type": tag} if tag else {}
        for name, default in defaults:
            field = getattr(value, name)
            if field != default:
                fields[name] = to_canonical(field)
        return fields
    if isinstance(value, (tuple, list)):
        return [to_canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: to_canonical(item) for key, item in value.items()}
    return str(value) if isinstance(value, Fraction) else value


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[Any, list[tuple[str, Any]]]:
    """Return a struct's tag, and its fields with their defaults."""
    defaults = [
        (field.name, field.default)
        if field.default_factory is msgspec.NODEFAULT
        else (field.name, field.default_factory())
        for field in msgspec.structs.fields(kind)
    ]
    return kind.__struct_config__.tag, defaults


def fault_of(error: msgspec.MsgspecError) -> str:
    """Return what is wrong with data, and where, without a word of the data.

    >>> fault_of(msgspec.ValidationError("Invalid enum value 'secret' - at `$.kind`"))
    'this word is none of those allowed - at `$.kind`'
    """
    text = str(error)
    found = _QUOTED.match(text)
    return text if found is None else _WORDED[found[1]] + (found["place"] or "")


def from_json(data: bytes | str, kind: type[T]) -> T:
    """Read a value of type `kind`.

    Raises:
        msgspec.ValidationError: The JSON does not fit; the message has the path.
        msgspec.DecodeError: The data is not JSON.
    """
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=_decode)
    except msgspec.DecodeError as error:
        if "surrogate" not in str(error):
            raise
        return from_builtins(json.loads(data), kind)


def from_builtins(value: Any, kind: type[T]) -> T:
    """Read a value of type `kind` from dicts, lists, strings and numbers.

    Raises:
        msgspec.ValidationError: They do not fit; the message has the path.
    """
    try:
        return msgspec.convert(value, type=kind, dec_hook=_decode)
    except UnicodeEncodeError as error:
        # msgspec looks words up by their UTF-8, which half a letter has not.
        raise msgspec.ValidationError("a word holds half a letter") from error
