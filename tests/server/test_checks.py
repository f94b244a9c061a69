"""Health of a server: what hangs is named, and what takes long is done once."""

import asyncio
from typing import Any

import pytest

from timeline_nb.server import checks
from timeline_nb.server.checks import Results, ServerChecks, results_of


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
