"""A subset of JSON Schema, which is checked in bounded time and memory.

It has no `$ref`, which can loop, and no `pattern`, which can take forever. Of each
value it checks what https://json-schema.org/draft/2020-12 says of these words. Text of
the format `file` is the path of a file, which the plugin gets as a handle.
"""

from collections.abc import Iterator
from typing import Any, Final

__all__ = ["check_schema", "faults_of", "is_file", "with_defaults"]

_MOST_NODES: Final = 2_000
_MOST_DEPTH: Final = 16
_ANNOTATIONS: Final = frozenset({"title", "description", "default", "examples"})
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_NUMBERS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS: Final = ("minLength", "maxLength", "minItems", "maxItems")
_WORDS: Final = frozenset(
    {
        *_ANNOTATIONS,
        *_NUMBERS,
        *_COUNTS,
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "format",
    }
)


def check_schema(schema: object) -> str:
    """Return what is wrong with a schema; empty if it can be used.

    Args:
        schema: As it was read from JSON.
    """
    seen = 0
    stack: list[tuple[object, str, int]] = [(schema, "args", 0)]
    while stack:
        one, path, depth = stack.pop()
        seen += 1
        if seen > _MOST_NODES or depth > _MOST_DEPTH:
            return f"{path}: the schema is too large or too deep"
        if not isinstance(one, dict):
            return f"{path}: a schema is an object"
        if fault := _word_fault(one):
            return f"{path}: {fault}"
        for name, inner in one.get("properties", {}).items():
            stack.append((inner, f"{path}.{name}"[:200], depth + 1))
        if "items" in one:
            stack.append((one["items"], f"{path}[]", depth + 1))
    return ""


def _word_fault(schema: dict[str, Any]) -> str:
    for word in schema:
        if word not in _WORDS:
            return f"{word!r:.60} is not among {', '.join(sorted(_WORDS))}"
    kind = schema.get("type")
    checks = [
        ("type", kind is None or (isinstance(kind, str) and kind in _TYPES)),
        ("properties", isinstance(schema.get("properties", {}), dict)),
        ("required", _is_list_of(schema.get("required", []), str)),
        (
            "additionalProperties",
            type(schema.get("additionalProperties", True)) is bool,
        ),
        ("enum", isinstance(schema.get("enum", []), list)),
        ("format", isinstance(schema.get("format", ""), str)),
    ]
    checks += [(word, _is_number(schema.get(word, 0))) for word in _NUMBERS]
    checks += [(word, _is_count(schema.get(word, 0))) for word in _COUNTS]
    wrong = next((word for word, is_right in checks if not is_right), "")
    return f"{wrong!r} has a value that it cannot have" if wrong else ""


def _is_list_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_file(schema: dict[str, Any]) -> bool:
    """Return whether a schema describes the path of a file."""
    return schema.get("format") == "file"


def with_defaults(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return an object with the defaults of the properties that it lacks."""
    missing = {
        name: inner["default"]
        for name, inner in schema.get("properties", {}).items()
        if name not in value and "default" in inner
    }
    return {**value, **missing}


def faults_of(value: object, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield what a value has that its schema does not allow, each with its place.

    Args:
        value: Objects, arrays, text and numbers.
        schema: One that `check_schema` found usable.
        path: The value's name.
    """
    at = f"{path}: " if path else ""
    kind = schema.get("type")
    if kind is not None and not _is_a(value, kind):
        yield f"{at}{value!r:.60} is not of the type {kind}"
        return
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        choices = ", ".join(f"{one!r:.40}" for one in schema["enum"][:20])
        yield f"{at}{value!r:.60} is none of {choices}"
    if "const" in schema and not _same(value, schema["const"]):
        yield f"{at}{value!r:.60} is not {schema['const']!r:.60}"
    if _is_number(value):
        yield from (at + fault for fault in _number_faults(value, schema))
    elif isinstance(value, str):
        yield from (at + fault for fault in _size_faults(value, schema, "Length"))
    elif isinstance(value, list):
        yield from (at + fault for fault in _size_faults(value, schema, "Items"))
        for number, one in enumerate(value if "items" in schema else ()):
            yield from faults_of(one, schema["items"], f"{path}[{number}]")
    elif isinstance(value, dict):
        yield from _object_faults(value, schema, path)


def _object_faults(
    value: dict[str, Any], schema: dict[str, Any], path: str
) -> Iterator[str]:
    known = schema.get("properties", {})
    at = f"{path}: " if path else ""
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at}{name!r} is missing"
    for name, one in value.items():
        if name in known:
            yield from faults_of(one, known[name], f"{path}.{name}".lstrip("."))
        elif not schema.get("additionalProperties", True):
            listed = ", ".join(known) or "none"
            yield f"{at}{name!r:.60} is not known; there are {listed}"


def _is_a(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()  # 1.0 is an integer there
    return isinstance(value, _TYPES[kind])


def _same(value: object, other: object) -> bool:
    """Return whether two values are equal in JSON, where true is not 1."""
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(value, list) and isinstance(other, list):
        pairs = zip(value, other, strict=False)
        return len(value) == len(other) and all(_same(*pair) for pair in pairs)
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(
            _same(one, other[name]) for name, one in value.items()
        )
    return value == other


def _number_faults(value: Any, schema: dict[str, Any]) -> Iterator[str]:
    if "minimum" in schema and not value >= schema["minimum"]:
        yield f"{value} is below {schema['minimum']}"
    if "maximum" in schema and not value <= schema["maximum"]:
        yield f"{value} is above {schema['maximum']}"
    if "exclusiveMinimum" in schema and not value > schema["exclusiveMinimum"]:
        yield f"{value} is not above {schema['exclusiveMinimum']}"
    if "exclusiveMaximum" in schema and not value < schema["exclusiveMaximum"]:
        yield f"{value} is not below {schema['exclusiveMaximum']}"


def _size_faults(
    value: str | list[Any], schema: dict[str, Any], word: str
) -> Iterator[str]:
    what = "letters" if word == "Length" else "entries"
    if len(value) < schema.get(f"min{word}", 0):
        yield f"it has {len(value)} {what}, fewer than {schema[f'min{word}']}"
    if len(value) > schema.get(f"max{word}", len(value)):
        yield f"it has {len(value)} {what}, more than {schema[f'max{word}']}"
