"""Values of parameters: their types, and reading them from text."""

import ast
import json
import math
import re
from collections.abc import Mapping
from fractions import Fraction
from os import PathLike, fspath
from typing import Any, Final

from timeline_nb.core.near_names import quoted

__all__ = ["kind_of", "plain_value", "value_fault", "value_of_text"]

_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "bool": bool,
    "int": int,
    "float": (int, float),
    "str": str,
    "list": list,
    "dict": dict,
}
_IN_WORDS: Final = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "list": "a list",
    "dict": "an object",
}
_NAMED: Final = re.compile(r"\b(bool|int|float|str|list|dict)\b", re.IGNORECASE)
_TRUE: Final = frozenset({"true", "yes", "on", "1"})
_FALSE: Final = frozenset({"false", "no", "off", "0"})
# Python converts longer ones in quadratic time, and refuses over 4,300 digits.
_MOST_DIGITS: Final = 40
_WHOLE: Final = re.compile(rf"[+-]?\d{{1,{_MOST_DIGITS}}}")
_MOST_DEPTH: Final = 40


def kind_of(default: ast.expr, annotation: str) -> tuple[str, bool]:
    """Return the type of a default, and whether None will do as well.

    An annotation counts more than the value: `label: str | None = None` is a text. Of
    what is no literal, such as a call, nothing is known.
    """
    named = _NAMED.search(annotation)
    try:
        value = ast.literal_eval(default)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return (named[1].lower() if named else ""), True
    is_optional = value is None or "None" in annotation or "Optional" in annotation
    if named:
        return named[1].lower(), is_optional
    if isinstance(value, tuple):
        return "list", is_optional
    name = type(value).__name__
    return (name if name in _TYPES else ""), is_optional


def plain_value(value: Any, *, depth: int = _MOST_DEPTH + 1) -> Any:
    """Return a value as JSON has it: NumPy's and pandas' become Python's own.

    What nests deeper than `depth` is left as it is, to be refused.
    """
    if depth == 0:
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, PathLike):
        value = fspath(value)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, (list, tuple)):
        return [plain_value(part, depth=depth - 1) for part in value]
    if isinstance(value, Mapping):
        return {n: plain_value(part, depth=depth - 1) for n, part in value.items()}
    return value


def value_of_text(text: str, kind: str, *, is_optional: bool) -> Any:
    """Return the value that a text stands for; the text itself if it is none.

    Args:
        text: As it was typed, or as a table has it.
        kind: The parameter's type; without one, numbers and truth values are found.
        is_optional: Whether `None` stands for no value.
    """
    word = text.strip()
    if kind == "str":
        return None if is_optional and word == "None" else text
    if is_optional and word in {"None", "null", ""}:
        return None
    if kind in {"list", "dict"} or (not kind and word[:1] in {"[", "{"}):
        try:
            return json.loads(word)
        except (ValueError, RecursionError):
            return text
    if kind == "bool" or (not kind and word.lower() in {"true", "false"}):
        return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(
            word.lower(), text
        )
    return _number(word, text)


def _number(word: str, text: str) -> Any:
    if _WHOLE.fullmatch(word):
        return int(word)
    try:
        number = float(word)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def value_fault(value: Any, kind: str, *, is_optional: bool) -> str:
    """Return why a parameter cannot have a value; empty if it can."""
    if value is None and is_optional:
        return ""
    if fault := _foreign(value, _MOST_DEPTH):
        return f"cannot be {_shown(value)}: {fault}; give what JSON can hold"
    if not kind:
        return ""
    is_truth = isinstance(value, bool)
    if not isinstance(value, _TYPES[kind]) or (is_truth and kind != "bool"):
        return f"cannot be {_shown(value)}: give {_IN_WORDS[kind]}"
    return ""


def _foreign(value: Any, depth: int) -> str:
    """Return what is in a value that JSON has no form of."""
    if isinstance(value, dict):
        parts = [*value, *value.values()]
        if not all(isinstance(name, str) for name in value):
            return "a key in it is no text"
    elif isinstance(value, list):
        parts = value
    else:
        return _foreign_part(value)
    if depth == 0:
        return "it nests too deeply"
    return next((f for part in parts if (f := _foreign(part, depth - 1))), "")


def _foreign_part(value: Any) -> str:
    if isinstance(value, str):
        whole = value.isascii() or not re.search("[\ud800-\udfff]", value)
        return "" if whole else "it holds half a letter (a lone surrogate)"
    if isinstance(value, float):
        return "" if math.isfinite(value) else "it is not finite"
    if isinstance(value, int):
        is_long = abs(value) >= 10**_MOST_DIGITS
        return f"it has more than {_MOST_DIGITS} digits" if is_long else ""
    return "" if value is None else f"it is of the type {type(value).__name__}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (bool, float)) or value is None:
        return repr(value)
    return f"a value of the type {type(value).__name__}"
