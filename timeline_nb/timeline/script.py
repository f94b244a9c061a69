"""Steps of an edit told as Python: the calls that make them again."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

import msgspec

from timeline_nb.timebase import frame_at
from timeline_nb.timeline.history import Call, Step

__all__ = ["script_of"]

# Verbs whose method on an edit has another name.
_METHODS: Final = {
    "add_marker": "mark",
    "add_subtitle": "subtitle",
    "remove_marker": "unmark",
    "set_clip": "set",
}


def script_of(steps: Iterable[Step], *, rate: Fraction, name: str = "cut") -> str:
    """Python that makes the steps again on an edit, one line a call.

    Args:
        steps: As `EditSession.steps_since` gives them.
        rate: Frames a second of the timeline: whole frames are told as `"12f"`.
        name: The variable that holds the edit.

    Returns:
        The lines; a step that was made by a cell's own function is a comment.
    """
    lines: list[str] = []
    for step in steps:
        if step.calls is None:
            lines.append(f"# {step.label}: made in a cell, run that cell here")
            continue
        made = [f"{name}.{_line(call, rate)}" for call in step.calls]
        if len(made) > 1:
            lines.append(f"with {name}.steps({step.label!r}):")
            made = [f"    {line}" for line in made]
        lines += made
    if any("Fraction(" in line for line in lines):
        lines.insert(0, "from fractions import Fraction")
    return "\n".join(lines)


def _line(call: Call, rate: Fraction) -> str:
    args = call.args
    options = {key: value for key, value in call.options.items() if value is not None}
    if call.verb == "add_marker":
        span = options.pop("marked_range")
        args = (span.start,)
        if span.duration:
            options["duration"] = span.duration
    elif call.verb == "add_subtitle":
        span = options.pop("at")
        options |= {"start": span.start, "end": span.end, **options.pop("style", {})}
    elif call.verb == "split":
        args = (options.pop("at"),)
        if "item_id" in options:
            options["clip"] = options.pop("item_id")
    elif call.verb == "retime":
        options["rate"] = str(options["rate"])
    elif call.verb == "link":
        (args,) = args
    told = [_literal(value, rate) for value in args]
    told += [f"{key}={_literal(value, rate)}" for key, value in options.items()]
    return f"{_METHODS.get(call.verb, call.verb)}({', '.join(told)})"


def _literal(value: Any, rate: Fraction, *, is_field: bool = False) -> str:
    """A value as Python source; a field of a struct takes no text for a time."""
    if isinstance(value, Fraction):
        frames = value * rate
        if frames.denominator == 1 and not is_field:
            return f'"{frame_at(value, rate)}f"'
        return f"Fraction({value.numerator}, {value.denominator})"
    if isinstance(value, msgspec.Struct):
        told = ", ".join(
            f"{field}={_literal(own, rate, is_field=True)}"
            for field, own in _told_fields(value)
        )
        return f"tl.{type(value).__name__}({told})"
    if isinstance(value, (list, tuple)):
        items = [_literal(item, rate, is_field=is_field) for item in value]
        joined = ", ".join(items)
        if isinstance(value, list):
            return f"[{joined}]"
        return f"({joined},)" if len(items) == 1 else f"({joined})"
    return repr(value)


def _told_fields(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """A struct's fields that are not what they are by default."""
    for field in msgspec.structs.fields(value):
        own = getattr(value, field.name)
        default = field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if default is msgspec.NODEFAULT or own != default:
            yield field.name, own
