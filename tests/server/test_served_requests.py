"""Requests of a server without Jupyter, in metrics and traces of its studio."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families
from stand_ins.otlp import OtlpReceiver
from typer.testing import CliRunner

import timeline_nb as tl
from timeline_nb.cli import serve as command
from timeline_nb.cli.app import app
from timeline_nb.core.media_addresses import MediaAddresses
from timeline_nb.core.telemetry.active import active_telemetry
from timeline_nb.core.telemetry.words import WORDS
from timeline_nb.notebook import health_checks
from timeline_nb.notebook.served_health import report_on
from timeline_nb.notebook.shared import SharedFiles
from timeline_nb.server import media as media_module
from timeline_nb.server.alone import AloneServer
from timeline_nb.server.pages import handlers

SIZE = 600_000


@contextmanager
def serving(folder: Path, export: str) -> Iterator[tuple[AloneServer, str]]:
    """Serve a folder with a file of a telling name; its address comes along."""
    (folder / "Secret Film.mp4").write_bytes(bytes(SIZE))
    telemetry = tl.TelemetrySettings(export=export, slow_s={"http.request": 1e-9})
    settings = tl.Settings(roots=(folder,), telemetry=telemetry)
    with tl.open_studio(settings) as studio:
        shared = SharedFiles(folder, studio)
        with AloneServer(shared, studio.scope, metrics=True) as server:
            report_on(studio, server)
            addresses = MediaAddresses(server.place, server.key)
            yield server, addresses.of(folder / "Secret Film.mp4", studio.scope)
            slow = tl.slow(studio=studio)
            # Not the file: how long it takes is for the player to say.
            assert set(slow["operation"]) == {"http.request"}
            assert len(slow) < 5


def ask(server: AloneServer, path: str, *, login: bool = True) -> tuple[int, str]:
    where = urlsplit(server.url)
    token = where.query.partition("=")[2]
    headers = {"Authorization": f"token {token}"} if login else {}
    link = http.client.HTTPConnection("127.0.0.1", where.port, timeout=200)
    try:
        link.request("GET", f"/{path}", headers=headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode()
    finally:
        link.close()


def test_requests_are_metrics_and_traces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a machine with other work, a decoder may take long.
    monkeypatch.setattr(health_checks, "_SLOW_S", 200.0)
    with OtlpReceiver() as receiver:
        with serving(tmp_path, receiver.address) as (server, media):
            assert ask(server, media)[0] == 200
            assert ask(server, "")[0] == 200
            assert ask(server, "", login=False)[0] == 403
            checks = json.loads(ask(server, "timeline_nb/health?full")[1])["checks"]
            assert checks["decoder"]["status"] == "ok", checks
            assert checks["server"]["message"].startswith("listens at 127.0.0.1")
            status, text = ask(server, "timeline_nb/metrics")
            assert status == 200
        found = {
            (own["http.route"], own["http.response.status_code"])
            for own in (span.attributes for span in receiver.named("http.request"))
        }
        sizes = [
            span.attributes["http.response.body.size"]
            for span in receiver.named("http.request")
            if span.attributes["http.route"] == "timeline_nb/media"
        ]
    # The same names as where no telemetry is on, and in Jupyter.
    assert {("timeline_nb/media", 200), ("/", 200), ("/", 403)} <= found
    assert sizes == [SIZE]
    for sent in (text.encode(), receiver.raw):
        assert b"Secret" not in sent
        assert server.key not in sent
    names = [family.name for family in text_string_to_metric_families(text)]
    # A text with a family twice is refused by Prometheus as a whole.
    assert len(names) == len(set(names))
    assert "http_server_request_duration_seconds" in names
    assert "http_server_active_requests" in names
    samples = {
        (sample.name, sample.labels.get("http_route")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels.get("http_response_status_code") == "200"
    }
    assert (
        samples["http_server_request_duration_seconds_count", "timeline_nb/media"] == 1
    )
    assert (
        samples["http_server_response_body_size_bytes_sum", "timeline_nb/media"] == SIZE
    )


def test_every_route_is_a_word_that_may_leave() -> None:
    routes = {str(one[1].route) for one in handlers("a place", metrics=True)} - {""}
    assert len(routes) == 6
    assert routes == set(WORDS["route"][1])


def test_metrics_keep_sending_where_a_person_set_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []

    def wait(_: str, **__: object) -> None:
        telemetry = active_telemetry()
        assert telemetry is not None
        found.append(telemetry.settings.endpoint)

    monkeypatch.setenv("TIMELINE_NB_TELEMETRY", "http://127.0.0.1:9")
    monkeypatch.setattr(command, "_wait", wait)
    result = CliRunner().invoke(app, ["serve", str(tmp_path), "--metrics"])
    assert result.exit_code == 0, result.exception
    assert found == ["http://127.0.0.1:9"]


def test_who_has_no_opentelemetry_is_told_which_figures_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_wait", lambda _, **__: None)
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    result = CliRunner().invoke(app, ["serve", str(tmp_path), "--metrics"])
    assert result.exit_code == 0, result.exception
    assert "pip install 'timeline-nb[telemetry]'" in result.stderr
    assert "pip" not in CliRunner().invoke(app, ["serve", str(tmp_path)]).stderr


def test_no_token_and_no_id_comes_into_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> list[str]:
        raise ValueError("a disk of the test")

    caplog.set_level("DEBUG")
    with serving(tmp_path, "metrics") as (server, media):
        token = server.url.rpartition("=")[2]
        # With bytes that are no text: told of by tornado, address and all.
        assert ask(server, f"?token={token}%ff", login=False)[0] == 400
        monkeypatch.setattr(SharedFiles, "names", fail)
        assert ask(server, f"?open={token}")[0] == 500
        monkeypatch.setattr(media_module, "served_type_of", fail)
        assert ask(server, media)[0] == 500
    assert "/ failed" in caplog.text
    assert "timeline_nb/media failed" in caplog.text
    assert "a disk of the test" in caplog.text
    assert token not in caplog.text
    assert media.rpartition("/")[2] not in caplog.text
