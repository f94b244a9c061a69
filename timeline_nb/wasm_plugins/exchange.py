"""A message to a plugin, and how its answer is read."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.arguments import checked_args, opened_args
from timeline_nb.wasm_plugins.file_handles import FileHandles
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.messages import decoded, encoded
from timeline_nb.wasm_plugins.sandbox import MAX_MESSAGE_BYTES

__all__ = ["Exchange", "command_exchange"]

T = TypeVar("T")
Check = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Exchange(Generic[T]):
    """A message to a plugin, and how its answer is read.

    Args:
        message: Opens the files that the plugin is given, and returns the message.
        read: Reads the answer; what it raises counts as a failure of the plugin.
        check: Called several times a second meanwhile; what it raises ends the call.
        check_turn: Called several times a second while other calls run first.
        left_s: Returns the seconds that it may take, where they are fewer than the
            plugin's limit.
        most_bytes: How long the answer may be.
    """

    message: Callable[[FileHandles], bytes]
    read: Callable[[bytes], T]
    check: Check | None = None
    check_turn: Check | None = None
    left_s: Callable[[], float] = lambda: math.inf
    most_bytes: int = MAX_MESSAGE_BYTES


def command_exchange(
    manifest: PluginManifest, command: str, args: Mapping[str, Any]
) -> Exchange[dict[str, Any]]:
    """Return the message that runs a command.

    Args:
        manifest: The plugin's.
        command: One of its commands.
        args: As the command's schema has them. Paths of files are opened when the
            message is sent, and reach the plugin as handles.

    Raises:
        PluginError: There is no such command, or its arguments do not fit.
    """
    name, known = manifest.id, {one.name: one for one in manifest.commands}
    if command not in known:
        hint = suggestion(command, known)
        raise PluginError(
            Message(
                "the plugin {name} has no command {command}{hint}",
                name=name,
                command=repr(command),
                hint=hint,
            )
        )
    checked, schema = checked_args(name, known[command], args), known[command].args

    def message(files: FileHandles) -> bytes:
        given = opened_args(files, checked, schema)
        return encoded(name, command=command, args=given)

    return Exchange(message=message, read=lambda data: decoded(name, data))
