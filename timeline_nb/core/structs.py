"""Structs to and from JSON, with fractions as text: `"1001/30000"`."""

import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from timeline_nb.errors import TimeError
from timeline_nb.timebase import to_fraction

__all__ = ["from_builtins", "from_json", "to_builtins", "to_canonical", "to_json"]

T = TypeVar("T")


def _encode(value: Any) -> Any:
    if isinstance(value, (Fraction, Path)):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def _decode(kind: type, value: Any) -> Any:
    if kind is not Fraction:
        raise NotImplementedError(f"no {kind.__name__} can be read from JSON")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        # msgspec adds the JSON path to a ValueError, and to no other.
        raise ValueError("Expected a fraction as text")  # noqa: TRY004
    try:
        return to_fraction(value)
    except TimeError as error:
        raise ValueError(str(error)) from error


def to_json(value: Any) -> bytes:
    """The value as compact JSON, keys in the order of the fields."""
    try:
        return msgspec.json.encode(value, enc_hook=_encode)
    except UnicodeEncodeError:
        # A file's name that is not UTF-8 is text with lone surrogates (PEP 383).
        return json.dumps(to_builtins(value), separators=(",", ":")).encode()


def to_builtins(value: Any) -> Any:
    """The value as dicts, lists, strings and numbers."""
    return msgspec.to_builtins(value, enc_hook=_encode)


def to_canonical(value: Any) -> Any:
    """As `to_builtins`, without fields that are what they are by default.

    Equal values give equal results, which msgspec's own `omit_defaults` does not
    promise: it compares by identity.
    """
    if isinstance(value, msgspec.Struct):
        tag, fields = _fields(type(value))
        told = {"type": tag} if tag else {}
        for name, default in fields:
            field = getattr(value, name)
            if field != default:
                told[name] = to_canonical(field)
        return told
    if isinstance(value, (tuple, list)):
        return [to_canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: to_canonical(item) for key, item in value.items()}
    return str(value) if isinstance(value, Fraction) else value


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[Any, list[tuple[str, Any]]]:
    """A struct's tag, and its fields with their defaults."""
    defaults = [
        (field.name, field.default)
        if field.default_factory is msgspec.NODEFAULT
        else (field.name, field.default_factory())
        for field in msgspec.structs.fields(kind)
    ]
    return kind.__struct_config__.tag, defaults


def from_json(data: bytes | str, kind: type[T]) -> T:
    """Read a value of type `kind`.

    Raises:
        msgspec.ValidationError: The JSON does not fit, with the path to the place.
        msgspec.DecodeError: It is no JSON.
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
        msgspec.ValidationError: They do not fit, with the path to the place.
    """
    return msgspec.convert(value, type=kind, dec_hook=_decode)
