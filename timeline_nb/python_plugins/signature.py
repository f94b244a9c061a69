"""Read a function's signature: how it can be called, and what its arguments are."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, get_type_hints

import msgspec

from timeline_nb.core.near_names import suggestion
from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import PluginError, TimeError
from timeline_nb.timebase import to_fraction

__all__ = ["arguments_of", "call_with", "check_call", "checked_values", "schema_of"]

_EMPTY: Final = inspect.Parameter.empty
_LISTS: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
# A line of "Args:" in a docstring.
_ARGUMENT: Final = re.compile(r"(\w+)(?: ?\([^)]*\))?: +(.+)")


def check_call(
    function: Callable[..., Any], given: Sequence[str], named: Iterable[str]
) -> None:
    """Check that a function can be called with some values, and others by name.

    Args:
        function: The function.
        given: What it is given first, in order.
        named: What it is given by name.

    Raises:
        PluginError: It cannot.
    """
    named = list(named)
    try:
        inspect.signature(function).bind(*given, **dict.fromkeys(named))
    except (TypeError, ValueError) as error:
        wanted = ", ".join([*given, *(f"{name}=..." for name in named)])
        raise PluginError(f"it cannot be called with ({wanted}): {error}") from error


def arguments_of(function: Callable[..., Any], given: int) -> type[msgspec.Struct]:
    """Return the type of a function's own arguments, by their type hints.

    Args:
        function: The function.
        given: How many arguments come before its own.

    Raises:
        PluginError: An argument cannot be given by name, its type is unknown, or has
            no form in JSON.
    """
    try:
        hints = get_type_hints(function, include_extras=True)
        parameters = list(inspect.signature(function).parameters.values())[given:]
    except (NameError, TypeError, ValueError, AttributeError) as error:
        raise PluginError(f"its type hints cannot be read: {error}") from error
    fields: list[Any] = []
    for one in parameters:
        if one.kind in _LISTS or one.kind is inspect.Parameter.POSITIONAL_ONLY:
            raise PluginError(f"its argument {one.name!r} cannot be given by name")
        hint = hints.get(one.name, Any)
        if one.default is _EMPTY:
            fields.append((one.name, hint))
        else:
            # What is left out is left to the function, which has the default.
            fields.append((one.name, hint | msgspec.UnsetType, msgspec.UNSET))
    try:
        made = msgspec.defstruct(
            "Arguments", fields, kw_only=True, forbid_unknown_fields=True
        )
        msgspec.json.schema(made, schema_hook=_schema_hook)
    except (TypeError, NotImplementedError) as error:
        reason = str(error).splitlines()[-1]
        raise PluginError(
            f"the type of an argument has no form in JSON: {reason}"
        ) from error
    return made


def call_with(
    function: Callable[..., Any],
    arguments: type[msgspec.Struct],
    values: Mapping[str, Any],
    *given: Any,
) -> Any:
    """Call a function with values that are checked.

    Args:
        function: The function.
        arguments: The type of its own arguments.
        values: Those by name, as JSON has them or Python.
        given: What comes before them.

    Raises:
        PluginError: They do not fit the type. What the function raises passes.
    """
    return function(*given, **_converted(arguments, values))


def checked_values(
    function: Callable[..., Any],
    arguments: type[msgspec.Struct],
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Return checked values as JSON has them, with the function's defaults.

    A default without a form in JSON is left to the function.

    Raises:
        PluginError: They do not fit the type.
    """
    kept = to_builtins(_converted(arguments, values))
    return {**_defaults(function, arguments.__struct_fields__), **kept}


def _converted(
    arguments: type[msgspec.Struct], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values that are given, in the types of the arguments."""
    names = arguments.__struct_fields__
    for name in values:
        if name not in names:
            raise PluginError(f"there is no argument {name!r}{suggestion(name, names)}")
    try:
        read = msgspec.convert(dict(values), arguments, dec_hook=_read)
    except (msgspec.ValidationError, RecursionError) as error:
        raise PluginError(f"the arguments do not fit: {error}") from error
    own = {name: getattr(read, name) for name in names}
    return {name: one for name, one in own.items() if one is not msgspec.UNSET}


def _defaults(function: Callable[..., Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the defaults of a function's arguments that have a form in JSON."""
    parameters, found = inspect.signature(function).parameters, {}
    for name in names:
        if parameters[name].default is not _EMPTY:
            try:
                found[name] = to_builtins(parameters[name].default)
            except (TypeError, NotImplementedError):
                continue
    return found


def schema_of(
    function: Callable[..., Any], arguments: type[msgspec.Struct]
) -> dict[str, Any]:
    """Return the JSON Schema of a function's own arguments.

    The "Args:" of its docstring describe them.
    """
    whole = msgspec.json.schema(arguments, schema_hook=_schema_hook)
    definitions = dict(whole.get("$defs", {}))
    schema = definitions.pop(whole["$ref"].rpartition("/")[2])
    schema.pop("title", None)
    defaults = _defaults(function, arguments.__struct_fields__)
    described = dict(_described(function))
    for name, one in schema["properties"].items():
        if name in described:
            one["description"] = described[name]
        if name in defaults:
            one["default"] = defaults[name]
    return {**schema, **({"$defs": definitions} if definitions else {})}


def _described(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """Yield what a docstring in Google's style says of each argument."""
    lines = iter((inspect.getdoc(function) or "").splitlines())
    name = ""
    words: list[str] = []
    for line in lines:
        if line.strip() in {"Args:", "Arguments:"}:
            break
    for line in lines:
        if line and not line.startswith(" "):
            break
        found = _ARGUMENT.fullmatch(line.strip())
        if found is not None:
            if name:
                yield name, " ".join(words)
            name, words = found[1], [found[2]]
        elif line.strip():
            words.append(line.strip())
    if name:
        yield name, " ".join(words)


def _read(kind: type, value: Any) -> Any:
    if isinstance(value, kind):
        return value
    # msgspec adds the place to a ValueError, and to no other.
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is Fraction and not isinstance(value, bool):
        try:
            return to_fraction(value)
        except TimeError as error:
            raise ValueError(str(error)) from error
    raise ValueError(f"Expected `{kind.__name__}`, got {type(value).__name__}")


def _schema_hook(kind: type) -> dict[str, Any]:
    if kind in {Path, Fraction}:
        return {"type": "string"}
    raise NotImplementedError(f"{kind.__name__} has none")
