"""Arguments of plugins and formats, as a JSON object in an option."""

import json
from typing import Any, Final

from timeline_nb.core.offers import TAKEN_NAMES
from timeline_nb.errors import PluginError

__all__ = ["arguments_from", "format_arguments_from"]

# What `load` and `export` take themselves, for which there are options.
_OPTIONS: Final = frozenset(
    {
        *("bake", "dry_run", "format", "overwrite", "path", "self", "strict"),
        *("studio", "subtitles", "whole_paths"),
    }
)


def arguments_from(text: str) -> dict[str, Any]:
    """Return the arguments of a plugin, of the option `--args`.

    Raises:
        PluginError: It is no object of JSON, or no plugin has one of them.
    """
    given = _parsed(text, "--args")
    _refuse(given, TAKEN_NAMES, "--args: no plugin has an argument")
    return given


def format_arguments_from(text: str, option: str) -> dict[str, Any]:
    """Return the arguments of a format, or of a plugin that reads or writes one.

    Args:
        text: The option's value.
        option: Its name: `--args`.

    Raises:
        PluginError: It is no object of JSON, or no format has one of them.
    """
    given = _parsed(text, option)
    _refuse(given, _OPTIONS, f"{option}: no format has an argument")
    return given


def _refuse(given: dict[str, Any], taken: frozenset[str], what: str) -> None:
    for name in sorted(taken.intersection(given)):
        raise PluginError(f"{what} {name!r}")


def _parsed(text: str, option: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PluginError(f"{option}: it is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise PluginError(f"{option}: give an object, as '{{\"least\": 3}}'")
    return given
