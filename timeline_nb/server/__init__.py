"""Serve media over HTTP, as an extension of Jupyter's server or alone.

In Jupyter it also sends kernel messages without delay: Jupyter leaves Nagle's algorithm
on for kernel websockets, which delays small messages by about 40 ms. The extension is
optional: without it, players respond that much later, and get all through the kernel.
It runs in Jupyter's process, not in the kernel's, and imports nothing else of this
package but `access`.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__ = ["_jupyter_server_extension_points", "_load_jupyter_server_extension"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "timeline_nb.server"}]


def _load_jupyter_server_extension(app: "ServerApp") -> None:
    from timeline_nb.server.jupyter import add_handlers

    _send_without_delay()
    add_handlers(app)


def _send_without_delay() -> None:
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    # Jupyter has neither a setting nor a hook for it.
    handler: Any = KernelWebsocketHandler
    if not hasattr(handler.open, "__wrapped__"):
        handler.open = _without_delay(handler.open)


def _without_delay(
    original: Callable[..., Awaitable[None]],
) -> Callable[..., Awaitable[None]]:
    """Wrap a websocket handler's `open` to turn Nagle's algorithm off first."""

    @wraps(original)
    async def open_without_delay(handler: Any, *args: Any, **options: Any) -> None:
        handler.set_nodelay(True)
        await original(handler, *args, **options)

    return open_without_delay
