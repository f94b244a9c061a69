"""Examples of what a plugin is given and answers, as its project states them."""

from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from timeline_nb.access.use import open_file
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import PluginError

__all__ = [
    "AnalyzerExample",
    "CommandExample",
    "EffectExample",
    "Examples",
    "ExporterExample",
    "ImporterExample",
    "picture_of",
    "read_examples",
]

_MOST_BYTES: Final = 4 << 20
# Rows of pixels, each written as six or eight hexadecimal digits: "ff0000 00ff00".
Rows: TypeAlias = Annotated[tuple[str, ...], Meta(min_length=1)]
Size: TypeAlias = Annotated[int, Meta(ge=1, le=10_000)]


class EffectExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an effect makes of some pictures.

    Args:
        effect: Its name.
        parameters: Those that are given.
        pictures: What it is given.
        size: Width and height, for an effect that is given no pictures.
        result: What must come out.
        within: How many levels each byte may differ by.
        error: A part of the error that must come instead.
    """

    effect: str
    parameters: dict[str, float | str] = {}
    pictures: tuple[Rows, ...] = ()
    size: tuple[Size, Size] | None = None
    result: Rows | None = None
    within: Annotated[int, Meta(ge=0, le=255)] = 0
    error: str = ""


class CommandExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a command returns.

    Args:
        command: Its name.
        args: Its arguments; files are named from the project's folder.
        result: What must come out.
        error: A part of the error that must come instead.
    """

    command: str
    args: dict[str, Any] = {}
    result: dict[str, Any] | None = None
    error: str = ""


class AnalyzerExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an analyzer returns of some pictures or sound.

    Args:
        analyzer: Its name.
        args: Its arguments.
        pictures: What it is given, at 25 frames a second.
        sound: What it is given: the samples of each channel.
        sample_rate_hz: Of the sound.
        rows: What must come out, in order.
        within: By how much a number may differ.
        error: A part of the error that must come instead.
    """

    analyzer: str
    args: dict[str, Any] = {}
    pictures: tuple[Rows, ...] = ()
    sound: tuple[tuple[float, ...], ...] = ()
    sample_rate_hz: Annotated[int, Meta(ge=1, le=1_000_000)] = 48_000
    rows: list[dict[str, Any]] | None = None
    within: Annotated[float, Meta(ge=0)] = 0.0
    error: str = ""


class ImporterExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an importer makes of a file.

    Args:
        importer: Its name.
        file: What it reads, from the project's folder.
        args: Its arguments.
        edit: The file of the edit that must come out: a project as JSON.
        error: A part of the error that must come instead.
    """

    importer: str
    file: str
    args: dict[str, Any] = {}
    edit: str = ""
    error: str = ""


class ExporterExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exporter writes.

    Args:
        exporter: Its name.
        edit: The file of the edit that it writes: a project as JSON.
        args: Its arguments.
        file: The file that must come out, from the project's folder.
        error: A part of the error that must come instead.
    """

    exporter: str
    edit: str
    args: dict[str, Any] = {}
    file: str = ""
    error: str = ""


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All examples of a project: the file `tests.json`."""

    effects: tuple[EffectExample, ...] = ()
    commands: tuple[CommandExample, ...] = ()
    analyzers: tuple[AnalyzerExample, ...] = ()
    importers: tuple[ImporterExample, ...] = ()
    exporters: tuple[ExporterExample, ...] = ()


def read_examples(path: Path) -> Examples:
    """Read `tests.json`; without it, there are no examples.

    Raises:
        PluginError: It cannot be read; the message names the field.
    """
    with file_errors(path, PluginError, verb="read"):
        if not path.exists():
            return Examples()
        with open_file(path) as file:
            data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise PluginError(f"{path.name} is larger than {_MOST_BYTES:,} bytes")
    try:
        return msgspec.json.decode(data, type=Examples)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PluginError(f"{path.name}: {error}") from None
    except RecursionError:
        raise PluginError(f"{path.name} is nested too deeply") from None


def picture_of(rows: tuple[str, ...]) -> NDArray[np.uint8]:
    """Return the picture of an example, `(H, W, 3)` or `(H, W, 4) uint8`.

    Raises:
        PluginError: Its rows or pixels are not of one length.
    """
    pixels = [row.split() for row in rows]
    lengths = {len(row) for row in pixels}
    digits = {len(one) for row in pixels for one in row}
    if len(lengths) != 1 or digits not in ({6}, {8}):
        raise PluginError(
            f"{' / '.join(rows)[:80]!r} is no picture: write rows of pixels, as "
            "'ff0000 00ff00', all of one length"
        )
    try:
        data = bytes.fromhex("".join("".join(row) for row in pixels))
    except ValueError:
        raise PluginError(f"{' / '.join(rows)[:80]!r} is not hexadecimal") from None
    return np.frombuffer(data, np.uint8).reshape(len(rows), lengths.pop(), -1)
