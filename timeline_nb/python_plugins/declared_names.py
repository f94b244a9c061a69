"""Names and arguments of what a Python plugin declares, checked where it does."""

import inspect
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from timeline_nb.core.offers import TAKEN_NAMES
from timeline_nb.errors import PluginError
from timeline_nb.python_plugins.declared import name_of
from timeline_nb.python_plugins.signature import arguments_of

__all__ = ["is_name", "is_text", "naming", "own_arguments", "own_names"]

F = TypeVar("F", bound=Callable[..., Any])
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


def is_text(value: object) -> bool:
    """Return whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value)


def is_name(name: object) -> bool:
    """Return whether a value can be the name of a function that is declared."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def own_arguments(function: Callable[..., Any], given: int) -> type[msgspec.Struct]:
    """Return the type of arguments that stand beside those of a method.

    Raises:
        PluginError: One has the name of the method's own.
    """
    arguments = arguments_of(function, given)
    taken = TAKEN_NAMES.intersection(arguments.__struct_fields__)
    if taken:
        names = " and ".join(map(repr, sorted(taken)))
        raise PluginError(f"it cannot have an argument {names}: give another name")
    return arguments


def own_names(function: Callable[..., Any], given: int) -> list[str]:
    """Return the names of a function's arguments after so many; none if unknown."""
    try:
        return list(inspect.signature(function).parameters)[given:]
    except (TypeError, ValueError):
        return []


def naming(declare: Callable[[F], F]) -> Callable[[F], F]:
    """Have a declaration's errors name the function."""

    def declare_named(function: F) -> F:
        try:
            return declare(function)
        except PluginError as error:
            raise PluginError(f"{name_of(function)}: {error}") from error

    return declare_named
