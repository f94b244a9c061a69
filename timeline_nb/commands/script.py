"""Write commands as Python: calls of an edit's methods that perform them."""

import typing
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import msgspec

from timeline_nb.commands.command import Command, Duration, Time, changed_fields
from timeline_nb.commands.history import Step
from timeline_nb.commands.within import Within
from timeline_nb.timebase import frame_at

__all__ = ["call_of", "script_of"]


def script_of(steps: Iterable[Step], *, rate: Fraction, name: str = "cut") -> str:
    """Write steps as Python that repeats them on an edit, one line per call.

    Args:
        steps: As `EditSession.steps_since` returns them.
        rate: Frames per second of the timeline: whole frames are written as `"12f"`.
        name: The variable that holds the edit.

    Returns:
        The lines; a step that is no command becomes a comment.
    """
    lines: list[str] = []
    for step in steps:
        if step.commands is None:
            lines.append(f"# {step.label}: made in a cell, run that cell here")
            continue
        calls = [f"{name}.{call_of(command, rate)}" for command in step.commands]
        if len(calls) > 1:
            lines.append(f"with {name}.group({step.label!r}):")
            calls = [f"    {call}" for call in calls]
        lines += calls
    if any("Fraction(" in line for line in lines):
        lines.insert(0, "from fractions import Fraction")
    return "\n".join(lines)


def call_of(command: Command, rate: Fraction) -> str:
    """Write a command as a method call, without the edit: `split("12f")`."""
    if isinstance(command, Within):
        way = "".join(f"nested({_literal(clip)})." for clip in command.clips)
        return way + call_of(command.change, command.rate)
    times = _times(type(command))
    given = command.given()
    several = given.pop(command.unpacked, ())

    def written(name: str, value: Any) -> str:
        if name in times:
            return _time(value, rate)
        return f'"{value}"' if isinstance(value, Fraction) else _literal(value)

    arguments = [
        written(name, given.pop(name)) for name in command.positional if name in given
    ]
    if isinstance(several, tuple):
        arguments += [_literal(value) for value in several]
        several = {}
    arguments += [f"{name}={written(name, value)}" for name, value in given.items()]
    arguments += [f"{name}={_literal(value)}" for name, value in several.items()]
    return f"{command.method}({', '.join(arguments)})"


@cache
def _times(kind: type[Command]) -> frozenset[str]:
    """Return the names of the fields that are times or lengths of time."""
    hints = typing.get_type_hints(kind, include_extras=True)
    marks = {typing.get_args(alias)[1] for alias in (Time, Duration)}
    return frozenset(
        name
        for name, hint in hints.items()
        for part in (hint, *typing.get_args(hint))
        if typing.get_origin(part) is typing.Annotated
        and typing.get_args(part)[1] in marks
    )


def _time(value: Any, rate: Fraction) -> str:
    """Write a time: as frames where it lies on one, else exactly."""
    frames = value * rate
    if frames.denominator == 1:
        return f'"{frame_at(value, rate)}f"'
    return _literal(value)


def _literal(value: Any) -> str:
    """Write a value as Python source."""
    if isinstance(value, Fraction):
        return f"Fraction({value.numerator}, {value.denominator})"
    if isinstance(value, msgspec.Struct):
        fields = ", ".join(f"{n}={_literal(own)}" for n, own in changed_fields(value))
        return f"tl.{type(value).__name__}({fields})"
    if isinstance(value, dict):
        pairs = ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value.items())
        return f"{{{pairs}}}"
    if isinstance(value, (list, tuple)):
        items = [_literal(item) for item in value]
        joined = ", ".join(items)
        if isinstance(value, list):
            return f"[{joined}]"
        return f"({joined},)" if len(items) == 1 else f"({joined})"
    return repr(value)
