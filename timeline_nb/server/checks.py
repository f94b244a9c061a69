"""Health: checks that run side by side, each with a deadline that names it."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

__all__ = ["DEADLINE_S", "ServerChecks"]

# Of each check of the server, and of each that others add.
DEADLINE_S: Final = 2.0
_EXTRA_DEADLINE_S: Final = 30.0
# A share of the descriptors that may be open.
_FULL: Final = 0.9
# A pause of the event loop that players notice.
_SLOW_LOOP_S: Final = 0.5

# Returns what is wrong, empty if nothing is.
Check = Callable[[], Awaitable[str]]


@dataclass
class ServerChecks:
    """The checks of a server by name; `extra` has those that others add.

    Pages ask for those of the server alone: they find out by it whether there is one.
    """

    extra: dict[str, Check] = field(default_factory=dict)

    async def report(self, *, full: bool = False) -> dict[str, Any]:
        """Run the checks, and return what they found.

        Args:
            full: Whether those that others added are run, too, which may take long.

        Returns:
            `status` is `ok` or `failing`; `checks` has for each name its `status`,
            `message` and `seconds`.
        """
        checks: dict[str, Check] = {
            "event loop": _loop,
            "threads": _threads,
            "descriptors": _files,
        }
        limits = dict.fromkeys(checks, DEADLINE_S)
        if full:
            checks |= self.extra
            limits |= dict.fromkeys(self.extra, _EXTRA_DEADLINE_S)
        found = await asyncio.gather(
            *(_run(check, limits[name]) for name, check in checks.items())
        )
        results = dict(zip(checks, found, strict=True))
        fails = any(result["status"] != "ok" for result in results.values())
        return {"status": "failing" if fails else "ok", "checks": results}


async def _run(check: Check, deadline_s: float) -> dict[str, Any]:
    began = time.monotonic()
    try:
        message = await asyncio.wait_for(check(), deadline_s)
    except TimeoutError:
        message = f"gave no answer within {deadline_s:g} s"
    except Exception as error:  # noqa: BLE001 - a check of others; its kind is shown
        message = f"failed: {type(error).__name__}"
    seconds = round(time.monotonic() - began, 4)
    status = "failing" if message else "ok"
    return {"status": status, "message": message, "seconds": seconds}


async def _loop() -> str:
    began = time.monotonic()
    await asyncio.sleep(0)
    late = time.monotonic() - began
    return f"is {late:.1f} s late" if late > _SLOW_LOOP_S else ""


async def _threads() -> str:
    """Check that a thread is free for disks: all may wait for one that hangs."""
    await asyncio.get_running_loop().run_in_executor(None, os.getpid)
    return ""


async def _files() -> str:
    limit, count = _descriptors()
    return f"{count} of {limit} are open" if count > _FULL * limit else ""


def _descriptors() -> tuple[float, int]:
    """Return how many descriptors may be open, and how many are, where known."""
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return limit, len(list(Path("/proc/self/fd").iterdir()))
    except (ImportError, OSError):
        return float("inf"), 0
