"""What a plugin is given, checked against its manifest."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.file_handles import FileHandles
from timeline_nb.wasm_plugins.offers import (
    PluginAnalyzer,
    PluginCommand,
    PluginEffect,
    PluginFormat,
)
from timeline_nb.wasm_plugins.schema import faults_of, is_file, with_defaults

__all__ = ["checked_args", "opened_args", "parameter_values", "picture_size"]


def checked_args(
    name: str,
    offer: PluginCommand | PluginAnalyzer | PluginFormat,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """Return arguments with defaults where they are left out.

    Args:
        name: The plugin's id, for the error.
        offer: The command, analyzer, importer or exporter that they are of.
        given: The arguments.

    Raises:
        PluginError: They do not fit its schema; the message names each fault.
    """
    # An object of no stated properties takes none.
    schema = {"additionalProperties": False, **offer.args}
    args = with_defaults(dict(given), schema)
    faults = list(faults_of(args, schema))
    if faults:
        raise PluginError(
            Message(
                "{name} of the plugin {other}: {faults}",
                name=offer.name,
                other=name,
                faults="; ".join(faults[:5]),
            )
        )
    return args


def opened_args(
    files: FileHandles, args: Mapping[str, Any], schema: Mapping[str, Any]
) -> dict[str, Any]:
    """Return arguments in which files are open, and named by their handles.

    Args:
        files: Keeps them open.
        args: Arguments; files are given by their paths.
        schema: Of the arguments.

    Raises:
        PluginError: A file cannot be opened.
    """
    given = dict(args)
    for name, inner in schema.get("properties", {}).items():
        if is_file(inner) and isinstance(args.get(name), str):
            given[name] = files.facts(files.take(args[name]))
    return given


def parameter_values(
    effect: PluginEffect, given: Mapping[str, float | str]
) -> list[float]:
    """Return the values of an effect's parameters, in the order of its manifest.

    Args:
        effect: The effect.
        given: Numbers, or names of choices; defaults stand for what is left out.

    Raises:
        PluginError: One is unknown, or outside its range.
    """
    known = {one.name: one for one in effect.parameters}
    for name in given:
        if name not in known:
            hint = suggestion(name, known)
            raise PluginError(
                Message(
                    "{name} has no parameter {other}{hint}",
                    name=effect.name,
                    other=repr(name),
                    hint=hint,
                )
            )
    values = []
    for name, one in known.items():
        value = given.get(name, one.default)
        if name in effect.given:
            # The host's own, of which the manifest states no range.
            values.append(float(value))
            continue
        if isinstance(value, str):
            if value not in one.choices:
                hint = suggestion(value, one.choices)
                raise PluginError(
                    Message(
                        "{name} has no choice {value}{hint}",
                        name=name,
                        value=repr(value),
                        hint=hint,
                    )
                )
            value = one.choices.index(value)
        low = 0 if one.choices else one.low
        high = len(one.choices) - 1 if one.choices else one.high
        if not low <= value <= high:
            raise PluginError(
                Message(
                    "{name}={value} lies outside {low} to {high}",
                    name=name,
                    value=value,
                    low=f"{low:g}",
                    high=f"{high:g}",
                )
            )
        values.append(float(value))
    return values


def picture_size(
    effect: PluginEffect,
    pictures: Sequence[NDArray[np.uint8]],
    size: tuple[int, int] | None,
) -> tuple[int, int]:
    """Return the width and height of the pictures that an effect is given.

    Raises:
        PluginError: They are too few or too many, no pictures, or of several sizes.
    """
    if len(pictures) != effect.inputs:
        raise PluginError(
            Message(
                "{name} takes {inputs} pictures, not {pictures}",
                name=effect.name,
                inputs=effect.inputs,
                pictures=len(pictures),
            )
        )
    if not pictures:
        if size is None or min(size) < 1:
            raise PluginError(
                Message("{name} takes no pictures: give a size", name=effect.name)
            )
        return size
    (shape, kind), *others = {(one.shape, one.dtype) for one in pictures}
    count = effect.channels
    if others or len(shape) != 3 or shape[2] != count or kind != np.uint8 or 0 in shape:
        raise PluginError(
            Message(
                "{name} takes (H, W, {count}) uint8 pictures of one size",
                name=effect.name,
                count=count,
            )
        )
    return shape[1], shape[0]
