"""Calls whose arguments do not fit, explained: what is meant, and where it belongs.

Python says only that an argument is unexpected. What is public says more, once a call
has failed: until then a call costs one frame, and no signature is read.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, wraps
from typing import Any, Final, TypeVar, cast, get_args, get_type_hints

import msgspec

from timeline_nb.core.near_names import kind_of, near_names, quoted, suggestion

__all__ = ["ExplainingMeta", "call_fault", "explain_calls"]

_PACKAGE: Final = __name__.partition(".")[0]
# How msgspec begins what it says of arguments, and never of values.
_OF_STRUCTS: Final = ("Unexpected keyword", "Missing required", "Extra positional")
# What a newcomer asks of a call that does something else, and what does that.
_ELSEWHERE: Final = {
    ("detect", "labels"): "choose rows of its table: table[table['label'] == 'car']",
    ("detect", "frames"): "give every=5, start= or end=",
    ("render", "size"): "give profile=tl.Profile(size=(1280, 720))",
    ("clip", "duration"): "give end=, a time of the media",
}
_PLACED: Final = {
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
}
_OPEN: Final = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
_OR_NONE: Final = (bool | None, "bool | None")
_FLAGS: Final = (bool, "bool", *_OR_NONE)
_NUMPY_FLAGS: Final = {"bool", "bool_"}
T = TypeVar("T")
_explained: set[type] = set()


def explain_calls(value: T) -> T:
    """Have what is public explain calls whose arguments do not fit.

    Args:
        value: A function, which is returned with that; a class, or an object of one,
            whose own public methods get it, and those of what they return; or a module
            of functions.
    """
    if inspect.isfunction(value):
        return cast("T", _explaining(value))
    if inspect.ismodule(value):
        for name, own in inspect.getmembers(value, inspect.isfunction):
            if name in value.__all__:
                setattr(value, name, explain_calls(own))
        return value
    kind = value if isinstance(value, type) else type(value)
    if not issubclass(kind, BaseException | type):
        _explain_class(kind)
    return value


class ExplainingMeta(msgspec.StructMeta):
    """Of structs that explain calls whose arguments do not fit."""

    def __call__(self, *args: Any, **fields: Any) -> Any:
        """Make a struct.

        Raises:
            ArgumentError: A field is misspelt, missing or without its name.
        """
        try:
            return super().__call__(*args, **fields)
        except TypeError as error:
            raise call_fault(self, error, args, fields) from None
        finally:
            # As in `_explaining`.
            del args, fields


def call_fault(
    kind: type, error: TypeError, args: tuple[Any, ...], fields: Mapping[str, Any]
) -> Exception:
    """Return what says why a struct was not made; the error itself if it says it."""
    if not str(error).startswith(_OF_STRUCTS):
        return error
    why = _fault(kind.__name__, inspect.signature(kind), args, fields)
    return _refused(why or f"{kind.__name__}: {error}")


def _explain_class(kind: type) -> None:
    for own in kind.__mro__:
        if not own.__module__.startswith(_PACKAGE) or own in _explained:
            continue
        _explained.add(own)
        for name, value in list(vars(own).items()):
            if name.startswith("_") and name != "__init__":
                continue
            if isinstance(value, (classmethod, staticmethod)):
                setattr(own, name, type(value)(_explaining(value.__func__)))
            elif inspect.isfunction(value):
                setattr(own, name, _explaining(value))
            elif isinstance(value, property):
                _explain_returned(value.fget)
            elif isinstance(value, cached_property):
                _explain_returned(value.func)


def _explain_returned(made: object) -> None:
    """Explain calls of what a property or a function returns, as `cut.titles`."""
    returned = getattr(made, "__annotations__", {}).get("return")
    if isinstance(returned, type) and returned.__module__.startswith(_PACKAGE):
        _explain_class(returned)


def _explaining(function: Callable[..., Any]) -> Callable[..., Any]:
    if not inspect.isfunction(function) or hasattr(function, "__wrapped__"):
        return function
    _explain_returned(function)
    flags = _flags_of(function)

    @wraps(function)
    def call(*args: Any, **words: Any) -> Any:
        # Notebooks and pytest leave this frame out of tracebacks.
        __tracebackhide__ = True
        try:
            if flags:
                _check_flags(function, flags, words)
            return function(*args, **words)
        except TypeError as error:
            # An error of the function itself has a frame of it.
            is_of_call = error.__traceback__ and error.__traceback__.tb_next is None
            why = _wrong_call(function, args, words) if is_of_call else ""
            if not why:
                raise
            raise _refused(why) from None
        finally:
            # Tracebacks print the variables of each frame, and these may be secrets.
            del args, words

    return call


def _flags_of(function: Callable[..., Any]) -> Mapping[str, bool]:
    """Return the arguments that are True or False; the value is whether None is, too.

    A text such as "no" is true for Python, and would do what it says it does not.
    """
    return {
        name: hint in _OR_NONE
        for name, hint in function.__annotations__.items()
        if hint in _FLAGS and name != "return"
    }


def _check_flags(
    function: Callable[..., Any], flags: Mapping[str, bool], words: dict[str, Any]
) -> None:
    for name, value in words.items():
        if isinstance(value, bool) or name not in flags:
            continue
        if value is None and flags[name]:
            continue
        if type(value).__module__ == "numpy" and type(value).__name__ in _NUMPY_FLAGS:
            # As a row of a table has it.
            words[name] = bool(value)
            continue
        _, called = function.__qualname__.removesuffix(".__init__").rpartition(".")[1:]
        raise _refused(f"{called}: {name} is {_shown(value)}: give True or False")


def _refused(why: str) -> Exception:
    # The errors are public, too: their import needs this module.
    from timeline_nb.errors import ArgumentError

    return ArgumentError(why)


def _wrong_call(
    function: Callable[..., Any], args: tuple[Any, ...], words: Mapping[str, Any]
) -> str:
    """Return what is wrong with a call, and what to do; empty if nothing is found."""
    signature = inspect.signature(function)
    first = next(iter(signature.parameters), "")
    name = function.__name__
    if first in {"self", "cls"}:
        own = list(signature.parameters.values())[1:]
        signature = signature.replace(parameters=own)
        if name == "__init__":
            name = type(args[0]).__name__ if args else name
        args = args[1:]
    return _fault(name, signature, args, words, function)


def _fault(
    name: str,
    signature: inspect.Signature,
    args: tuple[Any, ...],
    words: Mapping[str, Any],
    function: Callable[..., Any] | None = None,
) -> str:
    own = list(signature.parameters.values())
    placed = [one.name for one in own if one.kind in _PLACED]
    named = [one.name for one in own if one.kind is inspect.Parameter.KEYWORD_ONLY]
    for word in words:
        if word not in {*placed, *named}:
            belongs = _belongs(name, word, [*placed, *named], function)
            return f"{name} has no argument {quoted(word)}{belongs}"
        if word in placed[: len(args)]:
            return f"{name}: {word!r} is given twice, by its place and by its name"
    if len(args) > len(placed):
        extra = _shown(args[len(placed)])
        if named:
            return (
                f"{name}: {extra} needs its name, as in {named[0]}=...; there are "
                f"{', '.join(named)}"
            )
        return f"{name} takes {len(placed)} arguments, and {extra} is one too many"
    missing = [
        one.name
        for one in own
        if one.default is one.empty
        and one.kind not in _OPEN
        and one.name not in {*placed[: len(args)], *words}
    ]
    return f"{name} needs {' and '.join(f'{one}=' for one in missing)}" * bool(missing)


def _shown(value: Any) -> str:
    """Return a number, or numbers, as Python writes them; of the rest the type.

    A text may be a secret, and an error is shown, logged and kept in notebooks.
    """
    if isinstance(value, (int, float)):
        return quoted(value)
    if isinstance(value, tuple) and all(isinstance(one, (int, float)) for one in value):
        return f"({', '.join(map(quoted, value[:4]))})"
    return kind_of(value)


def _belongs(
    name: str, word: str, known: list[str], function: Callable[..., Any] | None
) -> str:
    """Return where an argument belongs that a call does not have."""
    if (name, word) in _ELSEWHERE:
        return f": {_ELSEWHERE[name, word]}"
    if not near_names(word, known) and function is not None:
        for owner, kind, fields in _structs_of(function):
            if near := near_names(word, fields):
                return (
                    f": it belongs to {owner}=, as in "
                    f"{owner}=tl.{kind.__name__}({near[0]}=...)"
                )
    return suggestion(word, known)


def _structs_of(
    function: Callable[..., Any],
) -> Iterator[tuple[str, type, tuple[str, ...]]]:
    """Yield arguments that take a public struct, with the struct and its fields."""
    try:
        hints = get_type_hints(function, localns=_PublicNames())
    except (AttributeError, NameError, TypeError):
        # Names that only type checkers see, and that are not public.
        return
    for name, hint in hints.items():
        for kind in (hint, *get_args(hint)):
            fields = getattr(kind, "__struct_fields__", ())
            if fields and name != "return" and isinstance(kind, type):
                yield name, kind, fields


class _PublicNames(dict[str, Any]):
    """Looks names of annotations up among those that are public."""

    def __missing__(self, name: str) -> Any:
        try:
            return getattr(sys.modules[_PACKAGE], name)
        except AttributeError:
            raise KeyError(name) from None
