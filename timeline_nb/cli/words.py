"""The command line in the reader's language: its help, and what it prints."""

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

from timeline_nb.i18n import (
    Translations,
    environment_language,
    message_of,
    translations,
)

__all__ = ["help_messages", "said", "t", "tn", "translate_help"]


@cache
def _texts() -> Translations:
    return translations(environment_language())


def t(message: str, /, **values: object) -> str:
    """Return a message in the reader's language, with `{names}` filled in."""
    return _texts().text(message, **values)


def tn(one: str, many: str, count: int, **values: object) -> str:
    """Return the message for a count, with `{count}` filled in."""
    return _texts().counted(one, many, count, **values)


def said(text: str | BaseException) -> str:
    """Return what a message or an error says in the reader's language."""
    if isinstance(text, BaseException):
        text = message_of(text)
    return _texts().said(text)


def help_messages(command: Any) -> Iterator[str]:
    """Yield the messages of a command's help, and of the commands below it.

    Typer's commands are those of its own copy of Click, which has no public types.
    """
    yield from _paragraphs(command.help)
    for parameter in command.params:
        yield from _paragraphs(getattr(parameter, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from help_messages(below)


def translate_help(command: Any) -> None:
    """Put the help of a command, and of those below it, into the reader's language."""
    if not _texts().texts:
        return
    command.help = _translated(command.help)
    command.short_help = _translated(command.short_help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _translated(parameter.help)
    for below in getattr(command, "commands", {}).values():
        translate_help(below)


def _translated(text: str | None) -> str | None:
    return text and "\n\n".join(map(t, _paragraphs(text)))


def _paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of a help text, each as one line."""
    parts = inspect.cleandoc(text or "").split("\n\n")
    return [line for part in parts if (line := " ".join(part.split()))]
