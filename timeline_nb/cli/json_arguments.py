"""Arguments of plugins and formats, as a JSON object in an option."""

import json
from typing import Any

from timeline_nb.core.offers import TAKEN_NAMES
from timeline_nb.errors import PluginError

__all__ = ["arguments_from"]


def arguments_from(text: str) -> dict[str, Any]:
    """Return the arguments of an option.

    Raises:
        PluginError: It is no object of JSON.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PluginError(f"--args: it is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise PluginError("--args: give an object, as '{\"least\": 3}'")
    taken = sorted(TAKEN_NAMES.intersection(given))
    if taken:
        raise PluginError(f"--args: no plugin has an argument {taken[0]!r}")
    return given
