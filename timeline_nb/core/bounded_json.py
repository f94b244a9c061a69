"""JSON with one item a line, and a reader of JSON for files that are not trusted."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from timeline_nb.errors import ProjectError

__all__ = ["MAX_PROJECT_BYTES", "dump", "memory_needed", "parse"]

# What a project may take in memory when it is read; 100,000 clips take 0.4 GB.
MAX_PROJECT_BYTES: Final = 1_000_000_000
# Bytes of Python's objects: measured on lists of {}, [] and short texts.
_OBJECT_BYTES: Final = 240
_LIST_BYTES: Final = 72
_VALUE_BYTES: Final = 72
_MAX_DIGITS: Final = 40
# Eight timelines within each other, six levels each, and metadata 40 deep; well below
# Python's recursion limit.
_MAX_DEPTH: Final = 120
# Halves of letters, as \ud83d; the JSON module joins those that belong together.
_SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
# Those that do not stand for bytes of file names (PEP 383).
_SURROGATE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_INDENT: Final = "  "
# Lists of these names are written with one element a line.
_LONG: Final = frozenset({"tracks", "items", "markers"})


def dump(
    document: dict[str, Any], *, long: frozenset[str] = _LONG, inside: str = "items"
) -> str:
    """Return the document as text: fields in order, one item of a track a line.

    A changed clip changes one line of the text.

    Args:
        document: What is written.
        long: Names of lists that have one element a line.
        inside: The name of a list for which an element takes several lines, too.

    Raises:
        ValueError: It holds a number that JSON has not.
        TypeError: It holds a value that JSON has not.
    """
    return "".join(_Lines(long, inside).of(document, "")) + "\n"


class _Lines:
    """The writing of one document, one element of its long lists a line."""

    def __init__(self, long: frozenset[str], inside: str) -> None:
        self._long, self._inside = long, inside

    def of(self, value: dict[str, Any], indent: str) -> Iterator[str]:
        """Yield the text of an object."""
        inner = indent + _INDENT
        yield "{"
        for number, (name, field) in enumerate(value.items()):
            yield ",\n" if number else "\n"
            yield f"{inner}{_flat(name)}: "
            if name in self._long and isinstance(field, list) and field:
                yield from self._elements(field, inner)
            elif isinstance(field, dict) and any(key in field for key in self._long):
                yield from self.of(field, inner)
            else:
                yield _flat(field)
        yield f"\n{indent}}}"

    def _elements(self, values: list[Any], indent: str) -> Iterator[str]:
        inner = indent + _INDENT
        yield "["
        for number, value in enumerate(values):
            yield f",\n{inner}" if number else f"\n{inner}"
            yield from self._element(value, inner)
        yield f"\n{indent}]"

    def _element(self, value: Any, inner: str) -> Iterator[str]:
        if isinstance(value, dict) and value.get(self._inside):
            yield from self.of(value, inner)
        else:
            yield _flat(value)


def _flat(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # A file's name that is not UTF-8 is text with lone surrogates (PEP 383), which
        # JSON can hold as escapes alone.
        return json.dumps(value, allow_nan=False)
    return text


def memory_needed(data: bytes) -> int:
    """Return about how much memory the values of a JSON text take, in bytes."""
    letters = 1 if data.isascii() else 4
    return (
        len(data) * (1 + letters)
        + data.count(b"{") * _OBJECT_BYTES
        + data.count(b"[") * _LIST_BYTES
        + data.count(b",") * _VALUE_BYTES
    )


def _in_words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON from line {error.lineno}, column {error.colno} on"
    # Python's own words are about itself.
    return "it nests too deeply" if isinstance(error, RecursionError) else str(error)


def parse(
    data: bytes,
    name: str,
    *,
    what: str = "a project",
    max_bytes: int = MAX_PROJECT_BYTES,
) -> dict[str, Any]:
    """Parse a document that may be broken or hostile.

    Args:
        data: The document.
        name: Of the file, for messages.
        what: What it should be, for messages.
        max_bytes: The memory that its values may take.

    Raises:
        ProjectError: It is too large, not UTF-8, not JSON, nests too deeply, repeats
            a key, or holds half a letter, a number that is not valid JSON (NaN), is
            beyond all floats, or has over 40 digits; the message has the JSON path.
    """
    needed = memory_needed(data)
    if needed > max_bytes:
        raise ProjectError(
            f"{name} would take {needed / 1e6:,.0f} MB of memory, more than "
            f"{max_bytes / 1e6:,.0f}: Settings(project_bytes=...) allows more"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError(f"{name} is not UTF-8 text: {error}") from error
    strange: list[str] = []

    def number(digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            strange.append(digits)
        return value

    def whole(digits: str) -> float:
        return int(digits) if len(digits) <= _MAX_DIGITS else number("inf")

    try:
        document = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=number,
            parse_float=number,
            parse_int=whole,
        )
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{name} is not {what}: {_in_words(error)}") from error
    if not isinstance(document, dict):
        raise ProjectError(f"{name} is not {what}: it holds no object")
    _refuse_depth(document, name)
    if strange or _SURROGATE_ESCAPE.search(data):
        for path, fault in _faults(document, "$"):
            raise ProjectError(f"{name}: {path} {fault}")
    return document


def _faults(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the fault of each value that JSON could not hold."""
    if isinstance(value, float) and not math.isfinite(value):
        yield path, f"is not finite, or has more than {_MAX_DIGITS} digits"
    elif isinstance(value, str) and (found := _SURROGATE.search(value)):
        yield path, f"has half a letter, {found[0]!r} (a lone surrogate)"
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _faults(part, f"{path}[{number}]")
    elif isinstance(value, dict):
        for name, part in value.items():
            if found := _SURROGATE.search(name):
                yield path, f"has a key with half a letter, {found[0]!r}"
            yield from _faults(part, f"{path}.{name[:40]}")


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
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError("a key stands twice in one object")
            seen.add(name)
    return found
