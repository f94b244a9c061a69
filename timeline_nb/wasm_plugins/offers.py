"""What a plugin's manifest offers: commands, effects, analyzers and formats."""

from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from timeline_nb.core.offers import TAKEN_NAMES
from timeline_nb.recognition.analyzers import column_fault
from timeline_nb.wasm_plugins.schema import is_file

__all__ = [
    "GIVEN",
    "Name",
    "PluginAnalyzer",
    "PluginColumn",
    "PluginCommand",
    "PluginEffect",
    "PluginFormat",
    "PluginParameter",
    "Text",
    "analyzer_fault",
    "name_fault",
]

Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text: TypeAlias = Annotated[str, Meta(max_length=2_000)]
# Parameters of these names are given by the host, by how many pictures an effect takes;
# no person sees them, and their defaults do not count.
GIVEN: Final = {
    0: frozenset({"time_s", "frame_s"}),
    1: frozenset({"time_s", "frame_s", "seed"}),
    2: frozenset({"progress"}),
}
Suffix: TypeAlias = Annotated[str, Meta(pattern=r"^\.[a-z0-9]{1,20}$")]


class PluginCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command of a plugin.

    Args:
        name: What it is called by.
        about: One sentence.
        args: JSON Schema of its arguments, of the words in `wasm_plugins/schema.py`.
    """

    name: Name
    about: Text = ""
    args: dict[str, Any] = {}


class PluginParameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter of an effect; it reaches the plugin as a number.

    Some names are the host's (`GIVEN`): `progress` of a transition, from 0 to 1;
    `time_s`, the seconds since the start of the media, the generated clip, the track or
    the timeline that has the effect; `frame_s`, the seconds of one frame; `seed`, a
    number below 2^32 that is the same for all frames of an owner.

    Args:
        name: What it is called by.
        default: Its value where none is given; of choices, the choice's number.
        low: The least value.
        high: The greatest value.
        choices: Names of the values 0, 1, 2, ...; no choices mean a number.
        about: One sentence.
        type: An integer is rounded between keyframes; a boolean is 0 or 1.
        unit: As `deg`; `height` for shares of the picture's height, which look the
            same in a small preview as in the film.
    """

    name: Name
    default: float = 0.0
    low: float = 0.0
    high: float = 1.0
    choices: Annotated[tuple[Name, ...], Meta(max_length=100)] = ()
    about: Text = ""
    type: Literal["number", "integer", "boolean"] = "number"
    unit: Annotated[str, Meta(max_length=20)] = ""


class PluginEffect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An effect, transition or generator that a plugin computes by `tnb_frame`.

    Args:
        name: What it is called by.
        about: One sentence.
        inputs: How many pictures it takes: 0 for a generator, 2 for a transition.
        parameters: In the order in which the plugin receives them.
        pixels: What its pictures are of: of `rgba`, each has four bytes, the last one
            its opacity, by which its color is not multiplied. An effect on `rgb` leaves
            the opacity as it is.
    """

    name: Name
    about: Text = ""
    inputs: Annotated[int, Meta(ge=0, le=2)] = 1
    parameters: Annotated[tuple[PluginParameter, ...], Meta(max_length=50)] = ()
    pixels: Literal["rgb", "rgba"] = "rgb"

    @property
    def channels(self) -> int:
        """The bytes of a pixel."""
        return len(self.pixels)

    @property
    def given(self) -> frozenset[str]:
        """The names of its parameters that the host gives."""
        return GIVEN[self.inputs] & {one.name for one in self.parameters}


class PluginColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of an analyzer's table.

    Args:
        name: What it is called; `time_s` and `frame` are there already.
        type: What its cells hold.
        about: One sentence, with the unit.
    """

    name: Name
    type: Literal["number", "integer", "text", "boolean"] = "number"
    about: Text = ""


class PluginAnalyzer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a plugin measures in a file: one or more rows for a picture, or for sound.

    Args:
        name: What it is called by.
        about: One sentence.
        of: What it is given.
        columns: What it returns of each.
        args: JSON Schema of its arguments.
    """

    name: Name
    about: Text = ""
    of: Literal["picture", "sound"] = "picture"
    columns: Annotated[tuple[PluginColumn, ...], Meta(min_length=1, max_length=50)] = ()
    args: dict[str, Any] = {}


class PluginFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of file that a plugin reads as an edit, or writes an edit to.

    Args:
        name: What it is called by.
        suffixes: Of its files, in lower case: `.edl`.
        about: One sentence.
        args: JSON Schema of its arguments.
    """

    name: Name
    suffixes: Annotated[tuple[Suffix, ...], Meta(min_length=1, max_length=20)]
    about: Text = ""
    args: dict[str, Any] = {}


def analyzer_fault(analyzer: PluginAnalyzer) -> str:
    """Return what is wrong with an analyzer, after its place; empty if nothing is."""
    names = [one.name for one in analyzer.columns]
    for number, column in enumerate(analyzer.columns):
        if fault := column_fault(column.name, column.type):
            return f"columns[{number}]: {fault}"
        if names.count(column.name) > 1:
            return f"columns[{number}]: there are two of the name {column.name!r}"
    files = [name for name, one in _properties(analyzer).items() if is_file(one)]
    if files:
        return f"args: {files[0]!r} is a file, and an analyzer reads none"
    return name_fault(analyzer)


def name_fault(offer: PluginAnalyzer | PluginFormat) -> str:
    """Return which argument has a name that is taken; empty if none has."""
    taken = sorted(TAKEN_NAMES.intersection(_properties(offer)))
    return f"args: the name {taken[0]!r} is taken" if taken else ""


def _properties(offer: PluginAnalyzer | PluginFormat) -> dict[str, Any]:
    found: dict[str, Any] = offer.args.get("properties", {})
    return found
