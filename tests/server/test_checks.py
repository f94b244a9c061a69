"""Health of a server: what hangs is named, and what takes long is done once."""

import asyncio
from typing import Any

import pytest

from timeline_nb.server import checks, installation
from timeline_nb.server.checks import Results, ServerChecks, results_of, status_of


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


def test_those_who_ask_at_once_get_one_answer() -> None:
    runs: list[int] = []

    async def check() -> Results:
        runs.append(1)
        await asyncio.sleep(0.1)
        return results_of({"a": {"state": "warning", "detail": "old", "seconds": 0}})

    async def ask() -> tuple[list[dict[str, Any]], dict[str, Any]]:
        own = ServerChecks(films=check)
        gone = asyncio.ensure_future(own.report(full=True))
        await asyncio.sleep(0.05)
        # One who goes away does not end it for the others.
        gone.cancel()
        both = await asyncio.gather(own.report(full=True), own.report(full=True))
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
