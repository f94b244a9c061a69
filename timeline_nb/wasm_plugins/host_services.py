"""What the program that runs plugins has for them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.network import Authorize
from timeline_nb.wasm_plugins.plugin_store import PluginStore

__all__ = ["PluginCall", "Services"]


@dataclass(frozen=True, kw_only=True)
class PluginCall:
    """A call of one plugin by another.

    Args:
        id: The plugin that is called.
        command: One of its commands.
        args: As the command's schema has them.
        check: Raises if the caller was interrupted.
        until: When the caller's time is over, on the monotonic clock, without the time
            of requests.
    """

    id: str
    command: str
    args: dict[str, Any]
    check: Callable[[], None]
    until: float

    @property
    def left_s(self) -> float:
        """Seconds that the caller has left."""
        return self.until - time.monotonic()

    def check_turn(self) -> None:
        """Raise if the caller was interrupted, or its time is over."""
        self.check()
        if self.left_s <= 0:
            raise PluginError(
                Message("{id} is in use, and the caller's time is over", id=self.id)
            )


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the host has for its plugins.

    Args:
        authorise: Signs a request: takes an account and a host, and returns headers.
        message: Shows a message to the person: takes the plugin's id and the text.
        panel: Has a plugin's panel asked for again: takes its id.
        call: Runs a command of another plugin: returns its result, and the seconds in
            which it waited for others.
        store: Returns what a plugin keeps: takes its id.
    """

    authorise: Authorize | None = None
    message: Callable[[str, str], object] | None = None
    panel: Callable[[str], object] | None = None
    call: Callable[[PluginCall], tuple[dict[str, Any], float]] | None = None
    store: Callable[[str], PluginStore] | None = None
