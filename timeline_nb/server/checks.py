"""Health: checks that run side by side, each with a deadline that names it."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

__all__ = ["DEADLINE_S", "Results", "ServerChecks", "results_of", "status_of"]

# Of each check of the server; those of films have their own, of up to 20 s, and one for
# all, within which a busy machine starts their process, too.
DEADLINE_S: Final = 2.0
_FILMS_DEADLINE_S: Final = 60.0
# What works, and what works and is worth knowing of.
_FINE: Final = {"ok", "warning"}
# A share of the descriptors that may be open.
_FULL: Final = 0.9
# A pause of the event loop that players notice.
_SLOW_LOOP_S: Final = 0.5

# Returns what is wrong, empty if nothing is.
Check = Callable[[], Awaitable[str]]
# By name, the `status`, `message` and `seconds` of each.
Results = dict[str, dict[str, Any]]


@dataclass
class ServerChecks:
    """The checks of a server by name, and others of what films need.

    Pages ask for those of the server alone: they find out by it whether there is one.

    Attributes:
        films: Runs the checks of all that films need, such as decoders and folders,
            which may take seconds. Two who ask at once get one answer.
    """

    films: Callable[[], Awaitable[Results]] | None = None
    _running: "asyncio.Task[Results] | None" = field(default=None, repr=False)

    async def report(self, *, full: bool = False) -> dict[str, Any]:
        """Run the checks, and return what they found.

        Args:
            full: Whether those of what films need are run, too, which may take long.

        Returns:
            `status` is `ok` or `failing`; `checks` has for each name its `status`,
            which may be `warning`, too, its `message` and `seconds`.
        """
        checks: dict[str, Check] = {
            "event loop": _loop,
            "threads": _threads,
            "descriptors": _files,
        }
        found = await asyncio.gather(*map(_run, checks.values()))
        results = dict(zip(checks, found, strict=True))
        if full and self.films is not None:
            results |= await self._of_films(self.films)
        fails = any(result["status"] == "failing" for result in results.values())
        return {"status": "failing" if fails else "ok", "checks": results}

    async def _of_films(self, run: Callable[[], Awaitable[Results]]) -> Results:
        began = time.monotonic()
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(_within(run))
        try:
            # Who asks and goes away does not end it for others.
            return await asyncio.shield(self._running)
        except TimeoutError:
            message = f"gave no answer within {_FILMS_DEADLINE_S:g} s"
        except Exception as error:  # noqa: BLE001 - of others; its kind is shown
            message = f"failed: {type(error).__name__}"
        return {"films": _result(message, began)}


async def _within(run: Callable[[], Awaitable[Results]]) -> Results:
    return await asyncio.wait_for(run(), _FILMS_DEADLINE_S)


async def _run(check: Check) -> dict[str, Any]:
    began = time.monotonic()
    try:
        message = await asyncio.wait_for(check(), DEADLINE_S)
    except TimeoutError:
        message = f"gave no answer within {DEADLINE_S:g} s"
    except Exception as error:  # noqa: BLE001 - its kind is shown
        message = f"failed: {type(error).__name__}"
    return _result(message, began)


def _result(message: str, began: float) -> dict[str, Any]:
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


def status_of(report: Mapping[str, Any]) -> HTTPStatus:
    """Return the status of an answer with a report of all: monitors read no more."""
    is_failing = report["status"] == "failing"
    return HTTPStatus.SERVICE_UNAVAILABLE if is_failing else HTTPStatus.OK


def results_of(report: Mapping[str, Mapping[str, Any]]) -> Results:
    """Return the checks of a health report as those of a server.

    Args:
        report: By name, the `state`, `detail` and `seconds` of each.
    """
    return {
        name: {
            "status": one["state"] if one["state"] in _FINE else "failing",
            "message": str(one["detail"]),
            "seconds": one["seconds"],
        }
        for name, one in report.items()
    }
