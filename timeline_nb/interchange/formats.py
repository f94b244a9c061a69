"""The formats of other programs' edits that are read and written here.

A format is a module with `read(request, ...)`, `write(request, ...)` or both: pure
functions between the bytes of files and a timeline, which tell a report what they could
not carry over. Their further arguments, by keyword, are the format's own. A module is
imported when its format is used. Plugins add others (`project/formats.py`).
"""

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.left_out import tell_left_out
from timeline_nb.interchange.registered import FORMATS, Format
from timeline_nb.interchange.report import Direction
from timeline_nb.interchange.requests import (
    ReadRequest,
    WriteRequest,
    Written,
)
from timeline_nb.timeline.model import Timeline

__all__ = [
    "arguments_of",
    "format_of_content",
    "format_of_name",
    "formats_of_suffix",
    "read",
    "write",
]

_SNIFFED_BYTES: Final = 4_096


def format_of_name(name: object, direction: Direction) -> Format:
    """Return a format by its name.

    Raises:
        ProjectError: There is none of that name, or it is only read, or only written.
    """
    known = {one.name: one for one in FORMATS if one.serves(direction)}
    # Not every value that a cell may pass can be looked up.
    if isinstance(name, str) and name in known:
        return known[name]
    verb = "read" if direction == "import" else "written"
    hint = suggestion(name, sorted(known))
    raise ProjectError(f"format={quoted(name)}: no such format is {verb}{hint}")


def formats_of_suffix(suffix: str, direction: Direction) -> list[Format]:
    """Return the formats of files with a suffix, such as `.xml`."""
    own = suffix.lower()
    return [one for one in FORMATS if own in one.suffixes and one.serves(direction)]


def format_of_content(found: list[Format], data: bytes, name: str) -> Format:
    """Return which of several formats a file has, by its first bytes.

    Args:
        found: The formats of the file's suffix, at least one.
        data: The file.
        name: Of the file, for messages.

    Raises:
        ProjectError: It has none of them, of several; or more than one.
    """
    if len(found) == 1:
        return found[0]
    head = data[:_SNIFFED_BYTES]
    fitting = [one for one in found if one.is_like(head)]
    if len(fitting) == 1:
        return fitting[0]
    names = " or ".join(repr(one.name) for one in fitting or found)
    raise ProjectError(
        f"{name} {'may be' if fitting else 'does not look like'} {names}: name its "
        f"format, as format={(fitting or found)[0].name!r}"
    )


def arguments_of(own: Format, direction: Direction, args: Mapping[str, Any]) -> None:
    """Refuse arguments that a format does not have.

    Raises:
        ProjectError: It has no argument of that name.
    """
    known = [
        name
        for name, one in inspect.signature(_function(own, direction)).parameters.items()
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    for name in args:
        if name not in known:
            raise ProjectError(
                f"{own.name}: {quoted(name)} is no argument of this format"
                f"{suggestion(name, known)}"
            )


def read(own: Format, request: ReadRequest, args: Mapping[str, Any]) -> Timeline:
    """Read a file as an edit; what is not carried over is in the request's report.

    Raises:
        ProjectError: The file is not of the format, broken, or too large; or an
            argument does not fit.
    """
    arguments_of(own, "import", args)
    made: Timeline = _function(own, "import")(request, **args)
    return made


def write(own: Format, request: WriteRequest, args: Mapping[str, Any]) -> Written:
    """Return an edit as the bytes of files; what is lost is in the request's report.

    Raises:
        ProjectError: The edit cannot be written so; or an argument does not fit.
    """
    arguments_of(own, "export", args)
    made: Written = _function(own, "export")(request, **args)
    tell_left_out(request.timeline, own.lacks, request.report)
    return made


def _function(own: Format, direction: Direction) -> Callable[..., Any]:
    module = import_module(f"timeline_nb.interchange.{own.module}")
    found: Callable[..., Any] = module.read if direction == "import" else module.write
    return found
