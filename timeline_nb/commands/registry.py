"""The registry of commands: find them by name, read them from JSON, describe them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import msgspec

from timeline_nb.commands import (
    arranging,
    changing,
    comments,
    effects,
    placing,
    titles,
)
from timeline_nb.commands.command import Command
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import TimeError, TimelineError
from timeline_nb.timebase import parse_time

__all__ = ["COMMANDS", "command_from", "schema", "to_document"]

COMMANDS: Final[Mapping[str, type[Command]]] = {
    kind.command_name(): kind
    for kind in (
        placing.Append,
        placing.Insert,
        placing.Overwrite,
        placing.Paste,
        placing.Replace,
        placing.FitToFill,
        arranging.Move,
        arranging.Reorder,
        arranging.Shift,
        arranging.Split,
        arranging.Join,
        arranging.Delete,
        arranging.Lift,
        arranging.Trim,
        arranging.Ripple,
        arranging.Roll,
        arranging.Slip,
        arranging.Slide,
        arranging.Link,
        arranging.Unlink,
        changing.SetClip,
        changing.SetTrack,
        changing.AddTrack,
        changing.RemoveTrack,
        changing.MoveTrack,
        changing.SetSpeed,
        changing.Freeze,
        changing.Resize,
        changing.AddMarker,
        changing.SetMarker,
        changing.RemoveMarker,
        comments.AddComment,
        effects.AddEffect,
        effects.AddEffects,
        effects.MoveEffect,
        effects.RemoveEffect,
        effects.SetEffect,
        effects.SetEffects,
        effects.Animate,
        effects.AddTransition,
        effects.RemoveTransition,
        titles.AddTitle,
        titles.SetTitle,
        titles.AddGenerator,
        titles.AddAdjustment,
        titles.AddTemplate,
        titles.AddSubtitle,
        titles.SetSubtitle,
        titles.Nest,
    )
}


def command_from(name: str, arguments: Mapping[str, Any], *, rate: Fraction) -> Command:
    """Return a command, given its name and its fields as JSON values.

    Args:
        name: A key of `COMMANDS`: `"split"`.
        arguments: The fields: `{"at": "12f"}`. Times are seconds, or text as
            `timebase.parse_time` reads it.
        rate: Frames per second of the timeline, for times in frames and timecode.

    Raises:
        TimelineError: There is no such command, or a field is missing, unknown or of
            another type; the message names it.
    """
    kind = _kind(name)

    def read(wanted: type, value: Any) -> Any:
        if wanted is not Fraction:
            raise NotImplementedError(f"{wanted.__name__} cannot be read from JSON")
        try:
            return parse_time(value, rate)
        except TimeError as error:
            raise ValueError(str(error)) from error

    try:
        return msgspec.convert({**arguments, "command": name}, kind, dec_hook=read)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        raise TimelineError(f"{name}: {error}; its fields are {known}") from error


def to_document(command: Command) -> dict[str, Any]:
    """Return a command as a JSON object, which `command_from` reads back."""
    document: dict[str, Any] = to_builtins(command)
    return document


def schema(name: str = "") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a command, or of all of them.

    Raises:
        TimelineError: There is no command of that name.
    """
    kinds = [_kind(name)] if name else list(COMMANDS.values())
    schemas, parts = msgspec.json.schema_components(
        kinds, schema_hook=_schema_of, ref_template="#/$defs/{name}"
    )
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if name:
        return {**draft, **schemas[0], "$defs": parts}
    return {**draft, "oneOf": list(schemas), "$defs": parts}


def _kind(name: str) -> type[Command]:
    if name not in COMMANDS:
        raise TimelineError(f"there is no command {name!r}{suggestion(name, COMMANDS)}")
    return COMMANDS[name]


def _schema_of(kind: type) -> dict[str, Any]:
    if kind is not Fraction:
        raise NotImplementedError(f"{kind.__name__} has no JSON Schema")
    return {"type": ["string", "number"]}
