"""Health of a server: what hangs is named, and what takes long is done once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from timeline_nb.server import checks, installation
from timeline_nb.server.checks import Results, ServerChecks, results_of, status_of


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine have other work: what is tried here is no health of its own."""
    monkeypatch.setattr(checks, "DEADLINE_S", 200.0)
    monkeypatch.setattr(checks, "_SLOW_LOOP_S", 200.0)


def test_a_report_of_films_that_hangs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_FILMS_DEADLINE_S", 0.1)

    async def hang() -> Results:
        await asyncio.sleep(60)
        return {}

    report = asyncio.run(ServerChecks(films=hang).report(full=True))
    assert report["status"] == "failing"
    assert report["checks"]["films"]["message"] == "gave no answer within 0.1 s"
    # Those of the server itself are told all the same.
    assert report["checks"]["event loop"]["status"] == "ok"
    assert status_of(report) == 503


def test_a_report_of_films_that_fails_shows_no_more_than_its_kind() -> None:
    async def fail() -> Results:
        raise OSError("/home/ada/secret")

    report = asyncio.run(ServerChecks(films=fail).report(full=True))
    assert report["checks"]["films"]["message"] == "failed: OSError"


def test_those_who_ask_at_once_get_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    begun, goes_on, all_wait = asyncio.Event(), asyncio.Event(), asyncio.Event()
    asked = 0

    async def check() -> Results:
        runs.append(1)
        begun.set()
        await goes_on.wait()
        return results_of({"a": {"state": "warning", "detail": "old", "seconds": 0}})

    async def ask() -> tuple[list[dict[str, Any]], dict[str, Any]]:
        own = ServerChecks(films=check)
        of_films = own._of_films

        async def counted(run: Callable[[], Awaitable[Results]]) -> Results:
            nonlocal asked
            asked += 1
            if asked == 3:
                all_wait.set()
            return await of_films(run)

        monkeypatch.setattr(own, "_of_films", counted)
        gone = asyncio.ensure_future(own.report(full=True))
        await begun.wait()
        # One who goes away does not end it for the others.
        gone.cancel()
        others = [asyncio.ensure_future(own.report(full=True)) for _ in range(2)]
        await all_wait.wait()
        goes_on.set()
        both = await asyncio.gather(*others)
        return list(both), await own.report(full=True)

    both, later = asyncio.run(ask())
    assert len(runs) == 2
    for report in (*both, later):
        assert report["status"] == "ok"
        assert report["checks"]["a"]["message"] == "old"
        # As `tl.health()` has it: it works, and something is worth knowing.
        assert report["checks"]["a"]["status"] == "warning"
        assert status_of(report) == 200


def test_what_jupyter_finds_names_each_check(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
import json
from timeline_nb.core.telemetry.health import HealthCheck, HealthChecks
import time
checks = [HealthCheck("decoder", lambda: time.sleep(60), 0.1)]
found = HealthChecks().run([*checks, HealthCheck("disk", lambda: "9 GB")])
print(json.dumps({
    one.name: {"state": one.state, "detail": one.detail, "seconds": one.seconds}
    for one in found
}))
"""
    monkeypatch.setattr(installation, "_PROGRAM", program)
    found = asyncio.run(installation.check_installation())
    assert {name: one["status"] for name, one in found.items()} == {
        "decoder": "failing",
        "disk": "ok",
    }
    assert found["decoder"]["message"].startswith("no answer within 0.1 s")
