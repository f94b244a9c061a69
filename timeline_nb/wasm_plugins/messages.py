"""Messages to a plugin and from it, as JSON within bounds."""

from typing import Any, Final, TypeVar

import msgspec

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.denials import printable

__all__ = ["MAX_EDIT_BYTES", "answered", "check_answer", "decoded", "encoded"]


A = TypeVar("A")

_MOST_DEPTH: Final = 64
_MOST_BYTES: Final = 1 << 20
# Of a message that holds an edit; 100,000 clips take 35 MB.
MAX_EDIT_BYTES: Final = 64 << 20


def encoded(name: str, *, most_bytes: int = _MOST_BYTES, **fields: Any) -> bytes:
    """Return a message of some fields.

    Args:
        name: How messages call the plugin.
        most_bytes: How long it may be.
        fields: Values that JSON has.

    Raises:
        PluginError: One of them has no form in JSON, or they are too long.
    """
    try:
        data = msgspec.json.encode(fields)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise PluginError(
            Message(
                "what is sent to the plugin {name} is not JSON: {error}",
                name=name,
                error=error,
            )
        ) from error
    if len(data) > most_bytes:
        raise PluginError(
            Message(
                "what is sent to the plugin {name} has {data} bytes, more than "
                "{most_bytes}",
                name=name,
                data=f"{len(data):,}",
                most_bytes=f"{most_bytes:,}",
            )
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
            Message(
                "the plugin {name} answered what is no object of JSON: {error}",
                name=name,
                error=error,
            )
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


def answered(name: str, what: str, data: bytes, kind: type[A]) -> A:
    """Return the answer of a plugin to what it was asked for.

    Args:
        name: The plugin's id.
        what: What it was asked for.
        data: JSON.
        kind: The answer's.

    Raises:
        PluginError: It is none of that kind.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
        why = f"cannot be read: {error}"
    except RecursionError:
        why = "is nested too deeply"
    raise PluginError(
        Message(
            "{what} of the plugin {name}: its answer {why}",
            what=what,
            name=name,
            why=why,
        )
    )


def check_answer(name: str, what: str, error: object) -> None:
    """Raise the error that a plugin answered, if it did.

    Args:
        name: The plugin's id.
        what: What it was asked for.
        error: The field `error` of its answer.

    Raises:
        PluginError: It is a text.
    """
    if isinstance(error, str) and error:
        raise PluginError(
            Message(
                "{what} of the plugin {name}: {why}",
                what=what,
                name=name,
                why=printable(error),
            )
        )


def _too_deep(name: str) -> PluginError:
    return PluginError(
        f"the plugin {name} answered an object that is nested more than {_MOST_DEPTH} "
        "levels deep"
    )
