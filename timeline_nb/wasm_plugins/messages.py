"""Messages to a plugin and from it, as JSON within bounds."""

from typing import Any, Final

import msgspec

from timeline_nb.errors import PluginError

__all__ = ["decoded", "encoded"]

_MOST_DEPTH: Final = 64
_MOST_BYTES: Final = 1 << 20


def encoded(name: str, **fields: Any) -> bytes:
    """Return a message of some fields.

    Args:
        name: How messages call the plugin.
        fields: Values that JSON has.

    Raises:
        PluginError: One of them has no form in JSON, or they are too long.
    """
    try:
        data = msgspec.json.encode(fields)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise PluginError(
            f"what is sent to the plugin {name} is not JSON: {error}"
        ) from error
    if len(data) > _MOST_BYTES:
        raise PluginError(
            f"what is sent to the plugin {name} has {len(data):,} bytes, more than "
            f"{_MOST_BYTES:,}"
        )
    return data


def decoded(name: str, data: bytes) -> dict[str, Any]:
    """Return the object that a plugin answered.

    Raises:
        PluginError: It is no object of JSON, or nested too deeply.
    """
    try:
        value: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
        raise PluginError(
            f"the plugin {name} answered what is no object of JSON: {error}"
        ) from None
    except RecursionError:
        raise _too_deep(name) from None
    todo: list[tuple[Any, int]] = [(value, 0)]
    while todo:
        one, depth = todo.pop()
        if isinstance(one, (dict, list)):
            if depth >= _MOST_DEPTH:
                raise _too_deep(name)
            inner = one.values() if isinstance(one, dict) else one
            todo += [(item, depth + 1) for item in inner]
    return value


def _too_deep(name: str) -> PluginError:
    return PluginError(
        f"the plugin {name} answered an object that is nested more than {_MOST_DEPTH} "
        "levels deep"
    )
