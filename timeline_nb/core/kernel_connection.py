"""The Jupyter kernel that this program is, and what it shares with its server."""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["KernelConnection", "kernel_connection"]

_NAME: Final = re.compile(
    r"kernel-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.json"
)


@dataclass(frozen=True)
class KernelConnection:
    """How Jupyter's server knows a kernel.

    Args:
        kernel_id: The server's name of it.
        path: Its connection file.
        session_key: Signs its messages; the server has it, too.
    """

    kernel_id: str
    path: Path
    session_key: bytes = field(repr=False)


def kernel_connection() -> KernelConnection | None:
    """Return how the server knows this kernel; None if no server has started it."""
    if "ipykernel" not in sys.modules:
        return None
    from ipykernel.connect import get_connection_file
    from IPython.core.getipython import get_ipython

    session = getattr(getattr(get_ipython(), "kernel", None), "session", None)
    if session is None:
        return None
    try:
        path = Path(get_connection_file())
    except RuntimeError:
        return None
    match = _NAME.fullmatch(path.name)
    return match and KernelConnection(match[1], path, bytes(session.key))
