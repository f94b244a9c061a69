"""A Jupyter server extension: kernel messages leave without delay.

Jupyter leaves Nagle's algorithm on for the websockets of kernels, which holds small
answers back by some 40 ms. The extension turns it off. Nothing needs it: without it,
players answer that much later. It runs in Jupyter's process, not the kernel's, and
loads nothing else of this package.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__ = ["_jupyter_server_extension_points", "_load_jupyter_server_extension"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "timeline_nb.server"}]


def _load_jupyter_server_extension(_: "ServerApp") -> None:
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    # Jupyter offers no setting and no hook for it.
    handler: Any = KernelWebsocketHandler
    if not hasattr(handler.open, "__wrapped__"):
        handler.open = _prompt(handler.open)


def _prompt(opened: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A websocket handler's `open` that first turns Nagle's algorithm off."""

    @wraps(opened)
    async def open_promptly(handler: Any, *args: Any, **options: Any) -> None:
        handler.set_nodelay(True)
        await opened(handler, *args, **options)

    return open_promptly
