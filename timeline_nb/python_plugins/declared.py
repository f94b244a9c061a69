"""The functions of a Python plugin, as it declares them."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from timeline_nb.effects.parameters import Parameter
from timeline_nb.recognition.analyzers import Column

__all__ = [
    "DeclaredAnalyzer",
    "DeclaredCommand",
    "DeclaredDetector",
    "DeclaredEffect",
    "DeclaredFormat",
    "Listener",
    "about_of",
    "name_of",
]

# Kinds of events, and what is called with each.
Listener: TypeAlias = tuple[frozenset[str], Callable[..., Any]]


@dataclass(frozen=True)
class DeclaredEffect:
    """A function that computes pictures.

    Args:
        medium: `picture`, `transition` or `generator`.
        function: What computes them.
        group: The heading under which catalogs list it.
        parameters: Its parameters by name.
    """

    medium: str
    function: Callable[..., Any]
    group: str
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True)
class DeclaredDetector:
    """A function that finds objects in a picture.

    Args:
        function: Takes `(H, W, 3) uint8 RGB`, and returns the objects.
        labels: The classes of objects that it finds.
    """

    function: Callable[..., Any]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class DeclaredAnalyzer:
    """A function that measures pictures or sound.

    Args:
        function: Takes a stream, its parts and its own arguments, and yields rows.
        of: What it is given.
        columns: Of its table.
        arguments: The type of its own arguments.
    """

    function: Callable[..., Any]
    of: Literal["picture", "sound"]
    columns: tuple[Column, ...]
    arguments: type[msgspec.Struct]


@dataclass(frozen=True)
class DeclaredFormat:
    """A function that reads or writes a kind of file.

    Args:
        function: Takes a path, or a timeline and a path, and its own arguments.
        suffixes: Of the files.
        arguments: The type of its own arguments.
    """

    function: Callable[..., Any]
    suffixes: tuple[str, ...]
    arguments: type[msgspec.Struct]


@dataclass(frozen=True)
class DeclaredCommand:
    """A function that a person calls by name.

    Args:
        function: What is called.
        arguments: The type of its arguments.
    """

    function: Callable[..., Any]
    arguments: type[msgspec.Struct]

    @property
    def about(self) -> str:
        """The first line of its docstring."""
        return about_of(self.function)


def name_of(function: Callable[..., Any]) -> str:
    """Return a function's name, under which its plugin offers it."""
    return str(getattr(function, "__name__", type(function).__name__))


def about_of(function: Callable[..., Any]) -> str:
    """Return the first line of a function's docstring."""
    return (inspect.getdoc(function) or "").strip().partition("\n")[0]
