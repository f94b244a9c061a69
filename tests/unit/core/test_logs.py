"""Logs as JSON: one object a line, with what the record adds."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import timeline_nb
from timeline_nb.core.logs import log_as_environment_says, log_as_json
from timeline_nb.core.telemetry.place import use_place
from timeline_nb.core.telemetry.propagation import place_of
from timeline_nb.errors import TimelineError

PLACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    logger = logging.getLogger("timeline_nb")
    before = (list(logger.handlers), logger.level, logger.propagate)
    yield
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


def test_each_record_is_a_line_of_json() -> None:
    written = io.StringIO()
    log_as_json(written, level="INFO")
    log = logging.getLogger("timeline_nb.media.probe")
    with use_place(place_of(PLACE, None)):
        log.warning("a line\nof %s", "Zürich", extra={"frames": 25})
    log.debug("below the level")
    try:
        int("wrong")
    except ValueError:
        log.exception("it failed")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert first["message"] == "a line\nof Zürich"
    assert (first["level"], first["frames"]) == ("WARNING", 25)
    assert first["logger"] == "timeline_nb.media.probe"
    assert first["traceparent"] == PLACE
    passed = datetime.now(UTC) - datetime.fromisoformat(first["time"])
    assert timedelta(0) <= passed < timedelta(minutes=1)
    assert "ValueError: invalid literal" in second["exception"]
    assert "traceparent" not in second


def test_what_cannot_be_written_as_it_is_loses_no_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = logging.getLogger("timeline_nb.media")
    with path.open("w", encoding="utf-8") as file:
        log_as_json(file)
        # As Linux gives a name that is no UTF-8.
        log.info("%s is damaged", "a\udcff.mp4")
        log.info("rate", extra={"level": "mine", "rate": float("nan"), "frames": 3})
        log.info("held", extra={"all": [float("inf")]})
        log.info("loop", extra={"loop": _loop()})

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    lines = path.read_text("utf-8").splitlines()
    first, second, third, _ = [json.loads(one, parse_constant=refuse) for one in lines]
    assert first["message"] == "a\udcff.mp4 is damaged"
    assert (second["level"], second["rate"], second["frames"]) == ("INFO", "nan", 3)
    assert third["all"] == "[inf]"


def _loop() -> list[object]:
    found: list[object] = []
    found.append(found)
    return found


def test_what_logs_cannot_go_to_is_refused() -> None:
    before = list(logging.getLogger("timeline_nb").handlers)
    with pytest.raises(TimelineError, match=r"'LOUD': give one of .*'INFO'"):
        log_as_json(level="LOUD")
    with pytest.raises(TimelineError, match="is a str: give a file that is open"):
        log_as_json("timeline.log")  # type: ignore[arg-type]
    assert logging.getLogger("timeline_nb").handlers == before


def test_logs_are_not_written_twice() -> None:
    written = io.StringIO()
    log_as_json(io.StringIO())
    log_as_json(written)
    logging.getLogger("timeline_nb").info("once")
    assert len(written.getvalue().splitlines()) == 1


def test_the_environment_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("timeline_nb")
    monkeypatch.setenv("TIMELINE_NB_LOG", "json:debug")
    log_as_environment_says()
    assert logger.level == logging.DEBUG
    monkeypatch.setenv("TIMELINE_NB_LOG", "yaml")
    with pytest.raises(TimelineError, match="TIMELINE_NB_LOG=yaml"):
        log_as_environment_says()


def test_every_module_logs_under_its_own_name() -> None:
    """`logging.getLogger(__name__)`, and no module prints or logs to the root."""
    package = Path(timeline_nb.__file__).parent
    for path in package.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func)
            assert not name.startswith("logging.root"), path
            assert name not in {"logging.warning", "logging.info", "logging.error"}, (
                path
            )
            if name == "logging.getLogger" and not isinstance(call.args[0], ast.Name):
                # Of libraries, which are made silent.
                assert not ast.unparse(call.args[0]).startswith("'timeline_nb"), path
