"""The four levels of limits, and the level that permissions come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.wasm_plugins.permissions import LEVEL_NAMES, Permission

__all__ = ["LEVELS", "Limits", "level_of"]

_MB: Final = 1 << 20
# More hosts than that are no longer a service and its file server.
_FEW_HOSTS: Final = 5
# Requests wait for others: their time does not count as the plugin's own.
_NETWORK_SHARE: Final = 60


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one plugin may take.

    Args:
        memory_bytes: Of its memory; an effect may have four pictures more.
        seconds: Wall time of one call or picture, without the time of requests.
        operations: Calls and events that may wait for the plugin at once.
        files: Files open at once.
        calls_per_s: Host calls, and events that it is sent.
        connections: Requests within one call that are open at once.
    """

    memory_bytes: int
    seconds: float
    operations: int
    files: int
    calls_per_s: int
    connections: int

    @property
    def network_s(self) -> float:
        """Seconds that the requests of one call may take together."""
        return self.seconds * _NETWORK_SHARE

    @property
    def written_bytes(self) -> int:
        """Bytes that one call may write to files."""
        return 4 * self.memory_bytes


LEVELS: Final = {
    "minimal": Limits(
        memory_bytes=16 * _MB,
        seconds=10,
        operations=5,
        files=10,
        calls_per_s=10,
        connections=1,
    ),
    "standard": Limits(
        memory_bytes=64 * _MB,
        seconds=30,
        operations=10,
        files=20,
        calls_per_s=50,
        connections=5,
    ),
    "extended": Limits(
        memory_bytes=256 * _MB,
        seconds=60,
        operations=50,
        files=100,
        calls_per_s=100,
        connections=10,
    ),
    "full": Limits(
        memory_bytes=1024 * _MB,
        seconds=300,
        operations=100,
        files=1000,
        calls_per_s=1000,
        connections=100,
    ),
}


def level_of(granted: Iterable[Permission]) -> str:
    """Return the level of what was granted: the highest that any of it needs."""
    granted = list(granted)
    hosts = sum(one.kind == "network" for one in granted)
    levels = [_least(one) for one in granted]
    levels.append("extended" if hosts > _FEW_HOSTS else "minimal")
    return max(levels, key=LEVEL_NAMES.index)


def _least(one: Permission) -> str:
    if one.kind == "level":
        return one.target
    if one.kind == "network":
        return "full" if one.target == "*" else "standard"
    if one.kind in {"read", "write"}:
        return "full" if one.target == Path(one.target).anchor else "standard"
    by_kind = {"system": "extended", "local": "extended", "account": "standard"}
    return by_kind.get(one.kind, "minimal")
