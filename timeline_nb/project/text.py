"""Project text: JSON with one item a line, and a reader for untrusted files."""

import json
from collections.abc import Iterator
from typing import Any, Final

from timeline_nb.errors import ProjectError

__all__ = ["dump", "parse"]

# A 100,000-clip project has 40 MB.
_MAX_BYTES: Final = 200_000_000
_MAX_DIGITS: Final = 40
# Deeper than the model with its metadata, and well below Python's recursion limit.
_MAX_DEPTH: Final = 60
_INDENT: Final = "  "
# Lists of these names are written with one element a line.
_LONG: Final = {"tracks", "items", "markers"}


def dump(document: dict[str, Any]) -> str:
    """Return the document as text: fields in order, one item of a track a line.

    A changed clip changes one line of the text.
    """
    return "".join(_lines(document, "")) + "\n"


def _lines(value: dict[str, Any], indent: str) -> Iterator[str]:
    """Yield the text of an object whose long lists have one element a line."""
    inner = indent + _INDENT
    yield "{"
    for number, (name, field) in enumerate(value.items()):
        yield ",\n" if number else "\n"
        yield f"{inner}{_flat(name)}: "
        if name in _LONG and isinstance(field, list) and field:
            yield from _elements(field, inner)
        elif isinstance(field, dict) and any(key in field for key in _LONG):
            yield from _lines(field, inner)
        else:
            yield _flat(field)
    yield f"\n{indent}}}"


def _elements(values: list[Any], indent: str) -> Iterator[str]:
    inner = indent + _INDENT
    yield "["
    for number, value in enumerate(values):
        yield f",\n{inner}" if number else f"\n{inner}"
        if isinstance(value, dict) and value.get("items"):
            yield from _lines(value, inner)
        else:
            yield _flat(value)
    yield f"\n{indent}]"


def _flat(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # A file's name that is not UTF-8 is text with lone surrogates (PEP 383), which
        # JSON can hold as escapes alone.
        return json.dumps(value, allow_nan=False)
    return text


def parse(data: bytes, name: str) -> dict[str, Any]:
    """Parse a document that may be broken or hostile.

    Raises:
        ProjectError: It is too large, not UTF-8, not JSON, nests too deeply, repeats
            a key, or holds a number that is not valid JSON (NaN) or has over 40 digits.
    """
    if len(data) > _MAX_BYTES:
        raise ProjectError(f"{name} has {len(data)} bytes, more than {_MAX_BYTES}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError(f"{name} is not UTF-8 text: {error}") from error
    try:
        document = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_int=_bounded_int,
        )
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{name} is not a project: {error}") from error
    if not isinstance(document, dict):
        raise ProjectError(f"{name} is not a project: it holds no object")
    _refuse_depth(document, name)
    return document


def _refuse_depth(document: Any, name: str) -> None:
    """Refuse a document that nests too deeply to be written again."""
    level = [document]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for value in level
            if isinstance(value, (dict, list))
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise ProjectError(f"{name} nests more than {_MAX_DEPTH} deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {repeated!r} stands twice in one object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def _bounded_int(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"a number has {len(digits)} digits")
    return int(digits)
